"""The list of plans, putting one in, one plan with its facts."""
from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import AgencyGroup, Plan, PlanReminderPolicy, Task
from tracker.models.access import plan_for
from tracker.models.catalogue import reference, search
from tracker.reports import plan_list
from tracker.reports.paging import PAGE_ROWS
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.plans.forms import FactsForm, NewPlanForm, SeenForm
from tracker.web.refusals import explain
from tracker.web.words import word
from tracker.workflow import importing, reviewing_plan
from tracker.workflow.doubts import find_unclear
from tracker.workflow.importing import PlanAlreadyImported
from tracker.workflow.publishing import load_tasks
from tracker.workflow.reminder_policies import is_reminded
from tracker.workflow.taking_back import may_take_back
from tracker.workflow.task_state import facts, mark

#: What a type-ahead offers at once.
OFFERED = 12
#: Of so many of the latest withdrawals it is asked whether they can still be taken back.
MOST_TAKEN_BACK = 3


class NothingGiven(Refusal):
    """Neither a file nor a text was sent."""

    key = "nothing_given"


@bp.route("/")
@needs(Permission.PLAN_READ)
def index() -> ResponseReturnValue:
    """List the plans this person may see."""
    q = request.args.get("q", "").replace("\0", "").strip()
    page = plan_list.page(db.session(), person(), today=clock.today(), q=q, after=request.args.get("after"))
    return render_template("plans/index.html", page=page, q=q, PlanState=PlanState)


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def new() -> ResponseReturnValue:
    """Put a plan in, from a file or from pasted text."""
    form = NewPlanForm()
    earlier = None
    if form.validate_on_submit():
        try:
            plan = _import(form)
        except Refusal as refusal:
            db.session.rollback()
            earlier = refusal.plan if isinstance(refusal, PlanAlreadyImported) else None
            form.form_errors.append(explain(refusal))
        else:
            db.session.commit()
            flash(_("Đã đọc kế hoạch. Hãy rà soát từng nhiệm vụ trước khi giao việc."))
            return redirect(url_for("plans.review", plan_id=plan.id))
    return render_template("plans/new.html", form=form, earlier=earlier)


def _import(form: NewPlanForm) -> Plan:
    file = form.file.data
    name = ""
    if file and file.filename:
        name = str(file.filename)
        document = importing.read_file(file.read(), name)
    elif (form.text.data or "").strip():
        document = importing.read_pasted(form.text.data)
    else:
        raise NothingGiven
    return importing.import_plan(db.session(), document, coordinator=person().agency, actor=actor(), now=clock.now(),
                                 source_name=name, again=bool(form.again.data))


@bp.route("/<int:plan_id>")
@needs(Permission.PLAN_READ)
def show(plan_id: int) -> ResponseReturnValue:
    """Show a plan: what it says of itself, its duties and how they stand, what nobody got."""
    plan = plan_for(db.session(), person(), plan_id)
    today = clock.today()
    loaded = load_tasks(db.session(), plan)
    tasks = [task for task in loaded if task.dropped_at is None]
    counts = plan_list.count_by_task(db.session(), plan, today)
    has_run = plan.state in {PlanState.PUBLISHED, PlanState.SUPERSEDED}
    listed = [task for task in tasks if task.id in counts] if has_run else tasks
    first = _first(listed)
    return render_template(
        "plans/show.html", plan=plan, tasks=tasks, counts=counts, PlanState=PlanState, has_run=has_run,
        by_class=plan_list.count_by_class(db.session(), plan, today), form=SeenForm(),
        listed=listed[first:first + PAGE_ROWS], total=len(listed), first=first,
        next_after=first + PAGE_ROWS if first + PAGE_ROWS < len(listed) else None,
        unassigned=[task for task in tasks if task.id not in counts],
        withdrawn=_withdrawn(plan, loaded) if has_run else [], amended_by=plan_list.amended_by(db.session(), plan),
        may_change=plan.state is PlanState.PUBLISHED and person().may(Permission.PLAN_CHANGE),
        reminds=is_reminded(plan), own_way=db.session.get(PlanReminderPolicy, plan.id) is not None,
        doubts=find_unclear(tasks, today=today) if plan.state is PlanState.REVIEW else {},
        indicators=plan.extract.get("indicators", []),
    )


def _first(tasks: list[Task]) -> int:
    """Give where the asked page of a list begins: `after` so many, or the page on which `task` stands."""
    wanted = request.args.get("task", "")
    place = next((at for at, task in enumerate(tasks) if str(task.id) == wanted), None)
    if place is not None:
        return place // PAGE_ROWS * PAGE_ROWS
    raw = request.args.get("after", "")
    return min(int(raw), len(tasks)) if raw.isascii() and raw.isdecimal() and len(raw) < 7 else 0


def _withdrawn(plan: Plan, tasks: list[Task]) -> list[tuple[Task, bool]]:
    """Give the tasks that were withdrawn after the work was given out, and whether that can be taken back."""
    since = plan.published_at
    gone = [(task.dropped_at, task.id, task) for task in tasks
            if task.dropped_at and since and task.dropped_at >= since]
    newest = [task for _when, _id, task in sorted(gone, key=lambda one: one[:2], reverse=True)]
    return [(task, place < MOST_TAKEN_BACK and may_take_back(db.session(), plan, task))
            for place, task in enumerate(newest[:PAGE_ROWS])]


@bp.route("/<int:plan_id>/facts", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def edit_facts(plan_id: int) -> ResponseReturnValue:
    """Correct what was read about the plan itself."""
    plan = plan_for(db.session(), person(), plan_id)
    form = FactsForm.of(plan)
    saved = None
    if form.validate_on_submit():
        try:
            reviewing_plan.correct_facts(db.session(), plan, form.given, seen=form.seen, actor=actor(),
                                         now=clock.now())
        except Refusal as refusal:
            db.session.rollback()
            plan = plan_for(db.session(), person(), plan_id)
            form.form_errors.append(explain(refusal))
            saved = plan
            form.version.data, form.mark.data = plan.version, mark(facts(plan))
        else:
            db.session.commit()
            flash(_("Đã lưu thông tin kế hoạch."))
            return redirect(url_for("plans.show", plan_id=plan.id))
    return render_template("plans/edit_facts.html", form=form, plan=plan, saved=saved, PlanState=PlanState)


@bp.route("/owners")
@needs(Permission.PLAN_EDIT)
def owners() -> ResponseReturnValue:
    """Answer the type-ahead: agencies and groups for the words typed so far."""
    found = search(db.session(), request.args.get("q", "").replace("\0", ""), OFFERED, today=clock.today())
    return jsonify([
        {
            "value": reference(body),
            "label": body.name,
            "hint": _("Nhóm cơ quan") if isinstance(body, AgencyGroup) else word(body.kind),
        }
        for body in found
    ])

"""Changing a plan that is running: see what it does, then save it; take a withdrawal back; what was changed so far."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Plan, Task
from tracker.models.access import NotVisible
from tracker.models.calendar import load_calendar
from tracker.reports import plan_changes
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.plan_changes import Effect
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs
from tracker.web.plans import bp
from tracker.web.plans.change_forms import AddForm, AmendForm, GroundsForm
from tracker.web.plans.forms import SeenForm
from tracker.web.plans.review_views import plan_of, task_for
from tracker.web.refusals import explain
from tracker.workflow import changing_plan, taking_back
from tracker.workflow.changing_plan import ChangeStale, Moment
from tracker.workflow.foreseeing import Foreseen
from tracker.workflow.task_state import mark, snapshot


def _moment() -> Moment:
    return Moment(actor(), clock.now(), clock.today(), load_calendar(db.session()))


def _running(plan_id: int) -> Plan:
    """Fetch a plan whose work is running. Raises NotVisible for one that is not."""
    plan = plan_of(plan_id)
    if plan.state is not PlanState.PUBLISHED:
        raise NotVisible
    return plan


@bp.route("/<int:plan_id>/changes")
@needs(Permission.PLAN_READ)
def changes(plan_id: int) -> ResponseReturnValue:
    """List what was changed in a plan since its work was given out, newest first."""
    plan = plan_of(plan_id)
    page = plan_changes.page(db.session(), plan, after=request.args.get("after"))
    return render_template("plans/change_list.html", plan=plan, page=page, Effect=Effect)


@bp.route("/<int:plan_id>/changes/new", methods=["GET", "POST"])
@needs(Permission.PLAN_CHANGE)
def add_to_running(plan_id: int) -> ResponseReturnValue:
    """Add a task to a running plan."""
    plan = _running(plan_id)
    form = AddForm.sent() if request.method == "POST" else AddForm.beside(plan)
    if request.form.get("then") in {"owner", "deadline"}:
        form.add_owner() if request.form["then"] == "owner" else form.add_deadline()
        return render_template("plans/change_add.html", plan=plan, form=form, foreseen=None, theirs=None, Effect=Effect)
    return _answer(
        plan_id, form, "plans/change_add.html", _("Đã thêm và giao nhiệm vụ."),
        lambda plan: changing_plan.foresee_add(db.session(), plan, form.given, seen=form.seen, moment=_moment()),
        lambda plan: changing_plan.add(db.session(), plan, form.given, form.grounds, seen=form.seen, moment=_moment()))


@bp.route("/<int:plan_id>/changes/<int:task_id>/amend", methods=["GET", "POST"])
@needs(Permission.PLAN_CHANGE)
def amend_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Change what a task says, who has it, and by when."""
    plan = _running(plan_id)
    task = task_for(plan, task_id)
    form = AmendForm() if request.method == "POST" else AmendForm.beside(plan, task)
    if request.form.get("then") == "owner":
        form.add_owner()
        return render_template("plans/change_amend.html", plan=plan, task=task, form=form, foreseen=None, theirs=None,
                               Effect=Effect)
    return _answer(
        plan_id, form, "plans/change_amend.html", _("Đã sửa nhiệm vụ."),
        lambda plan: changing_plan.foresee_amend(db.session(), plan, task_for(plan, task_id), form.said(),
                                                 seen=form.seen, moment=_moment()),
        lambda plan: changing_plan.amend(db.session(), plan, task_for(plan, task_id), form.said(), form.grounds,
                                         seen=form.seen, moment=_moment()), task_id)


@bp.route("/<int:plan_id>/changes/<int:task_id>/withdraw", methods=["GET", "POST"])
@needs(Permission.PLAN_CHANGE)
def withdraw_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Ask, then take a task out of a running plan."""
    plan = _running(plan_id)
    task = task_for(plan, task_id)
    form = GroundsForm(data={"version": plan.version, "mark": mark(snapshot(task))})
    return _answer(
        plan_id, form, "plans/change_withdraw.html", _("Đã thôi giao nhiệm vụ."),
        lambda plan: changing_plan.foresee_withdraw(db.session(), plan, task_for(plan, task_id), seen=form.seen,
                                                    moment=_moment()),
        lambda plan: changing_plan.withdraw(db.session(), plan, task_for(plan, task_id), form.grounds, seen=form.seen,
                                            moment=_moment()), task_id)


@bp.route("/<int:plan_id>/changes/<int:task_id>/take-back", methods=["POST"])
@needs(Permission.PLAN_CHANGE)
def take_back_withdrawal(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Take a withdrawal back while nobody was told."""
    plan = _running(plan_id)
    task = task_for(plan, task_id)
    if SeenForm().validate_on_submit():
        try:
            taking_back.take_back(db.session(), plan, task, moment=_moment())
        except Refusal as refusal:
            db.session.rollback()
            flash(explain(refusal), "error")
        else:
            db.session.commit()
            flash(_("Đã giao lại nhiệm vụ như trước."))
    return redirect(url_for("plans.show", plan_id=plan_id))


def _answer(plan_id: int, form: GroundsForm, template: str, done: str, look: Callable[[Plan], Foreseen],
            save: Callable[[Plan], Task], task_id: int | None = None) -> ResponseReturnValue:
    """Show what a change does, or save it once it was shown as it is now."""
    foreseen, theirs = None, None
    code = 200
    if form.validate_on_submit():
        try:
            if request.form.get("then") == "save" and form.previewed.data == form.print():
                task = save(plan_of(plan_id))
                db.session.commit()
                flash(done)
                return redirect(url_for("plans.show", plan_id=plan_id, task=task.id, _anchor=f"task-{task.id}"))
            foreseen = look(plan_of(plan_id))
            form.previewed.data = form.print()
        except Refusal as refusal:
            code = 400
            form.form_errors.append(explain(refusal))
            theirs = isinstance(refusal, ChangeStale)
        db.session.rollback()
    plan = plan_of(plan_id)
    values: dict[str, Any] = {"task": task_for(plan, task_id) if task_id else None}
    if theirs:  # from here on it is saved beside what they did, which is shown
        form.version.data = plan.version
        form.mark.data = mark(snapshot(values["task"])) if values["task"] else ""
        values["latest"] = plan_changes.page(db.session(), plan, task_id=task_id).rows[:3]
    return render_template(template, plan=plan, form=form, foreseen=foreseen, theirs=theirs, Effect=Effect,
                           **values), code

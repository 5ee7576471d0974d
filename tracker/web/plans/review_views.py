"""The review screen: the plan's text beside its duties, one of them being worked on."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Plan, Task
from tracker.models.access import NotVisible, plan_for
from tracker.models.calendar import load_calendar
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.plans.forms import SeenForm, SplitForm, TaskForm
from tracker.web.plans.screen import Order, Show, Wish, build, explain_deadline
from tracker.web.refusals import explain
from tracker.workflow import reviewing_plan
from tracker.workflow.doubts import Doubt
from tracker.workflow.reviewing_plan import ReviewStale
from tracker.workflow.task_state import mark, snapshot


def task_for(plan: Plan, task_id: int) -> Task:
    """Fetch a duty of a plan this person may see. Raises NotVisible."""
    task = db.session.get(Task, task_id)
    if task is None or task.plan_id != plan.id:
        raise NotVisible
    return task


def _plan(plan_id: int) -> Plan:
    return plan_for(db.session(), person(), plan_id)


@bp.route("/<int:plan_id>/review")
@needs(Permission.PLAN_EDIT)
def review(plan_id: int) -> ResponseReturnValue:
    """Show the text and the duties found in it; `task` chooses one."""
    plan = _plan(plan_id)
    if plan.state is not PlanState.REVIEW:
        return redirect(url_for("plans.show", plan_id=plan.id))
    return _screen(plan, Wish.from_args(request.args))


def _screen(plan: Plan, wish: Wish, *, form: TaskForm | None = None, splitting: SplitForm | None = None,
            saved: Task | None = None, problem: str | None = None, code: int = 200) -> ResponseReturnValue:
    """Render the screen: with the chosen duty's own form, or with one that was sent and not saved."""
    today, calendar = clock.today(), load_calendar(db.session())
    screen = build(db.session(), plan, wish, today=today)
    following = None
    if screen.chosen is not None:
        task = screen.chosen.task
        form = form or TaskForm.of(plan, task)
        following = reviewing_plan.next_task(db.session(), task)
        if splitting is None:
            one_line = " ".join(task.text.split())
            splitting = SplitForm(formdata=None, data={"text": one_line})
    return render_template(
        "plans/review.html", plan=plan, screen=screen, form=form, splitting=splitting, saved=saved, problem=problem,
        following=following, both=mark(snapshot(screen.chosen.task), snapshot(following))
        if screen.chosen and following else "",
        here=mark(snapshot(screen.chosen.task)) if screen.chosen else "",
        whys={deadline.id: explain_deadline(screen.chosen.task, deadline, today=today, calendar=calendar)
              for deadline in screen.chosen.task.deadlines} if screen.chosen else {},
        Show=Show, Order=Order, Doubt=Doubt,
    ), code


@bp.route("/<int:plan_id>/tasks/<int:task_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def edit_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Save a duty; the button says whether it counts as checked, or only asks for one more row."""
    plan = _plan(plan_id)
    if request.method == "GET":  # somebody reloads the answer to a form, or shares its address
        return _back(plan_id, Wish(), task_for(plan, task_id).id)
    task, wish, form = task_for(plan, task_id), _wish(task_id), TaskForm.sent()
    then = request.form.get("then", "")
    if then in {"owner", "deadline"}:
        form.add_owner() if then == "owner" else form.add_deadline()
        return _screen(plan, wish, form=form)
    if not form.validate_on_submit():
        return _screen(plan, wish, form=form, problem=_("Chưa lưu được. Hãy sửa những chỗ được đánh dấu bên dưới."),
                       code=400)
    following = build(db.session(), plan, wish, today=clock.today()).next_id if then == "next" else None
    try:
        reviewing_plan.edit(db.session(), plan, task, form.given, seen=form.seen, actor=actor(), now=clock.now(),
                            checked=then == "next")
    except Refusal as refusal:
        return _not_saved(plan_id, task_id, wish, refusal, form=form)
    db.session.commit()
    flash(_("Đã lưu nhiệm vụ."))
    return _back(plan_id, wish, following or task_id)


def _not_saved(plan_id: int, task_id: int, wish: Wish, refusal: Refusal, *, form: TaskForm | None = None,
               splitting: SplitForm | None = None) -> ResponseReturnValue:
    """Show the screen again with what was typed, and what stands there now."""
    db.session.rollback()
    plan = _plan(plan_id)
    if plan.state is not PlanState.REVIEW:
        flash(explain(refusal), "error")
        return redirect(url_for("plans.show", plan_id=plan.id))
    task = task_for(plan, task_id)
    stale = isinstance(refusal, ReviewStale)
    if form is not None:
        form.version.data, form.mark.data = plan.version, mark(snapshot(task))
    return _screen(plan, wish, form=form, splitting=splitting, saved=task if stale and form else None,
                   problem=explain(refusal), code=409 if stale else 400)


@bp.route("/<int:plan_id>/tasks/<int:task_id>/split", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def split_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Cut a duty where line ends were put into its words, or at a position in them."""
    plan = _plan(plan_id)
    task, wish, form = task_for(plan, task_id), _wish(task_id), SplitForm()
    at = request.form.get("at", "")
    parts = (form.text.data or "").split("\n")
    if at.isascii() and at.isdecimal() and len(at) < 7:
        parts = reviewing_plan.parts_at(task.text, int(at))
    try:
        reviewing_plan.split(db.session(), plan, task, parts, seen=form.seen, actor=actor(), now=clock.now())
    except Refusal as refusal:
        return _not_saved(plan_id, task_id, wish, refusal, splitting=form)
    db.session.commit()
    flash(_("Đã tách nhiệm vụ."))
    return _back(plan_id, wish, task_id)


@bp.route("/<int:plan_id>/tasks/<int:task_id>/merge", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def merge_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Join a duty with the one after it."""
    return _press(plan_id, task_id, reviewing_plan.merge_with_next, _("Đã gộp hai nhiệm vụ."))


@bp.route("/<int:plan_id>/tasks/<int:task_id>/drop", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def drop_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Take a duty out; it stays among the dropped ones."""
    return _press(plan_id, task_id, reviewing_plan.drop, _("Đã bỏ nhiệm vụ. Có thể khôi phục trong mục “Đã bỏ”."))


@bp.route("/<int:plan_id>/tasks/<int:task_id>/put-back", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def put_back_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Put a dropped duty back."""
    return _press(plan_id, task_id, reviewing_plan.put_back, _("Đã khôi phục nhiệm vụ."))


@bp.route("/<int:plan_id>/tasks/<int:task_id>/check", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def check_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Say that a duty was looked at, or take that back."""
    checked = request.form.get("checked") == "1"
    return _press(plan_id, task_id, reviewing_plan.set_checked,
                  _("Đã đánh dấu kiểm tra.") if checked else _("Đã bỏ dấu kiểm tra."), checked=checked)


def _press(plan_id: int, task_id: int, change: Callable[..., Any], done: str, **more: Any) -> ResponseReturnValue:
    plan = _plan(plan_id)
    task, wish = task_for(plan, task_id), _wish(task_id)
    try:
        change(db.session(), plan, task, seen=SeenForm().seen, actor=actor(), now=clock.now(), **more)
    except Refusal as refusal:
        return _not_saved(plan_id, task_id, wish, refusal)
    db.session.commit()
    flash(done)
    return _back(plan_id, wish, task_id)


@bp.route("/<int:plan_id>/tasks/new", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def new_task(plan_id: int) -> ResponseReturnValue:
    """Add a duty that the reading missed, behind the one the address names."""
    plan = _plan(plan_id)
    wish = Wish.from_args(request.values)
    if plan.state is not PlanState.REVIEW:
        return redirect(url_for("plans.show", plan_id=plan.id))
    if request.method == "GET":
        form = TaskForm.empty(plan, request.args.get("text", "")[:4000], request.args.get("section", "")[:100])
        return render_template("plans/new_task.html", plan=plan, form=form, wish=wish)
    form, then = TaskForm.sent(), request.form.get("then", "")
    if then in {"owner", "deadline"}:
        form.add_owner() if then == "owner" else form.add_deadline()
    elif form.validate_on_submit():
        after = task_for(plan, wish.task_id) if wish.task_id else None
        try:
            task = reviewing_plan.add(db.session(), plan, form.given, after=after, actor=actor(), now=clock.now())
        except Refusal as refusal:
            db.session.rollback()
            plan = _plan(plan_id)
            form.form_errors.append(explain(refusal))
        else:
            db.session.commit()
            flash(_("Đã thêm nhiệm vụ."))
            return _back(plan_id, wish, task.id)
    return render_template("plans/new_task.html", plan=plan, form=form, wish=wish)


def _wish(task_id: int) -> Wish:
    """Read from a form how the list was filtered, so that the next page looks the same."""
    wish = Wish.from_args(request.form)
    return Wish(wish.show, wish.order, task_id)


def _back(plan_id: int, wish: Wish, task_id: int) -> ResponseReturnValue:
    return redirect(url_for("plans.review", plan_id=plan_id, **wish.args(task=task_id), _anchor=f"duty-{task_id}"))

"""The buttons of the review screen: split, merge, drop, put back, check, add, undo."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Plan, Task
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.plans.forms import SeenForm, SplitForm, TaskForm
from tracker.web.plans.review_views import back, not_saved, plan_of, task_for, wish_of
from tracker.web.plans.screen import Wish, number
from tracker.web.refusals import explain
from tracker.workflow import reviewing_plan
from tracker.workflow.publishing import load_tasks
from tracker.workflow.review_log import last_step, tasks_of, undone_step

#: The longest passage that is offered as one duty.
LONGEST_PASSAGE = 4000


@bp.route("/<int:plan_id>/tasks/<int:task_id>/split", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def split_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Cut a duty where line ends were put into its words, or at a position in them."""
    plan = plan_of(plan_id)
    task, wish, form = task_for(plan, task_id), wish_of(task_id), SplitForm()
    at = request.form.get("at", "")
    parts = (form.text.data or "").split("\n")
    if at.isascii() and at.isdecimal() and len(at) < 7:
        parts = reviewing_plan.parts_at(form.text.data or task.text, int(at))
    try:
        reviewing_plan.split(db.session(), plan, task, parts, seen=form.seen, actor=actor(), now=clock.now())
    except Refusal as refusal:
        return not_saved(plan_id, task_id, wish, refusal, splitting=form)
    db.session.commit()
    flash(_("Đã tách nhiệm vụ."))
    return back(plan_id, wish, task_id)


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
    plan = plan_of(plan_id)
    task, wish = task_for(plan, task_id), wish_of(task_id)
    try:
        change(db.session(), plan, task, seen=SeenForm().seen, actor=actor(), now=clock.now(), **more)
    except Refusal as refusal:
        return not_saved(plan_id, task_id, wish, refusal)
    db.session.commit()
    flash(done)
    return back(plan_id, wish, task_id)


@bp.route("/<int:plan_id>/undo", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def undo_step(plan_id: int) -> ResponseReturnValue:
    """Undo this person's last act on the plan."""
    return _go_back(plan_id, again=False)


@bp.route("/<int:plan_id>/redo", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def redo_step(plan_id: int) -> ResponseReturnValue:
    """Do again what this person undid last."""
    return _go_back(plan_id, again=True)


def _go_back(plan_id: int, *, again: bool) -> ResponseReturnValue:
    plan, wish = plan_of(plan_id), wish_of(number(request.form.get("task", "")))
    step = (undone_step if again else last_step)(db.session(), plan, person())
    touched = tasks_of(step) if step else []
    change = reviewing_plan.redo if again else reviewing_plan.undo
    try:
        change(db.session(), plan, user=person(), step_id=number(request.form.get("step", "")) or 0, actor=actor(),
               now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash(explain(refusal), "error")
        return back(plan_id, wish, wish.task_id)
    db.session.commit()
    flash(_("Đã làm lại.") if again else _("Đã hoàn tác."))
    return back(plan_id, wish, next((task_id for task_id in touched if _is_there(task_id)), None))


def _is_there(task_id: int) -> bool:
    task = db.session.get(Task, task_id)
    return task is not None and task.taken_back_at is None


@bp.route("/<int:plan_id>/tasks/new", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def new_task(plan_id: int) -> ResponseReturnValue:
    """Add a duty that the reading missed: typed, or the words of the text from `start` up to `end`."""
    plan = plan_of(plan_id)
    wish = Wish.from_args(request.values)
    place = _place(plan)
    if plan.state is not PlanState.REVIEW:
        return redirect(url_for("plans.show", plan_id=plan.id))
    if request.method == "GET":
        words = plan.text[place[0]:place[1]] if place else request.args.get("text", "")[:LONGEST_PASSAGE]
        form = TaskForm.empty(plan, words, request.args.get("section", "")[:100])
        if place:
            wish = Wish(wish.show, wish.order, _before(plan, place[0]) or wish.task_id)
        return render_template("plans/new_task.html", plan=plan, form=form, wish=wish, place=place)
    form, then = TaskForm.sent(), request.form.get("then", "")
    if then in {"owner", "deadline"}:
        form.add_owner() if then == "owner" else form.add_deadline()
    elif then != "show" and form.validate_on_submit():
        after = task_for(plan, wish.task_id) if wish.task_id else None
        try:
            task = reviewing_plan.add(db.session(), plan, form.given, after=after, actor=actor(), now=clock.now(),
                                      place=place)
        except Refusal as refusal:
            db.session.rollback()
            plan = plan_of(plan_id)
            form.form_errors.append(explain(refusal))
        else:
            db.session.commit()
            flash(_("Đã thêm nhiệm vụ."))
            return back(plan_id, wish, task.id)
    return render_template("plans/new_task.html", plan=plan, form=form, wish=wish, place=place)


def _place(plan: Plan) -> tuple[int, int] | None:
    """Read which words of the text were selected, without the blanks around them."""
    start, end = number(request.values.get("start", "")), number(request.values.get("end", ""))
    if start is None or end is None or not start < end <= min(len(plan.text), start + LONGEST_PASSAGE):
        return None
    words = plan.text[start:end]
    start += len(words) - len(words.lstrip())
    return (start, start + len(words.strip())) if words.strip() else None


def _before(plan: Plan, start: int) -> int | None:
    """Give the last duty whose words stand before a place in the text."""
    before = [task for task in load_tasks(db.session(), plan) if task.provision and task.provision.start <= start]
    return before[-1].id if before else None

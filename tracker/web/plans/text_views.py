"""The plan's text in the review: was it compared with the original, what gave no duty, who else is looking at it."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models import Plan, ReviewPresence, Task
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.plans.review_views import plan_of
from tracker.web.plans.review_words import called
from tracker.web.plans.screen import number
from tracker.web.refusals import explain
from tracker.workflow.presence import note_presence, others_present
from tracker.workflow.publishing import load_tasks
from tracker.workflow.text_checking import set_text_checked

#: Passages that hardly ever hold a duty: they are listed folded, at the end.
SELDOM = frozenset({"front_matter", "signature", "furniture", "repeated"})


@bp.route("/<int:plan_id>/text-checked", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def check_text(plan_id: int) -> ResponseReturnValue:
    """Say that the recognised text was compared with the original, or take that back."""
    plan = plan_of(plan_id)
    checked = request.form.get("checked") == "1"
    try:
        set_text_checked(db.session(), plan, checked=checked, actor=actor(), now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash(explain(refusal), "error")
    else:
        db.session.commit()
        flash(_("Đã xác nhận chữ trong văn bản đúng với bản gốc.") if checked else _("Đã bỏ xác nhận."))
    return redirect(url_for("plans.review", plan_id=plan_id))


@bp.route("/<int:plan_id>/left-out")
@needs(Permission.PLAN_READ)
def left_out(plan_id: int) -> ResponseReturnValue:
    """List what gave no duty: passages, indicators, and what reading left out of the text."""
    plan = plan_of(plan_id)
    tasks = [task for task in load_tasks(db.session(), plan) if task.dropped_at is None]
    passages = _without_duties(plan.extract.get("ignored", []), tasks)
    return render_template(
        "plans/left_out.html", plan=plan, form=FlaskForm(), unclear=plan.extract.get("unclear", []),
        passages=_by_key(one for one in passages if one["key"] not in SELDOM),
        seldom=_by_key(one for one in passages if one["key"] in SELDOM),
        indicators=plan.extract.get("indicators", []), removed=plan.reading.get("removed", []),
    )


def _without_duties(passages: Iterable[dict[str, Any]], tasks: list[Task]) -> list[dict[str, Any]]:
    """Leave out what a person has made a duty of since."""
    taken = [(task.provision.start, task.provision.end) for task in tasks if task.provision and task.found is None]
    return [one for one in passages if not any(start < one["end"] and one["start"] < end for start, end in taken)]


def _by_key(passages: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Put passages together by why they were left aside, in the order of the text."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in passages:
        found.setdefault(one["key"], []).append(one)
    return found


@bp.route("/<int:plan_id>/presence", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def tell_presence(plan_id: int) -> ResponseReturnValue:
    """Hear from a page that it is open, and answer who else has the plan open and whether it was changed."""
    plan = plan_of(plan_id)
    task_id = number(request.form.get("task", ""))
    task = db.session.get(Task, task_id) if task_id else None
    note_presence(db.session(), plan, person(), task=task if task and task.plan_id == plan.id else None,
                  now=clock.now())
    db.session.commit()
    others = others_present(db.session(), plan, person(), now=clock.now())
    return jsonify({"version": plan.version, "others": [_sentence(plan, one) for one in others]})


def _sentence(plan: Plan, presence: ReviewPresence) -> str:
    place = _number_of(plan, presence.task_id) if presence.task_id else None
    who = called(presence.user)
    if place is None:
        return str(_("%(who)s đang xem kế hoạch này", who=who))
    return str(_("%(who)s đang xem nhiệm vụ %(number)d", who=who, number=place))


def _number_of(plan: Plan, task_id: int) -> int | None:
    """Give a duty's number in the text, as the screen counts them."""
    ids = db.session.scalars(select(Task.id).where(Task.plan_id == plan.id, Task.taken_back_at.is_(None))
                             .order_by(Task.position, Task.id))
    return next((place for place, found in enumerate(ids, start=1) if found == task_id), None)

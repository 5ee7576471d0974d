"""Giving a plan's work out, and giving a plan up."""
from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.extensions import db
from tracker.models import Plan
from tracker.models.access import plan_for
from tracker.models.calendar import load_calendar
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.plan_changes import Effect
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.refusals import explain
from tracker.workflow import amending, publishing
from tracker.workflow.doubts import find_unclear


@bp.route("/<int:plan_id>/publish", methods=["GET", "POST"])
@needs(Permission.PLAN_PUBLISH)
def publish(plan_id: int) -> ResponseReturnValue:
    """Ask before the work is given out: to how many, and what is not clear; then do it."""
    plan = plan_for(db.session(), person(), plan_id)
    form = FlaskForm()
    problem = None
    if form.validate_on_submit():
        try:
            done = publishing.publish(db.session(), plan, actor=actor(), now=clock.now(), today=clock.today(),
                                      calendar=load_calendar(db.session()))
        except Refusal as refusal:
            db.session.rollback()
            plan = plan_for(db.session(), person(), plan_id)
            problem = explain(refusal)
        else:
            db.session.commit()
            flash(_said(done))
            return redirect(url_for("plans.show", plan_id=plan.id))
    if plan.state is not PlanState.REVIEW:
        if problem:
            flash(problem, "error")
        return redirect(url_for("plans.show", plan_id=plan.id))
    return _ask(plan, form, problem)


def _said(done: publishing.Published) -> str:
    """Say in one sentence what publishing did."""
    if done.amended is None:
        return str(_("Đã giao %(assignments)d việc cho %(agencies)d cơ quan.", assignments=done.assignments,
                     agencies=done.agencies))
    sums = done.amended.balance
    return str(_(
        "Đã áp dụng kế hoạch: %(all)d việc, trong đó %(kept)d giữ nguyên, %(changed)d sửa, %(given)d mới; "
        "%(ended)d việc của bản trước thôi giao.", all=sums.after, kept=sums.kept + sums.settled,
        changed=sums.moved + sums.reworded, given=sums.given, ended=sums.ended))


def _ask(plan: Plan, form: FlaskForm, problem: str | None) -> ResponseReturnValue:
    today = clock.today()
    draft = publishing.prepare(db.session(), plan, today=today)
    tasks = [task for task in publishing.load_tasks(db.session(), plan) if task.dropped_at is None]
    doubts = find_unclear(tasks, today=today)
    given = draft.task_ids
    earlier = amending.running_earlier(db.session(), plan)
    return render_template(
        "plans/publish.html", plan=plan, form=form, draft=draft, problem=problem, late=draft.late(today),
        unclear=[(task, doubts[task.id]) for task in tasks if doubts[task.id] and task.id in given],
        unchecked=sum(task.checked_at is None for task in tasks), total=len(tasks),
        is_news=bool(plan.extract.get("is_news")), earlier=earlier, Effect=Effect,
        foreseen=amending.preview(db.session(), earlier, plan, today=today) if earlier else None,
    ), 400 if problem else 200


@bp.route("/<int:plan_id>/withdraw", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def withdraw(plan_id: int) -> ResponseReturnValue:
    """Ask, then give up a plan that was never published."""
    plan = plan_for(db.session(), person(), plan_id)
    form = FlaskForm()
    if form.validate_on_submit():
        try:
            publishing.withdraw(db.session(), plan, actor=actor(), now=clock.now())
        except Refusal as refusal:
            db.session.rollback()
            flash(explain(refusal), "error")
        else:
            db.session.commit()
            flash(_("Đã rút kế hoạch. Nội dung vẫn được lưu."))
        return redirect(url_for("plans.show", plan_id=plan_id))
    if plan.state is not PlanState.REVIEW:
        return redirect(url_for("plans.show", plan_id=plan.id))
    return render_template("plans/withdraw.html", plan=plan, form=form)

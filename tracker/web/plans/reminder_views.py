"""How one plan is reminded of: in the province's way, or in its own."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField

from tracker import clock
from tracker.extensions import db
from tracker.models import Plan, PlanReminderPolicy, User
from tracker.models.access import plan_for
from tracker.models.policy import load_policy, load_reminder_policy
from tracker.rules import reminder_policy
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.reminder_policy import ReminderPolicy
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.refusals import explain
from tracker.web.reminder_forms import ReminderForm, SampleDesk, Unlike, is_trying, number
from tracker.workflow import reminder_policies
from tracker.workflow.reminder_policies import NO_ROW, PolicyChangedMeanwhile, is_reminded


class ResetForm(FlaskForm):  # type: ignore[misc]
    """That a plan's own way is given up, and which version of it was seen."""

    version = HiddenField()


def _form(plan: Plan) -> ReminderForm:
    row = db.session.get(PlanReminderPolicy, plan.id)
    return ReminderForm(data={**vars(load_reminder_policy(db.session(), plan.id)),
                              "version": row.version if row else NO_ROW})


@bp.route("/<int:plan_id>/reminders", methods=["GET", "POST"])
@needs(Permission.REMINDER_SET)
def reminders(plan_id: int) -> ResponseReturnValue:
    """Show how a plan is reminded of, with a sample; try another way, and set it."""
    plan = plan_for(db.session(), person(), plan_id)
    form, desk = _form(plan), SampleDesk(plan)
    newer: list[Unlike] | None = None
    if form.validate_on_submit():
        try:
            wanted = form.to_reminders()
            if is_trying():
                _try(desk, wanted)
            else:
                changed = reminder_policies.set_for_plan(
                    db.session(), plan, wanted, seen=form.seen, actor=actor(), now=clock.now())
                db.session.commit()
                flash(_("Đã lưu cách nhắc riêng của kế hoạch; áp dụng từ bây giờ.") if changed
                      else _("Không có gì thay đổi."))
                return redirect(url_for("plans.reminders", plan_id=plan_id))
        except Refusal as refusal:
            db.session.rollback()
            plan = plan_for(db.session(), person(), plan_id)
            form.say(refusal)
            if isinstance(refusal, PolicyChangedMeanwhile):
                newer = _newer(plan, form)
    elif request.method == "GET":
        _try(desk, load_reminder_policy(db.session(), plan.id))
    own = db.session.get(PlanReminderPolicy, plan.id)
    return render_template("plans/reminders.html", plan=plan, form=form, desk=desk, is_trying=is_trying(), newer=newer,
                           own=own, by=_changed_by(own), is_reminded=is_reminded(plan),
                           send_at=f"{load_policy(db.session()).send_at:%H:%M}")


def _try(desk: SampleDesk, wanted: ReminderPolicy) -> None:
    desk.show(reminder_policy.check(wanted), mails_per_week=load_policy(db.session()).mails_per_week)


def _changed_by(own: PlanReminderPolicy | None) -> str | None:
    """Name who set the plan's own way."""
    user = db.session.get(User, own.changed_by_id) if own and own.changed_by_id else None
    return user.name if user else None


def _newer(plan: Plan, form: ReminderForm) -> list[Unlike]:
    """Give how the plan is reminded of now, where the form says something else; it may be saved over that now."""
    row = db.session.get(PlanReminderPolicy, plan.id)
    form.take(row.version if row else NO_ROW)
    return form.unlike(vars(load_reminder_policy(db.session(), plan.id)))


@bp.route("/<int:plan_id>/reminders/reset", methods=["GET", "POST"])
@needs(Permission.REMINDER_SET)
def reset_reminders(plan_id: int) -> ResponseReturnValue:
    """Ask, then let a plan be reminded of in the province's way."""
    plan = plan_for(db.session(), person(), plan_id)
    own = db.session.get(PlanReminderPolicy, plan.id)
    form = ResetForm(data={"version": own.version if own else NO_ROW})
    if form.validate_on_submit():
        try:
            reminder_policies.reset_for_plan(db.session(), plan, seen=number(form.version.data), actor=actor(),
                                             now=clock.now())
        except Refusal as refusal:
            db.session.rollback()
            flash(explain(refusal), "error")
            return redirect(url_for("plans.reset_reminders", plan_id=plan_id))
        db.session.commit()
        flash(_("Kế hoạch được nhắc theo quy định chung từ bây giờ."))
        return redirect(url_for("plans.reminders", plan_id=plan_id))
    if own is None:
        return redirect(url_for("plans.reminders", plan_id=plan.id))
    mine = ReminderForm(formdata=None, data=vars(load_reminder_policy(db.session())))
    return render_template("plans/reset_reminders.html", plan=plan, form=form,
                           unlike=mine.unlike(vars(own.to_reminder_policy())))

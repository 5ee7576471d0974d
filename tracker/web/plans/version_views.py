"""An amended plan beside the version before it."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.extensions import db
from tracker.models.access import plan_for
from tracker.models.base import LARGEST_ID
from tracker.reports.paging import PAGE_ROWS
from tracker.reports.plan_difference import difference
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.plan_changes import Effect
from tracker.rules.plan_versions import Change
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.refusals import explain
from tracker.workflow import amending, versions
from tracker.workflow.publishing import load_tasks


@bp.route("/<int:plan_id>/difference")
@needs(Permission.PLAN_READ)
def show_difference(plan_id: int) -> ResponseReturnValue:
    """Show what changed against the version before; without one, ask which plan this one amends."""
    plan = plan_for(db.session(), person(), plan_id)
    earlier = plan_for(db.session(), person(), plan.replaces_id) if plan.replaces_id else None
    found = None
    if earlier is not None:
        found = difference(earlier, load_tasks(db.session(), earlier), plan, load_tasks(db.session(), plan))
    running = amending.running_earlier(db.session(), plan) if plan.state is PlanState.REVIEW else None
    first = _whole(request.args.get("after", ""), 10**5)
    changed = found.changed if found else []
    may_choose = person().may(Permission.PLAN_EDIT) and plan.state is PlanState.REVIEW
    return render_template(
        "plans/difference.html", plan=plan, earlier=earlier, found=found, Change=Change, form=FlaskForm(),
        candidates=versions.candidates(db.session(), plan, person()) if may_choose else [], Effect=Effect,
        foreseen=amending.preview(db.session(), running, plan, today=clock.today()) if running else None,
        rows=changed[first:first + PAGE_ROWS], total=len(changed), first=first,
        next_after=first + PAGE_ROWS if first + PAGE_ROWS < len(changed) else None,
    )


@bp.route("/<int:plan_id>/version", methods=["POST"])
@needs(Permission.PLAN_EDIT)
def set_version(plan_id: int) -> ResponseReturnValue:
    """Save which plan this one amends."""
    plan = plan_for(db.session(), person(), plan_id)
    if FlaskForm().validate_on_submit():
        wanted = _whole(request.form.get("replaces", ""), LARGEST_ID)
        earlier = plan_for(db.session(), person(), wanted) if wanted else None
        try:
            versions.set_replaces(db.session(), plan, earlier, partly=request.form.get("way") == "partly",
                                  actor=actor(), now=clock.now())
        except Refusal as refusal:
            db.session.rollback()
            flash(explain(refusal), "error")
        else:
            db.session.commit()
            flash(_("Đã ghi kế hoạch được sửa đổi.") if earlier else _("Đã bỏ liên kết với bản trước."))
    return redirect(url_for("plans.show_difference", plan_id=plan_id))


def _whole(raw: str, most: int) -> int:
    """Read a whole number out of an address or a form; 0 for anything else."""
    return min(int(raw), most) if raw.isascii() and raw.isdecimal() and len(raw) < 20 else 0

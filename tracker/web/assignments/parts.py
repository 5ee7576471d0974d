"""What a lead does with its helpers: ask one, do without one, ask one more agency to help."""
from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Assignment
from tracker.models.access import NotVisible, assignment_for, may_direct_parts, part_for
from tracker.models.calendar import load_calendar
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.assignments import bp
from tracker.web.assignments.ask_forms import number
from tracker.web.assignments.page import show_page
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import parts as use_cases


@bp.route("/<int:assignment_id>/parts/<int:part_id>/ask", methods=["POST"])
@needs(Permission.PART_WAIVE)
def ask_helper(assignment_id: int, part_id: int) -> ResponseReturnValue:
    """Ask a helper about its part; its liaisons are mailed."""
    lead, part = _both(assignment_id, part_id)

    def act() -> str:
        use_cases.ask(db.session(), lead, part, actor=actor(), text=_typed("text"), now=clock.now(),
                      form_key=_typed("form_key") or secrets.token_urlsafe(24))
        return str(_("Đã gửi câu hỏi tới %(agency)s.", agency=part.agency.name))

    return _do(lead, part, act)


@bp.route("/<int:assignment_id>/parts/<int:part_id>/waive", methods=["POST"])
@needs(Permission.PART_WAIVE)
def waive_part(assignment_id: int, part_id: int) -> ResponseReturnValue:
    """Do without a helper's part, with a reason."""
    lead, part = _both(assignment_id, part_id)

    def act() -> str:
        version = request.form.get("version", "")
        seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        use_cases.waive(db.session(), lead, part, actor=actor(), reason=_typed("reason"), expected_version=seen,
                        now=clock.now())
        return str(_("Đã ghi nhận không cần phần việc của %(agency)s.", agency=part.agency.name))

    return _do(lead, part, act)


@bp.route("/<int:assignment_id>/parts", methods=["POST"])
@needs(Permission.PART_WAIVE)
def add_helper(assignment_id: int) -> ResponseReturnValue:
    """Ask one more agency to help."""
    lead = _lead(assignment_id)
    agency = db.session.get(Agency, number(request.form.get("agency")))
    if agency is None:
        return show_page(lead, error=_("Hãy chọn cơ quan phối hợp.")), 400

    def act() -> str:
        use_cases.add_helper(db.session(), lead, agency, actor=actor(), calendar=load_calendar(db.session()),
                             now=clock.now())
        return str(_("Đã đề nghị %(agency)s phối hợp; cơ quan nhận thư báo.", agency=agency.name))

    return _do(lead, None, act)


def _lead(assignment_id: int) -> Assignment:
    lead = assignment_for(db.session(), person(), assignment_id)
    if lead.is_part or not may_direct_parts(person(), lead):
        raise NotVisible
    return lead


def _both(assignment_id: int, part_id: int) -> tuple[Assignment, Assignment]:
    lead = _lead(assignment_id)
    return lead, part_for(db.session(), lead, part_id)


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()


def _do(lead: Assignment, part: Assignment | None, act: Callable[[], str]) -> ResponseReturnValue:
    try:
        said = act()
    except Refusal as refusal:
        db.session.rollback()
        kept = {"part": part.id if part else None, "text": _typed("text"), "reason": _typed("reason")}
        return show_page(lead, error=explain(refusal), kept_part=kept), 409
    db.session.commit()
    flash(said)
    return redirect(url_for("assignments.show", assignment_id=lead.id, _anchor="parts"))

"""What an agency asks about its work: more time, another owner; and the colleague it names."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Assignment, Extension, Transfer
from tracker.models.access import assignment_for, extension_for, may_ask, transfer_for
from tracker.models.catalogue import load_catalogue, search
from tracker.reports.history import requests_of
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED, NotAllowedNow
from tracker.web.assignments import bp
from tracker.web.assignments.ask_forms import LONGEST_NAME, ExtensionForm, TransferForm, number
from tracker.web.assignments.page import show_page
from tracker.web.assignments.sentences import due_reasons
from tracker.web.downloads import evidence_folder
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import extending, handing_over, transferring
from tracker.workflow.evidence import BadFiles, TooManyFiles, Upload
from tracker.workflow.extending import DayNotLater, DayTooFar
from tracker.workflow.progress import ChangedMeanwhile
from tracker.workflow.transferring import AgencyEnded, SameAgency
from tracker.workflow.unknown_bodies import BodyNotFound

#: Agencies that the list under the field offers.
OFFERED = 12
#: Where on the forms a refusal is shown; the others stand above them.
FIELD_OF: dict[type[Refusal], str] = {
    DayNotLater: "wanted_on", DayTooFar: "wanted_on", TooManyFiles: "files", SameAgency: "agency",
    AgencyEnded: "agency", BodyNotFound: "agency",
}


def _own(assignment_id: int) -> Assignment:
    assignment = assignment_for(db.session(), person(), assignment_id)
    if not may_ask(person(), assignment):
        abort(403)
    return assignment


@bp.route("/<int:assignment_id>/extension", methods=["GET", "POST"])
@needs(Permission.ASSIGNMENT_ASK)
def ask_extension(assignment_id: int) -> ResponseReturnValue:
    """Ask for more time: until when, why, what shows it."""
    assignment = _own(assignment_id)
    form = ExtensionForm(data={"version": str(assignment.version)})
    conflict = False
    if form.validate_on_submit():
        try:
            extension = _ask_extension(assignment, form)
        except Refusal as refusal:
            conflict = _told(form, refusal, assignment)
        else:
            db.session.commit()
            flash(_("Đã gửi đề nghị gia hạn đến %(day)s tới %(coordinator)s. Trong lúc chờ trả lời, thời hạn chưa thay "
                    "đổi.", day=f"{extension.wanted_on:%d/%m/%Y}", coordinator=assignment.plan.coordinator.name))
            return _back(assignment)
    return _page("assignments/ask_extension.html", assignment, form, Extension, conflict=conflict,
                 lost_files=[file.filename for file in form.chosen_files])


def _ask_extension(assignment: Assignment, form: ExtensionForm) -> Extension:
    assert form.wanted_on.data is not None, "the form asks for a day"
    return extending.ask(
        db.session(), assignment, actor=actor(), wanted_on=form.wanted_on.data, reason=form.reason.data or "",
        files=[Upload(file.filename, file.stream) for file in form.chosen_files],
        evidence_folder=evidence_folder(), expected_version=number(form.version.data), today=clock.today(),
        now=clock.now(),
    )  # fmt: skip


@bp.route("/<int:assignment_id>/transfer", methods=["GET", "POST"])
@needs(Permission.ASSIGNMENT_ASK)
def ask_transfer(assignment_id: int) -> ResponseReturnValue:
    """Say that the work is another body's, and whose."""
    assignment = _own(assignment_id)
    form = TransferForm(data={"version": str(assignment.version)})
    conflict = False
    if form.validate_on_submit():
        try:
            transferring.ask(
                db.session(), assignment, actor=actor(), proposed_agency=_proposed(form),
                reason=form.reason.data or "", expected_version=number(form.version.data), today=clock.today(),
                now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            conflict = _told(form, refusal, assignment)
        else:
            db.session.commit()
            flash(_("Đã gửi ý kiến tới %(coordinator)s. Trong lúc chờ trả lời, nhiệm vụ vẫn thuộc cơ quan bạn.",
                    coordinator=assignment.plan.coordinator.name))
            return _back(assignment)
    return _page("assignments/ask_transfer.html", assignment, form, Transfer, conflict=conflict,
                 suggestions=_alike(form))


def _proposed(form: TransferForm) -> Agency | None:
    """Read the agency: the one picked from the list while its name stands there, or the one the words mean."""
    typed, session = form.agency.data or "", db.session()
    picked = session.get(Agency, number(form.picked.data)) if form.picked.data else None
    if picked is not None and (not typed or typed == picked.name or request.form.get("suggested")):
        return picked
    if typed:
        body = load_catalogue(session).match(typed)
        if isinstance(body, Agency):
            return body
        raise BodyNotFound(name=typed)
    return None


def _alike(form: TransferForm) -> list[Agency]:
    """Give agencies with a like name for words that are none of the catalogue."""
    if not (form.agency.errors and form.agency.data):
        return []
    today = clock.today()
    found = [link.body for link in load_catalogue(db.session()).suggest(form.agency.data[:LONGEST_NAME])]
    return [body for body in found
            if isinstance(body, Agency) and not (body.ended_on is not None and body.ended_on < today)]


@bp.route("/agencies")
@needs(Permission.ASSIGNMENT_ASK)
def agencies() -> ResponseReturnValue:
    """Give the agencies whose name holds the words typed so far."""
    found = search(db.session(), request.args.get("q", ""), OFFERED * 3, today=clock.today())
    return jsonify([{"value": str(body.id), "label": body.name, "hint": body.short_name or ""}
                    for body in found if isinstance(body, Agency)][:OFFERED])


@bp.route("/extension/<int:extension_id>/withdraw", methods=["POST"])
@needs(Permission.ASSIGNMENT_ASK)
def withdraw_extension(extension_id: int) -> ResponseReturnValue:
    """Take a request for more time back."""
    return _withdraw(extension_for(db.session(), person(), extension_id))


@bp.route("/transfer/<int:transfer_id>/withdraw", methods=["POST"])
@needs(Permission.ASSIGNMENT_ASK)
def withdraw_transfer(transfer_id: int) -> ResponseReturnValue:
    """Take a "not ours" back."""
    return _withdraw(transfer_for(db.session(), person(), transfer_id))


def _withdraw(asked: Extension | Transfer) -> ResponseReturnValue:
    assignment = asked.assignment
    if not may_ask(person(), assignment):
        abort(403)
    given: dict[str, Any] = {"actor": actor(), "expected_version": number(request.form.get("version")),
                             "now": clock.now()}
    try:
        if isinstance(asked, Extension):
            extending.withdraw(db.session(), asked, **given)
        else:
            transferring.withdraw(db.session(), asked, **given)
    except Refusal as refusal:
        db.session.rollback()
        return show_page(assignment, error=explain(refusal)), 409
    db.session.commit()
    flash(_("Đã rút lại đề nghị."))
    return _back(assignment)


@bp.route("/<int:assignment_id>/assignee", methods=["POST"])
@needs(Permission.ASSIGNMENT_HAND_OVER)
def hand_over(assignment_id: int) -> ResponseReturnValue:
    """Name the colleague who does it, or nobody."""
    assignment = assignment_for(db.session(), person(), assignment_id)
    chosen = number(request.form.get("colleague"))
    named = {colleague.id: colleague for colleague in handing_over.colleagues(db.session(), assignment)}
    try:
        if chosen and chosen not in named:
            raise handing_over.NotAColleague
        handing_over.hand_over(db.session(), assignment, actor=actor(), colleague=named.get(chosen),
                               expected_version=number(request.form.get("version")), now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        conflict = isinstance(refusal, ChangedMeanwhile | NotAllowedNow)
        return show_page(assignment, error=explain(refusal)), 409 if conflict else 400
    db.session.commit()
    if assignment.assignee is None:
        flash(_("Đã bỏ tên người thực hiện."))
    elif assignment.assignee.id == person().id:
        flash(_("Bạn là người thực hiện nhiệm vụ này."))
    else:
        flash(_("Đã giao %(name)s thực hiện; người này sẽ nhận thư.", name=assignment.assignee.name))
    return _back(assignment)


def _told(form: FlaskForm, refusal: Refusal, assignment: Assignment) -> bool:
    """Put the words of a refusal where on the form they belong; tell whether somebody else was faster."""
    db.session.rollback()
    if isinstance(refusal, BadFiles):
        form.files.errors = [explain(problem) for problem in refusal.problems]
    elif (name := FIELD_OF.get(type(refusal))) in form._fields:
        form[name].errors = [*form[name].errors, explain(refusal)]
    else:
        form.form_errors.append(explain(refusal))
    conflict = isinstance(refusal, ChangedMeanwhile | NotAllowedNow)
    if conflict:
        form.version.data = str(assignment.version)
    return conflict


def _page(template: str, assignment: Assignment, form: FlaskForm, kind: type[Extension | Transfer], *,
          conflict: bool, **values: Any) -> ResponseReturnValue:
    asked = [one for one in requests_of(db.session(), assignment) if isinstance(one, kind)]
    return render_template(
        template, assignment=assignment, form=form, asked=asked, reasons=due_reasons(assignment),
        waiting=next((one for one in asked if one.is_waiting), None), owed=assignment.state in OWED, **values,
    ), 409 if conflict else 200


def _back(assignment: Assignment) -> ResponseReturnValue:
    return redirect(url_for("assignments.show", assignment_id=assignment.id))

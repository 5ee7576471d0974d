"""Deciding one thing that waits; the next opens by itself."""
from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Assignment
from tracker.models.access import (
    NotVisible,
    assignment_for,
    comment_for,
    extension_for,
    may_answer,
    may_decide,
    may_review,
    transfer_for,
)
from tracker.models.calendar import load_calendar
from tracker.reports.inbox import InboxFilter, InboxKind, parse_key, waiting_for
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import Decision
from tracker.web.formats import day
from tracker.web.guard import actor, needs, person
from tracker.web.inbox import bp
from tracker.web.inbox.forms import (
    ExtensionDecisionForm,
    InboxForm,
    QuestionForm,
    ReportDecisionForm,
    TransferDecisionForm,
)
from tracker.web.inbox.views import page
from tracker.web.refusals import explain
from tracker.workflow import acceptance, discussing, extending, transferring


def _(sentence: str, **values: Any) -> str:
    return str(gettext(sentence, **values))


#: What a use case does with a checked form; it gives the sentence that says what was done.
Act = Callable[[], str]


def back(opened: str = "", **more: Any) -> ResponseReturnValue:
    """Go on with the queue as it was filtered; `opened` is what opens, and where reading goes on."""
    args = InboxFilter.from_args(request.values).to_args() | more
    if after := request.values.get("after"):
        args["after"] = after
    if opened:
        args["open"] = opened
    return redirect(url_for("inbox.index", **args, _anchor="opened-title" if opened else None))


def _decide(key: tuple[InboxKind, int], form: InboxForm, act: Act, **more: Any) -> ResponseReturnValue:
    """Do it and go on; what could not be done comes back with its words and its reason."""
    if not form.validate_on_submit():
        return page(form, key), 400
    try:
        said = act()
    except Refusal as refusal:
        db.session.rollback()
        return _refused(key, form, refusal)
    db.session.commit()
    flash(said)
    opened = request.form.get("next", "")
    return back(opened if parse_key(opened) else "", **more)


def _refused(key: tuple[InboxKind, int], form: InboxForm, refusal: Refusal) -> ResponseReturnValue:
    error = explain(refusal)
    if waiting_for(db.session(), person(), *key, today=clock.today()) is None:
        # Somebody else was faster: it is not in the queue any more, but what was typed is.
        return page(None, None, error, form.words.data, lost=_assignment_of(key)), 409
    form.version.data = None  # what is on the page now is what is decided next time
    return page(form, key, error), 409


def _assignment_of(key: tuple[InboxKind, int]) -> Assignment | None:
    kind, number = key
    if kind is InboxKind.REPORT:
        return assignment_for(db.session(), person(), number)
    fetch: Any = {InboxKind.EXTENSION: extension_for, InboxKind.TRANSFER: transfer_for,
                  InboxKind.QUESTION: comment_for}[kind]
    found: Assignment = fetch(db.session(), person(), number).assignment
    return found


def _pressed(*known: str) -> str:
    pressed = request.form.get("decision", "")
    if pressed not in known:
        abort(400)
    return pressed


@bp.route("/reports/<int:assignment_id>", methods=["POST"])
@needs(Permission.PROGRESS_REVIEW)
def decide_report(assignment_id: int) -> ResponseReturnValue:
    """Accept a report, or return it with a reason."""
    row, form = assignment_for(db.session(), person(), assignment_id), ReportDecisionForm()
    if not may_review(person(), row):
        raise NotVisible
    decision = Decision(_pressed(*Decision))

    def act() -> str:
        given: dict[str, Any] = {"actor": actor(), "expected_version": form.seen_version, "now": clock.now()}
        if decision is Decision.ACCEPTED:
            acceptance.accept(db.session(), row, **given)
            return _("Đã xác nhận báo cáo của %(agency)s.", agency=row.agency.name)
        acceptance.return_(db.session(), row, reason=form.words.data, **given)
        return _("Đã trả lại báo cáo; đầu mối của %(agency)s sẽ nhận thư kèm lý do.", agency=row.agency.name)

    return _decide((InboxKind.REPORT, row.id), form, act, done=row.id)


@bp.route("/reports/<int:assignment_id>/reopen", methods=["POST"])
@needs(Permission.PROGRESS_REOPEN)
def reopen_report(assignment_id: int) -> ResponseReturnValue:
    """Take back the decision on a report."""
    row = assignment_for(db.session(), person(), assignment_id)
    if not may_review(person(), row):
        raise NotVisible
    try:
        acceptance.reopen(db.session(), row, actor=actor(), now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        flash(explain(refusal), "error")
        return back()
    db.session.commit()
    flash(_("Đã hoàn tác: báo cáo của %(agency)s chờ xác nhận như trước.", agency=row.agency.name))
    return back(f"{InboxKind.REPORT.value}-{row.id}")


@bp.route("/extensions/<int:extension_id>", methods=["POST"])
@needs(Permission.REQUEST_DECIDE)
def decide_extension(extension_id: int) -> ResponseReturnValue:
    """Give more time, or refuse it with an answer."""
    extension, form = extension_for(db.session(), person(), extension_id), ExtensionDecisionForm()
    if not may_decide(person(), extension.assignment):
        raise NotVisible
    pressed = _pressed("granted", "refused")
    agency = extension.assignment.agency.name

    def act() -> str:
        given: dict[str, Any] = {"actor": actor(), "expected_version": form.seen_version, "now": clock.now()}
        if pressed == "granted":
            granted_on = form.granted_on.data or extension.wanted_on
            extending.grant(db.session(), extension, granted_on=granted_on, answer=form.words.data or None,
                            calendar=load_calendar(db.session()), today=clock.today(), **given)
            return _("Đã gia hạn cho %(agency)s đến %(day)s; cơ quan nhận thư báo.", agency=agency, day=day(granted_on))
        extending.refuse(db.session(), extension, answer=form.words.data, **given)
        return _("Đã trả lời không gia hạn; %(agency)s nhận thư kèm lý do.", agency=agency)

    return _decide((InboxKind.EXTENSION, extension.id), form, act)


@bp.route("/transfers/<int:transfer_id>", methods=["POST"])
@needs(Permission.REQUEST_DECIDE)
def decide_transfer(transfer_id: int) -> ResponseReturnValue:
    """Give the work to the agency whose it is, or say that it stays."""
    transfer, form = transfer_for(db.session(), person(), transfer_id), TransferDecisionForm()
    if not may_decide(person(), transfer.assignment):
        raise NotVisible
    pressed = _pressed("granted", "refused")
    form.agency.choices = []
    before = transfer.assignment.agency.name
    agency = db.session.get(Agency, form.agency_id)
    if pressed == "granted" and agency is None:
        form.agency.errors = [_("Hãy chọn cơ quan sẽ nhận nhiệm vụ.")]
        return page(form, (InboxKind.TRANSFER, transfer.id)), 400

    def act() -> str:
        given: dict[str, Any] = {"actor": actor(), "expected_version": form.seen_version, "now": clock.now()}
        if pressed == "granted" and agency is not None:
            transferring.grant(db.session(), transfer, agency=agency, answer=form.words.data or None,
                               calendar=load_calendar(db.session()), today=clock.today(), **given)
            return _("Đã chuyển nhiệm vụ cho %(agency)s; cả hai cơ quan nhận thư báo.", agency=agency.name)
        transferring.refuse(db.session(), transfer, answer=form.words.data, **given)
        return _("Đã trả lời: nhiệm vụ vẫn của %(agency)s; cơ quan nhận thư kèm lý do.", agency=before)

    return _decide((InboxKind.TRANSFER, transfer.id), form, act)


@bp.route("/questions/<int:comment_id>", methods=["POST"])
@needs(Permission.THREAD_WRITE)
def answer_question(comment_id: int) -> ResponseReturnValue:
    """Answer a question, or say that none is needed."""
    comment, form = comment_for(db.session(), person(), comment_id), QuestionForm()
    if not may_answer(person(), comment.assignment):
        raise NotVisible
    pressed = _pressed("answered", "settled")

    def act() -> str:
        if pressed == "settled":
            discussing.settle(db.session(), comment, actor=actor(), now=clock.now())
            return _("Đã ghi nhận câu hỏi không cần trả lời.")
        discussing.write(db.session(), comment.assignment, actor=actor(), text=form.words.data,
                         form_key=form.form_key.data or secrets.token_urlsafe(24), now=clock.now())
        return _("Đã trả lời; %(name)s nhận thư báo.", name=comment.author.name)

    return _decide((InboxKind.QUESTION, comment.id), form, act)

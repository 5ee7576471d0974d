"""The queue, and beside it the thing that is being decided."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Assignment, Comment, Extension, ProgressUpdate, Transfer
from tracker.models.access import NotVisible, assignment_for
from tracker.reports import inbox as report
from tracker.reports.history import latest_report
from tracker.reports.inbox import InboxFilter, InboxKind, Waiting
from tracker.rules.permissions import Permission
from tracker.rules.states import AssignmentState
from tracker.web.assignments.sentences import due_reasons
from tracker.web.assignments.views import plan_words
from tracker.web.guard import needs, person
from tracker.web.inbox import bp
from tracker.web.inbox.forms import DECISION_FORMS, InboxForm
from tracker.workflow.acceptance import UNDO_WITHIN, open_parts
from tracker.workflow.deciding_many import MOST_AT_ONCE, WITH_WORDS, Answer

#: What was said before a question; the whole thread is one press away.
SHOWN_COMMENTS = 8


@dataclass(frozen=True)
class Opened:
    """What the person has before them: the waiting thing and everything needed to decide on it."""

    item: Waiting
    form: InboxForm
    words: str
    reasons: list[str]
    update: ProgressUpdate | None = None
    open_parts: tuple[str, ...] = ()
    extension: Extension | None = None
    earlier: tuple[Extension, ...] = ()
    transfer: Transfer | None = None
    comments: tuple[Comment, ...] = ()


@bp.route("/")
@needs(Permission.PROGRESS_REVIEW)
def index() -> ResponseReturnValue:
    """Show what waits, and open the first of it or the one that is asked for."""
    return page()


def page(
    form: InboxForm | None = None, key: tuple[InboxKind, int] | None = None, error: str | None = None,
    kept: str | None = None, **more: Any,
) -> str:
    """Make the page; `form` holds a decision that could not be saved, `kept` words whose item is gone."""
    user, today = person(), clock.today()
    wanted = InboxFilter.from_args(request.values)
    after = request.values.get("after")
    found = report.queue(db.session(), user, wanted, today=today, after=after)
    if not found.page.rows and after:
        after = None
        found = report.queue(db.session(), user, wanted, today=today)
    asked = key or report.parse_key(request.values.get("open"))
    item = report.waiting_for(db.session(), user, *asked, today=today) if asked else None
    chosen = item is not None  # and not just the first one, which only a wide window shows beside the queue
    gone = asked is not None and item is None and request.method == "GET"
    if item is None and found.page.rows and error is None:
        item = found.page.rows[0]
    made: str = render_template(
        "inbox/index.html", wanted=wanted, after=after, queue=found, opened=_open(item, form) if item else None,
        next_key=_next_key(found.page.rows, item), chosen=chosen, place=found.place_of(item) if item else None,
        gone=gone, error=error, kept=kept, undo=_undo(),
        kinds=InboxKind, answers=Answer, most=MOST_AT_ONCE, with_words=WITH_WORDS, **more,
    )
    return made


def _next_key(rows: Any, item: Waiting | None) -> str:
    """Name what opens by itself when this one is decided: the next of the queue, or the first."""
    keys: list[str] = [row.key for row in rows]
    if item is None or item.key not in keys:
        return keys[0] if keys else ""
    place = keys.index(item.key)
    return (keys[place + 1:] or keys[:place] or [""])[0]


def _open(item: Waiting, form: InboxForm | None) -> Opened:
    row = item.assignment
    shared: dict[str, Any] = {"item": item, "words": plan_words(row), "reasons": due_reasons(row),
                              "form": form or DECISION_FORMS[item.kind](formdata=None)}
    match item.kind:
        case InboxKind.REPORT:
            _seen(shared["form"], row.version)
            return Opened(**shared, update=latest_report(db.session(), row),
                          open_parts=tuple(open_parts(db.session(), row)))
        case InboxKind.EXTENSION:
            extension = db.session.get_one(Extension, item.id)
            earlier = db.session.scalars(
                select(Extension).where(Extension.assignment_id == row.id, Extension.id != extension.id)
                .order_by(Extension.id.desc()).limit(5)
            ).all()
            _seen(shared["form"], extension.version)
            if form is None:
                shared["form"].granted_on.data = extension.wanted_on
            return Opened(**shared, extension=extension, earlier=tuple(earlier))
        case InboxKind.TRANSFER:
            transfer = db.session.get_one(Transfer, item.id)
            _seen(shared["form"], transfer.version)
            shared["form"].offer(_agencies(row), transfer.proposed_agency_id if form is None else None)
            return Opened(**shared, transfer=transfer)
        case InboxKind.QUESTION:
            if form is None:
                shared["form"].begin()
            return Opened(**shared, comments=_comments(row, item.id))


def _seen(form: InboxForm, version: int) -> None:
    form.version.data = form.version.data or str(version)


def _agencies(row: Assignment) -> list[tuple[str, str]]:
    today = clock.today()
    found = db.session.execute(
        select(Agency.id, Agency.name).where(Agency.id != row.agency_id,
                                             Agency.ended_on.is_(None) | (Agency.ended_on >= today))
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    )
    return [(str(agency_id), name) for agency_id, name in found]


def _comments(row: Assignment, question_id: int) -> tuple[Comment, ...]:
    newest = db.session.scalars(
        select(Comment).where(Comment.assignment_id == row.id)
        .options(joinedload(Comment.author)).order_by(Comment.id.desc()).limit(SHOWN_COMMENTS)
    ).all()
    if question_id not in {comment.id for comment in newest}:
        newest = [*newest, db.session.get_one(Comment, question_id)]
    return tuple(reversed(newest))


def _undo() -> Assignment | None:
    """Give the assignment whose decision was just taken, while it can still be taken back."""
    raw = request.args.get("done", "")
    if not raw.isascii() or not raw.isdecimal() or len(raw) > 9:
        return None
    try:
        row = assignment_for(db.session(), person(), int(raw))
    except NotVisible:
        return None
    last = latest_report(db.session(), row)
    if row.state not in {AssignmentState.ACCEPTED, AssignmentState.RETURNED} or last is None or last.review is None:
        return None
    fresh = clock.now() - last.review.decided_at <= UNDO_WITHIN
    return row if fresh and last.review.reviewer_id == person().id else None

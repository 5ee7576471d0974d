"""The page of one assignment, also as the answer to a press on it that was refused."""
from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import date

from flask import render_template, request
from flask_babel import gettext
from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Assignment, Extension, Transfer, User
from tracker.models.access import (
    assignments_of,
    may_answer,
    may_ask,
    may_decide,
    may_direct_parts,
    may_hand_over,
    may_report,
    may_review,
    may_write,
)
from tracker.reports.history import EventKind, history, requests_of
from tracker.reports.parts import leads_of, parts_of
from tracker.reports.thread import thread
from tracker.rules.standing import OfficialClass, grace_by_first_date, official_class
from tracker.rules.states import OWED, AssignmentState, RequestState, TaskRole
from tracker.web.assignments.ask_forms import CommentForm, number
from tracker.web.assignments.forms import DecisionForm
from tracker.web.assignments.now import steps
from tracker.web.assignments.sentences import class_reason, due_reasons
from tracker.web.guard import person
from tracker.web.words import word
from tracker.workflow import discussing, handing_over


def show_page(
    assignment: Assignment, form: DecisionForm | None = None, error: str | None = None, *,
    comment: CommentForm | None = None, mentioned: Collection[int] = (), kept_part: Mapping[str, object] | None = None,
) -> str:
    """Make the page of an assignment, with what was typed and could not be saved when there is something."""
    session, user, today = db.session(), person(), clock.today()
    asked = requests_of(session, assignment)
    events = history(session, assignment, asked)
    said = thread(session, assignment, before=number(request.args.get("before")) or None)
    waiting = None
    if assignment.state is AssignmentState.SUBMITTED:
        waiting = next((event.update for event in events if event.kind is EventKind.REPORTED), None)
    if form is None:
        form = DecisionForm(formdata=None)
    form.version.data = form.version.data or str(assignment.version)
    return render_template(
        "assignments/show.html", assignment=assignment, words=plan_words(assignment), events=events, waiting=waiting,
        reasons=due_reasons(assignment), class_reason=class_reason(assignment), form=form, error=error,
        deciding=waiting is not None and may_review(user, assignment),
        steps=steps(assignment, user, asked=asked, events=events, open_questions=said.open_questions, today=today),
        reporting=may_report(user, assignment) and assignment.state in OWED,
        asked=asked, answering_requests=may_decide(user, assignment),
        asking=may_ask(user, assignment) and assignment.state in OWED,
        extension_waits=any(one.is_waiting for one in asked if isinstance(one, Extension)),
        transfer_waits=any(one.is_waiting for one in asked if isinstance(one, Transfer)),
        extended=extended_words(assignment, asked, today),
        said=said, comment=comment or CommentForm(formdata=None, form_key=secrets.token_urlsafe(24)),
        mentioned=mentioned, longest_comment=discussing.LONGEST_TEXT, **_people(assignment, user),
        **_in_its_place(assignment, user), **_parts(assignment, user), kept_part=kept_part,
    )  # fmt: skip


def _parts(assignment: Assignment, user: User) -> dict[str, object]:
    """Give who helps whom, and what the lead may do with its helpers."""
    session = db.session()
    parts = parts_of(session, assignment)
    leading = may_direct_parts(user, assignment) and assignment.state in OWED | {AssignmentState.SUBMITTED}
    there = {part.assignment.agency_id for part in parts} | {assignment.agency_id}
    adding = leading and assignment.role is TaskRole.LEAD and assignment.state in OWED
    return {"parts": parts, "leads": leads_of(session, assignment), "leading": leading,
            "part_key": secrets.token_urlsafe(12), "adding": _agencies(there) if adding else []}


def _agencies(without: Collection[int]) -> list[tuple[int, str]]:
    """List the living agencies that could help."""
    today = clock.today()
    rows = db.session.execute(
        select(Agency.id, Agency.name)
        .where(Agency.id.not_in(without), Agency.ended_on.is_(None) | (Agency.ended_on >= today))
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    )
    return [(agency_id, name) for agency_id, name in rows]


def _people(assignment: Assignment, user: User) -> dict[str, object]:
    """Give who may be named in the thread and as the one who does it, as far as this reader may name anybody."""
    writing = may_write(user, assignment)
    naming = may_hand_over(user, assignment) and assignment.state in OWED | {AssignmentState.SUBMITTED}
    session = db.session()
    others = [one for one in discussing.people(session, assignment) if one.id != user.id] if writing else []
    return {"writing": writing, "answering": may_answer(user, assignment), "people": others, "naming": naming,
            "colleagues": handing_over.colleagues(session, assignment) if naming else []}


def _in_its_place(assignment: Assignment, user: User) -> dict[str, object]:
    """Give the rows before and after a transfer that this reader may see."""
    def seen(*where: object) -> list[Assignment]:
        query = select(Assignment).where(assignments_of(user), *where).order_by(Assignment.id)  # type: ignore[arg-type]
        return list(db.session.scalars(query))

    after = seen(Assignment.id == assignment.replaced_by_id) if assignment.replaced_by_id else []
    return {"replaced_by": after[0] if after else None, "replaces": seen(Assignment.replaced_by_id == assignment.id)}


def extended_words(assignment: Assignment, asked: Collection[object], today: date) -> list[str]:
    """Say that more time was given, both due dates, and how it stands by the first one."""
    first, due_on = assignment.first_due_on, assignment.due_on
    if first is None or due_on is None or first == due_on:
        return []
    granted = any(isinstance(one, Extension) and one.state is RequestState.GRANTED for one in asked)
    said = [gettext("Đã gia hạn đến %(day)s; thời hạn ban đầu là %(first)s.", day=f"{due_on:%d/%m/%Y}",
                    first=f"{first:%d/%m/%Y}") if granted else
            gettext("Thời hạn ban đầu là %(first)s.", first=f"{first:%d/%m/%Y}")]
    grace = grace_by_first_date(due_on, first, assignment.grace_until)
    by_first = official_class(assignment.state, first, assignment.submitted_on, today, grace)
    if by_first in {OfficialClass.DONE_LATE, OfficialClass.PENDING_OVERDUE}:
        said.append(gettext("Tính theo thời hạn ban đầu: %(standing)s.", standing=word(by_first).lower()))
    return said


def plan_words(assignment: Assignment) -> str:
    """Give the piece of the plan's own text that the task comes from; what a person added has none."""
    provision = assignment.task.provision
    return assignment.plan.text[provision.start : provision.end].strip() if provision else ""

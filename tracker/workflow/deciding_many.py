"""The same answer to many things that wait: each its own savepoint, so that one refusal stops nothing else."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.models import Actor, Comment, Extension, Transfer, User
from tracker.models.access import NotVisible, assignment_for, comment_for, extension_for, transfer_for
from tracker.models.calendar import load_calendar
from tracker.reports.inbox import InboxKind
from tracker.rules.errors import Refusal
from tracker.workflow import acceptance, discussing, extending, transferring
from tracker.workflow.progress import ChangedMeanwhile

#: More than that is not looked at one by one any more.
MOST_AT_ONCE = 200


class Answer(StrEnum):
    """What can be said of many things at once."""

    ACCEPT = "accept"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"
    SETTLE = "settle"


#: Which answer fits what.
FITS: dict[Answer, frozenset[InboxKind]] = {
    Answer.ACCEPT: frozenset({InboxKind.REPORT}),
    Answer.RETURN: frozenset({InboxKind.REPORT}),
    Answer.GRANT: frozenset({InboxKind.EXTENSION}),
    Answer.REFUSE: frozenset({InboxKind.EXTENSION, InboxKind.TRANSFER}),
    Answer.SETTLE: frozenset({InboxKind.QUESTION}),
}
#: These say why, to the agency.
WITH_WORDS = frozenset({Answer.RETURN, Answer.REFUSE})


@dataclass(frozen=True)
class Picked:
    """One thing that was ticked, and the version of it that the person saw (None: it has none)."""

    kind: InboxKind
    id: int
    version: int | None


@dataclass
class Outcome:
    """What became of the ticked things."""

    done: list[Picked] = field(default_factory=list)
    #: Refused, each with its reason; `NotVisible` is one that is not there any more.
    failed: list[tuple[Picked, Refusal | NotVisible]] = field(default_factory=list)
    #: The answer does not fit these.
    passed_over: int = 0


def decide_many(
    session: Session, user: User, picked: Sequence[Picked], answer: Answer, *, words: str, actor: Actor, today: date,
    now: datetime,
) -> Outcome:
    """Give the same answer to each; an extension is granted up to the day that was asked for. The caller commits.

    Assignments are held in one order, whoever ticked what, so that two people never wait for each other in a ring.
    """
    outcome = Outcome()
    for one in _in_order(session, picked[:MOST_AT_ONCE]):
        if one.kind not in FITS[answer]:
            outcome.passed_over += 1
            continue
        try:
            with session.begin_nested():
                _act(session, user, one, answer, words, actor, today, now)()
                session.flush()
        except (Refusal, NotVisible) as refusal:
            outcome.failed.append((one, refusal))
        except StaleDataError:
            outcome.failed.append((one, ChangedMeanwhile()))
        else:
            outcome.done.append(one)
    return outcome


def _in_order(session: Session, picked: Sequence[Picked]) -> list[Picked]:
    """Put what was ticked in the order of the assignments it is about."""
    about = {(InboxKind.REPORT, one.id): one.id for one in picked if one.kind is InboxKind.REPORT}
    tables: dict[InboxKind, type[Extension] | type[Transfer] | type[Comment]] = {
        InboxKind.EXTENSION: Extension, InboxKind.TRANSFER: Transfer, InboxKind.QUESTION: Comment}
    for kind, table in tables.items():
        ids = [one.id for one in picked if one.kind is kind]
        if ids:
            rows = session.execute(select(table.id, table.assignment_id).where(table.id.in_(ids)))
            about |= {(kind, row_id): assignment_id for row_id, assignment_id in rows}
    return sorted(picked, key=lambda one: about.get((one.kind, one.id), 0))


def _act(
    session: Session, user: User, one: Picked, answer: Answer, words: str, actor: Actor, today: date, now: datetime
) -> Callable[[], object]:
    match one.kind:
        case InboxKind.REPORT:
            row = assignment_for(session, user, one.id)
            if answer is Answer.ACCEPT:
                return lambda: acceptance.accept(session, row, actor=actor, expected_version=one.version, now=now)
            return lambda: acceptance.return_(session, row, actor=actor, reason=words, expected_version=one.version,
                                              now=now)
        case InboxKind.EXTENSION:
            extension = extension_for(session, user, one.id)
            if answer is Answer.GRANT:
                return lambda: extending.grant(
                    session, extension, actor=actor, granted_on=extension.wanted_on, answer=words or None,
                    expected_version=one.version, calendar=load_calendar(session), now=now, today=today)
            return lambda: extending.refuse(session, extension, actor=actor, answer=words,
                                            expected_version=one.version, now=now)
        case InboxKind.TRANSFER:
            transfer = transfer_for(session, user, one.id)
            return lambda: transferring.refuse(session, transfer, actor=actor, answer=words,
                                               expected_version=one.version, now=now)
        case InboxKind.QUESTION:
            comment = comment_for(session, user, one.id)
            return lambda: discussing.settle(session, comment, actor=actor, now=now)

"""The administrator's lists: people, agencies, mails, what was changed. Each is cut by key."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Agency, AgencyAlias, AgencyKind, AgencyLevel, AuditEntry, OutboxMail, User
from tracker.models.base import LARGEST_ID
from tracker.reports.assignment_list import LONGEST_SEARCH
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.folding import fold
from tracker.rules.permissions import Role
from tracker.rules.states import MailKind, MailState

_KEY = re.compile(r"\d{1,10}(\.\d{1,10})*", re.ASCII)
#: How many people a name in the audit's filter may mean.
MOST_PEOPLE = 200
Kind = TypeVar("Kind")


def _read_key(after: str | None, length: int) -> tuple[int, ...] | None:
    """Read where a page begins; what can't be read begins at the start."""
    if not after or not _KEY.fullmatch(after):
        return None
    key = tuple(int(number) for number in after.split("."))
    return key if len(key) == length and max(key) <= LARGEST_ID else None


def _number(text: str | None) -> int | None:
    key = _read_key(text, 1)
    return key[0] if key else None


def _one_of(kinds: type[Kind], text: str | None) -> Kind | None:
    try:
        return kinds(text)  # type: ignore[call-arg]
    except ValueError:
        return None


def _search(args: Mapping[str, str]) -> str:
    return " ".join(args.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH]


def _given(**values: Any) -> dict[str, Any]:
    return {name: getattr(value, "value", value) for name, value in values.items() if value not in (None, "")}


# ---- people ----


@dataclass(frozen=True)
class PeopleFilter:
    """Which accounts are wanted."""

    q: str = ""
    role: Role | None = None
    agency_id: int | None = None
    #: "active" or "closed".
    state: str | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> PeopleFilter:
        """Read the filter from an address; what makes no sense there is left out."""
        state = args.get("state")
        return cls(_search(args), _one_of(Role, args.get("role")), _number(args.get("agency")),
                   state if state in {"active", "closed"} else None)

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return _given(q=self.q, role=self.role, agency=self.agency_id, state=self.state)

    def criteria(self) -> list[ColumnElement[bool]]:
        """Give the conditions that the database checks; the search is done beside it."""
        found: list[ColumnElement[bool]] = []
        if self.role is not None:
            found.append(User.role == self.role)
        if self.agency_id is not None:
            found.append(User.agency_id == self.agency_id)
        if self.state is not None:
            found.append(User.is_active.is_(self.state == "active"))
        return found


def people(session: Session, wanted: PeopleFilter, *, after: str | None = None) -> Page[User]:
    """Give one page of accounts in the order of the province's list of agencies.

    Searching reads the names of all accounts (a province has a few thousand): neither database folds Vietnamese.
    """
    start = _read_key(after, 3)
    order = (Agency.position, Agency.id, User.id)
    if key := fold(wanted.q):
        found = _matching(session, key, wanted.criteria())
        total = len(found)
        keys = [k for k in found if start is None or k > start]
    else:
        criteria = wanted.criteria()
        total = session.scalar(select(func.count()).select_from(User).where(*criteria)) or 0
        rows = select(*order).select_from(User).join(User.agency).where(*criteria)
        if start is not None:
            rows = rows.where(tuple_(*order) > start)
        keys = [tuple(row) for row in session.execute(rows.order_by(*order).limit(PAGE_ROWS + 1))]
    shown = keys[:PAGE_ROWS]
    by_id = {
        user.id: user
        for user in session.scalars(
            select(User).where(User.id.in_([k[2] for k in shown])).options(joinedload(User.agency)).order_by(User.id)
        )
    }
    next_after = ".".join(map(str, shown[-1])) if len(keys) > PAGE_ROWS else None
    return Page([by_id[k[2]] for k in shown if k[2] in by_id], next_after, start is None, total)


def _matching(session: Session, key: str, criteria: list[ColumnElement[bool]]) -> list[tuple[int, ...]]:
    """Give the keys of the accounts whose name, address or agency holds every word of a folded search."""
    words = key.split()
    rows = session.execute(
        select(Agency.position, Agency.id, User.id, User.name, User.email, Agency.fold)
        .select_from(User)
        .join(User.agency)
        .where(*criteria)
        .order_by(Agency.position, Agency.id, User.id)
    )
    return [
        (position, agency_id, user_id)
        for position, agency_id, user_id, name, email, agency in rows
        if all(word in f"{fold(name)} {fold(email)} {agency}" for word in words)
    ]


# ---- agencies ----


@dataclass(frozen=True)
class AgencyFilter:
    """Which agencies are wanted."""

    q: str = ""
    kind: AgencyKind | None = None
    level: AgencyLevel | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> AgencyFilter:
        """Read the filter from an address; what makes no sense there is left out."""
        return cls(_search(args), _one_of(AgencyKind, args.get("kind")), _one_of(AgencyLevel, args.get("level")))

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return _given(q=self.q, kind=self.kind, level=self.level)


def agencies(session: Session, wanted: AgencyFilter, *, after: str | None = None) -> Page[Agency]:
    """Give one page of agencies in the order of the province's list, with their other names."""
    criteria: list[ColumnElement[bool]] = []
    if wanted.kind is not None:
        criteria.append(Agency.kind == wanted.kind)
    if wanted.level is not None:
        criteria.append(Agency.level == wanted.level)
    if key := fold(wanted.q):
        criteria.append(or_(Agency.fold.contains(key, autoescape=True),
                            Agency.short_name.icontains(wanted.q, autoescape=True),
                            Agency.aliases.any(AgencyAlias.fold.contains(key, autoescape=True))))
    start = _read_key(after, 2)
    order = (Agency.position, Agency.id)
    total = session.scalar(select(func.count()).select_from(Agency).where(*criteria)) or 0
    rows = select(Agency).where(*criteria).options(selectinload(Agency.aliases))
    if start is not None:
        rows = rows.where(tuple_(*order) > start)
    found = session.scalars(rows.order_by(*order).limit(PAGE_ROWS + 1)).all()
    last = found[PAGE_ROWS - 1] if len(found) > PAGE_ROWS else None
    return Page(found[:PAGE_ROWS], f"{last.position}.{last.id}" if last else None, start is None, total)


# ---- mails ----


@dataclass(frozen=True)
class MailFilter:
    """Which mails of the outbox are wanted."""

    state: MailState | None = None
    kind: MailKind | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> MailFilter:
        """Read the filter from an address; what makes no sense there is left out."""
        return cls(_one_of(MailState, args.get("state")), _one_of(MailKind, args.get("kind")))

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return _given(state=self.state, kind=self.kind)


def mails(session: Session, wanted: MailFilter, *, after: str | None = None) -> Page[OutboxMail]:
    """Give one page of the outbox, newest first."""
    criteria: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        criteria.append(OutboxMail.state == wanted.state)
    if wanted.kind is not None:
        criteria.append(OutboxMail.kind == wanted.kind)
    total = session.scalar(select(func.count()).select_from(OutboxMail).where(*criteria)) or 0
    rows = select(OutboxMail).where(*criteria).options(joinedload(OutboxMail.recipient))
    return _newest_first(session, rows, OutboxMail.id, after, total)


def parked_count(session: Session) -> int:
    """Count the mails that were given up and wait for an administrator."""
    return session.scalar(select(func.count()).where(OutboxMail.state == MailState.PARKED)) or 0


# ---- audit ----


@dataclass(frozen=True)
class AuditFilter:
    """Which changes are wanted."""

    action: str = ""
    person: str = ""
    subject: str = ""
    subject_id: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> AuditFilter:
        """Read the filter from an address; what makes no sense there is left out."""
        return cls(
            action=_search({"q": args.get("action", "")}),
            person=_search({"q": args.get("person", "")}),
            subject=_search({"q": args.get("subject", "")}),
            subject_id=_number(args.get("id")),
        )

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return _given(action=self.action, person=self.person, subject=self.subject, id=self.subject_id)


def changes(session: Session, wanted: AuditFilter, *, after: str | None = None) -> Page[AuditEntry]:
    """Give one page of the audit, newest first."""
    criteria: list[ColumnElement[bool]] = []
    if wanted.action:
        criteria.append(AuditEntry.action == wanted.action)
    if key := fold(wanted.person):
        ids = [k[2] for k in _matching(session, key, [])[:MOST_PEOPLE]]
        criteria.append(or_(AuditEntry.user_id.in_(ids), AuditEntry.actor == wanted.person))
    if wanted.subject:
        criteria.append(AuditEntry.subject_type == wanted.subject)
    if wanted.subject_id is not None:
        criteria.append(AuditEntry.subject_id == wanted.subject_id)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*criteria)) or 0
    return _newest_first(session, select(AuditEntry).where(*criteria), AuditEntry.id, after, total)


def _newest_first(session: Session, rows: Select[Any], key: Any, after: str | None, total: int) -> Page[Any]:
    start = _number(after)
    if start is not None:
        rows = rows.where(key < start)
    found = session.scalars(rows.order_by(key.desc()).limit(PAGE_ROWS + 1)).all()
    next_after = str(found[PAGE_ROWS - 1].id) if len(found) > PAGE_ROWS else None
    return Page(found[:PAGE_ROWS], next_after, start is None, total)

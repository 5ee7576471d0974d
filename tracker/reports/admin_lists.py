"""The administrator's lists: people, agencies, what was changed. Each is cut by key."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Agency, AgencyAlias, AgencyKind, AgencyLevel, AuditEntry, User
from tracker.reports.list_arguments import given, newest_first, one_of, read_key, read_number, read_words
from tracker.reports.paging import PAGE_ROWS, Page
from tracker.rules.folding import fold
from tracker.rules.permissions import Role

#: Active accounts to which nothing is mailed: a server has refused the address.
REFUSED = "refused"
#: How many people a name in a filter may mean.
MOST_PEOPLE = 200


# ---- people ----


@dataclass(frozen=True)
class PeopleFilter:
    """Which accounts are wanted."""

    q: str = ""
    role: Role | None = None
    agency_id: int | None = None
    #: "active", "closed", or `REFUSED`.
    state: str | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> PeopleFilter:
        """Read the filter from an address; what makes no sense there is left out."""
        state = args.get("state")
        return cls(read_words(args), one_of(Role, args.get("role")), read_number(args.get("agency")),
                   state if state in {"active", "closed", REFUSED} else None)

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return given(q=self.q, role=self.role, agency=self.agency_id, state=self.state)

    def criteria(self) -> list[ColumnElement[bool]]:
        """Give the conditions that the database checks; the search is done beside it."""
        found: list[ColumnElement[bool]] = []
        if self.role is not None:
            found.append(User.role == self.role)
        if self.agency_id is not None:
            found.append(User.agency_id == self.agency_id)
        if self.state is not None:
            found.append(User.is_active.is_(self.state != "closed"))
        if self.state == REFUSED:
            found.append(User.mail_refused_at.is_not(None))
        return found


def people(session: Session, wanted: PeopleFilter, *, after: str | None = None) -> Page[User]:
    """Give one page of accounts in the order of the province's list of agencies.

    Searching reads the names of all accounts (a province has a few thousand): neither database folds Vietnamese.
    """
    start = read_key(after, 3)
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


def people_meant(session: Session, words: str) -> list[int]:
    """Give the ids of the accounts whose name, address or agency holds every word: the first MOST_PEOPLE of them."""
    return _meant(session, fold(words))


def _meant(session: Session, key: str) -> list[int]:
    return [k[2] for k in _matching(session, key, [])[:MOST_PEOPLE]]


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
        return cls(read_words(args), one_of(AgencyKind, args.get("kind")), one_of(AgencyLevel, args.get("level")))

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return given(q=self.q, kind=self.kind, level=self.level)


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
    start = read_key(after, 2)
    order = (Agency.position, Agency.id)
    total = session.scalar(select(func.count()).select_from(Agency).where(*criteria)) or 0
    rows = select(Agency).where(*criteria).options(selectinload(Agency.aliases))
    if start is not None:
        rows = rows.where(tuple_(*order) > start)
    found = session.scalars(rows.order_by(*order).limit(PAGE_ROWS + 1)).all()
    last = found[PAGE_ROWS - 1] if len(found) > PAGE_ROWS else None
    return Page(found[:PAGE_ROWS], f"{last.position}.{last.id}" if last else None, start is None, total)


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
            action=read_words(args, "action"),
            person=read_words(args, "person"),
            subject=read_words(args, "subject"),
            subject_id=read_number(args.get("id")),
        )

    def to_args(self) -> dict[str, Any]:
        """Give the address's arguments for this filter."""
        return given(action=self.action, person=self.person, subject=self.subject, id=self.subject_id)


def changes(session: Session, wanted: AuditFilter, *, after: str | None = None) -> Page[AuditEntry]:
    """Give one page of the audit, newest first."""
    criteria: list[ColumnElement[bool]] = []
    if wanted.action:
        criteria.append(AuditEntry.action == wanted.action)
    if key := fold(wanted.person):
        criteria.append(or_(AuditEntry.user_id.in_(_meant(session, key)), AuditEntry.actor == wanted.person))
    if wanted.subject:
        criteria.append(AuditEntry.subject_type == wanted.subject)
    if wanted.subject_id is not None:
        criteria.append(AuditEntry.subject_id == wanted.subject_id)
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*criteria)) or 0
    return newest_first(session, select(AuditEntry).where(*criteria), AuditEntry.id, after, total)

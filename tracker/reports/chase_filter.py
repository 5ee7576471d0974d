"""Which late assignments a coordinator looks at, as the address of the board says it."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.models import Agency, AgencyAlias, AgencyLevel, Assignment, User
from tracker.models.agency import AgencyGroupMember
from tracker.models.base import LARGEST_ID
from tracker.reports.assignment_list import LONGEST_SEARCH
from tracker.rules.folding import fold
from tracker.rules.lateness import LateBand, due_days
from tracker.workflow.chasing import chaseable

Kind = TypeVar("Kind", bound=StrEnum)


class BoardSort(StrEnum):
    """In which order the agencies of the board come."""

    #: The longest late first; of those late alike, the one whose late work weighs more.
    LONGEST = "longest"
    #: By count and lateness together (rules.lateness.WEIGHTS).
    WEIGHT = "weight"
    COUNT = "count"
    #: The province's own order of its bodies.
    PROVINCE = "province"


class Bodies(StrEnum):
    """Bodies that are told, or those that can only be asked."""

    ORDERED = "ordered"
    REQUESTED = "requested"


@dataclass(frozen=True)
class BoardFilter:
    """What of the board is looked at; nothing given means everything late."""

    plan_id: int | None = None
    group_id: int | None = None
    level: AgencyLevel | None = None
    band: LateBand | None = None
    agency_id: int | None = None
    bodies: Bodies | None = None
    q: str = ""
    sort: BoardSort = BoardSort.LONGEST
    #: The single assignments instead of the agencies; one agency is always shown so.
    as_items: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> BoardFilter:
        """Read a filter from an address or a form; what makes no sense there is left out."""
        return cls(
            plan_id=_id(args.get("plan")), group_id=_id(args.get("group")),
            level=_kind(AgencyLevel, args.get("level")), band=_kind(LateBand, args.get("band")),
            agency_id=_id(args.get("agency")), bodies=_kind(Bodies, args.get("bodies")),
            q=" ".join(args.get("q", "").replace("\0", " ").split())[:LONGEST_SEARCH],
            sort=_kind(BoardSort, args.get("sort")) or BoardSort.LONGEST,
            as_items=args.get("list") == "items" or _id(args.get("agency")) is not None,
        )  # fmt: skip

    def to_args(self, **changes: Any) -> dict[str, Any]:
        """Give the address's arguments, without what is not set; `changes` replaces single ones."""
        given = {
            "plan": self.plan_id, "group": self.group_id, "level": self.level, "band": self.band,
            "agency": self.agency_id, "bodies": self.bodies, "q": self.q,
            "sort": None if self.sort is BoardSort.LONGEST else self.sort,
            "list": "items" if self.as_items and not self.agency_id else None,
            **changes,
        }  # fmt: skip
        return {name: getattr(value, "value", value) for name, value in given.items() if value}

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything is left out."""
        return bool(self.plan_id or self.group_id or self.level or self.band or self.agency_id or self.bodies or self.q)

    def criteria(self, user: User, today: date) -> list[ColumnElement[bool]]:
        """Give the conditions on the assignments, whose they are among them."""
        found = [chaseable(user, today)]
        if self.plan_id is not None:
            found.append(Assignment.plan_id == self.plan_id)
        if self.agency_id is not None:
            found.append(Assignment.agency_id == self.agency_id)
        if self.group_id is not None:
            members = select(AgencyGroupMember.agency_id).where(AgencyGroupMember.group_id == self.group_id)
            found.append(Assignment.agency_id.in_(members))
        if self.band is not None:
            found.append(in_band(self.band, today))
        if agencies := self._of_agencies():
            found.append(Assignment.agency_id.in_(select(Agency.id).where(*agencies)))
        return found

    def _of_agencies(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.level is not None:
            found.append(Agency.level == self.level)
        if self.bodies is not None:
            found.append(Agency.is_requested.is_(self.bodies is Bodies.REQUESTED))
        if key := fold(self.q):
            found.append(or_(Agency.fold.contains(key, autoescape=True),
                             Agency.aliases.any(AgencyAlias.fold.contains(key, autoescape=True))))
        return found


def in_band(band: LateBand, today: date) -> ColumnElement[bool]:
    """SQL twin of `band_of(days_late) is band`, for what is late."""
    first, last = due_days(band, today)
    last_day = Assignment.last_day_column()
    return last_day <= last if first is None else and_(last_day >= first, last_day <= last)


def _kind(kinds: type[Kind], raw: str | None) -> Kind | None:
    return kinds(raw) if raw in {kind.value for kind in kinds} else None


def _id(raw: str | None) -> int | None:
    if raw is None or not re.fullmatch(r"[0-9]{1,10}", raw):
        return None
    return int(raw) if 0 < int(raw) <= LARGEST_ID else None

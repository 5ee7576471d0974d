"""What reading a plan gives: frozen records that keep the place of every word they were made from.

`to_json` of each gives exactly the form described for the plan extract ("plan-extract/1"); the other fields serve the
review screen: where the words stand, which rule made the record, how sure it is and what a person should look at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

SCHEMA = "plan-extract/1"


class DeadlineKind(StrEnum):
    """The five ways in which a plan says until when."""

    DATE = "date"
    RANGE = "range"
    RECURRING = "recurring"
    PERIOD = "period"
    DURATION = "duration"


class Bound(StrEnum):
    """Whether the named day itself is too late ("trước") or still in time ("chậm nhất", "đến hết")."""

    BEFORE = "before"
    BY = "by"


class DutyKind(StrEnum):
    """The five kinds of duty, which are followed up in different ways."""

    ONE_OFF = "one_off"
    STANDING = "standing"
    PERIODIC_REPORT = "periodic_report"
    INDICATOR = "indicator"
    EVENT_CLOCK = "event_clock"


class TaskRole(StrEnum):
    """Whether the body answers for the task or helps others."""

    LEAD = "lead"
    COORDINATE = "coordinate"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One time limit; which fields are filled follows from its kind."""

    kind: DeadlineKind
    #: The plan's own words, and where they stand in its text.
    words: str
    start: int
    end: int
    #: DATE: the day named, and whether that day is still in time (also for RECURRING with a due day).
    on: date | None = None
    bound: Bound | None = None
    #: RANGE: both days count.
    first_on: date | None = None
    last_on: date | None = None
    #: RECURRING: "month", "quarter", "half-year" or "year"; due day and window as MM-DD (the due day of a month or
    #: a quarter as DD).
    every: str | None = None
    due: str | None = None
    window_first: str | None = None
    window_last: str | None = None
    #: PERIOD: years, both included.
    first_year: int | None = None
    last_year: int | None = None
    #: DURATION: counted from an event that the words name.
    months: int | None = None
    days: int | None = None
    #: Name of the rule that read it, and from 0 to 1 how sure it is.
    rule: str = "words"
    confidence: float = 0.95

    def to_json(self) -> dict[str, object]:
        """Give the deadline in the form of the plan extract."""
        if self.kind is DeadlineKind.DATE:
            return {"kind": "date", "date": _iso(self.on), "bound": _value(self.bound)}
        if self.kind is DeadlineKind.RANGE:
            return {"kind": "range", "start": _iso(self.first_on), "end": _iso(self.last_on)}
        if self.kind is DeadlineKind.PERIOD:
            return {"kind": "period", "start": self.first_year, "end": self.last_year}
        if self.kind is DeadlineKind.DURATION:
            unit = {"days": self.days} if self.months is None else {"months": self.months}
            return {"kind": "duration", **unit}
        return {
            "kind": "recurring",
            "every": self.every,
            # The form knows only MM-DD; the day of each month or quarter stays in the record.
            "due": self.due if self.due and "-" in self.due else None,
            "bound": _value(self.bound),
            "from": self.window_first,
            "to": self.window_last,
        }


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a class of bodies that the text itself names."""

    #: The class, as an owner prints it ("Công an 16 xã").
    name: str
    #: Each of them as a body ("Công an xã An Khê"), in the order of the text.
    members: tuple[str, ...]
    #: Where the list stands.
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TaskExtract:
    """One provision that tells a named body to do something, or that orders something and whose body was lost."""

    section: str | None
    #: The provision as the plan prints it; equal to the plan's text from `start` to `end`.
    text: str
    start: int
    end: int
    #: As printed, without "Đề nghị", "Giao", numbers or colon. Empty when it is not clear who: a person decides.
    owners: tuple[str, ...]
    kind: DutyKind
    #: Name of the rule that found the owner.
    rule: str
    #: From 0 to 1: how sure the owner is.
    confidence: float
    role: TaskRole = TaskRole.LEAD
    partners: tuple[str, ...] = ()
    requested: bool = False
    deadlines: tuple[Deadline, ...] = ()
    report_to: str | None = None
    report_via: str | None = None
    #: The owner was concluded from numbering and content, not read.
    inferred: bool = False
    #: The heading the provision stands under, as printed.
    heading: str | None = None
    #: What the task is to bring forth, where the plan says so; as printed.
    product: str | None = None
    #: Keys of what a person should look at: no_owner, owner_unsure, no_deadline, owner_inferred, numbering_jump,
    #: impossible_date, year_missing, odd_date, members_differ.
    reasons: tuple[str, ...] = ()
    #: Of each owner that is a class whose members the text names.
    members: tuple[Members, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the task in the form of the plan extract."""
        found: dict[str, object] = {
            "section": self.section,
            "text": self.text,
            "owners": list(self.owners),
            "role": self.role.value,
            "partners": list(self.partners),
            "requested": self.requested,
            "deadlines": [deadline.to_json() for deadline in self.deadlines],
            "report_to": self.report_to,
            "report_via": self.report_via,
        }
        if self.inferred:
            found["inferred"] = True
        if self.product:
            found["product"] = self.product
        return found


@dataclass(frozen=True, slots=True)
class MeasureExtract:
    """One provision that orders something and names nobody; it becomes a task once a person assigns it."""

    section: str | None
    text: str
    start: int
    end: int
    rule: str
    deadlines: tuple[Deadline, ...] = ()
    heading: str | None = None
    reasons: tuple[str, ...] = ()
    #: From 0 to 1: how sure it is that this orders something and names nobody.
    confidence: float = 0.85

    def to_json(self) -> dict[str, object]:
        """Give the measure in the form of the plan extract."""
        return {
            "section": self.section,
            "text": self.text,
            "deadlines": [deadline.to_json() for deadline in self.deadlines],
        }


@dataclass(frozen=True, slots=True)
class IndicatorExtract:
    """One measurable goal."""

    section: str | None
    text: str
    start: int
    end: int
    #: "eq", "gte", "lte", "decrease" or "zero".
    comparator: str
    value: float
    unit: str
    year: int | None = None
    #: Name of the rule that read it, and from 0 to 1 how sure it is.
    rule: str = "figure"
    confidence: float = 0.9
    #: Keys of what a person should look at: odd_rounding.
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the indicator in the form of the plan extract; whole values as whole numbers."""
        whole = int(self.value) if self.value == int(self.value) else self.value
        return {
            "section": self.section,
            "text": self.text,
            "comparator": self.comparator,
            "value": whole,
            "unit": self.unit,
            "year": self.year,
        }


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the plan says about itself."""

    number: str | None = None
    kind: str | None = None
    title: str | None = None
    issuer: str | None = None
    province: str | None = None
    issued_on: date | None = None
    signed_by: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    #: The body charged to urge, check and sum up.
    coordinator: str | None = None
    #: The text is an article about a plan, not the plan: never publish its tasks without the original.
    is_news: bool = False

    def to_json(self) -> dict[str, object]:
        """Give the facts in the form of the plan extract."""
        return {
            "number": self.number,
            "kind": self.kind,
            "title": self.title,
            "issuer": self.issuer,
            "province": self.province,
            "issued_on": _iso(self.issued_on),
            "signed_by": self.signed_by,
            "period": {"start": _iso(self.period_start), "end": _iso(self.period_end)},
            "coordinator": self.coordinator,
        }


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the text with a key that says why it is listed."""

    #: In `PlanExtract.unclear`: numbering_jump, impossible_date. In `ignored`: repeated, furniture, front_matter,
    #: purpose, objective, funding, signature, footnote, unassigned (prose that orders nothing), too_long.
    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HeadingExtract:
    """A heading of the plan, and the bodies it names."""

    section: str
    text: str
    start: int
    end: int
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanExtract:
    """All that was found in a plan's text, and all that was left aside; no line is in neither."""

    plan: PlanFacts = field(default_factory=PlanFacts)
    tasks: tuple[TaskExtract, ...] = ()
    measures: tuple[MeasureExtract, ...] = ()
    indicators: tuple[IndicatorExtract, ...] = ()
    #: Where a person should look before publishing.
    unclear: tuple[Passage, ...] = ()
    #: What was read and gives no duty, with the reason.
    ignored: tuple[Passage, ...] = ()
    headings: tuple[HeadingExtract, ...] = ()
    #: Short forms that the text itself explains, (short, full), in the order of the text.
    abbreviations: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, object]:
        """Give the plan extract ("plan-extract/1") as plain lists and dictionaries, ready for `json.dumps`."""
        return {
            "schema": SCHEMA,
            "plan": self.plan.to_json(),
            "tasks": [task.to_json() for task in self.tasks],
            "measures": [measure.to_json() for measure in self.measures],
            "indicators": [indicator.to_json() for indicator in self.indicators],
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _value(bound: Bound | None) -> str | None:
    return bound.value if bound else None

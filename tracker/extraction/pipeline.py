"""The stages in order: from a text to a `PlanExtract` whose places count letters of that text."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tracker.extraction.abbreviations import read_abbreviations
from tracker.extraction.bodies import read_partners, read_report
from tracker.extraction.cleaning import Clean, clean
from tracker.extraction.columns import bars_between_columns
from tracker.extraction.coordinators import with_coordinator
from tracker.extraction.deadlines import Found, find_deadlines
from tracker.extraction.duties import walk
from tracker.extraction.facts import read_facts, year_of
from tracker.extraction.gaps import settle_gaps
from tracker.extraction.glue import part_glued_words
from tracker.extraction.headings import Zone
from tracker.extraction.indicators import find_goals
from tracker.extraction.joining import join_lines
from tracker.extraction.lines import split_joined, split_lines
from tracker.extraction.members import with_members
from tracker.extraction.outline import Outline, build_outline
from tracker.extraction.provisions import Duties, Provision
from tracker.extraction.records import (
    Deadline,
    DeadlineKind,
    DutyKind,
    HeadingExtract,
    IndicatorExtract,
    MeasureExtract,
    Passage,
    PlanExtract,
    TaskExtract,
    TaskRole,
)
from tracker.extraction.roundings import odd_roundings

_HELPS = re.compile(r"(?i:(?:tăng cường|chủ động|tích cực|thường xuyên)?,? ?phối hợp)\b")
#: A bullet that only names a goal ("Năm 2026: Phấn đấu đạt 25% …") orders nothing beside it.
_GOAL_ONLY = re.compile(
    r"(?i:(?:đến (?:hết |cuối )?)?(?:năm \d{4}|giai đoạn \d{4}\s?[-–]\s?\d{4})\s*:)|(?i:(?:đến (?:hết "
    r"|cuối )?năm \d{4}|năm \d{4})\s*,\s*)?(?i:phấn đấu)\b"
)
_REPORTS = re.compile(r"báo cáo|tổng hợp tình hình", re.IGNORECASE)
#: No provision of a plan is longer; of a text that lost its line ends only so much is searched.
_LONGEST = 20_000
#: How sure the owner is, by the rule that found it.
_CONFIDENCE = {
    "inline_heading": 0.97,
    "heading": 0.95,
    "table_row": 0.95,
    "subject": 0.9,
    "assignment_line": 0.9,
    "closing": 0.8,
    "lead_in": 0.75,
    "sibling_heading": 0.7,
    "inferred": 0.6,
    "": 0.0,
}
#: Below this a person is asked to look at the owner.
_UNSURE = 0.8
_PRODUCT = re.compile(r"(?:Sản phẩm|Kết quả đầu ra)(?: [^\W\d_]+){0,3}\s*:\s*(?P<product>[^.;)]{3,200})")


def extract(text: str) -> PlanExtract:
    """Find the duties in a plan's text.

    Pure and total: any text gives a result, an empty one for an empty text; time grows with the text's length only.
    Every place (`start`, `end`) counts letters of `text`, and `text[start:end]` are the words themselves.
    """
    plan = part_glued_words(clean(text, bars_between_columns(text)))
    plan, lines = join_lines(plan, split_lines(plan))
    lines = split_joined(lines)
    outline = build_outline(plan.text, lines)
    facts = read_facts(plan.text, lines)
    del lines  # the outline has their words
    duties = walk(outline)
    settle_gaps(outline, duties)
    year = year_of(facts)
    since = facts.issued_on if facts.issued_on and facts.issued_on.year == year else None
    jumps = tuple(_jumps(plan, outline))
    del outline  # what was read from it has its words; each provision goes as soon as its records are there
    writer = _Writer(plan, year, since)
    provisions = deque(duties.provisions)
    duties.provisions.clear()
    while provisions:
        writer.write(provisions.popleft())
    tasks = with_members(writer.tasks, plan)
    return PlanExtract(
        plan=with_coordinator(facts, tasks),
        tasks=tasks,
        measures=tuple(writer.measures),
        indicators=tuple(_with_doubts(writer.indicators)),
        unclear=(*jumps, *writer.unclear),
        ignored=tuple(sorted([*_asides(plan, duties), *writer.ignored], key=lambda passage: passage.start)),
        headings=tuple(_headings(plan, duties)),
        abbreviations=read_abbreviations(plan.text),
    )


class _Writer:
    """Turns provisions into records with places in the original text."""

    def __init__(self, plan: Clean, year: int | None, since: date | None) -> None:
        self._plan = plan
        self._year = year
        self._since = since
        self.tasks: list[TaskExtract] = []
        self.measures: list[MeasureExtract] = []
        self.indicators: list[IndicatorExtract] = []
        self.unclear: list[Passage] = []
        self.ignored: list[Passage] = []

    def write(self, provision: Provision) -> None:
        """Add the records that one provision gives."""
        if len(provision.text) > _LONGEST:
            cut = provision.start + _LONGEST
            self.ignored.append(
                Passage("too_long", self._plan.verbatim(cut, provision.end), *self._plan.span(cut, provision.end))
            )
            provision = replace(provision, text=provision.text[:_LONGEST], end=cut)
        goals = self._goals(provision)
        lost = provision.doubtful and provision.zone is Zone.ASSIGNMENT
        if provision.owners or (lost and provision.zone is Zone.ASSIGNMENT):
            self._task(provision)
        elif provision.zone in (Zone.MEASURE, Zone.ASSIGNMENT) and not (
            provision.is_prose or (goals and _is_goal(provision))
        ):
            found = self._deadlines(provision)
            self.measures.append(
                MeasureExtract(
                    provision.section,
                    self._words(provision),
                    *self._span(provision),
                    rule="no_body",
                    deadlines=found.deadlines,
                    heading=provision.heading,
                    reasons=(*found.reasons, *(("numbering_jump",) if provision.doubtful else ())),
                )
            )
        elif not goals:
            key = provision.zone.value if provision.zone else "unassigned"
            self.ignored.append(Passage(key, self._words(provision), *self._span(provision)))

    def _task(self, provision: Provision) -> None:
        found = self._deadlines(provision)
        order = provision.text[provision.order_at :].lstrip(" :,")
        to, via = read_report(provision.text)
        partners = provision.partners or ()
        if provision.partners is None or provision.rule != "table_row":
            partners = tuple(dict.fromkeys((*read_partners(provision.text), *partners)))
        confidence = _CONFIDENCE.get(provision.rule, 0.5)
        reasons = [*found.reasons]
        if not provision.owners:
            reasons.append("no_owner")
        elif confidence < _UNSURE:
            reasons.append("owner_unsure")
        if provision.inferred:
            reasons.append("owner_inferred")
        if provision.doubtful:
            reasons.append("numbering_jump")
        if not found.deadlines:
            reasons.append("no_deadline")
        self.tasks.append(
            TaskExtract(
                provision.section,
                self._words(provision),
                *self._span(provision),
                provision.owners,
                kind=_kind(provision.text, found.deadlines),
                rule=provision.rule,
                confidence=confidence,
                role=TaskRole.COORDINATE if _HELPS.match(order) else TaskRole.LEAD,
                partners=tuple(name for name in partners if name not in provision.owners),
                requested=provision.requested,
                deadlines=found.deadlines,
                report_to=to,
                report_via=via,
                inferred=provision.inferred,
                product=provision.product or _product(provision.text),
                heading=provision.heading,
                reasons=tuple(reasons),
            )
        )

    def _goals(self, provision: Provision) -> bool:
        objective = provision.zone is Zone.OBJECTIVE
        found = find_goals(
            provision.text,
            objective=objective,
            year=provision.year,
            plan_year=self._year,
            aside=provision.zone not in (Zone.OBJECTIVE, Zone.MEASURE, Zone.ASSIGNMENT),
        )
        for goal in found:
            start, end = provision.start + goal.start, provision.start + goal.end
            if end > provision.end:
                continue
            self.indicators.append(
                IndicatorExtract(
                    provision.section,
                    self._plan.verbatim(start, end),
                    *self._plan.span(start, end),
                    goal.comparator,
                    goal.value,
                    goal.unit,
                    goal.year,
                    rule=goal.rule,
                )
            )
        return bool(found)

    def _deadlines(self, provision: Provision) -> Found:
        """Read the deadlines of a provision, or of its row's time cell, with places in the original."""
        texts = [(provision.text, provision.start), *provision.times]
        if provision.times and provision.rule in ("table_row", "") and provision.partners is not None:
            texts = list(provision.times)  # a table has a cell for the time
        placed: list[Deadline] = []
        reasons: list[str] = []
        for text, at in texts:
            found = find_deadlines(text, self._year, since=self._since, is_cell=text is not provision.text)
            reasons += found.reasons
            for one in found.deadlines:
                start, end = at + one.start, at + one.end
                first, last = self._plan.span(start, end)
                placed.append(replace(one, words=self._plan.verbatim(start, end), start=first, end=last))
        if "impossible_date" in reasons:
            self.unclear.append(Passage("impossible_date", self._words(provision), *self._span(provision)))
        return Found(tuple(placed), tuple(dict.fromkeys(reasons)))

    def _words(self, provision: Provision) -> str:
        return self._plan.verbatim(provision.start, provision.end)

    def _span(self, provision: Provision) -> tuple[int, int]:
        return self._plan.span(provision.start, provision.end)


def _with_doubts(indicators: list[IndicatorExtract]) -> Iterable[IndicatorExtract]:
    odd = odd_roundings([indicator.text for indicator in indicators])
    for indicator, is_odd in zip(indicators, odd, strict=True):
        yield replace(indicator, reasons=("odd_rounding",)) if is_odd else indicator


def _kind(text: str, deadlines: tuple[Deadline, ...]) -> DutyKind:
    kinds = {deadline.kind for deadline in deadlines}
    if DeadlineKind.RECURRING in kinds and _REPORTS.search(text):
        return DutyKind.PERIODIC_REPORT
    if kinds & {DeadlineKind.DATE, DeadlineKind.RANGE}:
        return DutyKind.ONE_OFF
    if DeadlineKind.DURATION in kinds:
        return DutyKind.EVENT_CLOCK
    return DutyKind.INDICATOR if re.match(r"\d{1,3}\s?%", text) else DutyKind.STANDING


def _product(text: str) -> str | None:
    found = _PRODUCT.search(text) if ":" in text else None
    return found["product"].strip() if found else None


def _is_goal(provision: Provision) -> bool:
    return _GOAL_ONLY.match(provision.text) is not None


def _jumps(plan: Clean, outline: Outline) -> Iterable[Passage]:
    for jump in outline.jumps:
        block = outline.blocks[jump.after]
        start = block.start - (block.mark.length if block.mark else 0)
        yield Passage("numbering_jump", plan.verbatim(start, block.end), *plan.span(start, block.end))


def _asides(plan: Clean, duties: Duties) -> Iterable[Passage]:
    for aside in duties.asides:
        yield Passage(aside.key, plan.verbatim(aside.start, aside.end), *plan.span(aside.start, aside.end))


def _headings(plan: Clean, duties: Duties) -> Iterable[HeadingExtract]:
    for title in duties.titles:
        yield HeadingExtract(
            title.section or "", plan.verbatim(title.start, title.end), *plan.span(title.start, title.end), title.owners
        )

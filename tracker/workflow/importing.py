"""Putting a plan in: its text is read, duties are proposed with owners from the catalogue; a person reviews them."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import reading
from tracker.extraction import extract
from tracker.extraction import records as found
from tracker.models import Actor, Agency, Deadline, Plan, Provision, Task, TaskOwner
from tracker.models.audit import record
from tracker.models.catalogue import Basis, Catalogue, Link, load_catalogue
from tracker.reading import Document
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.personal_data import refuse_identity_numbers
from tracker.rules.states import DeadlineKind, DutyKind, Every, PlanState, TaskRole
from tracker.workflow.review_log import task_state

#: Gaps left between tasks, so that what is added or split needs no renumbering of the rest.
STEP = 1000
#: A title is a heading, not a page.
LONGEST_TITLE = 500
MEASURE = "measure"
#: Each printed owner of a text, and the body it is tied to.
Links = Mapping[str, Link | None]
ONE_DAY = timedelta(days=1)


class PlanAlreadyImported(Refusal):
    """The same file was imported for this coordinator before (values: title, state)."""

    key = "plan_already_imported"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(title=plan.number or plan.title)


def read_file(data: bytes, name: str) -> Document:
    """Read an uploaded file. Raises a Refusal that says why it can't be read as a plan."""
    return reading.read(data, name)


def read_pasted(text: str) -> Document:
    """Take pasted text. Raises a Refusal that says why it can't be read as a plan."""
    return reading.read_pasted(text)


def import_plan(
    session: Session,
    document: Document,
    *,
    coordinator: Agency,
    actor: Actor,
    now: datetime,
    source_name: str = "",
    again: bool = False,
) -> Plan:
    """Make a plan under review out of a document: its provisions, and a proposed task for each duty found.

    The caller commits; when anything fails nothing of it is left. Raises PlanAlreadyImported when this coordinator
    has the same file already (not cancelled), unless `again`; IdentityNumber when the text names a person by one.
    """
    refuse_identity_numbers(document.text)
    with session.begin_nested():
        # The same press twice waits here, and the second one then finds the first one's plan.
        session.execute(select(Agency.id).where(Agency.id == coordinator.id).with_for_update())
        earlier = _same_file(session, document, coordinator)
        if earlier is not None and not again:
            raise PlanAlreadyImported(earlier)
        extracted = extract(document.text)
        catalogue = load_catalogue(session)
        links = _links(extracted, catalogue)
        plan = _plan(document, extracted, coordinator, source_name)
        plan.extract["owners"] = _kept_links(links, catalogue)
        plan.created_by_id = actor.user.id if actor.user else None
        plan.created_at = now
        session.add(plan)
        session.flush()
        _add_tasks(session, plan, extracted, links)
        record(session, actor, "plan.imported", plan, now=now,
               after={"title": plan.title, "number": plan.number, "source": plan.source_name,
                      "tasks": len(extracted.tasks), "measures": len(extracted.measures)})
        session.flush()
    return plan


def _same_file(session: Session, document: Document, coordinator: Agency) -> Plan | None:
    return session.scalar(
        select(Plan)
        .where(Plan.coordinator_id == coordinator.id, Plan.source_sha256 == document.sha256,
               Plan.state != PlanState.CANCELLED)
        .order_by(Plan.id.desc()).limit(1)
    )


def _plan(document: Document, extracted: found.PlanExtract, coordinator: Agency, source_name: str) -> Plan:
    facts = extracted.plan
    title = (facts.title or _first_line(document.text))[:LONGEST_TITLE]
    return Plan(
        number=facts.number,
        kind=facts.kind or "Kế hoạch",
        title=title,
        fold=fold(f"{facts.number or ''} {title}"),
        issuer=facts.issuer,
        issued_on=facts.issued_on,
        signed_by=facts.signed_by,
        starts_on=facts.period_start,
        ends_on=facts.period_end,
        coordinator_id=coordinator.id,
        state=PlanState.REVIEW,
        text=document.text,
        source_name=source_name,
        source_kind=document.kind,
        source_sha256=document.sha256,
        extract=_kept(extracted),
        reading={"notes": [{"key": note.key, "count": note.count} for note in document.notes],
                 "removed": [{"key": one.key, "text": one.text} for one in document.removed]},
        text_unchecked=document.unchecked,
    )


def _kept(extracted: found.PlanExtract) -> dict[str, Any]:
    """Give what is kept of the extraction: the extract as it stands, and what a reviewer is told about it."""
    return {
        **extracted.to_json(),
        "indicators": [_indicator(indicator) for indicator in extracted.indicators],
        "is_news": extracted.plan.is_news,
        "unclear": [_passage(passage) for passage in extracted.unclear],
        "ignored": [_passage(passage) for passage in extracted.ignored],
        "members": [{"name": one.name, "members": list(one.members), "start": one.start, "end": one.end}
                    for one in dict.fromkeys(one for task in extracted.tasks for one in task.members)],
    }


def _links(extracted: found.PlanExtract, catalogue: Catalogue) -> Links:
    """Look every printed owner up once; short forms mean what the text itself says."""
    names = dict.fromkeys(name for task in extracted.tasks for name in task.owners)
    return {name: catalogue.link_in(name, extracted.abbreviations) for name in names}


def _kept_links(links: Links, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Give how each owner was tied to its body; of one that was not, the body that took over from it, if one did."""
    kept = []
    for printed, link in links.items():
        one = link or next((link for link in catalogue.suggest(printed, 1) if link.basis is Basis.SUCCESSOR), None)
        if one is not None:
            kept.append({"printed": printed, "basis": one.basis.value, "confidence": one.confidence,
                         "body": one.body.name})
    return kept


def _passage(passage: found.Passage) -> dict[str, Any]:
    return {"key": passage.key, "text": passage.text, "start": passage.start, "end": passage.end}


def _indicator(indicator: found.IndicatorExtract) -> dict[str, Any]:
    return {**indicator.to_json(), "start": indicator.start, "end": indicator.end, "rule": indicator.rule,
            "confidence": indicator.confidence, "reasons": list(indicator.reasons)}


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "?")


def _add_tasks(session: Session, plan: Plan, extracted: found.PlanExtract, links: Links) -> None:
    """Add what was found in the order of the text; what names nobody is a task without an owner."""
    duties: list[found.TaskExtract | found.MeasureExtract] = sorted(
        [*extracted.tasks, *extracted.measures], key=lambda duty: (duty.start, duty.end)
    )
    for number, duty in enumerate(duties, start=1):
        provision = Provision(plan_id=plan.id, section=duty.section, heading=duty.heading,
                              start=duty.start, end=duty.end)
        task = _task(duty, links) if isinstance(duty, found.TaskExtract) else _measure(duty)
        task.plan_id, task.position, task.provision = plan.id, number * STEP, provision
        task.deadlines = [deadline_row(deadline, place) for place, deadline in enumerate(duty.deadlines)]
        task.found = task_state(task)
        session.add(task)
    session.flush()


def _task(duty: found.TaskExtract, links: Links) -> Task:
    reasons = dict.fromkeys(duty.reasons)
    if any(link and not link.is_certain for link in map(links.get, duty.owners)):
        reasons["owner_unsure"] = None
    if duty.inferred:
        reasons["owner_inferred"] = None
    return Task(
        section=duty.section,
        text=duty.text,
        fold=fold(duty.text),
        kind=DutyKind(duty.kind.value),
        role=TaskRole(duty.role.value),
        is_requested=duty.requested,
        report_to=duty.report_to,
        report_via=duty.report_via,
        partners={"names": list(duty.partners)},
        expected_product=duty.product,
        rule=duty.rule,
        confidence=duty.confidence,
        reasons={"keys": list(reasons)},
        owners=[_owner_row(printed, place, links[printed]) for place, printed in enumerate(duty.owners)],
    )


def _measure(duty: found.MeasureExtract) -> Task:
    kind = DutyKind.ONE_OFF if any(_is_dated(deadline) for deadline in duty.deadlines) else DutyKind.STANDING
    return Task(
        section=duty.section, text=duty.text, fold=fold(duty.text), kind=kind, role=TaskRole.LEAD, is_requested=False,
        rule=duty.rule, partners={"names": []},
        reasons={"keys": list(dict.fromkeys([MEASURE, *duty.reasons]))},
    )


def _is_dated(deadline: found.Deadline) -> bool:
    return deadline.kind in {found.DeadlineKind.DATE, found.DeadlineKind.RANGE}


def _owner_row(printed: str, position: int, link: Link | None) -> TaskOwner:
    """Make an owner out of a printed name: tied to a body, or as printed where the catalogue gives none."""
    body = link.body if link else None
    row = TaskOwner(printed=printed, position=position)
    if isinstance(body, Agency):
        row.agency_id, row.agency = body.id, body
    elif body is not None:
        row.group_id, row.group = body.id, body
    return row


def deadline_row(deadline: found.Deadline, position: int) -> Deadline:
    """Turn a deadline that was read into the last day on which the duty is still in time.

    "trước ngày 31/8/2025" names a day that is already too late, so it gives 30/8/2025; "chậm nhất", "đến hết" give
    the day itself. A recurrence gets its send-by day in the same way; of a month or a quarter only the day counts.
    """
    row = Deadline(position=position, kind=DeadlineKind(deadline.kind.value), words=deadline.words,
                   start=deadline.start, end=deadline.end, months=deadline.months, days=deadline.days)
    exclusive = deadline.bound is found.Bound.BEFORE
    match deadline.kind:
        case found.DeadlineKind.DATE:
            row.due_on = deadline.on - ONE_DAY if deadline.on and exclusive else deadline.on
        case found.DeadlineKind.RANGE:
            row.starts_on, row.due_on = deadline.first_on, deadline.last_on
        case found.DeadlineKind.PERIOD:
            row.starts_on = date(deadline.first_year, 1, 1) if deadline.first_year else None
            row.due_on = date(deadline.last_year, 12, 31) if deadline.last_year else None
        case found.DeadlineKind.RECURRING:
            # A rhythm the periods don't know (every week) keeps its words and waits for a person.
            row.every = Every(deadline.every) if deadline.every in {every.value for every in Every} else None
            row.due_day = _last_day_in_time(deadline.due, exclusive=exclusive)
            row.first_day, row.last_day = _month_day(deadline.window_first), _month_day(deadline.window_last)
        case found.DeadlineKind.DURATION:
            pass
    return row


def _month_day(words: str | None) -> str | None:
    """Write "DD" and "MM-DD" as "MM-DD"; of a bare day the month says nothing, January has 31 days."""
    if not words:
        return None
    return words if "-" in words else f"01-{words:0>2}"


def _last_day_in_time(words: str | None, *, exclusive: bool) -> str | None:
    """Give "MM-DD", a day earlier when the named day is too late; before 1/3 is "02-29", the end of any February."""
    month_day = _month_day(words)
    if month_day is None or words is None or not exclusive:
        return month_day
    month, day = (int(part) for part in month_day.split("-"))
    before = date(2024, month, day) - ONE_DAY  # a leap year
    return f"{before:%m-%d}" if "-" in words else f"01-{before.day:02}"

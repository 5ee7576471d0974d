"""Who gets a task, and by when: groups opened into their members, helpers found, dates and windows told apart."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models import Agency, AgencyGroupMember, Deadline, Plan, Task, TaskOwner
from tracker.models.catalogue import Catalogue, load_catalogue
from tracker.rules.periods import Window, next_window
from tracker.rules.states import TaskRole
from tracker.workflow.assigning import first_half_only
from tracker.workflow.doubts import comes_round, is_dated


@dataclass(frozen=True)
class Share:
    """One agency's share of a task."""

    agency: Agency
    #: The group through which it got it.
    group_id: int | None = None
    #: It helps the one who leads.
    is_part: bool = False


@dataclass(frozen=True)
class Sharing:
    """Everybody who gets a task."""

    leads: list[Share]
    parts: list[Share]
    #: Owners who get nothing: not in the catalogue, ended, or a group without members.
    left_out: list[TaskOwner]

    @property
    def all(self) -> list[Share]:
        """Give those who lead, then those who help."""
        return [*self.leads, *self.parts]


class Bodies:
    """What is looked up once for many tasks: the members of the groups they name, and the catalogue for helpers."""

    def __init__(self, session: Session, tasks: Iterable[Task]) -> None:
        tasks = list(tasks)
        self._members = _members(session, tasks)
        self._catalogue: Catalogue | None = None
        if any(_helpers_printed(task) for task in tasks):
            self._catalogue = load_catalogue(session)

    def sharing(self, task: Task, today: date) -> Sharing:
        """Tell who gets a task today. Nobody helps with what nobody leads."""
        leads, left_out = self._leads(task, today)
        return Sharing(leads, self._parts(task, leads, today) if leads else [], left_out)

    def _leads(self, task: Task, today: date) -> tuple[list[Share], list[TaskOwner]]:
        """Give who answers for it, each agency once; one named itself does not get it through a group as well."""
        named = {owner.agency_id for owner in task.owners}
        shares: dict[int, Share] = {}
        left_out = []
        for owner in task.owners:
            if owner.agency is not None:
                got = [Share(owner.agency)]
            else:
                got = [Share(agency, owner.group_id) for agency in self._members.get(owner.group_id or 0, [])]
            living = [share for share in got if is_alive(share.agency, today)]
            if not living:
                left_out.append(owner)
            for share in living:
                if share.group_id is None or share.agency.id not in named:
                    shares.setdefault(share.agency.id, share)
        return list(shares.values()), left_out

    def _parts(self, task: Task, leads: list[Share], today: date) -> list[Share]:
        """Give the helpers that the plan prints: each a single living body of the catalogue, certain, and no lead."""
        taken = {share.agency.id for share in leads}
        parts = []
        for printed in _helpers_printed(task):
            link = self._catalogue.link(printed) if self._catalogue else None
            if link is None or not link.is_certain or not isinstance(link.body, Agency):
                continue
            if link.body.id not in taken and is_alive(link.body, today):
                taken.add(link.body.id)
                parts.append(Share(link.body, is_part=True))
        return parts


def is_alive(agency: Agency, today: date) -> bool:
    """Tell whether a body still works on a day."""
    return agency.ended_on is None or agency.ended_on >= today


def due_dates(task: Task, today: date) -> Iterator[tuple[Deadline | None, Window | None]]:
    """Give what a task's agencies owe it: each date, the next window of each recurrence, or once without a date."""
    found = False
    days: set[date | None] = set()
    for deadline in task.deadlines:
        if is_dated(deadline):
            found = True
            if deadline.due_on not in days:  # the same day said twice is owed once
                yield deadline, None
            days.add(deadline.due_on)
        elif comes_round(deadline):
            recurrence = deadline.recurrence(first_half_only=first_half_only(task))
            assert recurrence is not None
            found = True
            yield deadline, next_window(recurrence, today)
    if not found:
        yield None, None


def due_day(deadline: Deadline | None, window: Window | None) -> date | None:
    """Give the due date of one set of assignments."""
    if window is not None:
        return window.due_on
    return deadline.due_on if deadline is not None else None


def load_tasks(session: Session, plan: Plan) -> list[Task]:
    """Read a plan's tasks in order, with owners, deadlines and places; dropped ones too, undone ones not."""
    return list(session.scalars(
        select(Task).where(Task.plan_id == plan.id, Task.taken_back_at.is_(None)).order_by(Task.position, Task.id)
        .options(
            selectinload(Task.owners).options(joinedload(TaskOwner.agency), joinedload(TaskOwner.group)),
            selectinload(Task.deadlines),
            joinedload(Task.provision),
        ).execution_options(populate_existing=True)
    ))


def _helpers_printed(task: Task) -> list[str]:
    """Give the helpers as printed; only a body that leads has helpers."""
    return list((task.partners or {}).get("names", ())) if task.role is TaskRole.LEAD else []


def _members(session: Session, tasks: list[Task]) -> dict[int, list[Agency]]:
    """Read the members of every group that the tasks name, in one query."""
    groups = {owner.group_id for task in tasks for owner in task.owners if owner.group_id is not None}
    members: dict[int, list[Agency]] = {group: [] for group in groups}
    rows = session.execute(
        select(AgencyGroupMember.group_id, Agency)
        .join(Agency, Agency.id == AgencyGroupMember.agency_id)
        .where(AgencyGroupMember.group_id.in_(groups))
        .order_by(Agency.level.desc(), Agency.position, Agency.id)
    )
    for group_id, agency in rows:
        members[group_id].append(agency)
    return members

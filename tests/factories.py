"""Valid rows with no arguments, so that a test names only what it is about. Everything is committed."""
from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import (
    Agency,
    AgencyGroup,
    AgencyKind,
    AgencyLevel,
    Assignment,
    Deadline,
    Plan,
    Task,
    TaskOwner,
    User,
)
from tracker.rules.folding import fold
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, DeadlineKind, DutyKind, PlanState

#: A Wednesday with an ordinary week around it.
TODAY = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)  # nine in the morning in Vietnam


class Factory:
    """Makes rows in one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.numbers = count(1)

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.commit()
        return row

    def agency(self, name: str | None = None, **values: Any) -> Agency:
        """Make a department."""
        name = name or f"Sở số {next(self.numbers)}"
        values = {"kind": AgencyKind.DEPARTMENT, "level": AgencyLevel.PROVINCE, **values}
        return self._add(Agency(name=name, fold=fold(name), **values))  # type: ignore[no-any-return]

    def group(self, *members: Agency, name: str | None = None) -> AgencyGroup:
        """Make a group of agencies."""
        name = name or f"Nhóm số {next(self.numbers)}"
        return self._add(AgencyGroup(name=name, fold=fold(name), members=list(members)))  # type: ignore[no-any-return]

    def user(self, role: Role = Role.LIAISON, agency: Agency | None = None, **values: Any) -> User:
        """Make a person; without an agency, one of their own."""
        number = next(self.numbers)
        values = {"email": f"nguoi{number}@haduong.example", "name": f"Nguyễn Văn {number}",
                  "created_at": NOW, **values}
        agency = agency or self.agency()
        return self._add(User(role=role, agency_id=agency.id, **values))  # type: ignore[no-any-return]

    def coordinator(self, **values: Any) -> User:
        """Make a police coordinator with an agency of their own."""
        return self.user(Role.COORDINATOR, **values)

    def plan(self, coordinator: Agency | None = None, **values: Any) -> Plan:
        """Make a published plan."""
        number = next(self.numbers)
        title = values.pop("title", f"Kế hoạch phòng, chống ma túy số {number}")
        text = values.pop("text", f"{title}\n1. Việc thứ nhất.\n")
        values = {
            "number": f"{number}/KH-UBND", "state": PlanState.PUBLISHED, "source_name": "ke-hoach.txt",
            "source_kind": "txt", "source_sha256": "0" * 64, "extract": {}, "created_at": NOW, **values,
        }  # fmt: skip
        coordinator = coordinator or self.agency(kind=AgencyKind.POLICE)
        return self._add(  # type: ignore[no-any-return]
            Plan(title=title, fold=fold(f"{values['number']} {title}"), text=text,
                 coordinator_id=coordinator.id, **values)
        )

    def task(self, plan: Plan | None = None, owner: Agency | AgencyGroup | None = None,
             due_on: date | None = None, **values: Any) -> Task:
        """Make a task, with an owner and a dated deadline when they are given."""
        number = next(self.numbers)
        plan = plan or self.plan()
        text = values.pop("text", f"Xây dựng kế hoạch truyền thông số {number} về phòng, chống ma túy.")
        task = Task(plan_id=plan.id, position=number * 10, text=text, fold=fold(text),
                    **{"kind": DutyKind.ONE_OFF, **values})
        if owner is not None:
            key = "agency_id" if isinstance(owner, Agency) else "group_id"
            task.owners.append(TaskOwner(printed=owner.name, **{key: owner.id}))
        if due_on is not None:
            task.deadlines.append(Deadline(kind=DeadlineKind.DATE, due_on=due_on, words="đến hết ngày"))
        return self._add(task)  # type: ignore[no-any-return]

    def assignment(self, agency: Agency | None = None, plan: Plan | None = None, **values: Any) -> Assignment:
        """Make an open assignment due on TODAY."""
        agency = agency or self.agency()
        task = values.pop("task", None) or self.task(plan)
        due_on = values.pop("due_on", TODAY)
        state = values.pop("state", AssignmentState.OPEN)
        if state in {AssignmentState.SUBMITTED, AssignmentState.ACCEPTED}:
            values.setdefault("submitted_on", TODAY)
        return self._add(  # type: ignore[no-any-return]
            Assignment(plan_id=task.plan_id, task_id=task.id, agency_id=agency.id, due_on=due_on,
                       working_due_on=values.pop("working_due_on", due_on),
                       first_due_on=values.pop("first_due_on", due_on), state=state, created_at=NOW, **values)
        )

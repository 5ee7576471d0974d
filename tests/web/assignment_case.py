"""An assignment with everybody around it, and what they send about it."""
from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tracker.models import Assignment, ProgressUpdate
from tracker.rules.permissions import Role

DAY = timedelta(days=1)
FETCH = {"X-Requested-With": "fetch"}
FIGURES = {"figures-0-name": "Số buổi", "figures-0-value": "1.250,5", "figures-0-unit": "buổi"}


class Case:
    """An assignment of one agency, everybody around it, and a browser for each."""

    def __init__(self, session: Session, make: Factory, as_user: Any) -> None:
        self.session, self.make = session, make
        self.liaison, self.coordinator = make.user(name="Nguyễn Thị Lan"), make.coordinator(name="Trần Quốc Hùng")
        self.leader, self.stranger = make.user(Role.LEADER), make.user()
        self.other_police = make.coordinator()
        self.plan = make.plan(self.coordinator.agency)
        self.assignment: Assignment = make.assignment(self.liaison.agency, self.plan, due_on=TODAY + DAY)
        self.id = self.assignment.id
        people = ("liaison", "coordinator", "leader", "stranger", "other_police")
        self.browsers = {who: as_user(getattr(self, who)) for who in people}

    def get(self, who: str, path: str) -> Any:
        return self.browsers[who].get(path)

    def report(self, who: str = "liaison", **values: Any) -> Any:
        self.session.rollback()
        data = {"state": "in_progress", "percent": "40", "text": "Đã mở 3 lớp.",
                "version": str(self.session.get_one(Assignment, self.id).version), **values}
        self.session.rollback()
        return self.browsers[who].post(f"/assignments/{self.id}/progress", data=data)

    def hand_in(self, **values: Any) -> Any:
        proof = {} if "files" in values else {"document_number": "12/BC-SYT", "document_on": "18/03/2026"}
        return self.report(**{"state": "submitted", **proof, **values})

    def decide(self, decision: str, who: str = "coordinator", **values: Any) -> Any:
        self.session.rollback()
        version = self.session.get_one(Assignment, self.id).version
        self.session.rollback()
        return self.browsers[who].post(f"/assignments/{self.id}/decision",
                                       data={"decision": decision, "version": str(version), **values})

    def now(self) -> Assignment:
        self.session.rollback()
        return self.session.get_one(Assignment, self.id)

    def updates(self) -> list[ProgressUpdate]:
        self.session.rollback()
        return list(self.session.scalars(select(ProgressUpdate).order_by(ProgressUpdate.id)))


def file(name: str, content: bytes) -> tuple[BytesIO, str]:
    return BytesIO(content), name


def post(case: Case, path: str, who: str = "liaison", **more: Any) -> Any:
    answer = case.browsers[who].post(f"/assignments/{case.id}/{path}", **more)
    case.session.rollback()
    return answer


def form_of(case: Case, query: str = "") -> str:
    return str(case.get("liaison", f"/assignments/{case.id}/progress{query}").text)

"""Loads the demo into an empty database, through the same use cases that people work with."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import VIETNAM
from tracker.config import Settings
from tracker.demo import LOADER
from tracker.demo.asking import Asking
from tracker.demo.calendar import add_days_off
from tracker.demo.catalogue import COORDINATOR, add_bodies
from tracker.demo.history import History
from tracker.demo.people import add_people
from tracker.demo.plan_texts import NETWORK_PLAN, PLACES_PLAN, YOUTH_PLAN, plan_text
from tracker.demo.timeline import Timeline, day_of
from tracker.models import Agency, AuditEntry, Base, Plan, User
from tracker.models.audit import Actor, record
from tracker.models.calendar import load_calendar
from tracker.rules.permissions import Role
from tracker.workflow import importing, publishing, reviewing_plan
from tracker.workflow.reviewing_plan import Seen
from tracker.workflow.task_state import mark, snapshot

LOADED = "demo.loaded"
ONE_DAY = timedelta(days=1)
SEED = 2026
#: How many days ago the system was set up, and each plan put in.
SET_UP = 200
PUT_IN = {YOUTH_PLAN: 185, PLACES_PLAN: 94, NETWORK_PLAN: 2}


def is_empty(session: Session) -> bool:
    """Tell whether nobody has put anything into the database."""
    return session.scalar(select(Agency.id).limit(1)) is None


def is_complete(session: Session) -> bool:
    """Tell whether the demo was loaded to its end."""
    return session.scalar(select(AuditEntry.id).where(AuditEntry.action == LOADED).limit(1)) is not None


def load(session: Session, *, today: date, now: datetime | None = None) -> bool:
    """Load the demo as it stands on a day, and tell whether it did: an existing database keeps its data.

    Needs an application context. Commits as it goes; when it fails, the database is empty again.
    """
    if not is_empty(session):
        return False
    try:
        _Loading(session, today, now or datetime.combine(today, time(9), VIETNAM)).run()
    except Exception:
        session.rollback()
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
        session.commit()
        raise
    return True


class _Loading:
    """One loading, from the first agency to the last mail."""

    def __init__(self, session: Session, today: date, now: datetime) -> None:
        self.session, self.today, self.now = session, today, now
        self.settings: Settings = current_app.extensions["settings"]

    def run(self) -> None:
        session = self.session
        began = datetime.combine(self.today - ONE_DAY * SET_UP, time(8), VIETNAM)
        agencies = add_bodies(session, now=began)
        people = add_people(session, agencies, now=began)
        add_days_off(session, today=self.today, now=began)
        session.commit()
        timeline = Timeline(today=self.today, now=self.now, calendar=load_calendar(session), random=Random(SEED))
        history = History(session, self.settings, timeline, people)
        self.asking = Asking(session, self.settings, timeline, history.liaisons, history.coordinators)
        coordinator = next(user for user in people[COORDINATOR] if user.role is Role.COORDINATOR)
        for name, days in PUT_IN.items():
            timeline.add(timeline.office_hour(self.today - ONE_DAY * days),
                         lambda at, name=name: self._put_in(name, at, coordinator, history))  # type: ignore[misc]
        history.tell_mornings_and_chases()
        timeline.play()
        record(session, LOADER, LOADED, agencies[COORDINATOR], now=self.now)
        session.commit()

    def _put_in(self, name: str, at: datetime, user: User, history: History) -> None:
        """Import a plan; the newest one is left for the coordinator to review."""
        actor = Actor(user.name, "10.17.1.20", user)
        document = importing.read_file(plan_text(name, self.today).encode("utf-8"), name)
        plan = importing.import_plan(self.session, document, coordinator=user.agency, actor=actor, now=at,
                                     source_name=name)
        if name == NETWORK_PLAN:
            return
        self._review(plan, actor, at + timedelta(minutes=25))
        calendar = load_calendar(self.session)
        publishing.publish(self.session, plan, actor=actor, now=at + timedelta(minutes=40), today=day_of(at),
                           calendar=calendar)
        self.session.commit()
        history.tell(plan, name)
        if name == PLACES_PLAN:
            self.asking.tell(plan)

    def _review(self, plan: Plan, actor: Actor, now: datetime) -> None:
        """Look at every task: what names nobody is guidance and is dropped, the rest is right."""
        for task in publishing.load_tasks(self.session, plan):
            seen = Seen(plan.version, mark(snapshot(task)))
            if task.owners:
                reviewing_plan.set_checked(self.session, plan, task, checked=True, seen=seen, actor=actor, now=now)
            else:
                reviewing_plan.drop(self.session, plan, task, seen=seen, actor=actor, now=now)

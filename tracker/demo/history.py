"""How the demo's assignments got where they are: reports, decisions, mornings of reminders, chases."""
from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.clock import VIETNAM
from tracker.config import Settings
from tracker.demo.evidence_files import evidence_file
from tracker.demo.mail_trouble import MailTrouble
from tracker.demo.past_mail import keep_in
from tracker.demo.people import LEFT
from tracker.demo.story import (
    BODIES_STORY,
    CHASE_NOTES,
    COMMUNE_DIFFICULTIES,
    COMMUNES_STORY,
    RETURN_REASONS,
    SILENT,
    Chapter,
    Outcome,
    accepted,
    going,
    returned,
    waiting,
)
from tracker.demo.timeline import Timeline, day_of
from tracker.models import Actor, AgencyLevel, Assignment, Plan, Task, User
from tracker.reminders.deciding import decide
from tracker.reminders.delivering import deliver_due
from tracker.rules.permissions import Role
from tracker.rules.reminder_steps import MORNING
from tracker.rules.states import AssignmentState
from tracker.workflow import acceptance, accounts, chasing, progress

ONE_DAY = timedelta(days=1)
#: For how many days before the demo is loaded its mornings are played; older digests are of no interest.
MORNINGS = 9
#: How long ago two communes lost their liaison.
LEFT_DAYS_AGO = 26
#: Days before today on which the coordinator chased.
CHASED = (13, 4)
#: How likely a commune is to have got so far with a duty that many days past its date: accepted in time, accepted
#: late, waiting, returned, under way. The rest is silence.
COMMUNES_LONG_PAST = (0.84, 0.16, 0.0, 0.0, 0.0)
COMMUNES_PAST = (0.58, 0.2, 0.1, 0.04, 0.04)
COMMUNES_JUST_PAST = (0.36, 0.14, 0.16, 0.08, 0.14)
COMMUNES_SOON = (0.1, 0.0, 0.12, 0.0, 0.45)
COMMUNES_LATER = (0.0, 0.0, 0.0, 0.0, 0.08)


class History:
    """Tells the story of the published plans on a timeline, through the use cases that people have."""

    def __init__(self, session: Session, settings: Settings, timeline: Timeline, people: dict[str, list[User]]) -> None:
        self.session, self.settings, self.timeline = session, settings, timeline
        self.liaisons = {
            agency: [user for user in users if user.role is Role.LIAISON and not user.is_agency_head]
            for agency, users in people.items()
        }
        self.coordinators = [user for users in people.values() for user in users if user.role is Role.COORDINATOR]
        self.administrator = acting(next(u for us in people.values() for u in us if u.role is Role.ADMINISTRATOR))
        self.leaving = [users[-1] for users in people.values()][-LEFT:]
        self.trouble = MailTrouble(session, settings, self.liaisons, timeline.today)
        self.documents = 100

    def tell(self, plan: Plan, name: str) -> None:
        """Put everything on the timeline that happened to a plan's assignments."""
        for assignment, chapter in self._chapters(plan, name):
            liaisons = self.liaisons.get(assignment.agency.name, [])
            if liaisons and assignment.due_on is not None:
                self._tell_chapter(assignment, chapter, self.timeline.random.choice(liaisons))

    def tell_mornings_and_chases(self) -> None:
        """Put the last mornings' digests, who left and the coordinator's chases on the timeline."""
        today = self.timeline.today
        for days in range(MORNINGS, -1, -1):
            self.timeline.add(datetime.combine(today - ONE_DAY * days, MORNING, VIETNAM), self._morning)
        for user in self.leaving:
            self.timeline.add(self.timeline.office_hour(today - ONE_DAY * LEFT_DAYS_AGO),
                              lambda at, user=user: accounts.deactivate(  # type: ignore[misc]
                                  self.session, user, actor=self.administrator, now=at))
        for number, days in enumerate(CHASED):
            at = datetime.combine(self.timeline.calendar.at_or_before(today - ONE_DAY * days), time(9, 40), VIETNAM)
            self.timeline.add(at, lambda at, number=number: self._chase(at, number))  # type: ignore[misc]

    def _chapters(self, plan: Plan, name: str) -> list[tuple[Assignment, Chapter]]:
        """Pair each assignment with what is told of it; what nothing is told of stays silent."""
        rows = self.session.scalars(
            select(Assignment)
            .join(Assignment.task)
            .where(Assignment.plan_id == plan.id, Assignment.is_part.is_(False))
            .options(joinedload(Assignment.agency), joinedload(Assignment.task), joinedload(Assignment.group))
            .order_by(Task.position, Assignment.id)
        ).all()
        places: dict[tuple[str, bool], int] = defaultdict(int)
        paired = []
        for row in rows:
            key = row.agency.name, row.group_id is not None
            place, places[key] = places[key], places[key] + 1
            paired.append((row, self._chapter(row, name, place)))
        return paired

    def _chapter(self, row: Assignment, name: str, place: int) -> Chapter:
        if row.group_id is None:
            told = BODIES_STORY.get((name, row.agency.name), ())
            return told[place] if place < len(told) else SILENT
        if row.agency.level is not AgencyLevel.COMMUNE or row.due_on is None:
            return SILENT
        return self._commune_chapter(COMMUNES_STORY.get((name, place), ()), (row.due_on - self.timeline.today).days)

    def _commune_chapter(self, texts: tuple[str, ...], days_left: int) -> Chapter:
        """Choose how far a commune got, by how long its duty is past."""
        if not texts:
            return SILENT
        random = self.timeline.random
        odds = _odds(days_left)
        text, lot = random.choice(texts), random.random()
        files = (random.choice(("docx", "pdf", "png", "txt")),) if random.random() < 0.5 else ()
        early, late = -random.randrange(0, 9), random.randrange(1, 12)
        reason = random.choice(RETURN_REASONS)
        chapters = (
            accepted(text, early, *files, reason=reason if random.random() < 0.12 else ""),
            accepted(text, late, *files),
            # What waits was handed in these last days.
            waiting(text, -days_left - random.randrange(1, 6), *files),
            returned(text, reason, -days_left - random.randrange(4, 9), *files),
            going(text, random.randrange(2, 19) * 5, random.choice(COMMUNE_DIFFICULTIES)),
        )
        for chapter, chance in zip(chapters, odds, strict=True):
            if lot < chance:
                return chapter
            lot -= chance
        return SILENT

    def _tell_chapter(self, row: Assignment, chapter: Chapter, liaison: User) -> None:
        timeline, random = self.timeline, self.timeline.random
        assert row.due_on is not None
        began = day_of(row.created_at)
        if chapter.outcome is Outcome.SILENT:
            return
        if chapter.outcome is Outcome.GOING:
            day = timeline.today - ONE_DAY * random.randrange(1, 12)
            timeline.add(timeline.office_hour(max(day, began + ONE_DAY)),
                         lambda at: self._report(at, row, liaison, chapter, chapter.percent))
            return
        handed_in = self._handed_in(row.due_on, chapter.shift, began)
        if (handed_in.date() - began).days > 20 and random.random() < 0.6:
            day = began + (handed_in.date() - began) // 2
            timeline.add(timeline.office_hour(day), lambda at: self._report(
                at, row, liaison, Chapter(Outcome.GOING, "Đã triển khai, đang thực hiện theo tiến độ."), 50))
        if chapter.outcome is Outcome.ACCEPTED and chapter.reason:
            timeline.add(handed_in - ONE_DAY * 6, lambda at: self._hand_in(at, row, liaison, chapter))
            timeline.add(handed_in - ONE_DAY * 4, lambda at: self._return(at, row, chapter.reason))
        timeline.add(handed_in, lambda at: self._hand_in(at, row, liaison, chapter))
        decided = timeline.office_hour(handed_in.date() + ONE_DAY * random.randrange(1, 5))
        decided = max(decided, handed_in + timedelta(minutes=50))
        if chapter.outcome is Outcome.ACCEPTED:
            timeline.add(decided, lambda at: self._accept(at, row))
        elif chapter.outcome is Outcome.RETURNED:
            timeline.add(decided, lambda at: self._return(at, row, chapter.reason))

    def _handed_in(self, due_on: date, shift: int, began: date) -> datetime:
        """Give the moment of handing in: in time stays in time, late stays late, and never after now."""
        timeline = self.timeline
        day = max(due_on + ONE_DAY * shift, began + ONE_DAY)
        if shift > 0:
            day = timeline.calendar.at_or_after(day)
        return timeline.office_hour(min(day, timeline.today - ONE_DAY))

    def _hand_in(self, at: datetime, row: Assignment, liaison: User, chapter: Chapter) -> None:
        self._report(at, row, liaison, chapter, 100, AssignmentState.SUBMITTED)

    def _report(self, at: datetime, row: Assignment, liaison: User, chapter: Chapter, percent: int,
                state: AssignmentState = AssignmentState.IN_PROGRESS) -> None:
        if not liaison.is_active:
            return
        handing_in = state is AssignmentState.SUBMITTED
        more: dict[str, Any] = {}
        if handing_in:
            more["files"] = [evidence_file(kind, agency=row.agency.name, text=chapter.text, seed=row.id)
                             for kind in chapter.files]
            if not chapter.files or "pdf" in chapter.files:
                self.documents += 1
                more |= {"document_number": f"{self.documents}/BC-{_symbol(row)}", "document_on": day_of(at)}
        progress.report(
            self.session, row, actor=acting(liaison), state=state, text=chapter.text, percent=percent,
            difficulties=chapter.difficulties or None, evidence_folder=self.settings.evidence_folder,
            today=day_of(at), now=at, **more,
        )  # fmt: skip

    def _accept(self, at: datetime, row: Assignment) -> None:
        if row.state is AssignmentState.SUBMITTED:
            acceptance.accept(self.session, row, actor=self._coordinator(), now=at)

    def _return(self, at: datetime, row: Assignment, reason: str) -> None:
        if row.state is AssignmentState.SUBMITTED:
            acceptance.return_(self.session, row, actor=self._coordinator(), reason=reason, now=at)
            self._deliver(at)

    def _morning(self, at: datetime) -> None:
        decide(self.session, today=day_of(at), now=at)
        self._deliver(at)
        self.trouble.come_back(at)

    def _chase(self, at: datetime, number: int) -> None:
        """Chase what is long overdue, in the words of the first of the coordinators."""
        today = day_of(at)
        late = self.session.scalars(
            select(Assignment.id)
            .where(Assignment.is_owed_and_overdue(today), Assignment.due_on <= today - ONE_DAY * 3,
                   Assignment.is_part.is_(False))
            .order_by(Assignment.id)
        ).all()
        if late:
            chasing.send(self.session, acting(self.coordinators[0]), late, note=CHASE_NOTES[number],
                         form_key=f"demo-{number}", today=today, now=at)
            self._deliver(at, filtered=number == len(CHASED) - 1)

    def _deliver(self, at: datetime, *, filtered: bool = False) -> None:
        send = self.trouble.between(keep_in(self.settings, at), at, filtered=filtered)
        deliver_due(self.session, now=at, today=day_of(at), send=send)

    def _coordinator(self) -> Actor:
        return acting(self.timeline.random.choice(self.coordinators))


def _odds(days_left: int) -> tuple[float, ...]:
    if days_left < -50:
        return COMMUNES_LONG_PAST
    if days_left < -25:
        return COMMUNES_PAST
    if days_left < 0:
        return COMMUNES_JUST_PAST
    return COMMUNES_SOON if days_left < 15 else COMMUNES_LATER


def acting(user: User) -> Actor:
    """Act as somebody at a desk in their office."""
    return Actor(user.name, f"10.17.{user.agency_id % 250}.{user.id % 250}", user)


def _symbol(row: Assignment) -> str:
    """Give the letters a body puts behind a document's number."""
    if row.agency.level is AgencyLevel.COMMUNE:
        return "UBND"
    return (row.agency.short_name or "CQ").replace(" tỉnh", "").replace(" ", "")

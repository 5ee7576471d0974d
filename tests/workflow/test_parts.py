"""Helpers' parts: confirmed to the lead, asked about, done without, added; never late for the lead's delay."""
from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Assignment, AuditEntry, Comment, OutboxMail, User
from tracker.models.access import NotVisible, assignment_for, part_for
from tracker.models.calendar import load_calendar
from tracker.reminders.composing import compose
from tracker.reminders.content import NothingToSay
from tracker.reports.front_page import front_page
from tracker.reports.parts import leads_of, parts_of
from tracker.rules.personal_data import IdentityNumber, PersonList
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import NotAllowedNow
from tracker.workflow import discussing, extending, parts, transferring
from tracker.workflow.acceptance import PartsOpen, accept
from tracker.workflow.parts import AlreadyThere, NotYourPart, WaiverWithoutReason
from tracker.workflow.progress import ChangedMeanwhile, report
from tracker.workflow.transferring import AgencyEnded

DAY = timedelta(days=1)


class Case:
    """A task with a lead and a helper, and the coordinator of its plan."""

    def __init__(self, session: Session, make: Factory, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.coordinator, self.leader, self.helper = make.coordinator(), make.user(), make.user()
        plan = make.plan(self.coordinator.agency)
        self.lead = make.assignment(self.leader.agency, plan)
        self.part = make.assignment(self.helper.agency, task=self.lead.task, is_part=True)

    def by(self, user: User) -> Actor:
        return Actor(user.name, "127.0.0.1", user)

    def confirm(self, days: int = 0) -> None:
        report(self.session, self.part, actor=self.by(self.helper), state=State.SUBMITTED, text="Đã làm phần mình.",
               evidence_folder=self.folder, today=TODAY + days * DAY, now=NOW + days * DAY)
        self.session.commit()

    def ask(self, text: str = "Khi nào xong?", key: str = "k") -> Comment:
        comment = parts.ask(self.session, self.lead, self.part, actor=self.by(self.leader), text=text, form_key=key,
                            now=NOW)
        self.session.commit()
        return comment

    def mails(self, user: User) -> list[OutboxMail]:
        return list(self.session.scalars(
            select(OutboxMail).where(OutboxMail.recipient_id == user.id).order_by(OutboxMail.id)))


@pytest.fixture
def case(session: Session, make: Factory, tmp_path: Path) -> Case:
    return Case(session, make, tmp_path)


def test_a_helper_confirms_its_part_without_evidence_and_without_anybodys_acceptance(case: Case) -> None:
    case.confirm()

    assert (case.part.state, case.part.percent, case.part.submitted_on) == (State.ACCEPTED, 100, TODAY)


def test_a_helper_is_in_time_however_late_the_lead_is(case: Case) -> None:
    case.confirm()

    later = TODAY + 60 * DAY
    assert case.lead.official_class(later) is OfficialClass.PENDING_OVERDUE
    assert case.part.official_class(later) is OfficialClass.DONE_ON_TIME
    assert case.part.days_late(later) == 0


def test_a_part_is_in_no_official_figure(session: Session, case: Case) -> None:
    assert front_page(session, case.helper, today=TODAY).totals.cells.total == 0
    assert front_page(session, case.coordinator, today=TODAY).totals.cells.total == 1


def test_the_lead_sees_its_helpers_and_the_helper_its_lead(session: Session, case: Case) -> None:
    case.confirm()

    found = parts_of(session, case.lead)

    assert [(one.assignment.id, one.is_open) for one in found] == [(case.part.id, False)]
    assert found[0].update is not None
    assert found[0].update.text == "Đã làm phần mình."
    assert leads_of(session, case.part) == [case.lead]
    assert parts_of(session, case.part) == []


def test_the_lead_asks_once_and_only_the_helper_is_mailed(session: Session, case: Case) -> None:
    first, again = case.ask(), case.ask()

    assert first.id == again.id
    assert len(case.mails(case.helper)) == 1
    assert case.mails(case.coordinator) == []
    content = compose(session, case.mails(case.helper)[0], today=TODAY, now=NOW)
    assert "Khi nào xong?" in getattr(content, "text", "")


def test_what_the_helper_answers_reaches_the_one_who_asked(session: Session, case: Case) -> None:
    case.ask()

    discussing.write(session, case.part, actor=case.by(case.helper), text="Thứ Sáu tới.", form_key="a", now=NOW)
    session.commit()

    mail = case.mails(case.leader)[0]
    content = compose(session, mail, today=TODAY, now=NOW)
    assert not isinstance(content, NothingToSay)
    text = getattr(content, "text", "")
    assert "Thứ Sáu tới." in text
    assert f"/assignments/{case.lead.id}" in text
    assert f"/assignments/{case.part.id}" not in text


def test_a_part_that_is_waived_lets_the_lead_close(session: Session, case: Case) -> None:
    report(session, case.lead, actor=case.by(case.leader), state=State.SUBMITTED, text="Xong.", document_number="1/BC",
           document_on=TODAY, evidence_folder=case.folder, today=TODAY, now=NOW)
    session.commit()
    with pytest.raises(PartsOpen):
        accept(session, case.lead, actor=case.by(case.coordinator), now=NOW)

    parts.waive(session, case.lead, case.part, actor=case.by(case.leader), reason="Đã tự làm được.", now=NOW)
    session.commit()

    assert (case.part.state, case.part.cancelled_reason) == (State.CANCELLED, "Đã tự làm được.")
    accept(session, case.lead, actor=case.by(case.coordinator), now=NOW)
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "part.waived" in actions


def test_a_waiver_says_why_names_nobody_and_is_of_what_was_seen(session: Session, case: Case) -> None:
    given = {"actor": case.by(case.leader), "now": NOW}
    with pytest.raises(WaiverWithoutReason):
        parts.waive(session, case.lead, case.part, reason=" ", **given)
    with pytest.raises(IdentityNumber):
        parts.waive(session, case.lead, case.part, reason="Của 001085012345.", **given)
    with pytest.raises(ChangedMeanwhile):
        parts.waive(session, case.lead, case.part, reason="Thôi.", expected_version=99, **given)


def test_a_confirmed_part_is_not_waived(session: Session, case: Case) -> None:
    case.confirm()

    with pytest.raises(NotAllowedNow):
        parts.waive(session, case.lead, case.part, actor=case.by(case.leader), reason="Thôi.", now=NOW)


def test_nobody_else_directs_the_parts(session: Session, make: Factory, case: Case) -> None:
    strangers = case.helper, make.user(), make.coordinator()

    for user in strangers:
        with pytest.raises(NotYourPart):
            parts.waive(session, case.lead, case.part, actor=case.by(user), reason="Thôi.", now=NOW)


def test_a_part_of_another_task_is_not_this_leads(session: Session, make: Factory, case: Case) -> None:
    other = make.assignment(case.helper.agency, is_part=True)

    with pytest.raises(NotVisible):
        part_for(session, case.lead, other.id)
    with pytest.raises(NotYourPart):
        parts.waive(session, case.lead, other, actor=case.by(case.leader), reason="Thôi.", now=NOW)
    with pytest.raises(NotVisible):
        assignment_for(session, case.leader, case.part.id)


def test_one_more_helper_is_asked_and_told(session: Session, make: Factory, case: Case) -> None:
    new = make.user()

    part = parts.add_helper(session, case.lead, new.agency, actor=case.by(case.leader),
                            calendar=load_calendar(session), now=NOW)
    session.commit()

    assert (part.is_part, part.due_on, part.agency_id) == (True, case.lead.due_on, new.agency_id)
    content = compose(session, case.mails(new)[0], today=TODAY, now=NOW)
    assert case.leader.agency.name in getattr(content, "text", "")
    with pytest.raises(AlreadyThere):
        parts.add_helper(session, case.lead, new.agency, actor=case.by(case.leader), calendar=load_calendar(session),
                         now=NOW)


def test_a_part_that_was_confirmed_is_no_assignment_to_accept(session: Session, case: Case) -> None:
    case.confirm()

    with pytest.raises(NotAllowedNow):
        accept(session, case.part, actor=case.by(case.coordinator), now=NOW)
    assert session.get_one(Assignment, case.part.id).state is State.ACCEPTED


def test_more_time_for_the_only_lead_is_more_time_for_its_helpers(session: Session, make: Factory, case: Case) -> None:
    done = make.assignment(make.agency(), task=case.lead.task, is_part=True, state=State.ACCEPTED)

    _extend(session, case)

    assert (case.part.due_on, case.part.first_due_on, case.part.due_version) == (TODAY + 9 * DAY, TODAY, 2)
    assert done.due_on == TODAY


def test_more_time_for_one_of_several_leads_leaves_the_helpers_date(
    session: Session, make: Factory, case: Case
) -> None:
    make.assignment(make.agency(), task=case.lead.task)

    _extend(session, case)

    assert case.part.due_on == TODAY


def _extend(session: Session, case: Case) -> None:
    asked = extending.ask(session, case.lead, actor=case.by(case.leader), wanted_on=TODAY + 9 * DAY, reason="Chờ.",
                          evidence_folder=case.folder, today=TODAY, now=NOW)
    session.commit()
    extending.grant(session, asked, actor=case.by(case.coordinator), granted_on=TODAY + 9 * DAY,
                    calendar=load_calendar(session), now=NOW, today=TODAY)
    session.commit()


def test_who_gave_the_work_away_has_no_say_over_its_helpers_and_hears_nothing_of_them(
    session: Session, make: Factory, case: Case
) -> None:
    transfer = transferring.ask(session, case.lead, actor=case.by(case.leader), proposed_agency=None,
                                reason="Chức năng đã chuyển.", today=TODAY, now=NOW)
    new = transferring.grant(session, transfer, actor=case.by(case.coordinator), agency=make.agency(),
                             calendar=load_calendar(session), today=TODAY, now=NOW)
    session.commit()

    with pytest.raises(NotYourPart):
        parts.waive(session, case.lead, case.part, actor=case.by(case.leader), reason="Không cần.", now=NOW)
    with pytest.raises(NotYourPart):
        case.ask()
    assert parts_of(session, case.lead) == []
    assert [part.assignment for part in parts_of(session, new)] == [case.part]
    parts.waive(session, new, case.part, actor=case.by(case.coordinator), reason="Không cần.", now=NOW)


def test_an_agency_that_is_no_more_helps_nobody(session: Session, make: Factory, case: Case) -> None:
    with pytest.raises(AgencyEnded):
        parts.add_helper(session, case.lead, make.agency(ended_on=TODAY - DAY), actor=case.by(case.leader),
                         calendar=load_calendar(session), now=NOW)


def test_what_is_said_of_a_part_lists_no_persons(session: Session, case: Case) -> None:
    words = "Nguyễn Văn An, sinh năm 1990; Trần Thị Bình, sinh năm 1985"

    with pytest.raises(PersonList):
        case.ask(words)
    with pytest.raises(PersonList):
        parts.waive(session, case.lead, case.part, actor=case.by(case.leader), reason=words, now=NOW)

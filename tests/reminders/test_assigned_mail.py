"""A published plan tells each liaison once what the agency got, in the transaction that gives it."""
from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.workflow.published_plans import ACTOR, CALENDAR, go_live
from tracker.mail.writing import Message
from tracker.models import Agency, Assignment, OutboxMail, Plan, User
from tracker.reminders.composing import compose
from tracker.reminders.content import Content, NothingToSay
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, MailKind, MailState, PlanState
from tracker.workflow.publishing import NothingToAssign, publish

DAY = timedelta(days=1)


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW)


def decided(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.ASSIGNED).order_by(OutboxMail.id)))


def said(session: Session, mail: OutboxMail) -> Content:
    return compose(session, mail, today=TODAY, now=NOW)


def test_each_liaison_of_who_got_work_is_told_once(session: Session, make: Factory, plan: Plan) -> None:
    first, second, helper = make.user(), make.user(), make.user(agency=make.agency("Sở Nội vụ"))
    colleague = make.user(agency=first.agency)
    make.user(agency=first.agency, is_agency_head=True)  # the head is told what is too late, not what is new
    make.user(agency=first.agency, is_active=False)
    make.user()  # of an agency without work
    make.task(plan, first.agency, TODAY + 30 * DAY, partners={"names": ["Sở Nội vụ"]})
    make.task(plan, first.agency)
    make.task(plan, second.agency, TODAY + 9 * DAY)
    session.commit()

    go_live(session, plan)

    mails = decided(session)
    assert [mail.recipient_id for mail in mails] == [first.id, second.id, helper.id, colleague.id]
    assert {mail.key for mail in mails} == {f"plan:{plan.id}"}
    assert {mail.state for mail in mails} == {MailState.PENDING}


def test_the_mail_tells_the_agencys_own_work_with_its_days(session: Session, make: Factory, plan: Plan) -> None:
    liaison = make.user()
    dated, undated = make.task(plan, liaison.agency, TODAY + 30 * DAY), make.task(plan, liaison.agency)
    others = make.task(plan, make.user().agency, TODAY + 3 * DAY)
    go_live(session, plan)

    mail = said(session, decided(session)[0])

    assert isinstance(mail, Message)
    assert mail.subject.startswith(f"2 việc mới, hạn gần nhất 17/04/2026: Kế hoạch {plan.number}")
    assert "* Thời hạn 17/04/2026" in mail.text
    assert dated.text in mail.text
    assert undated.text in mail.text
    assert others.text not in mail.text + mail.html + mail.ics
    row = session.scalars(select(Assignment).where(Assignment.task_id == dated.id)).one()
    [event] = Calendar.from_ical(mail.ics).walk("VEVENT")
    assert (event["dtstart"].dt, event["uid"]) == (
        TODAY + 30 * DAY, f"assignment-{row.id}@dondoc.haduong.example")


def test_a_refused_publication_tells_nobody(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan)

    with pytest.raises(NothingToAssign):
        publish(session, plan, actor=ACTOR, now=NOW, today=TODAY, calendar=CALENDAR)
    session.rollback()

    assert decided(session) == []


def test_a_publication_that_is_rolled_back_tells_nobody(session: Session, make: Factory, plan: Plan) -> None:
    make.task(plan, make.user().agency, TODAY)
    publish(session, plan, actor=ACTOR, now=NOW, today=TODAY, calendar=CALENDAR)
    session.rollback()

    assert decided(session) == []


def test_work_that_is_gone_before_the_mail_leaves_is_not_told(session: Session, make: Factory, plan: Plan) -> None:
    liaison = make.user()
    make.task(plan, liaison.agency, TODAY + 30 * DAY)
    go_live(session, plan)
    row = session.scalars(select(Assignment)).one()
    [mail] = decided(session)

    row.state = AssignmentState.CANCELLED
    session.commit()
    assert isinstance(said(session, mail), NothingToSay)

    row.state = AssignmentState.OPEN
    liaison.agency = make.agency()
    session.commit()
    assert isinstance(said(session, mail), NothingToSay)


def test_work_that_came_later_has_a_mail_of_its_own(session: Session, make: Factory, plan: Plan) -> None:
    liaison = make.user()
    make.task(plan, liaison.agency, TODAY + 30 * DAY)
    go_live(session, plan)
    later = make.assignment(liaison.agency, task=make.task(plan), due_on=TODAY + 9 * DAY)
    later.created_at = NOW + DAY
    session.commit()

    mail = said(session, decided(session)[0])

    assert isinstance(mail, Message)
    assert later.task.text not in mail.text


def test_a_body_that_is_asked_is_asked(session: Session, make: Factory, plan: Plan) -> None:
    front = make.user(agency=make.agency("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", is_requested=True))
    make.task(plan, front.agency, TODAY + 30 * DAY)
    go_live(session, plan)

    mail = said(session, decided(session)[0])

    assert isinstance(mail, Message)
    assert mail.subject.startswith("Kính đề nghị phối hợp 1 việc: ")
    assert "giao" not in mail.text.replace("báo cáo", "")


def test_three_thousand_communes_are_told_in_a_handful_of_statements(
    session: Session, make: Factory, plan: Plan
) -> None:
    first = make.agency()
    session.execute(insert(Agency), [
        {"name": f"Ủy ban nhân dân xã {n}", "fold": f"ubnd xa {n}", "kind": first.kind, "level": first.level}
        for n in range(3_000)])
    communes = session.scalars(select(Agency).where(Agency.id > plan.coordinator_id, Agency.id != first.id)).all()
    session.execute(insert(User), [
        {"email": f"xa{one.id}@haduong.example", "name": f"Nguyễn Văn {one.id}", "role": Role.LIAISON,
         "agency_id": one.id, "created_at": NOW} for one in communes])
    group = make.group(*communes)
    make.task(plan, group, TODAY + 30 * DAY)

    with counted_statements() as sent:
        go_live(session, plan)

    about_mail = [one for one in sent if "outbox_mail" in one or "user_account" in one]
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == len(communes) >= 3_000
    assert len(about_mail) < 10

"""Chasing: one act, one mail a liaison, only what is late and only one's own plans."""
from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.reminders.test_outbox import run_together
from tracker.extensions import db
from tracker.models import (
    Actor,
    Agency,
    AgencyKind,
    AgencyLevel,
    Assignment,
    AuditEntry,
    Chase,
    ChaseItem,
    Letter,
    OutboxMail,
    User,
)
from tracker.models.access import NotVisible
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.rules.permissions import Role
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.states import AssignmentState, ChaseChannel, ChaseTone, MailKind, PlanState
from tracker.workflow import chasing
from tracker.workflow.chasing import ChasedToday, NoteMissing, NoteStands, NothingToChase, NotYetHappened

DAY = timedelta(days=1)
LATE = TODAY - 5 * DAY


def acting(user: User) -> Actor:
    return Actor(user.name, "127.0.0.1", user)


def note(session: Session, user: User, ids: list[int], **values: Any) -> Chase:
    values = {"channel": ChaseChannel.PHONE, "happened_on": TODAY, "note": "Đã gọi đồng chí chánh văn phòng.",
              "form_key": "ghi", "today": TODAY, "now": NOW, **values}
    chase = chasing.note_down(session, acting(user), ids, **values)
    session.commit()
    return chase


def send(session: Session, user: User, ids: list[int], *, note: str = "", form_key: str = "một",
         **values: Any) -> chasing.Sent:
    values = {"today": TODAY, "now": NOW, **values}
    sent = chasing.send(session, acting(user), ids, note=note, form_key=form_key, **values)
    session.commit()
    return sent


def test_a_chase_keeps_what_was_chased_and_mails_each_liaison_once(session: Session, make: Factory) -> None:
    coordinator, agency = make.coordinator(), make.agency()
    first, second = make.user(agency=agency), make.user(agency=agency)
    plan = make.plan(coordinator.agency)
    items = [make.assignment(agency, plan, due_on=TODAY - n * DAY) for n in (1, 12)]

    chase = send(session, coordinator, [item.id for item in items], note=" Gửi trước thứ Sáu. ").chase

    kept = session.execute(select(ChaseItem.assignment_id, ChaseItem.days_late, ChaseItem.recipients)).all()
    mails = session.execute(select(OutboxMail.recipient_id, OutboxMail.kind, OutboxMail.key)).all()
    assert {tuple(row) for row in kept} == {(items[0].id, 1, 2), (items[1].id, 12, 2)}
    assert {tuple(row) for row in mails} == {(p.id, MailKind.CHASE, f"chase:{chase.id}") for p in (first, second)}
    assert chase.note == "Gửi trước thứ Sáu."


def test_the_mail_lists_the_agencys_late_items_and_for_how_long(session: Session, make: Factory, smtp: Sink) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    one, other = make.user(), make.user()
    mine = make.assignment(one.agency, plan, due_on=TODAY - 12 * DAY)
    theirs = make.assignment(other.agency, plan, due_on=TODAY - 30 * DAY)
    send(session, coordinator, [mine.id, theirs.id], note="Vướng mắc xin trao đổi qua điện thoại.")

    delivered = deliver_due(session, now=NOW)

    mail = {m["X-Envelope-To"]: m for m in smtp.messages}[one.email]
    body = mail.get_body(("plain",)).get_content()
    assert delivered == Delivered(sent=2)
    assert mail["Subject"] == "Xin nhắc: 1 việc quá hạn 12 ngày"
    assert mine.task.text in body
    assert "Vướng mắc xin trao đổi qua điện thoại." in body
    assert theirs.task.text not in body
    assert other.agency.name not in body


def test_a_body_that_is_asked_gets_a_request(session: Session, make: Factory, smtp: Sink) -> None:
    coordinator = make.coordinator()
    asked = make.user(agency=make.agency(is_requested=True))
    item = make.assignment(asked.agency, make.plan(coordinator.agency), due_on=LATE)
    send(session, coordinator, [item.id])

    deliver_due(session, now=NOW)

    [mail] = smtp.messages
    assert mail["Subject"].startswith("Kính đề nghị")
    assert "kính đề nghị" in mail.get_body(("plain",)).get_content()
    assert "yêu cầu" not in mail.get_body(("plain",)).get_content().lower()


def test_done_between_the_chase_and_its_mail_is_not_told(session: Session, make: Factory, smtp: Sink) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    send(session, coordinator, [item.id])
    item.state, item.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()

    assert deliver_due(session, now=NOW) == Delivered(dropped=1)
    assert smtp.messages == []


def test_the_same_press_twice_is_one_chase(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)

    first = send(session, coordinator, [item.id], form_key="cùng một lần bấm")
    second = send(session, coordinator, [item.id], form_key="cùng một lần bấm")

    assert second.chase.id == first.chase.id
    assert len(session.scalars(select(Chase)).all()) == 1
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_the_same_press_twice_at_once_is_one_chase(app: Flask, session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    user_id, item_id = coordinator.id, item.id
    session.commit()
    start, chases, errors = threading.Barrier(2), [], []

    def press() -> None:
        try:
            with app.app_context():
                start.wait()
                user = db.session.get_one(User, user_id)
                chases.append(send(db.session(), user, [item_id], form_key="bấm đúp").chase.id)
        except Exception as error:
            errors.append(error)

    run_together(press, press)

    assert errors == []
    assert len(chases) == 2
    assert len(set(chases)) == 1
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_another_form_chases_again(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)

    first = send(session, coordinator, [item.id], form_key="lần một")
    second = send(session, coordinator, [item.id], form_key="lần hai", today=TODAY + DAY, now=NOW + DAY)

    assert first.chase.id != second.chase.id
    assert len(session.scalars(select(OutboxMail)).all()) == 2


def test_what_another_coordinators_plan_holds_is_passed_over(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    mine = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    others = make.assignment(liaison.agency, make.plan(), due_on=LATE)

    sent = send(session, coordinator, [mine.id, others.id, 999_999])

    assert [item.assignment_id for item in sent.chase.items] == [mine.id]
    assert sent.left_out == 0
    with pytest.raises(NothingToChase):
        send(session, coordinator, [others.id], form_key="hai")


@pytest.mark.parametrize("role", [Role.LIAISON, Role.LEADER, Role.ADMINISTRATOR])
def test_nobody_else_chases(session: Session, make: Factory, role: Role) -> None:
    person = make.user(role)
    item = make.assignment(plan=make.plan(person.agency), due_on=LATE)

    with pytest.raises(NothingToChase):
        send(session, person, [item.id])


def test_what_is_not_late_any_more_is_left_out_and_said(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    plan = make.plan(coordinator.agency)
    late = make.assignment(liaison.agency, plan, due_on=LATE)
    done = make.assignment(liaison.agency, plan, due_on=LATE, state=AssignmentState.ACCEPTED)
    moved = make.assignment(liaison.agency, plan, due_on=TODAY)

    sent = send(session, coordinator, [late.id, done.id, moved.id])

    assert [item.assignment_id for item in sent.chase.items] == [late.id]
    assert sent.left_out == 2


def test_nothing_late_is_refused(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = make.assignment(plan=make.plan(coordinator.agency), due_on=TODAY)

    with pytest.raises(NothingToChase):
        send(session, coordinator, [item.id])
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_a_withdrawn_plan_is_not_chased(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = make.assignment(plan=make.plan(coordinator.agency, state=PlanState.CANCELLED), due_on=LATE)

    with pytest.raises(NothingToChase):
        send(session, coordinator, [item.id])


def test_an_agency_nobody_can_be_reached_at_is_kept_with_no_recipient(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = make.assignment(plan=make.plan(coordinator.agency), due_on=LATE)

    chase = send(session, coordinator, [item.id]).chase

    assert [kept.recipients for kept in chase.items] == [0]
    assert session.scalars(select(OutboxMail)).all() == []


def test_the_preview_puts_the_longest_late_first_and_asked_bodies_last(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    little, long, asked = make.agency(), make.agency(), make.agency(is_requested=True)
    items = [make.assignment(agency, plan, due_on=TODAY - n * DAY)
             for agency, n in ((little, 2), (long, 9), (long, 1), (asked, 60))]

    found = chasing.preview(session, coordinator, [item.id for item in items], today=TODAY)

    assert [chased.agency.id for chased in found.agencies] == [long.id, little.id, asked.id]
    assert [item.id for item in found.agencies[0].items] == [items[1].id, items[2].id]
    assert (found.items, found.recipients) == (4, 0)


def test_a_chase_leaves_an_audit_row(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)

    chase = send(session, coordinator, [item.id]).chase

    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id, entry.user_id) == ("chase.sent", chase.id, coordinator.id)
    assert entry.after is not None
    assert (entry.after["items"], entry.after["mails"]) == (1, 1)


def test_a_note_names_no_person(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)

    with pytest.raises(IdentityNumber):
        send(session, coordinator, [item.id], note="Kiểm tra trường hợp 001085012345.")


def test_a_chase_is_seen_by_its_own_agency_only(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    colleague, stranger = make.coordinator(agency=coordinator.agency), make.coordinator()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    chase = send(session, coordinator, [item.id]).chase

    assert chasing.chase_for(session, colleague, chase.id) is chase
    for person in (stranger, liaison):
        with pytest.raises(NotVisible):
            chasing.chase_for(session, person, chase.id)


def test_what_was_mailed_today_is_left_out_and_said(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    plan = make.plan(coordinator.agency)
    first, second = (make.assignment(liaison.agency, plan, due_on=LATE) for _ in range(2))
    send(session, coordinator, [first.id])

    sent = send(session, coordinator, [first.id, second.id], form_key="hai")

    assert [item.assignment_id for item in sent.chase.items] == [second.id]
    assert (sent.chased_today, sent.chase.insisted) == (1, False)
    with pytest.raises(ChasedToday):
        send(session, coordinator, [first.id, second.id], form_key="ba")


def test_one_may_insist_and_the_audit_keeps_it(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    send(session, coordinator, [item.id])

    again = send(session, coordinator, [item.id], form_key="hai", insist=True, tone=ChaseTone.FIRM)

    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.after is not None
    assert (again.chase.insisted, again.chase.tone) == (True, ChaseTone.FIRM)
    assert (entry.after["insisted"], entry.after["tone"]) == (True, "firm")
    assert len(session.scalars(select(OutboxMail)).all()) == 2


def test_to_insist_where_nothing_was_mailed_is_no_insisting(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)

    assert send(session, coordinator, [item.id], insist=True).chase.insisted is False


def test_a_call_or_a_mail_nobody_got_does_not_stand_in_the_way_of_a_mail(session: Session, make: Factory) -> None:
    coordinator, agency = make.coordinator(), make.agency()
    item = make.assignment(agency, make.plan(coordinator.agency), due_on=LATE)
    note(session, coordinator, [item.id])
    send(session, coordinator, [item.id])  # nobody is there yet
    make.user(agency=agency)

    assert send(session, coordinator, [item.id], form_key="hai").chased_today == 0
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_two_coordinators_at_once_mail_an_agency_once(app: Flask, session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    colleague = make.coordinator(agency=coordinator.agency)
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    people, item_id = [coordinator.id, colleague.id], item.id
    session.commit()
    start, outcomes = threading.Barrier(2), []

    def press(user_id: int) -> None:
        with app.app_context():
            start.wait()
            try:
                send(db.session(), db.session.get_one(User, user_id), [item_id], form_key=f"của {user_id}")
                outcomes.append("sent")
            except ChasedToday:
                db.session.rollback()
                outcomes.append("today")

    run_together(lambda: press(people[0]), lambda: press(people[1]))

    assert sorted(outcomes) == ["sent", "today"]
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_a_helpers_part_is_not_chased(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    part = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE, is_part=True)

    with pytest.raises(NothingToChase):
        send(session, coordinator, [part.id])


@pytest.mark.parametrize(("tone", "subject", "words"), [
    (ChaseTone.GENTLE, "Xin nhắc: ", "xin nhắc"),
    (ChaseTone.FIRM, "Đôn đốc: ", "khẩn trương"),
    (ChaseTone.OFFICIAL, "Về việc đôn đốc thực hiện nhiệm vụ: ", "dứt điểm"),
])
def test_each_tone_has_words_of_its_own(
    session: Session, make: Factory, smtp: Sink, tone: ChaseTone, subject: str, words: str
) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    asked = make.user(agency=make.agency(is_requested=True))
    plan = make.plan(coordinator.agency)
    items = [make.assignment(user.agency, plan, due_on=LATE) for user in (liaison, asked)]
    send(session, coordinator, [item.id for item in items], tone=tone)

    deliver_due(session, now=NOW)

    mails = {mail["X-Envelope-To"]: mail for mail in smtp.messages}
    assert mails[liaison.email]["Subject"].startswith(subject)
    assert words in mails[liaison.email].get_body(("plain",)).get_content()
    assert mails[asked.email]["Subject"].startswith("Kính đề nghị")
    assert words not in mails[asked.email].get_body(("plain",)).get_content()


def test_the_chase_mail_leads_to_the_recipients_own_report_link(session: Session, make: Factory, smtp: Sink) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    send(session, coordinator, [item.id])

    deliver_due(session, now=NOW)

    body = smtp.messages[0].get_body(("plain",)).get_content()
    assert f"?open={item.id}" in body
    assert "không cần đăng nhập" in body


def test_a_call_is_noted_and_nothing_is_mailed(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)

    chase = note(session, coordinator, [item.id], happened_on=TODAY - DAY)
    again = note(session, coordinator, [item.id])

    assert again.id == chase.id
    assert (chase.channel, chase.happened_on) == (ChaseChannel.PHONE, TODAY - DAY)
    assert [(kept.assignment_id, kept.recipients) for kept in chase.items] == [(item.id, 0)]
    assert session.scalars(select(OutboxMail)).all() == []
    assert session.scalars(select(AuditEntry.action)).all() == ["chase.noted"]


@pytest.mark.parametrize(("values", "refusal"), [
    ({"note": "  "}, NoteMissing),
    ({"happened_on": TODAY + DAY}, NotYetHappened),
    ({"note": "Gọi về trường hợp 001085012345."}, IdentityNumber),
])
def test_a_note_says_something_of_a_day_that_was(
    session: Session, make: Factory, values: dict[str, Any], refusal: type[Exception]
) -> None:
    coordinator = make.coordinator()
    item = make.assignment(plan=make.plan(coordinator.agency), due_on=LATE)

    with pytest.raises(refusal):
        note(session, coordinator, [item.id], **values)
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_a_note_is_taken_back_by_its_author_on_the_same_day(session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = make.assignment(plan=make.plan(coordinator.agency), due_on=LATE)
    chase = note(session, coordinator, [item.id], note="Gọi nhầm số.")

    chasing.forget_note(session, acting(coordinator), chase, today=TODAY, now=NOW)
    session.commit()

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "chase.forgotten")).one()
    assert session.scalars(select(ChaseItem)).all() == []
    assert session.scalars(select(Chase)).all() == []
    assert entry.before is not None
    assert entry.before["note"] == "Gọi nhầm số."


def test_what_left_the_house_is_never_taken_back(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    colleague = make.coordinator(agency=coordinator.agency)
    item = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE)
    mailed = send(session, coordinator, [item.id]).chase
    noted = note(session, coordinator, [item.id])
    lettered = note(session, coordinator, [item.id], form_key="công văn", channel=ChaseChannel.LETTER)
    session.add(Letter(chase_id=lettered.id, file_name="cv.docx", size=1, sha256="0" * 64, created_at=NOW))
    session.commit()

    for chase, person, day in ((mailed, coordinator, TODAY), (noted, colleague, TODAY),
                               (noted, coordinator, TODAY + DAY), (lettered, coordinator, TODAY)):
        with pytest.raises(NoteStands):
            chasing.forget_note(session, acting(person), chase, today=day, now=NOW)


def test_many_agencies_are_chased_in_a_few_statements(
    session: Session, make: Factory
) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency)
    agency_ids = session.scalars(insert(Agency).returning(Agency.id), [
        {"name": f"UBND xã {n}", "fold": f"ubnd xa {n}", "kind": AgencyKind.PEOPLES_COMMITTEE,
         "level": AgencyLevel.COMMUNE} for n in range(40)
    ]).all()  # fmt: skip
    session.execute(insert(User), [
        {"email": f"xa{n}@haduong.example", "name": f"Người {n}", "role": Role.LIAISON, "agency_id": agency_id,
         "created_at": NOW} for n, agency_id in enumerate(agency_ids)
    ])  # fmt: skip
    task = make.task(plan)
    ids = list(session.scalars(insert(Assignment).returning(Assignment.id), [
        {"plan_id": plan.id, "task_id": task.id, "agency_id": agency_id, "occurrence": str(n), "due_on": LATE,
         "created_at": NOW} for agency_id in agency_ids for n in range(3)
    ]))  # fmt: skip
    session.commit()

    with counted_statements() as seen:
        sent = send(session, coordinator, ids)

    assert len(sent.chase.items) == 120
    assert len(session.scalars(select(OutboxMail)).all()) == 40
    assert len(seen) <= 20

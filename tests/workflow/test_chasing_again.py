"""Chasing twice: the same press is one chase, the same day needs insisting."""
from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reminders.test_outbox import run_together
from tests.workflow.chases import DAY, LATE, note, send
from tracker.extensions import db
from tracker.models import AuditEntry, Chase, OutboxMail, User
from tracker.rules.states import ChaseTone
from tracker.workflow.chasing import ChasedToday


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

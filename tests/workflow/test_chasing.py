"""Chasing: one act, one mail a liaison, only what is late and only one's own plans."""
from __future__ import annotations

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.workflow.chases import DAY, LATE, send
from tracker.models import Agency, AgencyKind, AgencyLevel, Assignment, AuditEntry, Chase, ChaseItem, OutboxMail, User
from tracker.models.access import NotVisible
from tracker.rules.permissions import Role
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.states import AssignmentState, MailKind, PlanState
from tracker.workflow import chasing
from tracker.workflow.chasing import NothingToChase


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


def test_a_helpers_part_is_not_chased(session: Session, make: Factory) -> None:
    coordinator, liaison = make.coordinator(), make.user()
    part = make.assignment(liaison.agency, make.plan(coordinator.agency), due_on=LATE, is_part=True)

    with pytest.raises(NothingToChase):
        send(session, coordinator, [part.id])


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

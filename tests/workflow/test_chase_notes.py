"""Calls and letters noted as chases: nothing is mailed, and what was noted by mistake is taken back."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.chases import DAY, LATE, acting, note, send
from tracker.models import AuditEntry, Chase, ChaseItem, Letter, OutboxMail
from tracker.rules.personal_data import IdentityNumber, PersonList
from tracker.rules.states import ChaseChannel
from tracker.workflow import chasing
from tracker.workflow.chasing import NoteMissing, NoteStands, NotYetHappened


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
    ({"note": "Hỏi về Nguyễn Văn An, SN 1990; Trần Thị Bình, SN 1985."}, PersonList),
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

"""Calls and meetings noted as chases: kept, refused, taken back."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.late_items import late_item
from tracker.models import AuditEntry, Chase, OutboxMail
from tracker.rules.states import ChaseChannel

pytestmark = pytest.mark.usefixtures("morning")


def test_a_call_is_noted_for_what_was_picked(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)
    browser = as_user(coordinator)

    form = browser.post("/chase/note", data={"body": item.agency_id}).text
    empty = browser.post("/chase/note", data={"assignment": item.id, "form_key": "k", "channel": "phone",
                                              "happened_on": "18/03/2026", "note": ""}).text
    early = browser.post("/chase/note", data={"assignment": item.id, "form_key": "k", "channel": "phone",
                                              "happened_on": "19/03/2026", "note": "Sẽ gọi."}).text
    kept = browser.post("/chase/note", data={"assignment": item.id, "form_key": "k", "channel": "meeting",
                                             "happened_on": "17/03/2026", "note": "Đã họp với phó giám đốc."},
                        follow_redirects=True)

    assert 'value="18/03/2026"' in form
    assert "Hãy ghi đã làm việc với ai" in empty
    assert "không được sau hôm nay" in early
    assert "Sẽ gọi." in early
    assert "Đã họp với phó giám đốc." in kept.text
    assert "Họp, làm việc trực tiếp, 17/03/2026" in browser.get("/chase/").text
    session.rollback()
    assert session.scalars(select(Chase.channel)).all() == [ChaseChannel.MEETING]
    assert session.scalars(select(OutboxMail)).all() == []


def test_a_mail_can_not_be_noted_as_if_it_was_a_call(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    item = late_item(make, coordinator)

    answer = as_user(coordinator).post("/chase/note", data={"assignment": item.id, "form_key": "k", "channel": "mail",
                                                            "happened_on": "18/03/2026", "note": "Thư."})

    assert answer.status_code == 200
    session.rollback()
    assert session.scalars(select(Chase)).all() == []


def test_a_note_is_taken_back_by_who_wrote_it(as_user: Any, session: Session, make: Factory) -> None:
    coordinator = make.coordinator()
    colleague = make.coordinator(agency=coordinator.agency)
    item = late_item(make, coordinator)
    browser = as_user(coordinator)
    kept = browser.post("/chase/note", data={"assignment": item.id, "form_key": "k", "channel": "phone",
                                             "happened_on": "18/03/2026", "note": "Gọi nhầm."}, follow_redirects=True)
    path = kept.request.path

    refused = as_user(colleague).post(f"{path}/forget", follow_redirects=True).text
    stranger = as_user(make.coordinator()).post(f"{path}/forget")
    gone = browser.post(f"{path}/forget", follow_redirects=True)

    assert "Ghi nhầm?" in kept.text
    assert "Chỉ người ghi mới bỏ được" in refused
    assert stranger.status_code == 404
    assert "Đã bỏ ghi nhận" in gone.text
    assert browser.get(path).status_code == 404
    session.rollback()
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-1] == "chase.forgotten"

"""Chases as the tests send them and note them down."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY
from tracker.models import Actor, Chase, User
from tracker.rules.states import ChaseChannel
from tracker.workflow import chasing

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

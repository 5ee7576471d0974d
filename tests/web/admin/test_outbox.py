"""The administrator's outbox: only what was parked is sent again."""
from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.admin.desk import parked
from tracker.models import AuditEntry, User
from tracker.rules.states import MailState


def test_a_parked_mail_goes_back_in_the_queue(
    browser: FlaskClient, administrator: User, make: Factory, session: Session
) -> None:
    mail = parked(session, make.user())
    page = browser.get("/admin/outbox?state=parked").text

    browser.post(f"/admin/outbox/{mail.id}/resend")
    session.rollback()
    session.expire_all()

    entry = session.scalars(select(AuditEntry)).one()
    assert "550 no such user" in page
    assert (mail.state, mail.attempts) == (MailState.PENDING, 0)
    assert (entry.action, entry.user_id, entry.before) == ("mail.resent", administrator.id,
                                                           {"state": "parked", "attempts": 8})  # fmt: skip


@pytest.mark.parametrize("state", [MailState.SENT, MailState.PENDING, MailState.DROPPED])
def test_only_a_parked_mail_is_sent_again(
    browser: FlaskClient, make: Factory, session: Session, state: MailState
) -> None:
    mail = parked(session, make.user(), state=state)

    answer = browser.post(f"/admin/outbox/{mail.id}/resend", follow_redirects=True)
    session.rollback()
    session.expire_all()

    assert "Chỉ gửi lại được thư không gửi được." in answer.text
    assert mail.state is state

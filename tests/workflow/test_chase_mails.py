"""The mail of a chase: what it lists, in which words, and what it leaves out."""
from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, TODAY, Factory
from tests.workflow.chases import DAY, LATE, send
from tracker.reminders.delivering import Delivered, deliver_due
from tracker.rules.states import AssignmentState, ChaseTone


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

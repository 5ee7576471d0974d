"""The administrator's list of mails: what each filter finds, by an index, and why mails were given up."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.extensions import db
from tracker.models import OutboxMail, User
from tracker.reports import outbox_list
from tracker.reports.outbox_list import MailFilter, mails, parked_for, parked_reasons
from tracker.rules.states import MailKind, MailState

NUMBERS = count(1)


def add(session: Session, user: User, **values: Any) -> OutboxMail:
    number = next(NUMBERS)
    values = {"kind": MailKind.DIGEST, "state": MailState.SENT, "created_at": NOW, "domain": "haduong.example",
              "next_attempt_at": NOW, **values}
    if values["state"] is MailState.SENT:
        values.setdefault("sent_at", NOW)
    mail = OutboxMail(recipient_id=user.id, key=f"k:{number}", message_id=f"<{number}@x>", **values)
    session.add(mail)
    session.commit()
    return mail


CASES: list[Any] = [
    pytest.param({"state": "parked"}, {"state": MailState.PARKED}, id="state"),
    pytest.param({"kind": "chase"}, {"kind": MailKind.CHASE}, id="kind"),
    pytest.param({"domain": "SYT.example "}, {"domain": "syt.example"}, id="domain in capitals"),
    pytest.param({"domain": "@syt.example"}, {"domain": "syt.example"}, id="domain with its at"),
    pytest.param({"day": "20/03/2026"}, {"created_at": datetime(2026, 3, 19, 17, 0, tzinfo=UTC)}, id="first of a day"),
    pytest.param({"day": "2026-03-20"}, {"created_at": datetime(2026, 3, 20, 16, 59, tzinfo=UTC)}, id="last of a day"),
    pytest.param({"bounced": "1"}, {"bounced_at": NOW}, id="sent back"),
]  # fmt: skip


@pytest.mark.parametrize(("args", "values"), CASES)
def test_a_filter_finds_what_it_names(session: Session, make: Factory, args: dict[str, str], values: Any) -> None:
    user = make.user()
    add(session, user)
    wanted = add(session, user, **values)
    add(session, user, created_at=datetime(2026, 3, 20, 17, 0, tzinfo=UTC))

    page = mails(session, MailFilter.from_args(args))

    assert [mail.id for mail in page.rows] == [wanted.id]
    assert page.total == 1


@pytest.mark.parametrize("typed", ["quach thi ngan", "Qua\u0301ch Thị", "giangqtn@syt", "so y te giang"])
def test_a_person_is_found_by_name_address_or_agency(session: Session, make: Factory, typed: str) -> None:
    giang = make.user(agency=make.agency("Sở Y tế"), name="Quách Thị Ngân Giang", email="giangqtn@syt.example")
    add(session, make.user())
    wanted = add(session, giang)

    assert [mail.id for mail in mails(session, MailFilter(person=typed)).rows] == [wanted.id]


def test_a_filter_survives_its_own_address() -> None:
    wanted = MailFilter(MailState.PARKED, MailKind.CHASE, date(2026, 3, 20), "syt.example", "lan", True, "0a1b2c")

    assert MailFilter.from_args(wanted.to_args()) == wanted


def test_pages_hold_every_mail_once(session: Session, make: Factory) -> None:
    user = make.user()
    for _ in range(120):
        session.add(OutboxMail(recipient_id=user.id, key=f"p:{next(NUMBERS)}", message_id=f"<p{next(NUMBERS)}@x>",
                               kind=MailKind.DIGEST, state=MailState.PENDING, next_attempt_at=NOW, created_at=NOW))
    session.commit()

    seen, after = [], None
    while True:
        page = mails(session, MailFilter(), after=after)
        seen += [mail.id for mail in page.rows]
        after = page.next_after
        if after is None:
            break

    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == page.total == 120


def test_a_long_list_is_counted_so_far_and_no_further(
    session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.user()
    for _ in range(4):
        add(session, user)
    monkeypatch.setattr("tracker.reports.list_arguments.MOST_COUNTED", 3)

    assert mails(session, MailFilter()).total == 3


def test_given_up_mails_are_sorted_by_reason_the_most_frequent_first(session: Session, make: Factory) -> None:
    good, bad = make.user(), make.user(mail_refused_at=NOW)
    unknown = [add(session, user, state=MailState.PARKED, last_error=f"550 <{user.email}> unknown")
               for user in (good, bad)]
    full = add(session, good, state=MailState.PARKED, last_error="552 mailbox full")
    add(session, good, last_error="550 <x> unknown")

    reasons = parked_reasons(session)

    assert [(reason.words, reason.mail_ids, reason.refused) for reason in reasons] == [
        ("550 … unknown", [unknown[1].id, unknown[0].id], 1), ("552 mailbox full", [full.id], 0)]
    assert parked_for(session, reasons[0].key) == [unknown[1].id, unknown[0].id]
    assert parked_for(session, "nothing") == []
    assert [mail.id for mail in mails(session, MailFilter(reason=reasons[1].key)).rows] == [full.id]


ROWS = 4000


@pytest.mark.parametrize(("wanted", "index"), [
    pytest.param(MailFilter(state=MailState.PARKED), "state", id="state"),
    pytest.param(MailFilter(kind=MailKind.CHASE), "kind", id="kind"),
    pytest.param(MailFilter(domain="rare.example"), "domain", id="domain"),
    pytest.param(MailFilter(day=date(2026, 4, 1)), "created_at", id="day"),
    pytest.param(MailFilter(person="nguoi"), "recipient", id="person"),
    pytest.param(MailFilter(bounced=True), "bounced", id="bounced"),
])  # fmt: skip
def test_each_filter_is_answered_by_an_index(
    session: Session, make: Factory, wanted: MailFilter, index: str
) -> None:
    user, agency = make.user(), make.agency("Sở khác")
    others = [make.user(agency=agency, email=f"khac{n}@x.example", name="Lò Thị Mai").id for n in range(40)]
    session.execute(OutboxMail.__table__.insert(), [
        {"recipient_id": others[number % 40], "kind": MailKind.DIGEST, "key": f"e:{number}",
         "message_id": f"<e{number}@x>", "state": MailState.SENT, "attempts": 1, "next_attempt_at": NOW,
         "created_at": NOW + timedelta(minutes=number), "sent_at": NOW, "domain": "haduong.example"}
        for number in range(ROWS)])  # fmt: skip
    add(session, user, state=MailState.PARKED, kind=MailKind.CHASE, domain="rare.example", bounced_at=NOW,
        created_at=datetime(2026, 4, 1, 3, 0, tzinfo=UTC))
    session.execute(text("ANALYZE"))
    session.commit()
    criteria = outbox_list._criteria(session, wanted)
    query = select(OutboxMail.id).where(*criteria).order_by(OutboxMail.id.desc()).limit(51)

    found = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN " if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    plan = " ".join(str(row) for row in session.connection().exec_driver_sql(explain + str(found).replace("%", "%%")))

    assert index in plan
    assert "Seq Scan on outbox_mail" not in plan
    assert "SCAN outbox_mail'" not in plan

"""The iCalendar feed, read back by a library that calendar programs are built on."""
from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.reports.test_month import reported
from tracker.models import Actor, CalendarFeed, User
from tracker.models.access import NotVisible
from tracker.models.audit import record
from tracker.reports.feed import Surroundings, feed, feed_token, person_of_feed
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.web.formats import day
from tracker.web.words import word

DAY = timedelta(days=1)
SECRET = "only for tests"
AROUND = Surroundings(host="dondoc.haduong.example", link=lambda n: f"https://dondoc.haduong.example/assignments/{n}",
                      word=word, day=day)


def events(session: Session, user: User, *, now: datetime = NOW) -> dict[str, Any]:
    """Write the feed, read it back, and give its events by the part of their id before the host."""
    calendar = Calendar.from_ical(feed(session, user, AROUND, today=TODAY, now=now))
    return {str(event["UID"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


def test_an_item_is_an_all_day_event_with_what_one_needs(session: Session, make: Factory) -> None:
    user = make.user()
    row = make.assignment(user.agency, due_on=TODAY + 3 * DAY)

    event = events(session, user)[f"assignment-{row.id}"]

    assert str(event["UID"]) == f"assignment-{row.id}@dondoc.haduong.example"
    assert event.decoded("DTSTART") == TODAY + 3 * DAY
    assert event.decoded("DTEND") == TODAY + 4 * DAY
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["SEQUENCE"] == 0
    assert event.decoded("DTSTAMP") == event.decoded("LAST-MODIFIED") == NOW
    assert event["TRANSP"] == "TRANSPARENT"
    assert event["STATUS"] == "CONFIRMED"
    assert row.task.text[:40] in str(event["SUMMARY"])
    assert "chủ trì" in str(event["SUMMARY"])
    for told in (row.plan.number, "Chưa báo cáo", f"https://dondoc.haduong.example/assignments/{row.id}"):
        assert told in str(event["DESCRIPTION"])
    assert not event.walk("VALARM")


def test_the_sequence_rises_when_the_due_day_moves(session: Session, make: Factory) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    before = events(session, user)[f"assignment-{row.id}"]

    row.due_on = TODAY + 9 * DAY
    record(session, Actor("a", "b"), "assignment.moved", row, now=NOW + DAY)
    session.commit()
    after = events(session, user, now=NOW + DAY)[f"assignment-{row.id}"]

    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after.decoded("DTSTART") == TODAY + 9 * DAY
    assert after.decoded("LAST-MODIFIED") == NOW + DAY


def test_what_was_cancelled_lately_is_told_so_and_then_forgotten(session: Session, make: Factory) -> None:
    user = make.user()
    ahead = make.assignment(user.agency, due_on=TODAY + DAY, state=State.CANCELLED)
    lately = make.assignment(user.agency, due_on=TODAY - 90 * DAY, state=State.CANCELLED)
    record(session, Actor("a", "b"), "assignment.cancelled", lately, now=NOW - 59 * DAY)
    long_ago = make.assignment(user.agency, due_on=TODAY - 90 * DAY, state=State.CANCELLED)
    record(session, Actor("a", "b"), "assignment.cancelled", long_ago, now=NOW - 61 * DAY)
    session.commit()

    found = events(session, user)

    assert {name: str(event["STATUS"]) for name, event in found.items()} == {
        f"assignment-{ahead.id}": "CANCELLED", f"assignment-{lately.id}": "CANCELLED"}


def test_settled_work_stays_for_sixty_days(session: Session, make: Factory) -> None:
    user = make.user()
    old = TODAY - 100 * DAY
    kept = make.assignment(user.agency, due_on=old, state=State.ACCEPTED, submitted_on=TODAY - 60 * DAY)
    make.assignment(user.agency, due_on=old, state=State.ACCEPTED, submitted_on=TODAY - 61 * DAY)
    owed = make.assignment(user.agency, due_on=old)
    waits = make.assignment(user.agency, due_on=old, state=State.SUBMITTED, submitted_on=old)
    make.assignment(user.agency, due_on=None)

    assert set(events(session, user)) == {f"assignment-{row.id}" for row in (kept, owed, waits)}


def test_a_window_is_an_event_of_its_own(session: Session, make: Factory) -> None:
    user = make.user()
    row = reported(make, session, user, date(2025, 12, 15), date(2026, 3, 14), date(2026, 3, 20))

    found = events(session, user)

    window = found[f"period-{row.id}"]
    assert (window.decoded("DTSTART"), window.decoded("DTEND")) == (date(2025, 12, 15), date(2026, 3, 15))
    assert str(window["SUMMARY"]).startswith("Kỳ báo cáo")
    assert found[f"assignment-{row.id}"].decoded("DTSTART") == date(2026, 3, 20)


def test_the_calendar_says_its_name_and_how_often_to_ask(session: Session, make: Factory) -> None:
    user = make.user(agency=make.agency("Sở Y tế; khu vực, 1"))

    raw = feed(session, user, AROUND, today=TODAY, now=NOW)
    calendar = Calendar.from_ical(raw)

    assert str(calendar["X-WR-CALNAME"]) == "Đôn Đốc – Sở Y tế; khu vực, 1"
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(hours=6)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in raw
    assert b"METHOD" not in raw
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


def test_only_the_persons_own_agency_is_told_of(session: Session, make: Factory) -> None:
    user = make.user()
    make.assignment(due_on=TODAY)

    assert events(session, user) == {}


def test_the_same_rows_give_the_same_bytes_at_a_fixed_cost(session: Session, make: Factory) -> None:
    user = make.user()
    costs, written = [], []
    for _ in range(2):
        for number in range(8):
            make.assignment(user.agency, due_on=TODAY + number * DAY)
        session.refresh(user)
        _ = user.agency.name
        with counted_statements() as sent:
            written.append(feed(session, user, AROUND, today=TODAY, now=NOW))
        costs.append(len(sent))

    assert costs[0] == costs[1] <= 3
    assert feed(session, user, AROUND, today=TODAY, now=NOW + timedelta(hours=1)) == written[1] != written[0]


def test_a_token_finds_its_person_until_it_is_revoked(session: Session, make: Factory, app: Flask) -> None:
    user = make.user()
    mine = CalendarFeed(user=user, created_at=NOW)
    session.add(mine)
    session.commit()
    token = feed_token(mine, SECRET)

    assert person_of_feed(session, token, SECRET).id == user.id
    user.session_version += 1  # a new password leaves calendars alone
    session.commit()
    assert person_of_feed(session, token, SECRET).id == user.id
    mine.revoked_at = NOW
    session.commit()
    with pytest.raises(NotVisible):
        person_of_feed(session, token, SECRET)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.LEADER}])
def test_a_closed_account_or_another_role_ends_the_feed(
    session: Session, make: Factory, change: dict[str, Any]
) -> None:
    mine = CalendarFeed(user=make.user(**change), created_at=NOW)
    session.add(mine)
    session.commit()

    with pytest.raises(NotVisible):
        person_of_feed(session, feed_token(mine, SECRET), SECRET)


@pytest.mark.parametrize("token", ["", "x", "1", "MQ.x", "\0", "é" * 300])
def test_a_made_up_token_finds_nobody(session: Session, token: str) -> None:
    with pytest.raises(NotVisible):
        person_of_feed(session, token, SECRET)


def test_a_token_of_another_kind_or_key_finds_nobody(session: Session, make: Factory) -> None:
    from itsdangerous import URLSafeSerializer

    mine = CalendarFeed(user=make.user(), created_at=NOW)
    session.add(mine)
    session.commit()

    for token in (feed_token(mine, "another key"), URLSafeSerializer(SECRET, "mail-link").dumps(mine.id)):
        with pytest.raises(NotVisible):
            person_of_feed(session, token, SECRET)

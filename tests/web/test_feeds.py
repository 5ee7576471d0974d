"""The secret address of a calendar feed: made, shown, revoked; and what it gives without a log-in."""
from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import AuditEntry, CalendarFeed
from tracker.rules.permissions import Role

pytestmark = pytest.mark.usefixtures("morning")


def address_on(page: str) -> str:
    """Find the feed's address on the page, without the host."""
    found = re.search(r'value="https://dondoc\.haduong\.example(/my-work/feed/[^"]+\.ics)"', page)
    assert found, page
    return found[1]


def actions(session: Session) -> list[str]:
    session.rollback()
    return [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_an_address_is_made_once_and_opens_without_a_log_in(
    session: Session, make: Factory, as_user: Any, client: FlaskClient
) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    browser = as_user(user)

    browser.post("/my-work/feeds")
    browser.post("/my-work/feeds")
    address = address_on(browser.get("/my-work/feeds").text)
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert "Set-Cookie" not in answer.headers
    assert "private" in answer.headers["Cache-Control"]
    assert [str(event["UID"]) for event in Calendar.from_ical(answer.data).walk("VEVENT")] == [
        f"assignment-{row.id}@dondoc.haduong.example"]
    assert f"https://dondoc.haduong.example/assignments/{row.id}" in re.sub(r"\r\n ", "", answer.text)
    assert actions(session) == ["feed.made"]
    assert session.query(CalendarFeed).count() == 1


def test_an_unchanged_feed_is_not_sent_again(make: Factory, as_user: Any, client: FlaskClient) -> None:
    user = make.user()
    make.assignment(user.agency)
    browser = as_user(user)
    browser.post("/my-work/feeds")
    address = address_on(browser.get("/my-work/feeds").text)
    tag = client.get(address).headers["ETag"]

    again = client.get(address, headers={"If-None-Match": tag})
    make.assignment(user.agency)
    changed = client.get(address, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


def test_revoking_asks_first_and_is_for_good(
    session: Session, make: Factory, as_user: Any, client: FlaskClient
) -> None:
    browser = as_user(make.user())
    browser.post("/my-work/feeds")
    old = address_on(browser.get("/my-work/feeds").text)
    way = f"/my-work/feeds/{session.scalar(select(CalendarFeed.id))}/revoke"

    assert "không khôi phục được" in browser.get(way).text
    assert client.get(old).status_code == 200
    browser.post(way)
    browser.post(way)
    browser.post("/my-work/feeds")
    new = address_on(browser.get("/my-work/feeds").text)

    assert new != old
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert "đã bị hủy lúc" in browser.get(way).text
    assert actions(session) == ["feed.made", "feed.revoked", "feed.made"]


def test_every_dead_address_is_answered_alike(session: Session, make: Factory, client: FlaskClient) -> None:
    from tracker.reports.feed import feed_token

    closed = make.user(is_active=False)
    feeds = [CalendarFeed(user=make.user(), created_at=NOW, revoked_at=NOW), CalendarFeed(user=closed, created_at=NOW)]
    session.add_all(feeds)
    session.commit()
    tokens = [feed_token(feed, "only for tests") for feed in feeds]

    answers = [client.get(f"/my-work/feed/{token}.ics") for token in [*tokens, "x", tokens[0][:-1]]]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_a_feed_of_somebody_else_can_not_be_revoked(session: Session, make: Factory, as_user: Any) -> None:
    theirs = CalendarFeed(user=make.user(), created_at=NOW)
    session.add(theirs)
    session.commit()

    answer = as_user(make.user()).post(f"/my-work/feeds/{theirs.id}/revoke")

    session.rollback()
    assert answer.status_code == 404
    assert theirs.revoked_at is None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_only_those_who_report_have_a_feed(make: Factory, as_user: Any, role: Role) -> None:
    browser = as_user(make.user(role))

    assert browser.get("/my-work/feeds").status_code == 403
    assert browser.post("/my-work/feeds").status_code == 403


def test_addresses_can_not_be_tried_without_end(client: FlaskClient) -> None:
    answers = [client.get(f"/my-work/feed/{n}.ics").status_code for n in range(31)]

    assert answers == [404] * 30 + [429]
    assert "Hãy đợi một phút" in client.get("/my-work/feed/x.ics").text

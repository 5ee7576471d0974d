"""The page behind a mail's link: whose it is, what it shows and takes, and when it is dead."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.guards.test_reading_writes_nothing import writes
from tracker.extensions import db
from tracker.models import AuditEntry, ProgressUpdate, ProvincePolicy, User
from tracker.models.mail_link import SALT, make_token
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ReportChannel

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)
SECRET = "only for tests"
REPORT = {"state": "in_progress", "percent": "40", "text": "Đã mở hai lớp tập huấn.", "version": "1"}


def link(user: User, now: datetime = NOW) -> str:
    return f"/r/{make_token(user, SECRET, now=now)}"


def updates(session: Session) -> list[ProgressUpdate]:
    session.rollback()
    return list(session.scalars(select(ProgressUpdate).order_by(ProgressUpdate.id)))


def test_it_shows_what_is_returned_late_or_due_within_a_week_and_nothing_else(
    make: Factory, client: FlaskClient
) -> None:
    user = make.user(agency=make.agency("Sở Y tế"))
    shown = [make.assignment(user.agency, due_on=day, state=state) for day, state in (
        (TODAY - DAY, State.OPEN), (TODAY + 7 * DAY, State.IN_PROGRESS), (TODAY + 30 * DAY, State.RETURNED),
        (None, State.RETURNED))]
    hidden = [make.assignment(user.agency, due_on=day, state=state) for day, state in (
        (TODAY + 8 * DAY, State.OPEN), (None, State.OPEN), (TODAY, State.SUBMITTED), (TODAY, State.ACCEPTED),
        (TODAY, State.CANCELLED))] + [make.assignment(due_on=TODAY)]
    colleague = make.user(agency=user.agency, name="Đồng nghiệp Khác")

    answer = client.get(link(user))

    assert answer.status_code == 200
    assert all(row.task.text in answer.text for row in shown)
    assert not any(row.task.text in answer.text for row in hidden)
    assert user.name in answer.text
    assert colleague.name not in answer.text
    leads = set(re.findall(r'(?:href|action)="(/[^"#?]*)', answer.text))
    assert {way.split("/")[1] for way in leads} == {"static", "bootstrap", "accounts", "r"}
    assert {way for way in leads if way.startswith("/accounts")} == {"/accounts/log-in"}
    assert 'type="search"' not in answer.text


def test_opening_changes_nothing_and_uses_up_nothing(session: Session, make: Factory, app: Flask) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    address = link(user)

    with writes(db.engine) as found:
        for browser in (app.test_client(), app.test_client()):
            for way in (address, f"{address}?open={row.id}", f"{address}?saved={row.id}", f"{address}?open=x"):
                assert browser.get(way).status_code == 200
                assert browser.head(way).status_code == 200

    assert found == []
    assert app.test_client().post(f"{address}/{row.id}", data=REPORT).status_code == 303


def test_a_report_is_saved_in_the_persons_name_and_says_how_it_came(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    address = link(user)

    form = client.get(f"{address}?open={row.id}").text
    answer = client.post(f"{address}/{row.id}", data=REPORT, follow_redirects=True)

    assert f'action="{address}/{row.id}"' in form
    assert answer.status_code == 200
    assert "Đã nhận báo cáo: đang thực hiện, 40%." in answer.text
    [update] = updates(session)
    assert (update.author_id, update.channel, update.percent) == (user.id, ReportChannel.MAIL_LINK, 40)
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "progress.reported"))
    assert (entry.user_id, entry.actor, entry.address) == (user.id, user.name, "mail link 127.0.0.1")


def test_done_is_handed_in_with_a_file(session: Session, make: Factory, client: FlaskClient) -> None:
    user = make.user()
    row = make.assignment(user.agency)

    answer = client.post(f"{link(user)}/{row.id}", data={
        **REPORT, "state": "submitted", "files": (BytesIO("Kết quả".encode()), "ket-qua.txt"),
    }, follow_redirects=True)  # fmt: skip

    assert "Đã nhận báo cáo hoàn thành" in answer.text
    session.rollback()
    assert row.state is State.SUBMITTED
    assert row.task.text not in answer.text.partition("link-items")[2]


def test_one_press_answers(session: Session, make: Factory, client: FlaskClient) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    address = link(user)
    client.post(f"{address}/{row.id}", data=REPORT)
    session.rollback()
    assert "Không có thay đổi" in client.get(address).text

    same = client.post(f"{address}/{row.id}/answer", data={"answer": "no_change", "version": row.version})
    session.rollback()
    done = client.post(f"{address}/{row.id}/answer", data={"answer": "done", "version": row.version})

    assert same.location == f"{address}?saved={row.id}"
    assert [update.channel for update in updates(session)] == [ReportChannel.MAIL_LINK] * 2
    assert f"open={row.id}" in done.location  # nothing shows it yet, so the form asks for a file
    assert client.get(done.location).status_code == 200
    assert client.post(f"{address}/{row.id}/answer", data={"answer": "x"}).status_code == 400


def test_a_bad_report_keeps_what_was_typed(session: Session, make: Factory, client: FlaskClient) -> None:
    user = make.user()
    row = make.assignment(user.agency)

    answer = client.post(f"{link(user)}/{row.id}", data={**REPORT, "percent": "rất nhiều"})

    assert answer.status_code == 422
    assert "Đã mở hai lớp tập huấn." in answer.text
    assert "Tiến độ là số nguyên" in answer.text
    assert updates(session) == []


def test_a_report_after_a_colleague_was_faster_is_not_lost(
    session: Session, make: Factory, client: FlaskClient, as_user: Any
) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    colleague = make.user(agency=user.agency, name="Đồng nghiệp Nhanh Tay")
    assert as_user(colleague).post(f"/assignments/{row.id}/progress", data={**REPORT, "text": "Xong lớp thứ ba."}
                                   ).status_code == 302

    answer = client.post(f"{link(user)}/{row.id}", data=REPORT)

    assert answer.status_code == 409
    assert "Đã mở hai lớp tập huấn." in answer.text
    assert "Xong lớp thứ ba." in answer.text
    assert colleague.name not in answer.text
    assert len(updates(session)) == 1


def test_what_moved_away_meanwhile_is_not_taken_but_its_words_are_kept(
    session: Session, make: Factory, client: FlaskClient
) -> None:
    user = make.user()
    row = make.assignment(user.agency, due_on=TODAY + 30 * DAY)

    answer = client.post(f"{link(user)}/{row.id}", data=REPORT)
    pressed = client.post(f"{link(user)}/{row.id}/answer", data={"answer": "no_change", "version": "1"})

    assert (answer.status_code, pressed.status_code) == (409, 409)
    assert "Đã mở hai lớp tập huấn." in answer.text
    assert row.task.text not in answer.text
    assert updates(session) == []


@pytest.mark.parametrize("way", ["", "/answer"])
def test_another_agencys_work_does_not_exist(session: Session, make: Factory, client: FlaskClient, way: str) -> None:
    user, theirs = make.user(), make.assignment()
    address = link(user)

    answer = client.post(f"{address}/{theirs.id}{way}", data={**REPORT, "answer": "no_change"})
    opened = client.get(f"{address}?open={theirs.id}&saved={theirs.id}")

    assert answer.status_code == 404
    assert theirs.task.text not in answer.text + opened.text
    assert updates(session) == []


def test_the_links_person_counts_whoever_is_logged_in(session: Session, make: Factory, as_user: Any) -> None:
    user, other = make.user(), make.user(name="Người Khác")
    row, theirs = make.assignment(user.agency), make.assignment(other.agency)
    browser, address = as_user(other), link(user)

    page = browser.get(address).text
    browser.post(f"{address}/{row.id}", data=REPORT)
    refused = browser.post(f"{address}/{theirs.id}", data=REPORT)

    assert user.name in page
    assert "Người Khác" not in page
    assert row.task.text in page
    assert theirs.task.text not in page
    assert refused.status_code == 404
    assert [(update.assignment_id, update.author_id) for update in updates(session)] == [(row.id, user.id)]
    assert browser.get("/my-work/").status_code == 200  # and stays logged in as before


def test_the_page_is_in_its_persons_language(make: Factory, client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["locale"] = "vi"

    assert '<html lang="en">' in client.get(link(make.user(locale="en"))).text


def test_a_link_ends_after_its_days(session: Session, make: Factory, client: FlaskClient) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    day = timedelta(seconds=1)

    fresh = client.get(link(user, NOW - 14 * DAY))
    old = client.get(link(user, NOW - 14 * DAY - day))
    posted = client.post(f"{link(user, NOW - 14 * DAY - day)}/{row.id}", data=REPORT)

    assert (fresh.status_code, old.status_code, posted.status_code) == (200, 410, 410)
    assert 'href="/accounts/log-in"' in old.text
    assert row.task.text not in old.text
    assert updates(session) == []


def test_the_province_decides_how_long(session: Session, make: Factory, client: FlaskClient) -> None:
    from dataclasses import asdict

    from tracker.rules.policy import Policy

    user = make.user()
    session.add(ProvincePolicy(changed_at=NOW, **{**asdict(Policy()), "link_days": 2}))
    session.commit()

    assert client.get(link(user, NOW - 2 * DAY)).status_code == 200
    assert client.get(link(user, NOW - 3 * DAY)).status_code == 410


@pytest.mark.parametrize("change", [{"session_version": 2}, {"is_active": False}, {"role": Role.LEADER}])
def test_a_new_password_a_closed_account_or_another_role_ends_it(
    session: Session, make: Factory, client: FlaskClient, change: dict[str, Any]
) -> None:
    user = make.user()
    address = link(user)
    assert client.get(address).status_code == 200

    for name, value in change.items():
        setattr(user, name, value)
    session.commit()

    assert client.get(address).status_code == 404
    assert client.post(f"{address}/1", data=REPORT).status_code == 404


@pytest.mark.parametrize("what", ["email", "agency_id"])
def test_a_mail_that_lies_elsewhere_opens_nothing_any_more(
    make: Factory, session: Session, client: FlaskClient, what: str
) -> None:
    user = make.user()
    address = link(user)
    setattr(user, what, {"email": "moi@haduong.example", "agency_id": make.agency().id}[what])
    session.commit()

    assert client.get(address).status_code == 404
    assert client.get(link(user)).status_code == 200


def test_not_even_the_log_of_a_fault_holds_the_address(
    app: Flask, make: Factory, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("a fault of ours")

    user = make.user()
    monkeypatch.setattr("tracker.web.mail_link.views.due_items", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    answer = app.test_client().get(link(user))

    assert answer.status_code == 500
    assert "a fault of ours" in caplog.text
    assert "mail_link.items" in caplog.text
    assert make_token(user, SECRET, now=NOW) not in caplog.text


def test_what_was_not_signed_by_us_opens_nothing(make: Factory, client: FlaskClient) -> None:
    user = make.user()
    good = make_token(user, SECRET, now=NOW)
    tokens = ["x", good[:-1], good + "x", make_token(user, "another key", now=NOW),
              str(URLSafeSerializer(SECRET, "calendar-feed").dumps([user.id, 1, 1])),
              *(str(URLSafeSerializer(SECRET, SALT).dumps(odd)) for odd in (
                  "x", ["a", {}, []], [user.id, 1], [user.id, 1, int(NOW.timestamp())], None))]

    answers = [client.get(f"/r/{token}") for token in tokens]

    assert {answer.status_code for answer in answers} == {404}
    assert all("Liên kết này không dùng được" in answer.text for answer in answers)
    assert all('class="sections"' not in answer.text for answer in answers)


def test_the_token_gets_nowhere(make: Factory, client: FlaskClient) -> None:
    user = make.user()

    with capture_logs() as logs:
        answer = client.get(link(user))

    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    [said] = [entry for entry in logs if entry["event"] == "mail link opened"]
    assert (said["user_id"], said["address"]) == (user.id, "127.0.0.1")
    assert make_token(user, SECRET, now=NOW) not in repr(logs)


def test_one_address_can_not_open_or_save_without_end(make: Factory, client: FlaskClient) -> None:
    user = make.user()
    address = link(user)

    opened = [client.get(address).status_code for _ in range(61)]
    saved = [client.post(f"{address}/1").status_code for _ in range(21)]
    elsewhere = client.get(address, environ_base={"REMOTE_ADDR": "10.0.0.9"})

    assert opened == [200] * 60 + [429]
    assert saved == [404] * 20 + [429]
    assert "Hãy đợi một phút" in client.get(address).text
    assert elsewhere.status_code == 200


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with its check of forms on, as it runs."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("is_somebody_else_logged_in", [False, True])
def test_a_form_is_taken_only_with_its_token_also_without_a_session(
    session: Session, make: Factory, guarded: Flask, as_user: Any, *, is_somebody_else_logged_in: bool
) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    browser = as_user(make.user()) if is_somebody_else_logged_in else guarded.test_client()
    address = link(user)
    # As it runs: over HTTPS, where the browser's Referer is checked too; the page lets it send the origin alone.
    secure = {"base_url": "https://dondoc.haduong.example",
              "headers": {"Referer": "https://dondoc.haduong.example/"}}

    page = browser.get(f"{address}?open={row.id}", base_url=secure["base_url"])
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token
    without = browser.post(f"{address}/{row.id}", data=REPORT, **secure)
    with_it = browser.post(f"{address}/{row.id}", data={**REPORT, "csrf_token": token[1]}, **secure)

    assert page.status_code == 200
    assert without.status_code == 400
    assert "Biểu mẫu đã hết hiệu lực" in without.text
    assert with_it.status_code == 303
    assert len(updates(session)) == 1


def test_a_long_list_is_cut_and_costs_the_same(session: Session, make: Factory, client: FlaskClient) -> None:
    user = make.user()
    address, costs = link(user), []
    for _ in range(2):
        for number in range(30):
            make.assignment(user.agency, due_on=date(2026, 1, 1) + number * DAY)
        with counted_statements() as sent:
            page = client.get(address).text
        costs.append(len(sent))

    assert page.count('class="link-item__text"') == 40
    assert "Còn việc khác nữa" in page
    assert costs[0] == costs[1] <= 8

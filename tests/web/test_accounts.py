"""The door as a browser meets it."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Sink
from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry, LoginAttempt, OutboxMail, PasswordReset, User
from tracker.reminders.delivering import deliver_due
from tracker.web.accounts.next_page import next_page
from tracker.workflow import passwords

GOOD = "cây đa giếng nước"
HASH = passwords.hash_password(GOOD)  # once: a good hash is slow
OTHER = "sân đình bến sông"
COMMAND = Actor("command", "command")


@pytest.fixture
def user(make: Factory) -> User:
    return make.user(password_hash=HASH, email="lan@haduong.example")


@pytest.fixture
def csrf(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def log_in(client: FlaskClient, email: str = "lan@haduong.example", password: str = GOOD, **args: str) -> Any:
    return client.post("/accounts/log-in", query_string=args, data={"email": email, "password": password})


def is_inside(client: FlaskClient) -> bool:
    return client.get("/accounts/password").status_code == 200


def link(session: Session, user: User) -> str:
    token = passwords.hand_out_link(session, user, actor=COMMAND, now=NOW, valid=passwords.LINK_VALID)
    session.commit()
    return f"/accounts/reset/{token}"


# ---- log in, log out ----


def test_a_page_that_needs_an_account_leads_to_the_door_and_back(client: FlaskClient, user: User) -> None:
    turned_away = client.get("/assignments/?view=late")
    door = turned_away.headers["Location"]

    answer = client.post(door, data={"email": user.email, "password": GOOD})

    assert door.startswith("/accounts/log-in?next=")
    assert answer.headers["Location"] == "/assignments/?view=late"


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(client: FlaskClient, user: User) -> None:
    answer = log_in(client, password="sai mất rồi")

    assert 'value="lan@haduong.example"' in answer.text
    assert "Địa chỉ thư điện tử hoặc mật khẩu không đúng." in answer.text
    assert "sai mất rồi" not in answer.text
    assert not is_inside(client)


@pytest.mark.parametrize("email", ["", "x" * 300 + "@haduong.example", "\x00", "<script>alert(1)</script>",
                                   unicodedata.normalize("NFD", "ngọc@haduong.example")])
def test_hostile_addresses_are_answered_on_the_page(client: FlaskClient, session: Session, email: str) -> None:
    answer = log_in(client, email)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("wanted", [
    "//evil.example", "///evil.example", "/\\evil.example", "https://evil.example/", "https:evil.example",
    "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "evil.example", "/accounts/log-in",
    "/accounts/log-out", "/khong-co-trang-nay", "http:///evil.example", "/%09/evil.example", "//[", "", None,
])  # fmt: skip
def test_only_pages_of_the_house_are_gone_back_to(sqlite_app: Flask, wanted: str | None) -> None:
    with sqlite_app.test_request_context():
        assert next_page(wanted) == "/"


def test_nobody_is_sent_away_from_the_house_after_logging_in(client: FlaskClient, user: User) -> None:
    assert log_in(client, next="//evil.example").headers["Location"] == "/"


def test_logging_in_leaves_nothing_of_the_session_before_but_the_language(client: FlaskClient, user: User) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["locale"] = "en"

    log_in(client)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["locale"] == "en"
        assert cookie.permanent


def test_after_five_wrong_guesses_the_page_says_how_long_to_wait(client: FlaskClient, user: User) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            log_in(client, password="sai mất rồi")
        clock.shift(timedelta(minutes=4))
        refused = log_in(client)
        clock.shift(timedelta(minutes=11))
        answer = log_in(client)

    assert refused.status_code == 429
    assert "Hãy thử lại sau 11 phút" in refused.text
    assert answer.status_code == 302


def test_logging_out_ends_the_session(client: FlaskClient, user: User) -> None:
    log_in(client)

    answer = client.post("/accounts/log-out")

    assert answer.headers["Location"] == "/accounts/log-in"
    assert not is_inside(client)


def test_a_link_can_not_log_anybody_out(client: FlaskClient, user: User) -> None:
    log_in(client)

    assert client.get("/accounts/log-out").status_code == 405
    assert is_inside(client)


def test_whoever_is_inside_does_not_stop_at_the_door(as_user: Any, user: User) -> None:
    assert as_user(user).get("/accounts/log-in?next=//evil.example").headers["Location"] == "/"


def test_a_closed_account_is_out_at_the_next_click(client: FlaskClient, user: User, session: Session) -> None:
    log_in(client)
    session.rollback()
    user.is_active = False
    session.commit()

    assert not is_inside(client)


def test_the_demo_accounts_are_not_shown_in_real_work(client: FlaskClient, user: User) -> None:
    page = client.get("/accounts/log-in").text

    assert "dondoc-demo" not in page
    assert user.email not in page


# ---- language ----


def test_the_language_stays_with_the_account(client: FlaskClient, user: User, session: Session) -> None:
    log_in(client)

    answer = client.post("/accounts/language", data={"locale": "en", "next": "/accounts/password"})
    session.rollback()

    assert answer.headers["Location"] == "/accounts/password"
    assert session.get_one(User, user.id, populate_existing=True).locale == "en"


def test_the_language_can_be_chosen_at_the_door(client: FlaskClient, session: Session) -> None:
    client.post("/accounts/language", data={"locale": "en", "next": "//evil.example"})

    assert '<html lang="en"' in client.get("/accounts/log-in").text


def test_the_language_chosen_at_the_door_holds_after_logging_in(client: FlaskClient, user: User) -> None:
    client.post("/accounts/language", data={"locale": "en", "next": "/accounts/log-in"})

    log_in(client)

    assert '<html lang="en">' in client.get("/").get_data(as_text=True)


def test_somebody_whose_language_is_english_need_not_choose_again(as_user: Any, make: Factory) -> None:
    browser = as_user(make.user(locale="en"))

    assert '<html lang="en">' in browser.get("/").get_data(as_text=True)


@pytest.mark.parametrize("locale", ["", "fr", "../../etc/passwd", "\x00"])
def test_a_language_we_do_not_have_changes_nothing(client: FlaskClient, session: Session, locale: str) -> None:
    client.post("/accounts/language", data={"locale": locale})

    assert '<html lang="vi"' in client.get("/accounts/log-in").text


# ---- one's own password ----


def test_changing_the_password_keeps_this_browser_and_ends_the_others(app: Flask, user: User) -> None:
    here, there = app.test_client(), app.test_client()
    log_in(here)
    log_in(there)

    answer = here.post("/accounts/password", data={"old": GOOD, "new": OTHER, "again": OTHER})

    assert answer.status_code == 302
    assert is_inside(here)
    assert not is_inside(there)
    assert log_in(app.test_client(), password=OTHER).status_code == 302


@pytest.mark.parametrize(("old", "new", "again", "sentence"), [
    (OTHER, "mưa xuân phơi phới", "mưa xuân phơi phới", "Mật khẩu hiện tại không đúng."),
    (GOOD, GOOD, GOOD, "Mật khẩu mới trùng với mật khẩu hiện tại."),
    (GOOD, "ngắn quá", "ngắn quá", "Mật khẩu cần ít nhất 12 ký tự."),
    (GOOD, OTHER, OTHER + "x", "Hai lần nhập không giống nhau."),
    ("", "", "", "Hãy nhập mật khẩu hiện tại."),
])  # fmt: skip
def test_a_refused_password_is_told_beside_its_field(
    as_user: Any, user: User, old: str, new: str, again: str, sentence: str
) -> None:
    answer = as_user(user).post("/accounts/password", data={"old": old, "new": new, "again": again})

    assert answer.status_code == 200
    assert sentence in answer.text


# ---- forgotten ----


def test_the_answer_is_the_same_whether_the_account_exists_or_not(
    client: FlaskClient, user: User, session: Session
) -> None:
    known = client.post("/accounts/forgot", data={"email": user.email}, follow_redirects=True).text
    unknown = client.post("/accounts/forgot", data={"email": "ai@haduong.example"}, follow_redirects=True).text

    assert known == unknown
    assert session.scalars(select(OutboxMail.recipient_id)).all() == [user.id]


def test_a_forgotten_password_is_set_by_the_mailed_link(
    client: FlaskClient, user: User, session: Session, smtp: Sink
) -> None:
    with time_machine.travel(NOW, tick=False):
        client.post("/accounts/forgot", data={"email": user.email})
        session.rollback()
        deliver_due(session, now=NOW)
        path = re.search(r"/accounts/reset/[\w-]+", smtp.messages[0].get_body(("plain",)).get_content())
        assert path is not None
        opened = [client.get(path[0]).status_code for _ in range(2)]
        answer = client.post(path[0], data={"new": OTHER, "again": OTHER})
        again = client.post(path[0], data={"new": GOOD, "again": GOOD})

    assert opened == [200, 200]
    assert answer.headers["Location"] == "/accounts/log-in"
    assert again.status_code == 410
    assert log_in(client, password=OTHER).status_code == 302


def test_opening_a_link_uses_nothing_up(client: FlaskClient, user: User, session: Session) -> None:
    path = link(session, user)

    with time_machine.travel(NOW, tick=False):
        client.get(path)
        client.head(path)
    session.rollback()

    assert session.scalars(select(PasswordReset.used_at)).all() == [None]


def test_a_link_ends_the_log_ins_of_whoever_knew_the_password(app: Flask, user: User, session: Session) -> None:
    stranger, owner = app.test_client(), app.test_client()
    path = link(session, user)

    with time_machine.travel(NOW, tick=False):
        log_in(stranger)
        owner.post(path, data={"new": OTHER, "again": OTHER})

        assert not is_inside(stranger)


def test_an_expired_link_says_so_and_offers_another(client: FlaskClient, user: User, session: Session) -> None:
    path = link(session, user)

    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        opened = client.get(path)
        sent = client.post(path, data={"new": OTHER, "again": OTHER})

    assert (opened.status_code, sent.status_code) == (410, 410)
    assert "/accounts/forgot" in opened.text


@pytest.mark.parametrize("token", ["x", "%00", "đ", "x" * 4000, "..%2f..%2fetc"])
def test_a_made_up_link_opens_nothing(client: FlaskClient, session: Session, token: str) -> None:
    assert client.get(f"/accounts/reset/{token}").status_code in {404, 410}


def test_a_weak_password_leaves_the_link_and_says_why(client: FlaskClient, user: User, session: Session) -> None:
    path = link(session, user)

    with time_machine.travel(NOW, tick=False):
        refused = client.post(path, data={"new": "ngắn quá", "again": "ngắn quá"})
        accepted = client.post(path, data={"new": OTHER, "again": OTHER})

    assert "Mật khẩu cần ít nhất 12 ký tự." in refused.text
    assert accepted.status_code == 302


# ---- forged forms ----


@pytest.mark.parametrize("path", ["/accounts/log-in", "/accounts/forgot", "/accounts/reset/x", "/accounts/language"])
def test_forms_of_the_door_refuse_another_sites_post(
    csrf: None, client: FlaskClient, user: User, session: Session, path: str
) -> None:
    path = link(session, user) if path == "/accounts/reset/x" else path
    with time_machine.travel(NOW, tick=False):
        answer = client.post(path, data={"email": user.email, "password": GOOD, "new": OTHER, "again": OTHER,
                                         "locale": "en"})
    session.rollback()

    assert answer.status_code == 400
    assert session.scalars(select(LoginAttempt)).all() == []
    assert session.scalars(select(OutboxMail)).all() == []


@pytest.mark.parametrize("path", ["/accounts/password", "/accounts/log-out"])
def test_forms_inside_refuse_another_sites_post(csrf: None, as_user: Any, user: User, path: str) -> None:
    browser = as_user(user)

    assert browser.post(path, data={"old": GOOD, "new": OTHER, "again": OTHER}).status_code == 400
    assert is_inside(browser)


def test_our_own_form_is_let_through(csrf: None, client: FlaskClient, user: User, session: Session) -> None:
    page = client.get("/accounts/log-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None

    answer = client.post("/accounts/log-in", data={"csrf_token": token[1], "email": user.email, "password": GOOD})

    assert answer.status_code == 302
    assert session.scalars(select(AuditEntry.action)).all() == ["account.logged_in"]

"""The administrator's desk."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, Factory
from tracker.models import (
    Actor,
    Agency,
    AgencyKind,
    AuditEntry,
    CalendarDay,
    OutboxMail,
    User,
)
from tracker.models.audit import record
from tracker.rules.permissions import Role
from tracker.rules.states import MailKind, MailState
from tracker.rules.working_days import DayKind

COMMAND = Actor("command", "command")
PAGES = ["/admin/users", "/admin/users/new", "/admin/agencies", "/admin/agencies/new", "/admin/calendar",
         "/admin/outbox", "/admin/audit"]  # fmt: skip


@pytest.fixture
def administrator(make: Factory) -> User:
    return make.user(Role.ADMINISTRATOR, make.agency("Sở Khoa học và Công nghệ"), name="Trịnh Công Thuận")


@pytest.fixture
def browser(as_user: Any, administrator: User) -> FlaskClient:
    client = as_user(administrator)
    assert isinstance(client, FlaskClient)
    return client


@pytest.fixture
def csrf(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def names(page: str) -> list[str]:
    """Give the names a list shows, in order."""
    return re.findall(r'class="row-name"[^>]*>([^<]+)<', page)


def next_page(page: str) -> str | None:
    """Give the address behind "next page"."""
    found = re.search(r'href="([^"]+)" rel="next"|rel="next" href="([^"]+)"', page)
    return (found[1] or found[2]).replace("&amp;", "&") if found else None


def account(body: Agency, **values: Any) -> dict[str, Any]:
    return {"name": "Nguyễn Thị Lan", "email": "lan@haduong.example", "role": "liaison", "agency": body.id, **values}


def parked(session: Session, user: User, number: int = 1, state: MailState = MailState.PARKED) -> OutboxMail:
    mail = OutboxMail(recipient_id=user.id, kind=MailKind.CHASE, key=f"chase:{number}", message_id=f"<{number}@x>",
                      state=state, attempts=8, next_attempt_at=NOW, last_error="550 no such user", created_at=NOW,
                      sent_at=NOW if state is MailState.SENT else None)
    session.add(mail)
    session.commit()
    return mail


# ---- who may ----


@pytest.mark.parametrize("role", [Role.LIAISON, Role.COORDINATOR, Role.LEADER])
def test_the_desk_is_closed_to_everybody_else(as_user: Any, make: Factory, session: Session, role: Role) -> None:
    user = make.user(role)
    mail, day = parked(session, user), CalendarDay(day=date(2026, 9, 2), kind=DayKind.OFF, name="Lễ", source="x")
    session.add(day)
    client = as_user(user)
    posts = [f"/admin/users/{user.id}", f"/admin/users/{user.id}/deactivate", f"/admin/users/{user.id}/reactivate",
             f"/admin/users/{user.id}/link", f"/admin/agencies/{user.agency_id}", "/admin/calendar/fill",
             f"/admin/calendar/{day.id}/delete", f"/admin/outbox/{mail.id}/resend", *PAGES[:5]]  # fmt: skip

    read = {client.get(path).status_code for path in PAGES}
    written = {client.post(path).status_code for path in posts if path not in ("/admin/users", "/admin/agencies")}

    assert read == {403}
    assert written == {403}
    assert client.get("/admin/users/999999").status_code == 403


@pytest.mark.parametrize("path", [*PAGES, "/admin/calendar?year=2026", "/admin/outbox?state=parked"])
def test_every_page_opens_empty(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 200


HOSTILE = [
    "after=x", "after=9.9.9", "after=99999999999999999999", "after=-1", "q=%00", "q=%25_", "role=king", "state=x",
    "agency=99999999999999999999", "id=99999999999999999999", "id=abc", "action=%00x", "person=%00", "subject='",
    "year=99999999", "year=abc", "kind=x", "level=x", "q=" + "x" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("path", ["users", "agencies", "calendar", "outbox", "audit"])
def test_addresses_made_by_hand_break_nothing(browser: FlaskClient, path: str) -> None:
    answers = {query: browser.get(f"/admin/{path}?{query}").status_code for query in HOSTILE}

    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("path", ["users/{}", "agencies/{}", "calendar/{}/delete"])
def test_what_does_not_exist_is_not_found(browser: FlaskClient, path: str) -> None:
    numbers = ("0", "999999", "99999999999", "9" * 30)

    assert {browser.get("/admin/" + path.format(number)).status_code for number in numbers} == {404}


def test_every_form_refuses_another_sites_post(
    csrf: None, browser: FlaskClient, administrator: User, make: Factory, session: Session
) -> None:
    other, mail = make.user(), parked(session, administrator)
    before = session.scalars(select(AuditEntry)).all()
    paths = ["users/new", f"users/{other.id}", f"users/{other.id}/deactivate", f"users/{other.id}/reactivate",
             f"users/{other.id}/link", "agencies/new", f"agencies/{other.agency_id}", "calendar", "calendar/fill",
             f"outbox/{mail.id}/resend"]  # fmt: skip

    answers = {browser.post(f"/admin/{path}", data=account(other.agency, year=2026)).status_code for path in paths}
    session.rollback()

    assert answers == {400}
    assert session.scalars(select(AuditEntry)).all() == before


# ---- people ----


def test_people_are_found_without_marks_by_name_address_and_agency(
    browser: FlaskClient, make: Factory, session: Session
) -> None:
    make.user(name="Đỗ Thị Thúy", email="thuydt@haduong.example", agency=make.agency("Sở Y tế"))
    make.user(name=unicodedata.normalize("NFD", "Lò Văn Ún"), agency=make.agency("Sở Nội vụ"))
    session.commit()

    found = {q: [unicodedata.normalize("NFC", name) for name in names(browser.get(f"/admin/users?q={q}").text)]
             for q in ("do thi thuy", "THUYDT", "so y te", "y te do", "lo van un", "khong co ai")}  # fmt: skip

    assert found == {"do thi thuy": ["Đỗ Thị Thúy"], "THUYDT": ["Đỗ Thị Thúy"], "so y te": ["Đỗ Thị Thúy"],
                     "y te do": ["Đỗ Thị Thúy"], "lo van un": ["Lò Văn Ún"], "khong co ai": []}  # fmt: skip


@pytest.mark.parametrize("query", ["", "&q=nguyen"])
def test_people_are_paged_without_gaps_or_doubles(
    browser: FlaskClient, make: Factory, session: Session, query: str
) -> None:
    agencies = [make.agency(position=n % 3) for n in range(5)]
    session.add_all(User(role=Role.LIAISON, agency_id=agencies[n % 5].id, email=f"a{n}@x.vn", name=f"Nguyễn Văn {n}",
                         created_at=NOW) for n in range(120))  # fmt: skip
    session.commit()

    seen, path = [], f"/admin/users?role=liaison{query}"
    while path and len(seen) < 9:
        page = browser.get(path).text
        seen.append(names(page))
        path = next_page(page)

    assert [len(rows) for rows in seen] == [50, 50, 20]
    assert len({name for rows in seen for name in rows}) == 120


def test_lists_cost_the_same_however_long(browser: FlaskClient, make: Factory, session: Session) -> None:
    def statements() -> list[int]:
        counts = []
        for path in ("users", "users?q=nguyen", "agencies", "outbox", "audit", "audit?person=nguyen"):
            with counted_statements() as sent:
                browser.get(f"/admin/{path}")
            counts.append(len(sent))
        return counts

    def grow(start: int, more: int) -> None:
        for number in range(start, start + more):
            user = make.user()
            parked(session, user, number)
            record(session, Actor(user.name, "10.0.0.1", user), "account.logged_in", user, now=NOW)
        session.commit()

    grow(0, 2)
    few = statements()
    grow(2, 30)

    assert statements() == few


def test_a_new_account_is_invited_by_mail(browser: FlaskClient, make: Factory, session: Session) -> None:
    agency = make.agency("Sở Y tế")

    answer = browser.post("/admin/users/new", data=account(agency, invite="y"), follow_redirects=True)
    session.rollback()

    user = session.scalars(select(User).where(User.email == "lan@haduong.example")).one()
    assert "Thư mời sẽ đến lan@haduong.example" in answer.text
    assert session.scalars(select(OutboxMail.recipient_id)).all() == [user.id]


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"email": "lan"}, "không phải địa chỉ thư dùng được"),
    ({"email": "x" * 300 + "@haduong.example"}, "Không dài quá 254 ký tự."),
    ({"name": " "}, "Hãy nhập họ và tên."),
    ({"name": "Lan" * 50}, "Không dài quá 100 ký tự."),
    ({"role": "king"}, "Hãy chọn một mục trong danh sách."),
    ({"agency": "999999"}, "Hãy chọn một mục trong danh sách."),
    ({"agency": "0"}, "Hãy chọn cơ quan."),
    ({"agency": "abc"}, "Hãy chọn một mục trong danh sách."),
])  # fmt: skip
def test_a_refused_account_says_why_and_keeps_what_was_typed(
    browser: FlaskClient, make: Factory, session: Session, wrong: dict[str, str], sentence: str
) -> None:
    answer = browser.post("/admin/users/new", data=account(make.agency(), phone="0912 000 111", **wrong))

    assert answer.status_code == 200
    assert sentence in answer.text
    assert "0912 000 111" in answer.text
    assert session.scalars(select(User.email).where(User.phone.is_not(None))).all() == []


def test_a_taken_address_is_told_beside_its_field(browser: FlaskClient, make: Factory) -> None:
    user = make.user(email="lan@haduong.example")

    answer = browser.post("/admin/users/new", data=account(user.agency))

    assert "Địa chỉ lan@haduong.example đã có tài khoản." in answer.text


def test_an_account_is_corrected(browser: FlaskClient, make: Factory, session: Session) -> None:
    user, agency = make.user(), make.agency()

    answer = browser.post(f"/admin/users/{user.id}", data=account(agency, role="coordinator"))
    session.expire_all()
    session.rollback()

    assert answer.status_code == 302
    assert (user.name, user.role, user.agency_id) == ("Nguyễn Thị Lan", Role.COORDINATOR, agency.id)


def test_one_cannot_close_or_demote_oneself(browser: FlaskClient, administrator: User, session: Session) -> None:
    demoted = browser.post(f"/admin/users/{administrator.id}", data=account(administrator.agency))
    closed = browser.post(f"/admin/users/{administrator.id}/deactivate", follow_redirects=True)

    assert "Không thể tự khóa hoặc tự đổi vai trò của mình." in demoted.text
    assert "Không thể tự khóa hoặc tự đổi vai trò của mình." in closed.text


def test_closing_an_account_puts_its_owner_out_at_once(
    browser: FlaskClient, as_user: Any, make: Factory, session: Session
) -> None:
    user = make.user()
    theirs = as_user(user)
    before = theirs.get("/accounts/password").status_code

    browser.post(f"/admin/users/{user.id}/deactivate")

    assert before == 200
    assert theirs.get("/accounts/password").headers["Location"].startswith("/accounts/log-in")


def test_a_link_is_mailed_to_open_accounts_only(browser: FlaskClient, make: Factory, session: Session) -> None:
    user, closed = make.user(), make.user(is_active=False)

    for person in (user, closed):
        browser.post(f"/admin/users/{person.id}/link")
    session.rollback()

    assert session.scalars(select(OutboxMail.recipient_id)).all() == [user.id]


# ---- agencies ----


def test_agencies_are_found_by_other_names_without_marks(browser: FlaskClient, make: Factory) -> None:
    data = {"name": "Sở Nông nghiệp và Môi trường", "kind": "department", "level": "province", "position": "3",
            "aliases": "Sở TN&MT\r\nSở Tài nguyên và Môi trường\r\n\r\n"}  # fmt: skip
    browser.post("/admin/agencies/new", data=data)

    assert names(browser.get("/admin/agencies?q=tai nguyen").text) == ["Sở Nông nghiệp và Môi trường"]
    assert names(browser.get("/admin/agencies?q=100%25").text) == []
    assert names(browser.get("/admin/agencies?kind=press").text) == []


def test_an_agency_is_corrected_with_its_aliases(browser: FlaskClient, make: Factory, session: Session) -> None:
    agency = make.agency("Toà án tỉnh")
    data = {"name": "Tòa án nhân dân tỉnh", "kind": "court", "level": "province", "position": "7",
            "is_requested": "y", "aliases": "TAND tỉnh"}  # fmt: skip

    answer = browser.post(f"/admin/agencies/{agency.id}", data=data)
    session.rollback()
    session.expire_all()

    assert answer.status_code == 302
    assert (agency.name, agency.fold, agency.kind) == ("Tòa án nhân dân tỉnh", "toa an nhan dan tinh", AgencyKind.COURT)
    assert agency.is_requested
    assert [alias.name for alias in agency.aliases] == ["TAND tỉnh"]


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"name": "Sở Nội vụ"}, "Đã có cơ quan mang tên “Sở Nội vụ”."),
    ({"name": "\x00"}, "Hãy nhập tên cơ quan."),
    ({"name": "\u200b"}, "Chưa nhập tên cơ quan."),
    ({"aliases": "so noi vu"}, "Tên “so noi vu” đã dùng cho “Sở Nội vụ”."),
    ({"position": "chín"}, "Hãy nhập một số."),
    ({"position": "-1"}, "Hãy nhập một số từ 0 đến 100000."),
    ({"kind": "x"}, "Hãy chọn một mục trong danh sách."),
])  # fmt: skip
def test_a_refused_agency_says_why(browser: FlaskClient, make: Factory, wrong: dict[str, str], sentence: str) -> None:
    make.agency("Sở Nội vụ")
    data = {"name": "Sở Y tế", "kind": "department", "level": "province", "position": "1", "aliases": "", **wrong}

    answer = browser.post("/admin/agencies/new", data=data)

    assert answer.status_code == 200
    assert sentence in answer.text


# ---- calendar ----


def test_a_year_is_filled_then_a_day_added_and_deleted(browser: FlaskClient, session: Session) -> None:
    filled = browser.post("/admin/calendar/fill", data={"year": 2026}, follow_redirects=True).text
    again = browser.post("/admin/calendar/fill", data={"year": 2026}, follow_redirects=True).text
    data = {"day": "02/01/2026", "kind": "off", "name": "Nghỉ hoán đổi", "source": "Văn bản của tỉnh"}
    added = browser.post("/admin/calendar", data=data, follow_redirects=True).text
    row = session.scalars(select(CalendarDay).where(CalendarDay.day == date(2026, 1, 2))).one()
    asked = browser.get(f"/admin/calendar/{row.id}/delete").text
    session.rollback()
    deleted = browser.post(f"/admin/calendar/{row.id}/delete", follow_redirects=True).text

    assert "holidays 0." in filled
    assert "không có ngày nào mới" in again
    assert "02/01/2026" in added
    assert "Thứ Sáu" in added
    assert "Xóa ngày 02/01/2026 khỏi lịch?" in asked
    assert "Đã xóa ngày 02/01/2026 khỏi lịch." in deleted


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"day": "31/02/2026"}, "Hãy ghi ngày như 02/09/2026."),
    ({"day": ""}, "Hãy ghi ngày."),
    ({"day": "02/09/2026"}, "Ngày 02/09/2026 đã có trong lịch."),
    ({"source": " "}, "Hãy nhập số, ngày của văn bản."),
])  # fmt: skip
def test_a_refused_day_says_why(browser: FlaskClient, session: Session, wrong: dict[str, str], sentence: str) -> None:
    session.add(CalendarDay(day=date(2026, 9, 2), kind=DayKind.OFF, name="Quốc khánh", source="Luật"))
    session.commit()
    data = {"day": "03/09/2026", "kind": "off", "name": "Nghỉ", "source": "Văn bản", **wrong}

    assert sentence in browser.post("/admin/calendar", data=data).text


@pytest.mark.parametrize("year", ["", "abc", "1900", "99999999999999999999"])
def test_a_year_nobody_knows_is_refused(browser: FlaskClient, session: Session, year: str) -> None:
    answer = browser.post("/admin/calendar/fill", data={"year": year}, follow_redirects=True)

    assert "Chỉ nạp được ngày nghỉ lễ từ năm 2015 đến năm 2100." in answer.text


# ---- mail ----


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


# ---- audit ----


def test_changes_are_listed_newest_first_and_filtered(browser: FlaskClient, make: Factory, session: Session) -> None:
    one, other = make.user(name="Đỗ Thị Thúy"), make.user(name="Lò Văn Ún")
    record(session, Actor(one.name, "10.0.0.1", one), "account.logged_in", one, now=NOW)
    record(session, Actor(other.name, "10.0.0.2", other), "account.edited", one, now=NOW + timedelta(hours=1),
           before={"name": "<b>cũ</b>"}, after={"name": "mới"})  # fmt: skip
    session.commit()

    whole = browser.get("/admin/audit").text
    by_person = browser.get("/admin/audit?person=do thi thuy").text
    by_action = browser.get("/admin/audit?action=account.edited").text
    by_subject = browser.get(f"/admin/audit?subject=user_account&id={other.id}").text

    assert whole.index("10.0.0.2") < whole.index("10.0.0.1")
    assert "&lt;b&gt;cũ&lt;/b&gt;" in whole
    assert "10.0.0.1" in by_person
    assert "10.0.0.2" not in by_person
    assert "10.0.0.1" not in by_action
    assert "Không có thay đổi nào khớp" in by_subject


def test_the_record_is_paged_to_its_first_row(browser: FlaskClient, make: Factory, session: Session) -> None:
    user = make.user()
    for number in range(60):
        record(session, COMMAND, "account.edited", user, now=NOW, after={"name": f"Tên {number}."})
    session.commit()

    first = browser.get("/admin/audit").text
    second = browser.get(next_page(first)).text

    assert "Tên 59." in first
    assert "Tên 9." in second
    assert "Tên 0." in second
    assert next_page(second) is None

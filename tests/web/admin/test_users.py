"""The administrator's people: found, made, corrected, closed, sent a link."""
from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.web.admin.desk import account, names, next_page
from tracker.models import OutboxMail, User
from tracker.rules.permissions import Role


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


def test_an_account_whose_address_is_refused_says_so_where_it_is_corrected(
    browser: FlaskClient, make: Factory, session: Session
) -> None:
    refused, fine = make.user(mail_refused_at=NOW, email="sai@haduong.example"), make.user()
    session.commit()

    pages = [browser.get(f"/admin/users/{user.id}{part}").text
             for user in (refused, fine) for part in ("", "/preferences")]

    assert ["Máy chủ thư đã từ chối địa chỉ này" in page for page in pages] == [True, True, False, False]
    assert all("/admin/outbox/refused?q=sai" in page for page in pages[:2])
    assert "Hãy báo quản trị" not in pages[1]


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

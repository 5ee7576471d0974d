"""Accounts from the command line."""
from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker.models import Agency, AuditEntry, OutboxMail, User
from tracker.rules.permissions import Role
from tracker.workflow.passwords import verify

GOOD = "cây đa giếng nước"


@pytest.fixture
def run(app: Flask, session: Session) -> Any:
    """Run `user …` and give what it printed and its exit code."""

    def command(*words: str, given: str = "") -> Any:
        session.commit()
        result = app.test_cli_runner().invoke(args=["user", *words], input=given)
        session.rollback()
        return result

    return command


def create(run: Any, *more: str, email: str = "lan@haduong.example", agency: str = "so y te", given: str = "") -> Any:
    return run("create", email, "--name", "Nguyễn Thị Lan", "--role", "liaison", "--agency", agency, *more, given=given)


def test_an_account_gets_a_link_to_set_its_password(run: Any, app: Flask, session: Session, make: Factory) -> None:
    make.agency("Sở Y tế")

    result = create(run)

    path = re.search(r"https://dondoc\.haduong\.example(/accounts/reset/\S+)", result.output)
    assert result.exit_code == 0
    assert path is not None
    assert app.test_client().get(path[1]).status_code == 200
    assert session.scalars(select(AuditEntry.actor)).all() == ["command", "command"]


def test_a_password_is_read_from_standard_input(run: Any, session: Session, make: Factory) -> None:
    make.agency("Sở Y tế")

    result = create(run, "--password-stdin", given=GOOD + "\n")

    assert result.exit_code == 0
    assert verify(session.scalars(select(User)).one(), GOOD)
    assert "reset" not in result.output


def test_the_link_can_be_mailed_instead(run: Any, session: Session, make: Factory) -> None:
    make.agency("Sở Y tế")

    result = create(run, "--mail")

    assert "/accounts/reset/" not in result.output
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_an_unknown_agency_names_those_that_look_like_it(run: Any, session: Session, make: Factory) -> None:
    make.agency("Sở Y tế")
    make.agency("Sở Nội vụ")

    result = create(run, agency="Sở Y té tỉnh")

    assert result.exit_code == 1
    assert "Sở Y tế" in result.output
    assert session.scalars(select(User)).all() == []


def test_two_agencies_without_marks_need_their_marks(run: Any, session: Session, make: Factory) -> None:
    make.agency("Xã Tân Tiến")
    wanted = make.agency("Xã Tấn Tiến")

    unclear = create(run, agency="xa tan tien")
    clear = create(run, agency="Xã Tấn Tiến")

    assert unclear.exit_code == 1
    assert "Xã Tân Tiến; Xã Tấn Tiến" in unclear.output
    assert clear.exit_code == 0
    assert session.scalars(select(User)).one().agency_id == wanted.id


def test_an_empty_system_can_be_given_its_first_agency(run: Any, session: Session) -> None:
    refused = create(run)
    result = create(run, "--new-agency", agency="Sở Khoa học và Công nghệ")

    assert refused.exit_code == 1
    assert "--new-agency" in refused.output
    assert result.exit_code == 0
    assert session.scalars(select(Agency.name)).all() == ["Sở Khoa học và Công nghệ"]


@pytest.mark.parametrize(("more", "given", "email", "sentence"), [
    (("--password-stdin",), "ngắn\n", "lan@haduong.example", "Mật khẩu cần ít nhất 12 ký tự."),
    (("--password-stdin",), "", "lan@haduong.example", "Mật khẩu cần ít nhất 12 ký tự."),
    ((), "", "khong phai thu", "không phải địa chỉ thư dùng được"),
    (("--mail", "--password-stdin"), GOOD, "lan@haduong.example", "không dùng cả hai"),
])  # fmt: skip
def test_what_is_refused_is_said_and_nothing_is_kept(
    run: Any, session: Session, make: Factory, more: tuple[str, ...], given: str, email: str, sentence: str
) -> None:
    make.agency("Sở Y tế")

    result = create(run, *more, email=email, given=given)

    assert result.exit_code == 1
    assert sentence in result.output
    assert session.scalars(select(User)).all() == []


def test_accounts_are_listed_one_a_line(run: Any, make: Factory) -> None:
    make.user(Role.LEADER, make.agency("Ủy ban nhân dân tỉnh"), email="lanhdao@haduong.example", name="Lương Khải")
    make.user(Role.LIAISON)

    result = run("list", "--role", "leader")

    assert result.output == "lanhdao@haduong.example\tLương Khải\tleader\tỦy ban nhân dân tỉnh\tactive\n"


def test_closing_says_what_it_did_and_spares_the_last_administrator(run: Any, session: Session, make: Factory) -> None:
    make.user(email="lan@haduong.example")
    make.user(Role.ADMINISTRATOR, email="quantri@haduong.example")

    closed, again = run("deactivate", "LAN@haduong.example"), run("deactivate", "lan@haduong.example")
    last = run("deactivate", "quantri@haduong.example")
    unknown = run("deactivate", "ai@haduong.example")

    assert [closed.exit_code, again.exit_code, last.exit_code, unknown.exit_code] == [0, 0, 1, 1]
    assert "quản trị cuối cùng" in last.output
    assert session.scalars(select(User.is_active).order_by(User.id)).all() == [False, True]

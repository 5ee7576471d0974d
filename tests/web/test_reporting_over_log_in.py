"""A report whose log-in ran out: what was typed is carried over the log-in."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.assignment_case import FETCH, FIGURES, Case
from tracker.models import ReportDraft

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def log_in_password(case: Case, session: Session) -> str:
    from tracker.workflow.passwords import hash_password

    case.liaison.password_hash = hash_password("mat khau dai cho thu")
    session.commit()
    return "mat khau dai cho thu"


def test_what_was_typed_is_carried_over_the_log_in_and_shown_as_a_draft(
    case: Case, session: Session, guarded: Flask, log_in_password: str
) -> None:
    browser = guarded.test_client()
    typed = {"text": "Gõ cả buổi sáng.", "state": "in_progress", "percent": "55", "csrf_token": "old", **FIGURES}

    door = browser.post(f"/assignments/{case.id}/progress", data=typed)
    fields = dict(re.findall(r'type="hidden" name="(kept-[^"]+)" value="([^"]*)"', door.text))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', door.text)
    assert token
    wrong = browser.post(f"/accounts/log-in?next=/assignments/{case.id}/progress", data={
        "email": case.liaison.email, "password": "sai", "csrf_token": token[1], **fields})
    right = browser.post(f"/accounts/log-in?next=/assignments/{case.id}/progress", data={
        "email": case.liaison.email, "password": log_in_password, "csrf_token": token[1], **fields})
    form = browser.get(right.location).text

    assert door.status_code == 401
    assert "csrf" not in "".join(fields)
    assert "Gõ cả buổi sáng." in wrong.text
    assert right.location == f"/assignments/{case.id}/progress"
    for words in ("Gõ cả buổi sáng.", 'value="55"', "1.250,5", "Bản nháp lưu lúc"):
        assert words in form
    assert case.updates() == []


def test_what_a_colleague_typed_at_the_same_machine_is_nobody_elses_draft(
    case: Case, session: Session, make: Factory, guarded: Flask, log_in_password: str
) -> None:
    colleague = make.user(agency=case.liaison.agency)
    form = case.browsers["liaison"].get(f"/assignments/{case.id}/progress").text
    whose = re.search(r'name="whose" value="(\d+)"', form)
    browser = guarded.test_client()
    door = browser.post(f"/assignments/{case.id}/progress", data={"text": "Của đồng nghiệp.", "whose": colleague.id})
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', door.text)

    assert token
    browser.post(f"/accounts/log-in?next=/assignments/{case.id}/progress", data={
        "email": case.liaison.email, "password": log_in_password, "csrf_token": token[1],
        **dict(re.findall(r'type="hidden" name="(kept-[^"]+)" value="([^"]*)"', door.text))})

    assert whose
    assert whose[1] == str(case.liaison.id)
    assert session.scalars(select(ReportDraft)).all() == []


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                                     {"Origin": "null"}, {}])
def test_a_form_of_another_site_is_not_carried(case: Case, guarded: Flask, headers: dict[str, str]) -> None:
    door = guarded.test_client().post(f"/assignments/{case.id}/progress", headers=headers,
                                      data={"text": "Của nơi khác." if headers else "x" * 60_001})

    assert (door.status_code, door.location.split("?")[0]) == (302, "/accounts/log-in")


def test_a_script_is_told_of_an_expired_log_in_and_of_a_new_token(case: Case, guarded: Flask, as_user: Any) -> None:
    nobody = guarded.test_client().post(f"/assignments/{case.id}/draft", json={"text": "a"}, headers=FETCH)
    again = case.browsers["liaison"].post(f"/assignments/{case.id}/draft", json={"text": "a"}, headers=FETCH)
    case.session.rollback()
    saved = case.browsers["liaison"].post(f"/assignments/{case.id}/draft", json={"text": "a"},
                                          headers=FETCH | {"X-CSRFToken": again.json["token"]})

    assert nobody.status_code == 401
    assert (again.status_code, again.json["user"]) == (400, case.liaison.id)
    assert saved.json["ok"]

"""Putting a plan in: pasted, uploaded, refused, put in before."""
from __future__ import annotations

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.web.plans.plans_under_review import TEXT
from tracker.models import Plan, User


def test_a_pasted_plan_ends_on_its_review_screen(browser: FlaskClient, session: Session, police: User) -> None:
    response = browser.post("/plans/new", data={"text": TEXT})

    session.rollback()
    plan = session.scalars(select(Plan)).one()
    assert response.location == f"/plans/{plan.id}/review"
    assert plan.coordinator_id == police.agency_id
    assert "Tập huấn kỹ năng sàng lọc" in browser.get(response.location).text


def test_an_uploaded_file_keeps_its_name(browser: FlaskClient, session: Session) -> None:
    browser.post("/plans/new", data={"file": (BytesIO(TEXT.encode()), "kế hoạch.txt")})

    session.rollback()
    assert session.scalars(select(Plan)).one().source_name == "kế hoạch.txt"


@pytest.mark.parametrize(("data", "told"), [
    pytest.param({}, "Hãy chọn tệp", id="nothing"),
    pytest.param({"text": "MẬT\nNội dung dài của kế hoạch."}, "độ mật", id="a secret document"),
    pytest.param({"text": "Ông A, căn cước 001085012345."}, "căn cước", id="an identity number"),
])  # fmt: skip
def test_a_refusal_says_why_and_keeps_what_was_pasted(
    browser: FlaskClient, session: Session, data: dict[str, str], told: str
) -> None:
    response = browser.post("/plans/new", data=data)

    assert told in response.text
    assert data.get("text", "") .replace("\n", "") in response.text.replace("\r", "").replace("\n", "")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Plan)) == 0


def test_the_same_text_again_links_to_the_plan_and_offers_to_go_on(browser: FlaskClient, session: Session) -> None:
    first = browser.post("/plans/new", data={"text": TEXT}).location.removesuffix("/review")

    second = browser.post("/plans/new", data={"text": TEXT})
    third = browser.post("/plans/new", data={"text": TEXT, "again": "y"})

    assert f'href="{first}"' in second.text
    assert 'name="again"' in second.text
    assert third.status_code == 302

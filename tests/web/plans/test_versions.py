"""An amended plan beside the one before it."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker.models import Plan, User
from tracker.models.audit import AuditEntry
from tracker.rules.states import PlanState


@pytest.fixture
def both(make: Factory, police: User) -> tuple[Plan, Plan]:
    """A plan that is at work, and its amended version under review."""
    health, labour = make.agency("Sở Y tế"), make.agency("Sở Nội vụ")
    earlier = make.plan(police.agency, number="15/KH-UBND", title="Phòng, chống ma túy năm 2026")
    later = make.plan(police.agency, number="98/KH-UBND", title="Sửa đổi Kế hoạch phòng, chống ma túy năm 2026",
                      state=PlanState.REVIEW, text="Sửa đổi Kế hoạch số 15/KH-UBND\n1. Việc.\n",
                      extract={"indicators": [{"section": "II", "text": "Ít nhất 40% số xã không ma túy"}]})
    make.task(earlier, health, date(2026, 6, 30), text="Tập huấn cho cán bộ y tế cấp xã về sàng lọc", section="III.1")
    make.task(later, health, date(2026, 9, 30), text="Tập huấn cho toàn bộ cán bộ y tế cấp xã về sàng lọc",
              section="III.1")
    make.task(earlier, labour, text="Mở phiên giao dịch việc làm cho người sau cai", section="III.2")
    make.task(later, labour, text="Mở phiên giao dịch việc làm cho người sau cai", section="III.3")
    make.task(later, labour, text="Lập danh sách cơ sở nhận người sau cai vào học nghề", section="III.2")
    return earlier, later


def choose(browser: FlaskClient, later: Plan, earlier: Plan | None) -> str:
    answer = browser.post(f"/plans/{later.id}/version", data={"replaces": earlier.id if earlier else ""},
                          follow_redirects=True)
    return answer.get_data(as_text=True)


def test_without_a_version_before_the_page_asks_and_suggests_the_named_one(
    browser: FlaskClient, both: tuple[Plan, Plan], make: Factory, police: User
) -> None:
    earlier, later = both
    make.plan(police.agency, number="99/KH-UBND", title="An toàn giao thông")

    page = browser.get(f"/plans/{later.id}/difference").get_data(as_text=True)

    assert "Chưa có bản trước để so sánh" in page
    assert page.index(str(earlier.number)) < page.index("99/KH-UBND")


def test_the_difference_names_words_days_and_what_is_new(browser: FlaskClient, both: tuple[Plan, Plan]) -> None:
    earlier, later = both

    page = choose(browser, later, earlier)

    assert "<ins>toàn bộ</ins>" in page
    assert "<del>hạn 30/06/2026</del> <ins>hạn 30/09/2026</ins>" in page
    assert "<ins>Lập danh sách cơ sở nhận người sau cai vào học nghề</ins>" in page
    assert "Mở phiên giao dịch việc làm" not in page  # only its number changed
    assert "Chỉ tiêu thay đổi (1)" in page


def test_the_choice_is_audited_and_can_be_taken_back(
    browser: FlaskClient, both: tuple[Plan, Plan], session: Session
) -> None:
    earlier, later = both
    choose(browser, later, earlier)

    page = choose(browser, later, None)

    assert "Chưa có bản trước để so sánh" in page
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "plan.version_set")
                              .order_by(AuditEntry.id)).all()
    assert [entry.after for entry in entries] == [{"replaces": earlier.id, "partly": False},
                                                  {"replaces": None, "partly": False}]


def test_a_plan_cannot_amend_its_own_amendment(browser: FlaskClient, both: tuple[Plan, Plan],
                                               session: Session) -> None:
    earlier, later = both
    choose(browser, later, earlier)

    page = choose(browser, earlier, later)

    assert "không thể sửa đổi chính nó" in page
    session.expire_all()
    assert session.get(Plan, earlier.id).replaces_id is None  # type: ignore[union-attr]


def test_another_coordinators_plan_can_be_neither_compared_nor_chosen(
    as_user: Any, browser: FlaskClient, both: tuple[Plan, Plan], make: Factory, session: Session
) -> None:
    earlier, later = both
    stranger = make.coordinator()
    hidden = make.plan(stranger.agency)

    assert as_user(stranger).get(f"/plans/{later.id}/difference").status_code == 404
    assert as_user(stranger).post(f"/plans/{later.id}/version", data={"replaces": earlier.id}).status_code == 404
    assert browser.post(f"/plans/{later.id}/version", data={"replaces": hidden.id}).status_code == 404
    assert browser.post(f"/plans/{later.id}/version", data={"replaces": "9" * 30}).status_code in {302, 404}
    session.expire_all()
    assert session.get(Plan, later.id).replaces_id is None  # type: ignore[union-attr]

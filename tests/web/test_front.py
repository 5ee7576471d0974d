"""The front page and the frame around every page."""
from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tracker.models import Agency, Plan, User
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, PlanState

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)
NUMBER_LINK = re.compile(r'<a[^>]*href="(/assignments/[^"]*)"[^>]*>(?:<span class="tile__number">)?(\d+)</')
TOTAL = re.compile(r'role="status">\s*<strong>(\d+) nhiệm vụ')
SECTIONS = {
    Role.LIAISON: ["Tổng quan", "Việc của tôi", "Nhiệm vụ"],
    Role.COORDINATOR: ["Tổng quan", "Nhiệm vụ", "Chờ xử lý", "Đôn đốc", "Kế hoạch"],
    Role.LEADER: ["Tổng quan", "Nhiệm vụ", "Kế hoạch"],
    Role.ADMINISTRATOR: ["Tổng quan", "Nhiệm vụ", "Kế hoạch", "Quản trị"],
}


def _province(make: Factory) -> tuple[Agency, Agency, Plan]:
    """A police plan in which one department and one court have done some and owe some."""
    police = make.agency("Công an tỉnh Hà Dương")
    department = make.agency("Sở Y tế")
    court = make.agency("Tòa án nhân dân tỉnh Hà Dương", is_requested=True)
    plan = make.plan(police)
    for agency in (department, court, police):
        for state in AssignmentState:
            for due_on in (None, TODAY - DAY, TODAY + DAY):
                make.assignment(agency, plan, state=state, due_on=due_on)
    return police, department, plan


def _person(make: Factory, role: Role, police: Agency, department: Agency) -> User:
    return make.user(role, {Role.COORDINATOR: police, Role.LIAISON: department}.get(role))


def _home(browser: FlaskClient, path: str = "/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize("role", Role)
def test_every_number_leads_to_a_list_of_just_as_many(make: Factory, as_user: Any, role: Role) -> None:
    police, department, _plan = _province(make)
    browser = as_user(_person(make, role, police, department))

    numbers = set(NUMBER_LINK.findall(_home(browser)))

    assert len(numbers) > 15
    for address, number in numbers:
        assert TOTAL.search(_home(browser, address))[1] == number, address  # type: ignore[index]


@pytest.mark.parametrize("role", Role)
def test_the_sections_are_those_a_person_may_open(make: Factory, as_user: Any, role: Role) -> None:
    page = _home(as_user(make.user(role)))

    sections = re.search(r'<nav class="sections".*?</nav>', page, re.DOTALL)

    assert sections
    assert re.findall(r"<a[^>]*>([^<]+)</a>", sections[0]) == SECTIONS[role]
    assert re.findall(r'aria-current="page">([^<]+)<', sections[0]) == ["Tổng quan"]


def test_the_inbox_is_a_section_of_its_own(make: Factory, as_user: Any) -> None:
    page = _home(as_user(make.coordinator()), "/inbox/")

    assert re.findall(r'aria-current="page">([^<]+)</a>', page) == ["Chờ xử lý"]


def test_somebody_who_is_not_logged_in_is_sent_to_the_door(client: FlaskClient) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert "/accounts/log-in" in answer.location


def test_a_liaison_is_told_what_to_do_first(make: Factory, as_user: Any) -> None:
    police, department, _plan = _province(make)

    page = _home(as_user(_person(make, Role.LIAISON, police, department)))

    assert page.index("Cần làm ngay") < page.index("Theo thời hạn")
    assert 'href="/my-work/"' in page
    assert "Theo cơ quan" not in page
    assert "Tòa án" not in page


def test_a_leader_reads_at_once_whether_it_is_on_track(session: Session, make: Factory, as_user: Any) -> None:
    leader = make.user(Role.LEADER)
    behind = make.assignment(due_on=TODAY - 3 * DAY)

    late = _home(as_user(leader))
    session.delete(behind)
    make.assignment(due_on=TODAY)
    fine = _home(as_user(leader))

    assert "Đang chậm: 1 nhiệm vụ chưa hoàn thành đã quá hạn, ở 1 cơ quan" in late
    assert "đã quá hạn 3 ngày" in late
    assert "Đúng tiến độ: không có nhiệm vụ nào quá hạn" in fine


def test_the_rate_is_shown_with_its_formula(make: Factory, as_user: Any) -> None:
    agency = make.agency()
    make.assignment(agency, state=AssignmentState.ACCEPTED)
    make.assignment(agency, due_on=TODAY - DAY)

    page = _home(as_user(make.user(Role.LIAISON, agency)))

    assert "50%" in page
    assert "= hoàn thành ÷ (hoàn thành + chưa hoàn thành quá hạn) = 1 ÷ 2." in page


def test_requested_bodies_get_request_wording_and_no_rate(make: Factory, as_user: Any) -> None:
    _province(make)

    page = _home(as_user(make.user(Role.LEADER)))

    ranked, _heading, requested = page.partition("Cơ quan được đề nghị phối hợp")
    assert "Tòa án nhân dân tỉnh Hà Dương" in requested
    assert "Tòa án nhân dân tỉnh Hà Dương" not in ranked
    assert "Đang chờ, đã qua hạn" in requested
    assert "Tỷ lệ hoàn thành" not in requested
    assert "Chưa hoàn thành" not in requested


def test_a_coordinator_sees_the_plans_it_has_still_to_check(make: Factory, as_user: Any) -> None:
    coordinator = make.coordinator()
    plan = make.plan(coordinator.agency, state=PlanState.REVIEW, title="Kế hoạch cao điểm cuối năm")

    page = _home(as_user(coordinator))

    assert "Kế hoạch cao điểm cuối năm" in page
    assert f'href="/plans/{plan.id}/review"' in page


def test_an_administrator_sees_whether_mails_get_out(make: Factory, as_user: Any) -> None:
    make.assignment()

    page = _home(as_user(make.user(Role.ADMINISTRATOR)))

    assert "Thư không gửi được" in page
    assert "1 cơ quan có nhiệm vụ phải làm nhưng chưa có tài khoản đầu mối" in page


@pytest.mark.parametrize("role", Role)
def test_an_empty_front_page_says_so(make: Factory, as_user: Any, role: Role) -> None:
    page = _home(as_user(make.user(role)))

    assert "Chưa có nhiệm vụ nào" in page


def test_a_page_that_does_not_exist_shows_the_way_back(make: Factory, as_user: Any) -> None:
    answer = as_user(make.user()).get("/nothing-here")

    assert answer.status_code == 404
    assert "Không tìm thấy trang này" in answer.text
    assert 'href="/">Về trang tổng quan</a>' in answer.text


def test_a_page_brings_nothing_that_its_own_rules_forbid(make: Factory, as_user: Any) -> None:
    police, department, _plan = _province(make)
    page = _home(as_user(_person(make, Role.COORDINATOR, police, department)))

    assert not re.findall(r"""\s(?:style|on[a-z]+)\s*=\s*["']""", page)
    assert not re.findall(r"<script(?![^>]*\ssrc=)|<style", page)
    assert not re.findall(r"""(?:src|href|action)=["'](?:https?:)?//""", page)

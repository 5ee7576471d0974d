"""The page that asks who a printed name is: a class becomes a group, a former name suggests who took over."""
from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.plans.review_plans import about, bring_in
from tests.workflow.test_body_groups import NAME, TEXT
from tracker.models import Agency, AgencyAlias, AgencyGroup, AgencyKind, AgencyLevel, Plan, Task, User
from tracker.rules.folding import fold

RELATED = "Các đơn vị liên quan"


@pytest.fixture
def me(make: Factory) -> User:
    for name in ("Công an xã An Khê", "Công an phường Tây Sơn"):
        make.agency(name, kind=AgencyKind.POLICE, level=AgencyLevel.COMMUNE)
    make.agency("Sở Xây dựng")
    return make.coordinator()


@pytest.fixture
def browser(as_user: Any, me: User) -> FlaskClient:
    return as_user(me)  # type: ignore[no-any-return]


@pytest.fixture
def plan(session: Session, me: User) -> Plan:
    return bring_in(session, me, TEXT.replace("TM. ", f"4. {RELATED}\n- Góp ý trước ngày 30/4/2026.\nTM. "))


def words_of(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


def ask(browser: FlaskClient, plan: Plan, printed: str, **more: Any) -> Any:
    return browser.get(f"/plans/{plan.id}/bodies/new", query_string={"printed": printed, **more})


def press(browser: FlaskClient, plan: Plan, printed: str, then: str, **more: Any) -> Any:
    return browser.post(f"/plans/{plan.id}/bodies/new", data={"printed": printed, "then": then, **more})


def groups(session: Session, words: str) -> list[str]:
    session.rollback()
    return [owner.group.name for owner in about(session, words).owners if owner.group]


def test_the_plans_own_list_is_offered_and_one_press_makes_the_group(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    page = ask(browser, plan, NAME)
    done = press(browser, plan, NAME, "listed")

    words = words_of(page)
    assert "Lập nhóm “Công an 03 xã” gồm 3 cơ quan" in words
    assert "2 cơ quan chưa có trong danh mục" in words
    assert words.index("Công an xã An Khê") < words.index("Công an xã Đông Lĩnh Sẽ thêm")
    assert "Thêm cơ quan vào danh mục" not in words
    spot = re.search(r'href="([^"]+)#spot"', page.text)
    assert spot
    assert "An Khê, Đông Lĩnh" in browser.get(html.unescape(spot[1])).text
    assert done.status_code == 302
    assert groups(session, "của thôn") == groups(session, "Tập huấn") == ["Công an 03 xã (21/KH-UBND, 05/01/2026)"]


def test_a_whole_class_is_chosen_from_the_catalogue_by_kind_and_level(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    printed = "Công an các xã, phường"
    page = ask(browser, plan, printed).text
    ids = re.findall(r'name="members" value="(\d+)" checked', page)

    press(browser, plan, printed, "chosen", members=ids)

    assert [session.get(Agency, int(one)).name for one in ids] == [  # type: ignore[union-attr]
        "Công an xã An Khê", "Công an phường Tây Sơn"]
    assert groups(session, "an toàn điện") == [printed]


def test_a_vague_class_starts_empty_and_takes_what_is_ticked(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    empty = ask(browser, plan, RELATED)
    shown = ask(browser, plan, RELATED, shown="1", kinds=["department", "police"], levels=["province", "commune"])
    refused = press(browser, plan, RELATED, "chosen")
    (building,) = session.scalars(select(Agency).where(Agency.name == "Sở Xây dựng"))
    press(browser, plan, RELATED, "chosen", members=[building.id, "x", "99999"])

    assert 'name="members"' not in empty.text
    assert "Sở Xây dựng" in words_of(shown)
    assert "Nhóm phải có ít nhất một cơ quan" in words_of(refused)
    assert groups(session, "Góp ý") == [f"{RELATED} (21/KH-UBND, 05/01/2026)"]


def test_a_group_of_another_number_is_not_suggested(browser: FlaskClient, make: Factory, plan: Plan) -> None:
    make.group(make.agency("Sở Tài chính"), name="Công an 04 xã")
    make.group(make.agency("Sở Nội vụ"), name="Các đơn vị có liên quan")

    assert "Công an 04 xã" not in words_of(ask(browser, plan, NAME))
    assert "Các đơn vị có liên quan Tên chỉ gần giống" in words_of(ask(browser, plan, RELATED))


def test_a_class_can_be_a_group_that_is_there_and_never_an_agency(
    browser: FlaskClient, session: Session, make: Factory, plan: Plan
) -> None:
    make.group(make.agency("Sở Tài chính"), name="Các đơn vị phối hợp")

    refused = press(browser, plan, RELATED, "new", name="Các đơn vị", kind="other", level="province")
    press(browser, plan, RELATED, "there", there="Các đơn vị phối hợp")

    assert "chỉ nhiều cơ quan" in words_of(refused)
    assert groups(session, "Góp ý") == ["Các đơn vị phối hợp"]


def test_who_took_over_is_suggested_with_its_source_and_is_one_press_away(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    printed = "Sở Giao thông vận tải"
    task = about(session, "bến xe")
    review = words_of(browser.get(f"/plans/{plan.id}/review?task={task.id}"))
    page = ask(browser, plan, printed)
    picked = re.search(r'name="picked" value="(agency:\d+)"', page.text)
    assert picked

    press(browser, plan, printed, "there", picked=picked[1], there="Sở Xây dựng")

    session.rollback()
    assert "Có thể là tên cũ của Sở Xây dựng." in review
    assert "Nhận nhiệm vụ của Sở Giao thông vận tải từ 01/03/2025. Nguồn: Nghị định 45/2025/NĐ-CP" in words_of(page)
    assert [owner.agency.name for owner in about(session, "bến xe").owners if owner.agency] == ["Sở Xây dựng"]


def test_a_former_name_and_a_list_that_differs_are_doubts_that_say_why(
    as_user: Any, make: Factory, session: Session, plan: Plan
) -> None:
    (building,) = session.scalars(select(Agency).where(Agency.name == "Sở Xây dựng"))
    name = "Sở Giao thông vận tải"
    session.add(AgencyAlias(agency_id=building.id, name=name, fold=fold(name)))
    other = make.coordinator()
    doubtful = bring_in(session, other, TEXT.replace(", Tân Hòa", ""))
    buses, brigades, *_others = session.scalars(
        select(Task).where(Task.plan_id == doubtful.id).order_by(Task.position)).all()

    former = words_of(as_user(other).get(f"/plans/{doubtful.id}/review?task={buses.id}"))
    differs = words_of(as_user(other).get(f"/plans/{doubtful.id}/review?task={brigades.id}"))

    assert "Tên cũ của Sở Xây dựng; cơ quan này có thể chỉ nhận một phần nhiệm vụ." in former
    assert "Chưa chắc cơ quan" in former
    assert "Kế hoạch ghi một số lượng cơ quan nhưng liệt kê một số khác." in differs


def test_only_the_plans_coordinator_makes_groups(as_user: Any, make: Factory, session: Session, plan: Plan) -> None:
    assert press(as_user(make.coordinator()), plan, NAME, "listed").status_code == 404
    assert press(as_user(make.user()), plan, NAME, "listed").status_code == 403
    assert session.scalars(select(AgencyGroup)).all() == []

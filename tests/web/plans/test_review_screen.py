"""The review screen without JavaScript: what it shows, and what each button does."""
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.plans.duty_forms import form_of, pressed
from tests.web.plans.plans_under_review import words_of
from tests.web.plans.review_plans import TEXT, about, bring_in
from tracker import clock
from tracker.models import Agency, Plan, ReviewPresence, ReviewStep, Task, User
from tracker.reading.document import Note, Removed
from tracker.rules.permissions import Role
from tracker.rules.states import DutyKind, PlanState


@pytest.fixture
def me(make: Factory) -> User:
    make.agency("Sở Y tế")
    return make.coordinator(name="Lê Văn Bình", post="Đại úy, cán bộ")


@pytest.fixture
def browser(as_user: Any, me: User) -> FlaskClient:
    return as_user(me)  # type: ignore[no-any-return]


@pytest.fixture
def plan(session: Session, me: User) -> Plan:
    return bring_in(session, me)


def listed(page: str) -> list[int]:
    """Give the duties of the list in their order."""
    return [int(found) for found in re.findall(r'<li class="duty[^"]*" id="duty-(\d+)"', page)]


def test_the_most_doubtful_duties_come_first_and_the_text_is_one_press_away(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    clear, report = about(session, "sàng lọc"), about(session, "thông điệp")
    report.kind, report.deadlines = DutyKind.PERIODIC_REPORT, []
    session.commit()
    in_text = [task.id for task in session.scalars(select(Task).order_by(Task.position))]

    page = browser.get(f"/plans/{plan.id}/review").text
    by_text = browser.get(f"/plans/{plan.id}/review?order=text").text

    assert listed(page)[0] == report.id
    assert listed(page).index(about(session, "lái xe").id) < listed(page).index(clear.id)
    assert listed(by_text) == in_text
    assert f"/plans/{plan.id}/review?order=text" in page


def test_each_doubt_says_what_to_do_and_each_owner_how_it_was_read(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    unsure, sure = about(session, "lái xe"), about(session, "sàng lọc")
    unsure.rule, unsure.confidence, unsure.reasons = "sibling_heading", 0.7, {"keys": ["owner_unsure", "odd_date"]}
    session.commit()

    doubtful = words_of(browser.get(f"/plans/{plan.id}/review?task={unsure.id}"))
    clear = words_of(browser.get(f"/plans/{plan.id}/review?task={sure.id}"))

    assert "Cơ quan chưa có trong danh mục Chọn cơ quan có sẵn" in doubtful
    assert "Chưa chắc cơ quan Máy chưa chắc cơ quan." in doubtful
    assert "Ngày lệch xa thời gian kế hoạch Năm in trước năm ban hành" in doubtful
    assert "Cơ quan: đoán theo các tiêu đề cùng cấp, tên này chưa gặp bao giờ (chưa chắc, 70%)." in doubtful
    assert "Cơ quan: đọc từ tiêu đề mục (chắc, 95%)." in clear


def test_the_owners_words_are_marked_in_the_heading_above(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = about(session, "sàng lọc")

    page = browser.get(f"/plans/{plan.id}/review?task={task.id}").text

    assert '1. <mark class="is-owner">Sở Y tế</mark>' in page
    assert re.search(r'<mark class="is-deadline">[^<]*31/8/2026</mark>', page)


def test_a_place_in_the_text_can_be_pointed_at(browser: FlaskClient, plan: Plan) -> None:
    start = TEXT.index("Nâng cao nhận thức")

    page = browser.get(f"/plans/{plan.id}/review?at={start}-{start + 18}").text

    assert '<mark id="spot" class="is-spot">Nâng cao nhận thức</mark>' in page
    assert browser.get(f"/plans/{plan.id}/review?at=99999999-5").status_code == 200


def test_three_hundred_duties_are_a_light_page_with_one_form(
    browser: FlaskClient, session: Session, me: User
) -> None:
    lines = [f"- Việc thứ {n} của kế hoạch dài, có nhiều câu chữ cần đọc kỹ, so với bản gốc và giao cho đúng cơ quan, "
             f"hoàn thành trước ngày {n % 28 + 1}/12/2026." for n in range(300)]
    plan = bring_in(session, me, "KẾ HOẠCH\nII. PHÂN CÔNG NHIỆM VỤ\n1. Sở Y tế\n" + "\n".join(lines) + "\n")

    page = browser.get(f"/plans/{plan.id}/review")

    assert len(listed(page.text)) == 300
    assert page.text.count('class="task-form"') == 1
    assert len(page.data) < 400_000


def test_a_page_that_is_there_gets_only_what_changes(browser: FlaskClient, session: Session, plan: Plan) -> None:
    shown, wanted = about(session, "sàng lọc"), about(session, "tủ thuốc")
    address = f"/plans/{plan.id}/review?task={wanted.id}"

    part = browser.get(address, headers={"X-Review-Part": f"{shown.id}.{plan.version}"}).text
    older = browser.get(address, headers={"X-Review-Part": f"{shown.id}.{plan.version - 1}"}).text

    assert 'id="review-part"' in part
    assert set(re.findall(r'id="duty-(\d+)"', part)) == {str(shown.id), str(wanted.id)}
    lines = TEXT.split("\n")
    changed = {int(place) for place in re.findall(r'class="line" id="t(\d+)"', part)}
    assert changed == {place for place, line in enumerate(lines) if "sàng lọc" in line or "tủ thuốc" in line}
    assert 'id="review"' in older


def test_accepting_saves_and_goes_on_to_the_next_that_nobody_has_looked_at(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    first, second, third = (about(session, words) for words in ("lái xe", "thông điệp", "sàng lọc"))
    browser.post(f"/plans/{plan.id}/tasks/{second.id}/check", data=pressed(plan, second, checked="1"))
    session.rollback()

    answer = browser.post(f"/plans/{plan.id}/tasks/{first.id}", data=form_of(plan, first, then="next"))

    session.rollback()
    assert first.checked_at is not None
    assert answer.location == f"/plans/{plan.id}/review?task={third.id}#duty-{third.id}"


def test_undo_and_redo_say_what_and_do_it(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = about(session, "sàng lọc")
    browser.post(f"/plans/{plan.id}/tasks/{task.id}/drop", data=pressed(plan, task))
    offered = browser.get(f"/plans/{plan.id}/review").text
    step = session.scalars(select(ReviewStep)).one()

    undone = browser.post(f"/plans/{plan.id}/undo", data={"step": step.id})
    session.rollback()
    after_undo = (task.dropped_at, browser.get(f"/plans/{plan.id}/review").text)
    browser.post(f"/plans/{plan.id}/redo", data={"step": step.id})
    session.rollback()

    assert "Hoàn tác: bỏ nhiệm vụ 1<" in offered
    assert undone.location == f"/plans/{plan.id}/review?task={task.id}#duty-{task.id}"
    assert after_undo[0] is None
    assert "Làm lại: bỏ nhiệm vụ 1<" in after_undo[1]
    assert "Hoàn tác:" not in after_undo[1]
    assert task.dropped_at is not None


def test_undo_tells_when_somebody_else_changed_the_duty(
    browser: FlaskClient, as_user: Any, make: Factory, session: Session, me: User, plan: Plan
) -> None:
    task = about(session, "sàng lọc")
    browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=form_of(plan, task, text="Của tôi."))
    session.rollback()
    step = session.scalars(select(ReviewStep)).one()
    colleague = as_user(make.user(Role.COORDINATOR, me.agency))
    colleague.post(f"/plans/{plan.id}/tasks/{task.id}", data=form_of(plan, task, text="Của người kia."))

    answer = browser.post(f"/plans/{plan.id}/undo", data={"step": step.id}, follow_redirects=True)

    assert "người khác đã sửa nhiệm vụ" in answer.text
    session.rollback()
    assert task.text == "Của người kia."


def test_a_conflict_shows_both_versions_part_by_part(
    browser: FlaskClient, as_user: Any, make: Factory, session: Session, me: User, plan: Plan
) -> None:
    task = about(session, "sàng lọc")
    mine = form_of(plan, task, text="Của tôi.", **{"deadlines-0-due_on": "01/10/2026"})
    make.agency("Sở Tài chính")
    other = make.user(Role.COORDINATOR, me.agency, name="Trần Thị Cúc", post="Trung tá, đội trưởng")
    as_user(other).post(f"/plans/{plan.id}/tasks/{task.id}", data=form_of(
        plan, task, text="Của người kia.", **{"owners-0-name": "Sở Tài chính"}))

    refused = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=mine)

    assert refused.status_code == 409
    page = words_of(refused)
    assert "Trung tá Trần Thị Cúc lưu vừa xong." in page
    assert "Nội dung Của người kia. Của tôi." in page
    assert "Cơ quan Sở Tài chính Sở Y tế" in page
    assert "Thời hạn hạn 30/08/2026 hạn 01/10/2026" in page
    assert ">\r\nCủa tôi.</textarea>" in refused.text


def test_two_people_are_told_of_each_other(
    browser: FlaskClient, as_user: Any, make: Factory, session: Session, me: User, plan: Plan
) -> None:
    task = about(session, "tủ thuốc")
    other = make.user(Role.COORDINATOR, me.agency, name="Trần Thị Cúc", post="Trung tá, đội trưởng")
    as_user(other).post(f"/plans/{plan.id}/presence", data={"task": task.id})

    told = browser.post(f"/plans/{plan.id}/presence", data={"task": ""}).get_json()
    page = browser.get(f"/plans/{plan.id}/review").text

    assert told == {"version": plan.version, "others": ["Trung tá Trần Thị Cúc đang xem nhiệm vụ 2"]}
    assert "Trung tá Trần Thị Cúc đang xem nhiệm vụ 2" in page
    assert session.query(ReviewPresence).count() == 2


def test_without_javascript_the_last_change_is_told(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = about(session, "sàng lọc")
    browser.post(f"/plans/{plan.id}/tasks/{task.id}/drop", data=pressed(plan, task))
    session.rollback()
    now = words_of(browser.get(f"/plans/{plan.id}/review"))
    session.scalars(select(ReviewStep)).one().at = clock.now() - timedelta(minutes=2, seconds=5)
    session.commit()
    later = words_of(browser.get(f"/plans/{plan.id}/review"))

    assert "Sửa gần nhất: Đại úy Lê Văn Bình, vừa xong" in now
    assert "Sửa gần nhất: Đại úy Lê Văn Bình, 2 phút trước" in later


def test_a_recognised_text_holds_publishing_up_until_somebody_has_compared_it(
    browser: FlaskClient, session: Session, me: User
) -> None:
    plan = bring_in(session, me, unchecked=True)
    page = browser.get(f"/plans/{plan.id}/review").text
    asked = browser.get(f"/plans/{plan.id}/publish").text
    refused = browser.post(f"/plans/{plan.id}/publish")

    assert "Chữ trong văn bản chưa kiểm tra." in page
    assert re.search(r"<button[^>]*>Giao \d+ việc", asked) is None
    assert (refused.status_code, "chưa có người đối chiếu" in refused.text) == (400, True)
    browser.post(f"/plans/{plan.id}/text-checked", data={"checked": "1"})
    assert "Đại úy Lê Văn Bình đã đối chiếu với bản gốc" in browser.get(f"/plans/{plan.id}/review").text
    assert browser.post(f"/plans/{plan.id}/publish").status_code == 302
    session.rollback()
    assert plan.state is PlanState.PUBLISHED


def test_what_reading_left_out_is_there_on_demand(browser: FlaskClient, session: Session, me: User) -> None:
    plan = bring_in(session, me, notes=(Note("read_by_content"),), removed=(
        Removed("page_furniture", "Trang 2/7 <b>"), Removed("site_menu", "Trang chủ | Giới thiệu " * 2000)))

    page = browser.get(f"/plans/{plan.id}/review")
    whole = browser.get(f"/plans/{plan.id}/left-out").text

    assert "Phần đã bỏ khi đọc (2)" in page.text
    assert "Trang 2/7 &lt;b&gt;" in page.text
    assert "Đuôi tệp không đúng" in page.text
    assert len(page.data) < 120_000
    assert "Xem toàn bộ phần đã bỏ" in page.text
    assert whole.count("Trang chủ | Giới thiệu") == 2000


def test_a_passage_left_aside_becomes_a_duty_that_points_at_its_words(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    page = browser.get(f"/plans/{plan.id}/left-out").text
    start = TEXT.index("Nâng cao nhận thức")
    link = re.search(rf'href="(/plans/{plan.id}/tasks/new\?start={start}&amp;end=\d+)"', page)
    assert link
    asked = browser.get(link[1].replace("&amp;", "&")).text
    sent = dict(re.findall(r'name="(start|end|task)" value="(\d+)"', asked))

    browser.post(f"/plans/{plan.id}/tasks/new", data={
        **sent, "text": "Nâng cao nhận thức của học sinh.", "kind": "standing", "role": "lead", "then": "add"})

    session.rollback()
    added = about(session, "Nâng cao nhận thức")
    assert added.provision is not None
    assert plan.text[added.provision.start:added.provision.end].startswith("Nâng cao nhận thức của học sinh về")
    assert "Nâng cao nhận thức" not in browser.get(f"/plans/{plan.id}/left-out").text


@pytest.mark.parametrize("place", ["start=5&end=5", "start=-1&end=9", "start=0&end=999999", "start=x&end=y"])
def test_a_place_that_is_none_gives_an_empty_form(browser: FlaskClient, plan: Plan, place: str) -> None:
    page = browser.get(f"/plans/{plan.id}/tasks/new?{place}")

    assert page.status_code == 200
    assert 'name="start"' not in page.text


def test_indicators_are_listed_with_their_flags_and_lead_to_the_text(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    plan.extract = {**plan.extract, "indicators": [
        {"section": "I", "text": "Tỷ lệ 33,3333%", "comparator": "gte", "value": 33.3333, "unit": "%", "year": 2026,
         "start": 10, "end": 20, "reasons": ["odd_rounding"]}]}
    session.commit()

    page = words_of(browser.get(f"/plans/{plan.id}/left-out"))

    assert "từ 33,3333 % · năm 2026 Số làm tròn bất thường" in page
    assert "Chỉ tiêu (1)" in words_of(browser.get(f"/plans/{plan.id}/review"))


def test_an_unknown_body_is_added_from_the_duty_and_gets_all_its_duties(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = about(session, "lái xe")
    page = browser.get(f"/plans/{plan.id}/review?task={task.id}").text
    link = re.search(rf'href="(/plans/{plan.id}/bodies/new\?[^"]+)"', page)
    assert link
    asked = browser.get(link[1].replace("&amp;", "&"))
    assert 'value="Hiệp hội Vận tải tỉnh"' in asked.text
    assert "ở 2 nhiệm vụ" in asked.text

    done = browser.post(f"/plans/{plan.id}/bodies/new", data={
        "printed": "Hiệp hội Vận tải tỉnh", "task": task.id, "name": "Hiệp hội Vận tải tỉnh",
        "kind": "mass_organisation", "level": "province", "is_requested": "y", "then": "new"})

    session.rollback()
    agency = session.scalars(select(Agency).where(Agency.name == "Hiệp hội Vận tải tỉnh")).one()
    assert done.location.endswith(f"#duty-{task.id}")
    assert [o.agency_id for words in ("lái xe", "thông điệp") for o in about(session, words).owners] == [agency.id] * 2
    assert "Hoàn tác: gắn cơ quan ở 2 nhiệm vụ" in browser.get(f"/plans/{plan.id}/review").text


def test_a_printed_name_can_mean_a_body_that_is_there(
    browser: FlaskClient, session: Session, make: Factory, plan: Plan
) -> None:
    there = make.agency("Hội Vận tải")
    data = {"printed": "Hiệp hội Vận tải tỉnh", "then": "there", "kind": "other", "level": "province"}

    unknown = browser.post(f"/plans/{plan.id}/bodies/new", data={**data, "there": "Không có ai"})
    browser.post(f"/plans/{plan.id}/bodies/new", data={**data, "there": "hoi van tai"})

    session.rollback()
    assert "Không tìm thấy “Không có ai”" in unknown.text
    assert [o.agency_id for o in about(session, "lái xe").owners] == [there.id]


@pytest.mark.parametrize("path", ["left-out", "bodies/new?printed=X"])
def test_another_coordinators_plan_does_not_exist_here(as_user: Any, make: Factory, plan: Plan, path: str) -> None:
    assert as_user(make.coordinator()).get(f"/plans/{plan.id}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["undo", "redo", "presence", "text-checked", "bodies/new"])
def test_nobody_else_presses_these_buttons(as_user: Any, make: Factory, plan: Plan, path: str) -> None:
    assert as_user(make.coordinator()).post(f"/plans/{plan.id}/{path}").status_code == 404
    assert as_user(make.user(Role.LEADER)).post(f"/plans/{plan.id}/{path}").status_code == 403
    assert as_user(make.user(Role.ADMINISTRATOR)).post(f"/plans/{plan.id}/{path}").status_code == 403


def test_a_draft_the_browser_kept_is_shown_again_and_not_saved(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = about(session, "sàng lọc")

    page = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=form_of(
        plan, task, then="show", text="Đang gõ dở", **{"owners-1-name": "Sở Tài chính"})).text

    assert "Đang gõ dở</textarea>" in page
    assert 'value="Sở Tài chính"' in page
    session.rollback()
    assert task.text.startswith("Tập huấn")


def test_a_split_at_the_cursor_counts_letters_of_what_is_in_the_field(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = about(session, "tủ thuốc")
    words = " ".join(task.text.split())

    browser.post(f"/plans/{plan.id}/tasks/{task.id}/split",
                 data=pressed(plan, task, text=words, at=words.index("Lập")))

    session.rollback()
    assert [about(session, "tủ thuốc").text[-7:], about(session, "Lập danh").text[:3]] == ["trường.", "Lập"]

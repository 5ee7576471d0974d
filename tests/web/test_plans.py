"""The pages of a plan: put in, review, publish."""
from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, Deadline, Plan, Provision, Task, User
from tracker.rules.folding import fold
from tracker.rules.permissions import Role
from tracker.rules.states import DeadlineKind, DutyKind, PlanState
from tracker.workflow.task_state import mark, snapshot

TEXT = """KẾ HOẠCH
Phòng, chống ma túy trong trường học năm 2026
II. PHÂN CÔNG NHIỆM VỤ
1. Sở Y tế
- Tập huấn kỹ năng sàng lọc, hoàn thành trước ngày 31/8/2026.
2. Sở Giáo dục và Đào tạo
- Tổ chức ngoại khóa về tác hại của ma túy.
"""


@pytest.fixture
def police(make: Factory) -> User:
    return make.coordinator()


@pytest.fixture
def browser(as_user: Any, police: User) -> FlaskClient:
    return as_user(police)  # type: ignore[no-any-return]


@pytest.fixture
def plan(make: Factory, session: Session, police: User) -> Plan:
    """A plan under review with two duties, the second one without owner and date."""
    plan = make.plan(police.agency, state=PlanState.REVIEW, text=TEXT)
    for words, owner in (("Tập huấn kỹ năng sàng lọc, hoàn thành trước ngày 31/8/2026.", make.agency("Sở Y tế")),
                         ("Tổ chức ngoại khóa về tác hại của ma túy.", None)):
        task = make.task(plan, owner, text=words)
        start = TEXT.index(words)
        task.provision = Provision(plan_id=plan.id, start=start, end=start + len(words), heading="Đề mục")
    first = tasks_of(session, plan)[0]
    start = TEXT.index("trước ngày")
    first.deadlines.append(Deadline(kind=DeadlineKind.DATE, due_on=date(2026, 8, 30), words="trước ngày 31/8/2026",
                                    start=start, end=start + len("trước ngày 31/8/2026")))
    session.commit()
    return plan


def tasks_of(session: Session, plan: Plan) -> list[Task]:
    return list(session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.position, Task.id)))


def sent(plan: Plan, task: Task, **changes: Any) -> dict[str, Any]:
    """What the form of a duty sends."""
    values: dict[str, Any] = {
        "version": plan.version, "mark": mark(snapshot(task)), "text": task.text, "kind": task.kind.value,
        "role": task.role.value, "then": "stay",
    }
    for number, owner in enumerate(task.owners):
        values |= {f"owners-{number}-name": owner.agency.name if owner.agency else owner.printed,
                   f"owners-{number}-printed": owner.printed}
    for number, deadline in enumerate(task.deadlines):
        values |= {f"deadlines-{number}-deadline_id": deadline.id, f"deadlines-{number}-kind": deadline.kind.value,
                   f"deadlines-{number}-due_on": f"{deadline.due_on:%d/%m/%Y}", f"deadlines-{number}-every": ""}
    return {**values, **changes}


def words_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


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


def test_the_list_says_how_far_each_plan_is(browser: FlaskClient, make: Factory, plan: Plan) -> None:
    live = make.plan(plan.coordinator, title="Kế hoạch đang chạy")
    make.assignment(plan=live, due_on=date(2020, 1, 1))

    page = browser.get("/plans/").text

    assert "đã kiểm tra 0/2" in page
    assert f'/assignments/?plan={live.id}"' in page


def test_the_list_is_searched_without_diacritics(browser: FlaskClient, make: Factory, police: User) -> None:
    make.plan(police.agency, title="Ma túy học đường")
    make.plan(police.agency, title="Việc khác")

    page = browser.get("/plans/?q=ma+tuy+hoc").text

    assert "Ma túy học đường" in page
    assert "Việc khác" not in page
    assert "Không tìm thấy" in browser.get("/plans/?q=zzz").text


def test_a_long_list_is_paged(browser: FlaskClient, make: Factory, session: Session, police: User) -> None:
    session.add_all(
        Plan(title=f"Kế hoạch {n:03}", fold=f"ke hoach {n:03}", kind="Kế hoạch", coordinator_id=police.agency_id,
             text="x", source_name="", source_kind="txt", source_sha256="0", extract={}, created_at=NOW)
        for n in range(60))
    session.commit()

    first = browser.get("/plans/").text
    after = re.search(r"/plans/\?after=(\d+)", first)
    assert after
    second = browser.get(after[0]).text

    assert "Kế hoạch 059" in first
    assert "Kế hoạch 000" not in first
    assert "Kế hoạch 000" in second


def test_the_chosen_duty_is_marked_in_the_text_and_its_deadline_too(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = tasks_of(session, plan)[0]

    page = browser.get(f"/plans/{plan.id}/review?task={task.id}").text

    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", page)
    assert "".join(marked) == task.text
    assert re.search(r'<mark class="is-deadline">trước ngày 31/8/2026</mark>', page)
    assert page.count(f'action="/plans/{plan.id}/tasks/{task.id}#') == 1


def test_the_other_duties_words_are_links(browser: FlaskClient, session: Session, plan: Plan) -> None:
    first, second = tasks_of(session, plan)

    page = browser.get(f"/plans/{plan.id}/review?task={first.id}").text

    assert f'class="said" href="/plans/{plan.id}/review?task={second.id}#duty-{second.id}"' in page


def test_without_a_choice_the_first_doubtful_duty_is_open(browser: FlaskClient, session: Session, plan: Plan) -> None:
    doubtful = tasks_of(session, plan)[1]

    assert f'id="duty-{doubtful.id}" data-chosen' in browser.get(f"/plans/{plan.id}/review").text


def test_a_filter_lists_only_duties_with_that_doubt(browser: FlaskClient, session: Session, plan: Plan) -> None:
    clear, doubtful = tasks_of(session, plan)

    page = browser.get(f"/plans/{plan.id}/review?show=no_owner").text

    assert f'id="duty-{doubtful.id}"' in page
    assert f'id="duty-{clear.id}"' not in page


def test_a_page_says_why_it_is_that_day(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[0]

    page = words_of(browser.get(f"/plans/{plan.id}/review?task={task.id}"))

    # 30/8/2026 is a Sunday.
    assert "trước ngày 31/8/2026 → 30/08/2026 (ngày làm việc cuối: 28/08/2026)" in page


def test_saving_takes_typed_names_and_goes_to_the_next_duty(
    browser: FlaskClient, session: Session, make: Factory, plan: Plan
) -> None:
    make.agency("Sở Giáo dục và Đào tạo")
    first, second = tasks_of(session, plan)

    response = browser.post(f"/plans/{plan.id}/tasks/{first.id}", data=sent(
        plan, first, then="next", **{"owners-1-name": "so giao duc va dao tao"}))

    session.rollback()
    assert response.location == f"/plans/{plan.id}/review?task={second.id}#duty-{second.id}"
    assert [o.agency.name for o in first.owners if o.agency] == ["Sở Y tế", "Sở Giáo dục và Đào tạo"]
    assert first.checked_at is not None


def test_one_more_row_is_given_without_saving(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[0]

    page = browser.post(f"/plans/{plan.id}/tasks/{task.id}",
                        data=sent(plan, task, then="owner", text="Đang gõ dở")).text

    assert 'name="owners-1-name"' in page
    assert "Đang gõ dở" in page
    session.rollback()
    assert task.text != "Đang gõ dở"


def test_a_bad_date_is_told_at_its_field_and_nothing_typed_is_lost(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = tasks_of(session, plan)[0]

    response = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=sent(
        plan, task, text="Bản đang sửa", **{"deadlines-0-due_on": "31/02/2026"}))

    assert response.status_code == 400
    assert "Bản đang sửa" in response.text
    assert 'value="31/02/2026"' in response.text
    assert "ngày/tháng/năm" in response.text


def test_a_send_by_day_is_typed_as_people_write_it(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[1]
    data = sent(plan, task, kind=DutyKind.PERIODIC_REPORT.value)
    for number, (every, typed) in enumerate([("year", "10/12"), ("quarter", "5")]):
        data |= {f"deadlines-{number}-kind": "recurring", f"deadlines-{number}-every": every,
                 f"deadlines-{number}-due_day": typed}

    browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=data)

    session.rollback()
    assert [(d.every and d.every.value, d.due_day) for d in task.deadlines] == [("year", "12-10"), ("quarter", "01-05")]


def test_the_second_of_two_sees_what_they_typed_and_what_the_other_saved(
    browser: FlaskClient, as_user: Any, make: Factory, session: Session, police: User, plan: Plan
) -> None:
    task = tasks_of(session, plan)[0]
    mine = sent(plan, task, text="Bản của tôi")
    other = as_user(make.user(Role.COORDINATOR, police.agency))
    other.post(f"/plans/{plan.id}/tasks/{task.id}", data=sent(plan, task, text="Bản của người kia"))

    refused = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=mine)

    assert refused.status_code == 409
    assert "Người khác vừa sửa mục này" in refused.text
    assert ">\r\nBản của tôi</textarea>" in refused.text
    assert "Bản của người kia" in refused.text
    # The form now stands beside what the other saved, so pressing again is a decision.
    again = {name: re.search(rf'name="{name}" type="hidden" value="([^"]*)"', refused.text) for name in
             ("version", "mark")}
    saved = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data={
        **mine, **{name: found[1] for name, found in again.items() if found}})
    session.rollback()
    assert saved.status_code == 302
    assert task.text == "Bản của tôi"


def _pressed(plan: Plan, *tasks: Task, **more: Any) -> dict[str, Any]:
    return {"version": plan.version, "mark": mark(*(snapshot(task) for task in tasks)), **more}


def test_duties_are_split_merged_dropped_and_put_back(browser: FlaskClient, session: Session, plan: Plan) -> None:
    first, second = tasks_of(session, plan)
    where = f"/plans/{plan.id}/tasks/{first.id}"

    split = browser.post(f"{where}/split", data=_pressed(
        plan, first, text="Tập huấn kỹ năng sàng lọc,\nhoàn thành trước ngày 31/8/2026."))
    session.rollback()
    made = tasks_of(session, plan)
    browser.post(f"{where}/merge", data=_pressed(plan, made[0], made[1]))
    session.rollback()
    browser.post(f"{where}/drop", data=_pressed(plan, first))
    session.rollback()
    dropped = first.dropped_at
    browser.post(f"{where}/put-back", data=_pressed(plan, first))

    session.rollback()
    assert split.status_code == 302
    assert len(made) == 3
    assert made[1].dropped_at is not None
    assert (dropped is not None, first.dropped_at) == (True, None)
    assert second.dropped_at is None


def test_a_split_that_is_refused_keeps_what_was_typed(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[0]

    response = browser.post(f"/plans/{plan.id}/tasks/{task.id}/split", data=_pressed(plan, task, text="Chỉ\nmột nửa"))

    assert response.status_code == 400
    assert "một nửa" in response.text
    assert "Chưa tách được" in response.text


def test_a_duty_is_added_behind_another(browser: FlaskClient, session: Session, plan: Plan) -> None:
    first, second = tasks_of(session, plan)
    assert browser.get(f"/plans/{plan.id}/tasks/new?text=Ghi+%C4%91o%E1%BA%A1n").text.count("Ghi đoạn") == 1

    browser.post(f"/plans/{plan.id}/tasks/new", data={
        "task": first.id, "text": "Việc thêm bằng tay.", "kind": "one_off", "role": "lead", "then": "add",
        "owners-0-name": "Sở Y tế", "deadlines-0-kind": "date", "deadlines-0-due_on": "01/06/2026",
        "deadlines-0-every": ""})

    session.rollback()
    assert [task.text for task in tasks_of(session, plan)] == [first.text, "Việc thêm bằng tay.", second.text]


def test_facts_are_corrected_while_the_plan_is_under_review(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    browser.post(f"/plans/{plan.id}/facts", data={"title": "Tên đúng", "number": "7/KH-UBND", "issued_on": "05/01/2026",
                                                  "version": plan.version})

    session.rollback()
    assert (plan.title, plan.number, plan.issued_on) == ("Tên đúng", "7/KH-UBND", date(2026, 1, 5))
    assert plan.fold == fold("7/KH-UBND Tên đúng")


def test_publishing_asks_first_and_then_gives_the_work_out(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    asked = words_of(browser.get(f"/plans/{plan.id}/publish"))
    assert "1 việc sẽ được giao 1 cơ quan nhận việc 1 nhiệm vụ trong tổng số 2" in asked
    assert session.scalar(select(func.count()).select_from(Assignment)) == 0

    done = browser.post(f"/plans/{plan.id}/publish")

    session.rollback()
    assert done.location == f"/plans/{plan.id}"
    assert session.scalar(select(func.count()).select_from(Assignment)) == 1
    page = words_of(browser.get(done.location))
    assert "Chưa giao (1)" in page
    assert "1 việc đã giao" in page
    assert browser.get(f"/plans/{plan.id}/review").status_code == 302


def test_a_report_without_its_day_is_linked_and_holds_publishing_up(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = tasks_of(session, plan)[0]
    task.kind = DutyKind.PERIODIC_REPORT
    task.deadlines = []
    session.commit()

    asked = browser.get(f"/plans/{plan.id}/publish").text
    refused = browser.post(f"/plans/{plan.id}/publish")

    assert f"/plans/{plan.id}/review?task={task.id}#duty-{task.id}" in asked
    assert refused.status_code == 400
    assert "chưa có ngày gửi" in refused.text
    session.rollback()
    assert plan.state is PlanState.REVIEW


def test_a_form_sent_after_publishing_leads_to_the_plan(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[0]
    data = sent(plan, task, text="Quá muộn")
    browser.post(f"/plans/{plan.id}/publish")

    late = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=data)
    again = browser.post(f"/plans/{plan.id}/publish")

    assert (late.location, again.location) == (f"/plans/{plan.id}", f"/plans/{plan.id}")
    session.rollback()
    assert task.text != "Quá muộn"


def test_withdrawing_asks_first_and_keeps_the_plan(browser: FlaskClient, session: Session, plan: Plan) -> None:
    assert browser.get(f"/plans/{plan.id}/withdraw").status_code == 200
    session.rollback()
    assert plan.state is PlanState.REVIEW

    browser.post(f"/plans/{plan.id}/withdraw")

    session.rollback()
    assert plan.state is PlanState.CANCELLED
    assert "Đã hủy" in browser.get(f"/plans/{plan.id}").text


def test_the_type_ahead_answers_agencies_and_groups(browser: FlaskClient, make: Factory) -> None:
    agency = make.agency("Sở Y tế")
    group = make.group(agency, name="Các sở, ban, ngành")

    found = browser.get("/plans/owners?q=so").get_json()

    assert {(one["value"], one["label"]) for one in found} >= {
        (f"agency:{agency.id}", "Sở Y tế"), (f"group:{group.id}", "Các sở, ban, ngành")}
    assert browser.get("/plans/owners?q=").get_json() == []


PAGES = ["", "/review", "/publish", "/facts", "/withdraw", "/tasks/new"]


@pytest.mark.parametrize("page", PAGES)
def test_another_coordinators_plan_does_not_exist(as_user: Any, make: Factory, plan: Plan, page: str) -> None:
    assert as_user(make.coordinator()).get(f"/plans/{plan.id}{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_liaison_may_not_open_plans(as_user: Any, make: Factory, plan: Plan, page: str) -> None:
    assert as_user(make.user()).get(f"/plans/{plan.id}{page}").status_code == 403


def test_a_task_of_another_plan_does_not_exist_here(
    browser: FlaskClient, session: Session, make: Factory, plan: Plan
) -> None:
    other = make.task(make.plan(state=PlanState.REVIEW))

    for press in ("", "/split", "/merge", "/drop", "/put-back", "/check"):
        assert browser.post(f"/plans/{plan.id}/tasks/{other.id}{press}", data=sent(plan, other)).status_code == 404


def test_a_leader_sees_what_is_published_only(as_user: Any, make: Factory, plan: Plan) -> None:
    live = make.plan(plan.coordinator, title="Kế hoạch đã giao")
    leader = as_user(make.user(Role.LEADER))

    assert leader.get(f"/plans/{live.id}").status_code == 200
    assert leader.get(f"/plans/{plan.id}").status_code == 404
    assert leader.get(f"/plans/{live.id}/review").status_code == 403


def test_three_hundred_duties_ask_the_database_no_more_than_two(
    browser: FlaskClient, session: Session, make: Factory, plan: Plan
) -> None:
    first = tasks_of(session, plan)[0].id
    paths = [f"/plans/{plan.id}/review?task={first}", f"/plans/{plan.id}", f"/plans/{plan.id}/publish"]

    def count() -> list[int]:
        counts = []
        for path in paths:
            session.rollback()
            with counted_statements() as asked:
                assert browser.get(path).status_code == 200
            counts.append(len(asked))
        return counts

    count()
    few = count()
    for number in range(300):
        task = make.task(plan, make.agency(), TODAY, text=f"Việc {number}")
        task.provision = Provision(plan_id=plan.id, start=0, end=5)
    session.commit()

    assert count() == few


def test_choosing_a_duty_of_a_long_plan_is_quick(
    browser: FlaskClient, session: Session, make: Factory, police: User
) -> None:
    lines = [f"- Việc thứ {n} trong kế hoạch dài, có nhiều câu chữ cần đọc kỹ trước khi giao." for n in range(300)]
    text = "\n".join(lines)
    plan = make.plan(police.agency, state=PlanState.REVIEW, text=text)
    start = 0
    for number, line in enumerate(lines):
        task = Task(plan_id=plan.id, position=number, text=line, fold=line, kind=DutyKind.ONE_OFF)
        task.provision = Provision(plan_id=plan.id, start=start, end=start + len(line))
        session.add(task)
        start += len(line) + 1
    session.commit()

    page = browser.get(f"/plans/{plan.id}/review").text

    assert page.count('class="duty ') == 300
    assert page.count('class="task-form"') == 1
    assert len(page) < 700_000

"""The duties of a plan under review: marked in the text, corrected, split, added."""
from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.plans.duty_forms import form_of
from tests.web.plans.plans_under_review import tasks_of, words_of
from tracker.models import Plan, Provision, Task, User
from tracker.rules.folding import fold
from tracker.rules.permissions import Role
from tracker.rules.states import DutyKind, PlanState
from tracker.workflow.task_state import mark, snapshot


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

    response = browser.post(f"/plans/{plan.id}/tasks/{first.id}", data=form_of(
        plan, first, then="next", **{"owners-1-name": "so giao duc va dao tao"}))

    session.rollback()
    assert response.location == f"/plans/{plan.id}/review?task={second.id}#duty-{second.id}"
    assert [o.agency.name for o in first.owners if o.agency] == ["Sở Y tế", "Sở Giáo dục và Đào tạo"]
    assert first.checked_at is not None


def test_one_more_row_is_given_without_saving(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[0]

    page = browser.post(f"/plans/{plan.id}/tasks/{task.id}",
                        data=form_of(plan, task, then="owner", text="Đang gõ dở")).text

    assert 'name="owners-1-name"' in page
    assert "Đang gõ dở" in page
    session.rollback()
    assert task.text != "Đang gõ dở"


def test_a_bad_date_is_told_at_its_field_and_nothing_typed_is_lost(
    browser: FlaskClient, session: Session, plan: Plan
) -> None:
    task = tasks_of(session, plan)[0]

    response = browser.post(f"/plans/{plan.id}/tasks/{task.id}", data=form_of(
        plan, task, text="Bản đang sửa", **{"deadlines-0-due_on": "31/02/2026"}))

    assert response.status_code == 400
    assert "Bản đang sửa" in response.text
    assert 'value="31/02/2026"' in response.text
    assert "ngày/tháng/năm" in response.text


def test_a_send_by_day_is_typed_as_people_write_it(browser: FlaskClient, session: Session, plan: Plan) -> None:
    task = tasks_of(session, plan)[1]
    data = form_of(plan, task, kind=DutyKind.PERIODIC_REPORT.value)
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
    mine = form_of(plan, task, text="Bản của tôi")
    other = as_user(make.user(Role.COORDINATOR, police.agency))
    other.post(f"/plans/{plan.id}/tasks/{task.id}", data=form_of(plan, task, text="Bản của người kia"))

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

"""The pages of changing a running plan: looked at first, saved then, nothing typed is lost."""
from __future__ import annotations

import re
import unicodedata
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker import clock
from tracker.models import Assignment, Plan, PlanChange, Task, User
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, PlanState
from tracker.rules.working_days import WorkingCalendar
from tracker.workflow.publishing import publish

DUE = date(2031, 6, 30)
WHY = "Lùi thời hạn theo chỉ đạo tại cuộc họp giao ban."


@pytest.fixture
def task(make: Factory, police: User, session: Session) -> Task:
    from tracker.models import Actor

    plan = make.plan(police.agency, state=PlanState.REVIEW)
    task = make.task(plan, make.user(Role.LIAISON, make.agency("Sở Y tế")).agency, DUE)
    publish(session, plan, actor=Actor(police.name, "127.0.0.1", police), now=clock.now(), today=clock.today(),
            calendar=WorkingCalendar())
    session.commit()
    return task


def fields(page: str) -> dict[str, str]:
    """Read the form as a browser would send it."""
    form = page[page.index('class="panel task-form'):]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', form, re.S):
        found[name] = unescape(value)
    return found


def send(browser: FlaskClient, url: str, then: str, page: str, **changed: str) -> Any:
    return browser.post(url, data={**fields(page), **changed, "then": then})


def test_a_day_is_moved_after_it_was_looked_at(browser: FlaskClient, task: Task, session: Session) -> None:
    url = f"/plans/{task.plan_id}/changes/{task.id}/amend"
    first = browser.get(url).get_data(as_text=True)

    looked = send(browser, url, "preview", first, **{"days-0-due_on": "30/09/2031", "reason": WHY})
    page = looked.get_data(as_text=True)
    session.rollback()
    before = session.scalars(select(Assignment.due_on)).one()
    saved = send(browser, url, "save", page)

    assert "30/06/2031 → 30/09/2031" in page
    assert before == DUE
    assert saved.status_code == 302
    session.expire_all()
    assert session.scalars(select(Assignment.due_on)).one() == date(2031, 9, 30)
    listed = browser.get(f"/plans/{task.plan_id}/changes").get_data(as_text=True)
    assert WHY in listed
    assert "Đổi thời hạn (1)" in listed


def test_saving_what_was_not_looked_at_shows_it_first(browser: FlaskClient, task: Task, session: Session) -> None:
    url = f"/plans/{task.plan_id}/changes/{task.id}/withdraw"
    first = browser.get(url).get_data(as_text=True)

    pressed = send(browser, url, "save", first, reason=WHY)

    assert pressed.status_code == 200
    assert "Ảnh hưởng nếu lưu" in pressed.get_data(as_text=True)
    session.expire_all()
    assert session.scalars(select(Assignment.state)).one() is AssignmentState.OPEN


def test_a_withdrawn_task_is_listed_and_can_be_given_back(browser: FlaskClient, task: Task, session: Session) -> None:
    url = f"/plans/{task.plan_id}/changes/{task.id}/withdraw"
    page = send(browser, url, "preview", browser.get(url).get_data(as_text=True), reason=WHY).get_data(as_text=True)
    send(browser, url, "save", page)

    shown = browser.get(f"/plans/{task.plan_id}").get_data(as_text=True)
    browser.post(f"/plans/{task.plan_id}/changes/{task.id}/take-back", data={})

    assert "Đã thôi giao (1)" in shown
    assert "Giao lại như trước" in shown
    session.expire_all()
    assert session.scalars(select(Assignment.state)).one() is AssignmentState.OPEN


def test_the_second_coordinator_sees_what_the_first_did_and_loses_no_text(
    browser: FlaskClient, as_user: Any, make: Factory, police: User, task: Task, session: Session
) -> None:
    url = f"/plans/{task.plan_id}/changes/{task.id}/amend"
    other = as_user(make.user(Role.COORDINATOR, police.agency))
    mine, theirs = browser.get(url).get_data(as_text=True), other.get(url).get_data(as_text=True)
    page = send(other, url, "preview", theirs, text="Bản của người kia.", reason="Bổ sung.").get_data(as_text=True)
    send(other, url, "save", page)

    refused = send(browser, url, "preview", mine, text="Bản của tôi.", reason=WHY)
    page = refused.get_data(as_text=True)
    again = send(browser, url, "preview", page)
    saved = send(browser, url, "save", again.get_data(as_text=True))

    assert refused.status_code == 400
    assert "Người khác vừa thay đổi" in page
    assert "Bản của người kia." in page
    assert fields(page)["text"] == "Bản của tôi."
    assert saved.status_code == 302
    session.expire_all()
    assert session.get_one(Task, task.id).text == "Bản của tôi."


def test_a_task_is_added_once_however_often_it_is_pressed(
    browser: FlaskClient, task: Task, session: Session
) -> None:
    url = f"/plans/{task.plan_id}/changes/new"
    chosen = {"deadlines-0-kind": "date", "deadlines-0-every": "", "kind": "one_off", "role": "lead"}
    said = {"text": unicodedata.normalize("NFD", "Báo cáo đợt cao điểm."), "reason": WHY, "owners-0-name": "Sở Y tế",
            "deadlines-0-due_on": "31/12/2031", **chosen}
    page = send(browser, url, "preview", browser.get(url).get_data(as_text=True), **said).get_data(as_text=True)

    answers = [send(browser, url, "save", page, **chosen).status_code for _press in range(2)]

    assert answers == [302, 400]
    added = session.scalars(select(Task).where(Task.plan_id == task.plan_id, Task.id != task.id)).one()
    assert added.text == "Báo cáo đợt cao điểm."
    assert len(session.scalars(select(PlanChange)).all()) == 1


WRONG = [
    pytest.param({"reason": " "}, "Hãy ghi lý do", 200, id="no reason"),
    pytest.param({"days-0-due_on": ""}, "Hãy ghi ngày.", 200, id="the day was emptied"),
    pytest.param({"days-0-due_on": "32/01/2031"}, "Ngày không đúng", 200, id="no day"),
    pytest.param({"days-0-due_on": "01/01/2020"}, "Ngày 01/01/2020 đã qua", 400, id="a day gone by"),
    pytest.param({"document_on": "01/01/2026"}, "Hãy ghi cả số của văn bản", 200, id="half a document"),
    pytest.param({"owners-0-name": "", "owners-0-picked": ""}, "Không cơ quan nào trong danh mục", 400, id="nobody"),
    pytest.param({"text": "Gọi 001099012345 lên làm việc."}, "căn cước", 400, id="an identity number"),
]


@pytest.mark.parametrize(("changed", "sentence", "code"), WRONG)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    browser: FlaskClient, task: Task, changed: dict[str, str], sentence: str, code: int
) -> None:
    url = f"/plans/{task.plan_id}/changes/{task.id}/amend"

    answer = send(browser, url, "preview", browser.get(url).get_data(as_text=True), **{"reason": WHY, **changed})

    page = answer.get_data(as_text=True)
    assert (answer.status_code, sentence in page) == (code, True)
    assert fields(page)["expected_product"] == ""
    assert all(fields(page)[name].strip() == value.strip() for name, value in changed.items() if "picked" not in name)


def test_only_the_plans_own_coordinator_changes_it(
    as_user: Any, make: Factory, task: Task, police: User
) -> None:
    addresses = [f"/plans/{task.plan_id}/changes/new", f"/plans/{task.plan_id}/changes/{task.id}/amend",
                 f"/plans/{task.plan_id}/changes/{task.id}/withdraw"]

    for role, code in ((Role.LIAISON, 403), (Role.LEADER, 403), (Role.COORDINATOR, 404)):
        stranger = as_user(make.user(role))
        assert [stranger.get(url).status_code for url in addresses] == [code] * 3
        assert stranger.post(f"/plans/{task.plan_id}/changes/{task.id}/take-back").status_code == code
    other = make.task(make.plan(police.agency))
    assert as_user(police).get(f"/plans/{task.plan_id}/changes/{other.id}/amend").status_code == 404


def test_a_long_plan_is_paged_and_a_link_finds_its_task(
    browser: FlaskClient, make: Factory, police: User
) -> None:
    plan: Plan = make.plan(police.agency)
    agency = make.agency()
    tasks = [make.assignment(agency, plan).task for _ in range(60)]

    first = browser.get(f"/plans/{plan.id}").get_data(as_text=True)
    second = browser.get(f"/plans/{plan.id}?task={tasks[55].id}").get_data(as_text=True)

    assert ("Trang sau" in first, f'id="task-{tasks[55].id}"' in first) == (True, False)
    assert (f'id="task-{tasks[55].id}"' in second, f'id="task-{tasks[0].id}"' in second) == (True, False)
    assert browser.get(f"/plans/{plan.id}?after=99999999999&task=x").status_code == 200

"""The inbox: decided in place, many at once, the next opens by itself, nothing typed is lost."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.reports.test_inbox import Case
from tracker.models import Comment, Extension, Transfer
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, Decision, RequestState
from tracker.workflow import acceptance

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.clock.now", lambda: NOW)


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    return Case(session, make)


@pytest.fixture
def browser(case: Case, as_user: Any) -> FlaskClient:
    return as_user(case.coordinator)  # type: ignore[no-any-return]


def test_an_empty_inbox_says_so(browser: FlaskClient) -> None:
    assert "Không có gì chờ xử lý" in browser.get("/inbox/").text


def test_the_report_its_plan_and_the_decision_stand_side_by_side(browser: FlaskClient, case: Case) -> None:
    case.report(days_ago=7)

    text = browser.get("/inbox/").text

    assert "Đã xong." in text
    assert "Kế hoạch yêu cầu" in text
    assert "chờ 5 ngày làm việc, quá 2 ngày" in text
    assert "Xác nhận hoàn thành" in text


def test_an_accepted_report_opens_the_next_and_can_be_undone(
    session: Session, browser: FlaskClient, case: Case
) -> None:
    first, second = case.report(days_ago=2), case.report(days_ago=1)

    answer = browser.post(f"/inbox/reports/{first.id}", data={
        "decision": "accepted", "version": first.version, "next": f"report-{second.id}"}, follow_redirects=True)

    assert f"open=report-{second.id}" in answer.request.full_path
    assert "Đã xác nhận báo cáo" in answer.text
    assert "Hoàn tác" in answer.text
    browser.post(f"/inbox/reports/{first.id}/reopen")
    session.expire_all()
    assert first.state is AssignmentState.SUBMITTED


def test_a_return_without_a_reason_is_asked_for_one(session: Session, browser: FlaskClient, case: Case) -> None:
    row = case.report()

    answer = browser.post(f"/inbox/reports/{row.id}", data={"decision": "returned", "version": row.version})

    assert answer.status_code == 409
    session.expire_all()
    assert row.state is AssignmentState.SUBMITTED


def test_what_a_second_coordinator_typed_is_kept_when_the_first_was_faster(
    session: Session, make: Factory, browser: FlaskClient, case: Case
) -> None:
    row = case.report()
    seen = row.version
    colleague = make.user(Role.COORDINATOR, case.coordinator.agency)
    from tracker.models import Actor

    acceptance.accept(session, row, actor=Actor("x", "127.0.0.1", colleague), now=NOW)
    session.commit()

    answer = browser.post(f"/inbox/reports/{row.id}", data={"decision": "returned", "version": seen,
                                                            "words": "Thiếu phụ lục số 2."})

    assert answer.status_code == 409
    assert "Thiếu phụ lục số 2." in answer.text
    assert f"/assignments/{row.id}" in answer.text


def test_more_time_is_granted_to_another_day_than_the_one_asked(
    session: Session, browser: FlaskClient, case: Case
) -> None:
    asked = case.ask(Extension)
    day = (TODAY + 5 * DAY).strftime("%d/%m/%Y")

    browser.post(f"/inbox/extensions/{asked.id}", data={"decision": "granted", "version": asked.version,
                                                        "granted_on": day})

    session.expire_all()
    assert (asked.state, asked.assignment.due_on) == (RequestState.GRANTED, TODAY + 5 * DAY)


def test_a_day_that_is_no_day_is_said_and_nothing_is_granted(
    session: Session, browser: FlaskClient, case: Case
) -> None:
    asked = case.ask(Extension)

    answer = browser.post(f"/inbox/extensions/{asked.id}", data={
        "decision": "granted", "version": asked.version, "granted_on": "31/02/2026", "words": "Đồng ý lần cuối."})

    assert answer.status_code == 400
    assert "31/02/2026" in answer.text
    assert "Đồng ý lần cuối." in answer.text
    session.expire_all()
    assert asked.state is RequestState.WAITING


def test_work_is_given_to_the_agency_that_was_proposed(
    session: Session, make: Factory, browser: FlaskClient, case: Case
) -> None:
    other = make.agency("Sở Tài chính")
    asked = case.ask(Transfer, proposed_agency_id=other.id)

    assert f'<option selected value="{other.id}">' in browser.get("/inbox/").text
    browser.post(f"/inbox/transfers/{asked.id}", data={"decision": "granted", "version": asked.version,
                                                       "given_to": other.id})

    session.expire_all()
    assert asked.assignment.state is AssignmentState.CANCELLED
    assert asked.assignment.replaced_by.agency_id == other.id


def test_giving_work_to_nobody_is_refused(browser: FlaskClient, case: Case) -> None:
    asked = case.ask(Transfer)

    answer = browser.post(f"/inbox/transfers/{asked.id}", data={"decision": "granted", "version": asked.version})

    assert answer.status_code == 400
    assert "Hãy chọn cơ quan sẽ nhận nhiệm vụ" in answer.text


def test_a_question_is_answered_once_however_often_it_is_pressed(
    session: Session, browser: FlaskClient, case: Case
) -> None:
    question = case.question()
    sent = {"decision": "answered", "words": "Không cần phụ lục.", "form_key": "press"}

    browser.post(f"/inbox/questions/{question.id}", data=sent)
    browser.post(f"/inbox/questions/{question.id}", data=sent)

    session.expire_all()
    assert question.answered_at == NOW
    assert len(session.scalars(select(Comment).where(Comment.text == "Không cần phụ lục.")).all()) == 1


def test_many_are_looked_over_before_they_are_accepted(session: Session, browser: FlaskClient, case: Case) -> None:
    rows = [case.report(), case.report()]
    ticked = [f"report-{row.id}.{row.version}" for row in rows]

    answer = browser.post("/inbox/many", data={"picked": ticked, "answer": "accept"})
    session.expire_all()
    assert "Xác nhận các báo cáo: 2 việc" in answer.text
    assert {row.state for row in rows} == {AssignmentState.SUBMITTED}

    answer = browser.post("/inbox/many", data={"picked": ticked, "answer": "accept", "confirmed": "yes"},
                          follow_redirects=True)
    session.expire_all()
    assert "Đã xử lý 2 việc" in answer.text
    assert {row.state for row in rows} == {AssignmentState.ACCEPTED}


def test_many_returns_want_a_reason(browser: FlaskClient, case: Case) -> None:
    row = case.report()

    answer = browser.post("/inbox/many", data={"picked": f"report-{row.id}.{row.version}", "answer": "return",
                                               "confirmed": "yes"})

    assert answer.status_code == 400
    assert "Hãy ghi lý do" in answer.text


def test_another_coordinators_things_are_not_there(make: Factory, as_user: Any, case: Case) -> None:
    browser = as_user(make.coordinator())

    for path in (f"reports/{case.report().id}", f"extensions/{case.ask(Extension).id}",
                 f"transfers/{case.ask(Transfer).id}", f"questions/{case.question().id}"):
        answer = browser.post(f"/inbox/{path}", data={"decision": Decision.ACCEPTED.value})
        assert answer.status_code == 404, path

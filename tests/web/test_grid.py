"""The grid in the browser: many rows saved in one go."""
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Assignment, ProgressUpdate, User
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ReportChannel
from tracker.workflow.progress import report

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)


def form_of(page: str) -> dict[str, Any]:
    """Read the form as a browser would send it, nothing changed."""
    values: dict[str, Any] = {"row": re.findall(r'name="row" value="(\d+)"', page)}
    for tag in re.findall(r"<input[^>]*>", page):
        found = re.search(r'name="(r\d+-\w+)"', tag)
        if found:
            value = re.search(r'value="([^"]*)"', tag)
            values[found[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="(r\d+-\w+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL):
        values[name] = text
    for name in re.findall(r'<select[^>]*name="(r\d+-\w+)"', page):
        values[name] = ""
    return values


def tell(session: Session, row: Assignment, user: User, text: str, app: Flask) -> None:
    report(session, row, actor=Actor(user.name, "127.0.0.1", user), state=State.IN_PROGRESS, text=text, percent=20,
           evidence_folder=app.extensions["settings"].evidence_folder, today=TODAY, now=NOW)
    session.commit()


def test_rows_come_most_pressing_first_page_by_page(make: Factory, as_user: Any) -> None:
    user = make.user()
    rest = [make.assignment(user.agency, due_on=None).id for _ in range(2)]
    soon = [make.assignment(user.agency, due_on=TODAY + n * DAY).id for n in range(3)]
    late = [make.assignment(user.agency, due_on=TODAY - n * DAY).id for n in range(1, 21)][::-1]
    returned = make.assignment(user.agency, due_on=TODAY + 90 * DAY, state=State.RETURNED).id
    make.assignment(user.agency, state=State.SUBMITTED)
    make.assignment()
    browser, seen, address = as_user(user), [], "/my-work/grid"

    while address:
        page = browser.get(address).text
        seen.append([int(number) for number in form_of(page)["row"]])
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""

    assert [number for rows in seen for number in rows] == [returned, *late, *soon, *rest]
    assert [len(rows) for rows in seen] == [20, 6]


def test_a_plan_is_chosen_in_the_address(make: Factory, as_user: Any) -> None:
    user = make.user()
    wanted, other = (make.assignment(user.agency) for _ in range(2))

    page = as_user(user).get(f"/my-work/grid?plan={wanted.plan_id}").text

    assert form_of(page)["row"] == [str(wanted.id)]
    assert f'<option value="{other.plan_id}"' in page


def test_good_rows_are_saved_and_bad_ones_come_back(
    session: Session, make: Factory, as_user: Any
) -> None:
    user = make.user()
    good, unproven, misread, untouched = (make.assignment(user.agency) for _ in range(4))
    browser = as_user(user)
    values = form_of(browser.get("/my-work/grid").text)
    values |= {f"r{good.id}-text": "Đã mở 3 lớp.", f"r{good.id}-percent": "40%",
               f"r{unproven.id}-text": "Xong <b>hết</b>.", f"r{unproven.id}-state": "submitted",
               f"r{misread.id}-text": "Đang làm.", f"r{misread.id}-percent": "nhiều"}  # fmt: skip

    page = browser.post("/my-work/grid", data=values).text

    assert "Đã lưu 1 dòng; 2 dòng cần sửa" in page
    assert page.count("#row-") == 2
    assert "Xong &lt;b&gt;hết&lt;/b&gt;." in page
    assert 'value="nhiều"' in page
    assert "cần minh chứng" in page
    assert page.count("autofocus") == 1
    assert re.search(rf'name="r{unproven.id}-document_number"[^>]*>|<input[^>]*autofocus[^>]*r{unproven.id}', page)
    session.rollback()
    saved = session.query(ProgressUpdate).one()
    assert (saved.assignment_id, saved.text, saved.percent) == (good.id, "Đã mở 3 lớp.", 40)
    assert saved.channel is ReportChannel.GRID
    assert session.get_one(Assignment, untouched.id).version == 1


def test_when_all_is_well_the_page_is_fresh_again(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    rows = [make.assignment(user.agency) for _ in range(3)]
    browser = as_user(user)
    values = form_of(browser.get("/my-work/grid").text)
    for row in rows[:2]:
        values |= {f"r{row.id}-text": "Xong.", f"r{row.id}-state": "submitted", f"r{row.id}-document_number": "5/BC",
                   f"r{row.id}-document_on": "17/03/2026"}  # fmt: skip

    answer = browser.post(f"/my-work/grid?plan={rows[0].plan_id}", data=values)
    page = browser.get(answer.location).text

    assert answer.status_code == 302
    assert f"plan={rows[0].plan_id}" in answer.location
    assert "Đã lưu 2 dòng." in page
    session.rollback()
    assert [session.get_one(Assignment, row.id).state for row in rows] == [State.SUBMITTED] * 2 + [State.OPEN]


def test_pressed_twice_it_is_saved_once(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    browser = as_user(user)
    values = form_of(browser.get("/my-work/grid").text) | {f"r{row.id}-text": "Đã mở lớp."}

    statuses = [browser.post("/my-work/grid", data=values).status_code for _ in range(2)]

    assert statuses == [302, 302]
    assert session.query(ProgressUpdate).count() == 1


def test_nothing_changed_makes_no_report(session: Session, make: Factory, as_user: Any, app: Flask) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    tell(session, row, user, 'Dòng một.\nDòng hai "đóng mở" & <hết>.', app)
    browser = as_user(user)
    values = form_of(browser.get("/my-work/grid").text)
    values[f"r{row.id}-text"] = 'Dòng một.\r\nDòng hai "đóng mở" & <hết>.'

    answer = browser.post("/my-work/grid", data=values, follow_redirects=True).text

    assert "Không có dòng nào thay đổi" in answer
    assert session.query(ProgressUpdate).count() == 1


def test_what_the_other_wrote_stands_beside_what_was_typed(
    session: Session, make: Factory, as_user: Any, app: Flask
) -> None:
    user = make.user()
    row, untouched = make.assignment(user.agency), make.assignment(user.agency)
    browser = as_user(user)
    values = form_of(browser.get("/my-work/grid").text) | {f"r{row.id}-text": "Phần của tôi."}
    for each in (row, untouched):
        tell(session, each, make.user(agency=user.agency), "Phần của người khác.", app)

    answer = browser.post("/my-work/grid", data=values)

    assert answer.status_code == 409
    assert "Đã lưu 0 dòng; 1 dòng cần sửa" in answer.text
    assert "Phần của người khác." in answer.text
    assert "Phần của tôi." in answer.text

    again = form_of(answer.text)
    assert browser.post("/my-work/grid", data=again).status_code == 302
    session.rollback()
    assert session.query(ProgressUpdate).filter_by(assignment_id=row.id).count() == 2


def test_what_was_typed_for_a_row_that_is_gone_is_kept_to_copy(
    session: Session, make: Factory, as_user: Any
) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    browser = as_user(user)
    values = form_of(browser.get("/my-work/grid").text) | {f"r{row.id}-text": "Phần của tôi."}
    row.state, row.submitted_on = State.SUBMITTED, TODAY
    session.commit()

    answer = browser.post("/my-work/grid", data=values)

    assert answer.status_code == 409
    assert re.search(r"<textarea[^>]*readonly[^>]*>Phần của tôi\.", answer.text)


def test_another_agencys_row_does_not_exist(session: Session, make: Factory, as_user: Any) -> None:
    theirs = make.assignment()

    answer = as_user(make.user()).post("/my-work/grid", data={
        "row": [str(theirs.id)], f"r{theirs.id}-version": "1", f"r{theirs.id}-text": "Của tôi."})

    assert answer.status_code == 404
    assert session.query(ProgressUpdate).count() == 0


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_only_those_who_report_have_a_grid(make: Factory, as_user: Any, role: Role) -> None:
    browser = as_user(make.user(role))

    assert [browser.get("/my-work/grid").status_code, browser.post("/my-work/grid").status_code] == [403, 403]


@pytest.mark.parametrize("query", ["plan=x", "plan=0", "plan=99999999999", "after=x", "after=1.9999-99-99.1",
                                   "after=0.2026-03-18.9999999999", "plan=%00&after=%00"])
def test_an_address_written_by_hand_breaks_nothing(make: Factory, as_user: Any, query: str) -> None:
    user = make.user()
    make.assignment(user.agency)
    browser = as_user(user)

    assert browser.get(f"/my-work/grid?{query}").status_code == 200
    assert browser.post(f"/my-work/grid?{query}", data={"row": ["x", "-1", "99999999999"]}).status_code == 302


def test_a_form_written_by_hand_breaks_nothing(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    row = make.assignment(user.agency)
    browser = as_user(user)

    for values in ({"state": "accepted", "text": "x"}, {"version": "x", "text": "x"}, {"text": "x" * 10_001},
                   {"document_on": "31/02/2026", "text": "x"}):
        data = {f"r{row.id}-{name}": value for name, value in values.items()} | {"row": [str(row.id)]}
        assert browser.post("/my-work/grid", data=data).status_code in {200, 409}

    assert session.query(ProgressUpdate).count() == 0


def test_a_grid_with_nothing_to_do_says_so(make: Factory, as_user: Any) -> None:
    assert "Không còn việc nào phải báo cáo" in as_user(make.user()).get("/my-work/grid").text


def test_the_grid_costs_the_same_with_more_rows(make: Factory, as_user: Any) -> None:
    user = make.user()
    costs = []
    for _ in range(2):
        for _ in range(6):
            make.assignment(user.agency, due_on=None)
        browser = as_user(user)
        with counted_statements() as sent:
            assert browser.get("/my-work/grid").status_code == 200
        costs.append(len(sent))

    assert costs[0] == costs[1] <= 10

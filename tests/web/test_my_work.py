"""The liaison's desk as a page: groups, filters, named filters, rows."""
from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import ProgressUpdate, Review, SavedView
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import Decision, TaskRole
from tracker.workflow.saved_views import MOST_VIEWS

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)
#: What the page of an agency with more than a hundred rows may weigh.
MOST_BYTES = 150_000


def rows_of(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'<li class="job" id="row-(\d+)"', page)]


def test_the_desk_shows_trouble_first_with_a_way_to_report(make: Factory, as_user: Any) -> None:
    user = make.user()
    waiting = make.assignment(user.agency, state=State.SUBMITTED)
    soon = make.assignment(user.agency, due_on=TODAY + DAY)
    returned = make.assignment(user.agency, due_on=TODAY + 9 * DAY, state=State.RETURNED)
    late = make.assignment(user.agency, due_on=TODAY - 3 * DAY)
    theirs = make.assignment()

    page = as_user(user).get("/my-work/").text

    assert rows_of(page) == [returned.id, late.id, soon.id, waiting.id]
    for row in (returned, late, soon):
        assert f'href="/assignments/{row.id}/progress?next=/my-work/"' in unescape(page)
    assert f"/assignments/{waiting.id}/progress" not in page
    assert "quá hạn 3 ngày" in page
    assert theirs.task.text not in page


def test_a_row_tells_role_colleague_last_report_and_why_it_came_back(
    session: Session, make: Factory, as_user: Any
) -> None:
    user, police = make.user(name="Đặng Thị Hoa"), make.coordinator()
    part = make.assignment(user.agency, is_part=True, role=TaskRole.COORDINATE, assignee_id=user.id)
    returned = make.assignment(user.agency, state=State.RETURNED)
    for row, text in ((part, "Đã tập huấn 3 lớp <b>đầu</b>."), (returned, "Nộp lần một.")):
        update = ProgressUpdate(assignment=row, author=user, created_at=NOW, reported_on=TODAY, percent=40, text=text,
                                state=State.IN_PROGRESS)
        session.add(update)
    session.flush()
    session.add(Review(update=update, reviewer=police, decision=Decision.RETURNED, reason="Thiếu biểu số 2.",
                       decided_at=NOW))

    page = as_user(user).get("/my-work/").text

    assert "Phối hợp</span>" in page
    assert "Người thực hiện: <strong>Đặng Thị Hoa</strong>" in page
    assert "Báo cáo 18/03/2026: Đã tập huấn 3 lớp &lt;b&gt;đầu&lt;/b&gt;." in page
    assert "Lý do trả lại:</strong> Thiếu biểu số 2." in page
    assert "Nộp lần một." not in page


@pytest.mark.parametrize(("state", "links"), [(State.OPEN, 5), (State.SUBMITTED, 2), (State.ACCEPTED, 2)])
def test_every_other_thing_to_do_is_a_page_that_opens(
    make: Factory, as_user: Any, state: State, links: int
) -> None:
    user = make.user()
    make.user(agency=user.agency)
    make.assignment(user.agency, state=state)
    browser = as_user(user)

    menu = re.findall(r'<details class="job__more">.*?</details>', browser.get("/my-work/").text, re.DOTALL)
    addresses = [unescape(found) for found in re.findall(r'href="([^"]+)"', menu[0])]

    assert len(addresses) == links
    for address in addresses:
        page = browser.get(address)
        assert page.status_code == 200
        _path, _hash, place = address.partition("#")
        assert not place or f'id="{place}"' in page.text


@pytest.mark.parametrize(("state", "presses"), [(State.OPEN, 2), (State.IN_PROGRESS, 2), (State.RETURNED, 0)])
def test_one_press_answers_stand_where_they_hide_nothing(
    make: Factory, as_user: Any, state: State, presses: int
) -> None:
    user = make.user()
    make.assignment(user.agency, state=state)

    assert as_user(user).get("/my-work/").text.count('name="answer"') == presses


def test_a_long_text_can_be_opened_in_its_row(make: Factory, as_user: Any) -> None:
    user = make.user()
    make.assignment(user.agency, task=make.task(text="Việc ngắn."))
    make.assignment(user.agency, task=make.task(text="Việc dài. " * 200))

    page = as_user(user).get("/my-work/").text

    assert page.count("Xem hết") == 1
    assert page.count("Việc dài.") < 70


def test_a_group_is_paged_by_key_within_its_filter(make: Factory, as_user: Any) -> None:
    user = make.user()
    plan = make.plan()
    rows = [make.assignment(user.agency, plan, due_on=TODAY - n * DAY).id for n in range(1, 56)]
    make.assignment(user.agency, due_on=TODAY - DAY)
    browser = as_user(user)
    seen: list[int] = []
    address = f"/my-work/?group=late&plan={plan.id}"

    while address:
        page = browser.get(address).text
        seen += rows_of(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(following[1]) if following else ""
        assert not address or f"plan={plan.id}" in address

    assert seen == rows[::-1]


def test_what_is_set_is_said_and_can_be_taken_away_one_by_one(make: Factory, as_user: Any) -> None:
    user = make.user()
    plan = make.plan(number="88/KH-UBND", title="Kế hoạch cai nghiện")
    row = make.assignment(user.agency, plan, assignee_id=user.id, due_on=TODAY - DAY)
    make.assignment(user.agency, due_on=TODAY - DAY)

    page = as_user(user).get(f"/my-work/?group=late&q=cai+nghien&plan={plan.id}&mine=1&parts=lead").text

    assert rows_of(page) == [row.id]
    chips = [unescape(found) for found in re.findall(r'<a class="chip" href="([^"]+)"', page)]
    assert chips == [
        f"/my-work/?group=late&plan={plan.id}&mine=1&parts=lead", "/my-work/?group=late&q=cai+nghien&mine=1&parts=lead",
        f"/my-work/?group=late&plan={plan.id}&q=cai+nghien&mine=1",
        f"/my-work/?group=late&plan={plan.id}&q=cai+nghien&parts=lead",
    ]  # fmt: skip
    for words in ("Tìm: “cai nghien”", "Kế hoạch: 88/KH-UBND – Kế hoạch cai nghiện", "Vai trò: Chủ trì",
                  "Chỉ việc giao cho tôi"):  # fmt: skip
        assert words in page


def test_every_group_says_how_many_there_are_under_the_filter(make: Factory, as_user: Any) -> None:
    user = make.user()
    plan = make.plan()
    for due_on in (TODAY - DAY, TODAY - DAY, TODAY, None):
        make.assignment(user.agency, plan, due_on=due_on)
    make.assignment(user.agency, due_on=TODAY - DAY)

    page = as_user(user).get(f"/my-work/?group=soon&plan={plan.id}").text

    nav = page[page.index('<nav class="groups"'):page.index("</nav>", page.index('<nav class="groups"'))]
    assert re.findall(r'data-count="(\w+)">(\d+)<', nav) == [
        ("returned", "0"), ("late", "2"), ("soon", "1"), ("rest", "1"), ("waiting", "0"), ("done", "0")]  # fmt: skip
    assert f'href="/my-work/?group=late&amp;plan={plan.id}"' in nav or f"group=late&plan={plan.id}" in unescape(nav)


def test_empty_places_say_what_to_do(make: Factory, as_user: Any) -> None:
    user = make.user()
    make.assignment(user.agency, state=State.ACCEPTED)
    browser = as_user(user)

    assert "Không còn việc nào phải làm" in browser.get("/my-work/").text
    assert "Không có việc nào trong nhóm này" in browser.get("/my-work/?group=late").text
    nothing = browser.get("/my-work/?q=khongco").text
    assert "Không có việc nào khớp" in nothing
    assert "Bỏ hết điều kiện" in nothing
    assert "Tìm trong mọi nhóm" in browser.get("/my-work/?q=khongco&group=late").text


@pytest.mark.parametrize("query", [
    "group=x", "group=late&after=x", "group=&after=none.1", "group=done&after=%00", "q=%00%25_", "plan=99999999999",
    "plan=1&plan=2", "mine=2", "parts=x", "q=" + "a" * 3000,
])  # fmt: skip
def test_an_address_written_by_hand_breaks_nothing(make: Factory, as_user: Any, query: str) -> None:
    assert as_user(make.user()).get(f"/my-work/?{query}").status_code == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_only_those_who_report_have_a_desk(make: Factory, as_user: Any, role: Role) -> None:
    browser = as_user(make.user(role))

    assert browser.get("/my-work/").status_code == 403
    assert browser.post("/my-work/views", data={"name": "x", "group": "late"}).status_code == 403


def test_one_row_comes_alone_with_the_counts_and_only_to_its_agency(make: Factory, as_user: Any) -> None:
    user = make.user()
    row = make.assignment(user.agency, due_on=TODAY - DAY)
    make.assignment(user.agency, due_on=TODAY - DAY)

    answer = as_user(user).get(f"/my-work/rows/{row.id}?group=late&q=ma")

    assert rows_of(answer.text) == [row.id]
    assert 'data-count="late">2<' in answer.text
    assert f"/assignments/{row.id}/progress?next=/my-work/?group%3Dlate%26q%3Dma" in unescape(answer.text)
    assert "<html" not in answer.text
    assert as_user(make.user()).get(f"/my-work/rows/{row.id}").status_code == 404


def test_the_desk_costs_the_same_with_more_rows(make: Factory, as_user: Any) -> None:
    user = make.user()
    costs = []
    for _ in range(2):
        for _ in range(4):
            make.assignment(user.agency, due_on=None, assignee_id=make.user(agency=user.agency).id)
        browser = as_user(user)
        for query in ("", "?group=rest"):
            with counted_statements() as sent:
                assert browser.get(f"/my-work/{query}").status_code == 200
            costs.append(len([s for s in sent if s.startswith("SELECT")]))

    assert costs[:2] == costs[2:]
    assert max(costs) <= 12


def test_a_hundred_rows_are_no_heavy_page(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    plan = make.plan()
    text = "Tổ chức tuyên truyền, phổ biến pháp luật về phòng, chống ma túy cho học sinh, sinh viên và phụ huynh " * 2
    for number in range(120):
        state, due_on = ((State.RETURNED, TODAY), (State.OPEN, TODAY - DAY), (State.IN_PROGRESS, TODAY),
                         (State.OPEN, None), (State.SUBMITTED, TODAY), (State.ACCEPTED, TODAY))[number % 6]
        row = make.assignment(user.agency, task=make.task(plan, text=text), state=state, due_on=due_on,
                              assignee_id=user.id)
        session.add(ProgressUpdate(assignment=row, author=user, created_at=NOW, reported_on=TODAY, percent=40,
                                   text=text, state=State.IN_PROGRESS))
    for number in range(MOST_VIEWS):
        session.add(SavedView(user_id=user.id, name=f"Bộ lọc {number}", args={"group": "late"}, created_at=NOW))
    browser = as_user(user)

    for query, shown in (("", 70), ("?group=done", 20), ("?q=ma+tuy", 70)):
        page = browser.get(f"/my-work/{query}")
        assert len(rows_of(page.text)) == shown
        assert len(page.data) < MOST_BYTES


def test_a_filter_gets_a_name_and_is_one_press_away(make: Factory, as_user: Any) -> None:
    user = make.user()
    browser = as_user(user)

    saved = browser.post("/my-work/views", data={"name": " Việc  gấp ", "group": "late", "q": "ma túy", "evil": "1"})

    assert saved.status_code == 302
    page = browser.get(saved.location).text
    assert "Đã lưu bộ lọc “Việc gấp”" in page
    assert re.search(r'<a class="views__go" href="([^"]+)" aria-current="page">Việc gấp</a>', page)
    assert "evil" not in page


def test_a_name_that_is_taken_is_refused_and_stays_typed(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    session.add(SavedView(user_id=user.id, name="Quá hạn", args={"group": "late"}, created_at=NOW))
    browser = as_user(user)

    again = browser.post("/my-work/views", data={"name": "quá hạn", "mine": "1"})
    nothing = browser.post("/my-work/views", data={"name": "Tất cả"})

    assert again.status_code == nothing.status_code == 422
    assert "Bạn đã có bộ lọc tên “Quá hạn”" in again.text
    assert 'value="quá hạn"' in again.text
    assert '<input type="hidden" name="mine" value="1">' in again.text
    assert "Chưa chọn điều kiện lọc nào" in nothing.text


def test_deleting_a_view_asks_first(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    view = SavedView(user_id=user.id, name="Quá hạn", args={"group": "late"}, created_at=NOW)
    session.add(view)
    browser, stranger = as_user(user), as_user(make.user(agency=user.agency))
    address = f"/my-work/views/{view.id}/delete"

    assert f'href="{address}"' in browser.get("/my-work/").text
    assert "Xóa bộ lọc “Quá hạn”?" in browser.get(address).text
    assert stranger.get(address).status_code == stranger.post(address).status_code == 404
    assert "Quá hạn</a>" in browser.get("/my-work/").text
    assert browser.post(address).location == "/my-work/"
    assert "Đã xóa bộ lọc “Quá hạn”" in browser.get("/my-work/").text
    assert browser.post(address).status_code == 404


@pytest.mark.parametrize("args", [{}, {"group": "gone", "plan": "x"}, {"plan": "999"}, {"q": ["a"], "mine": True}])
def test_a_view_kept_by_an_older_version_breaks_nothing(
    session: Session, make: Factory, as_user: Any, args: dict[str, Any]
) -> None:
    user = make.user()
    session.add(SavedView(user_id=user.id, name="Cũ", args=args, created_at=NOW))
    browser = as_user(user)

    page = browser.get("/my-work/").text

    address = re.search(r'<a class="views__go" href="([^"]+)"', page)
    assert address
    assert browser.get(unescape(address[1])).status_code == 200

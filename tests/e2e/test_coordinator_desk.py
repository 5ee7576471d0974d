"""The coordinator's desk, line by line, by a person with the mouse, on a desk and on a phone."""
from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import func, select

from tests.browsing import fits, open_first, press
from tests.e2e.site import WIDTHS, Site, running_plan, shown
from tests.factories import Factory
from tracker import clock
from tracker.models import (
    Agency,
    Assignment,
    Chase,
    ChaseItem,
    Comment,
    Extension,
    Letter,
    OutboxMail,
    ProgressUpdate,
    Transfer,
    User,
)
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ChaseChannel, ChaseTone

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", WIDTHS)]
DAY = timedelta(days=1)


class Desk:
    """The demo's coordinator at a screen; each test adds agencies of its own, found by a word in their names."""

    def __init__(self, site: Site, width: int) -> None:
        self.site, self.width = site, width
        self.me = site.read(lambda session: shown(session, Role.COORDINATOR).id)
        self.word = f"Thử số {next(site.numbers)}"

    def agency(self, make: Factory) -> User:
        """Add an agency and its liaison."""
        return make.user(agency=make.agency(f"Trung tâm {self.word} {next(make.numbers)}"))

    def late(self, agencies: int) -> list[int]:
        """Add agencies with one late duty each."""
        with self.site.rows() as make:
            plan = running_plan(make.session)
            return [make.assignment(self.agency(make).agency, plan, due_on=clock.today() - 5 * DAY).id
                    for _ in range(agencies)]

    def open(self, path: str, who: int | None = None) -> Any:
        return self.site.open(who or self.me, path, self.width)

    def board(self) -> Any:
        """Open the board with this test's agencies alone, every one of them ticked."""
        page = self.open("/chase/")
        page.get_by_label("Tên cơ quan").fill(self.word)
        press(page, "Lọc", exact=True)
        for box in page.locator("input[name=body]").all():
            box.check()
        return page

    def state(self, row: int) -> State:
        return self.site.read(lambda session: session.get_one(Assignment, row).state)  # type: ignore[no-any-return]

    def count(self, query: Any) -> int:
        return self.site.read(lambda session: session.scalar(query)) or 0


@pytest.fixture
def desk(site: Site, width: int) -> Desk:
    return Desk(site, width)


def number(words: str) -> int:
    """Read the first number, whatever separates its thousands."""
    found = re.search(r"\d[\d.]*", words)
    assert found, words
    return int(found[0].replace(".", ""))


# 1. Every number of the board leads to exactly so many.

def test_the_boards_numbers_lead_to_lists_of_that_many(desk: Desk) -> None:
    page = desk.open("/chase/")
    assert fits(page)
    links = page.locator(".matrix__number, .chase__count a")
    numbers = {str(link.get_attribute("href")): number(link.inner_text()) for link in links.all()}
    wrong = {}

    for address, promised in numbers.items():
        answer = page.request.get(address).text()
        listed = re.search(r'chase__count"><strong>([\d.]+) ', answer)
        if listed is None or number(listed[1]) != promised:
            wrong[address] = promised, listed and listed[1]
    page.locator(".matrix tfoot .matrix__sum a").first.click()
    page.wait_for_url("**list=items**")

    assert len(numbers) > 20
    assert wrong == {}
    assert fits(page)


# 2. Chasing many.

def test_many_are_chased_once_a_day_and_a_call_is_noted(desk: Desk) -> None:
    late = desk.late(3)
    page = desk.board()

    press(page, "Đôn đốc", exact=True)
    page.get_by_label("Kiên quyết").check()
    page.locator("textarea[name=note]").fill("Báo cáo trong tuần này.")
    page.locator(".mail-shown", has_text="khẩn trương").first.wait_for()
    assert page.locator(".mail-shown").count() + page.locator("[data-mail]").count() == 3
    assert fits(page)
    press(page, "Gửi 3 thư đôn đốc")
    assert "Đã gửi đôn đốc." in page.locator("main").inner_text()
    again = desk.board()
    press(again, "Đôn đốc", exact=True)
    assert "3 việc đã gửi thư đôn đốc trong hôm nay nên không đưa vào thư." in again.locator("main").inner_text()
    assert again.locator("[data-send]").count() == 0
    called = desk.board()
    press(called, "Ghi nhận đã gọi, họp, gửi công văn")
    called.locator("textarea[name=note]").fill("Đã gọi, hẹn báo cáo thứ Sáu.")
    assert fits(called)
    press(called, "Lưu ghi nhận")

    of_these = select(ChaseItem.chase_id).where(ChaseItem.assignment_id == late[0])
    query = select(Chase).where(Chase.id.in_(of_these)).order_by(Chase.id)
    chases = desk.site.read(lambda session: [(chase.channel, chase.tone) for chase in session.scalars(query)])
    assert chases[0] == (ChaseChannel.MAIL, ChaseTone.FIRM)
    assert [channel for channel, _tone in chases] == [ChaseChannel.MAIL, ChaseChannel.PHONE]
    recipients = select(User.id).join(Agency).where(Agency.name.contains(desk.word))
    assert desk.count(select(func.count()).select_from(OutboxMail).where(OutboxMail.recipient_id.in_(recipients))) == 3


# 3. A letter.

def test_a_letter_is_made_taken_and_numbered(desk: Desk, tmp_path: Path) -> None:
    late = desk.late(2)
    page = desk.board()

    press(page, "Soạn công văn")
    page.locator("[name=unit]").fill("PC04")
    press(page, "Xem trước")
    assert page.locator(".letter-sheet").count() >= 1
    assert fits(page)
    press(page, re.compile(r"^Tạo \d+ công văn"))
    with page.expect_download() as taken:
        page.get_by_role("link", name="Tải .docx").first.click()
    taken.value.save_as(tmp_path / "cong-van.docx")
    press(page, "Ghi số, ngày")
    page.locator("[name=number]").fill(f"{desk.width}/CAT-PC04")
    page.locator("[name=issued_on]").fill(f"{clock.today():%d/%m/%Y}")
    press(page, "Lưu", exact=True)

    words = "\n".join(paragraph.text for paragraph in Document(str(tmp_path / "cong-van.docx")).paragraphs)
    assert "Kính gửi" in words
    assert f"Đã ghi công văn số {desk.width}/CAT-PC04." in page.locator("main").inner_text()
    assert len(late) == 2
    numbered = select(func.count()).select_from(Letter).where(Letter.number == f"{desk.width}/CAT-PC04")
    assert desk.count(numbered) == 1


# 4. The inbox.

class Waiting:
    """One thing of each kind that waits, and two more reports."""

    def __init__(self, desk: Desk) -> None:
        with desk.site.rows() as make:
            plan = running_plan(make.session)
            other = make.agency(f"Trung tâm khác {desk.width} {next(make.numbers)}")
            rows = []
            for kind in ("report", "extension", "transfer", "question", "report", "report"):
                liaison = desk.agency(make)
                row = make.assignment(liaison.agency, plan, due_on=clock.today() + 5 * DAY,
                                      state=State.SUBMITTED if kind == "report" else State.IN_PROGRESS)
                make.session.add(self._asked(kind, row, liaison, other))
                rows.append(row.id)
            self.report, self.extension, self.transfer, self.question, *self.more = rows

    def _asked(self, kind: str, row: Assignment, liaison: User, other: Agency) -> Any:
        asked = {"assignment": row, "asked_by": liaison, "asked_at": clock.now(), "reason": "Chờ kinh phí."}
        match kind:
            case "report":
                return ProgressUpdate(assignment=row, author=liaison, created_at=clock.now(), percent=100,
                                      reported_on=clock.today(), state=State.SUBMITTED, text="Đã làm xong.")
            case "extension":
                return Extension(from_due_on=row.due_on, wanted_on=clock.today() + 30 * DAY, **asked)
            case "transfer":
                return Transfer(proposed_agency_id=other.id, **asked)
        return Comment(assignment=row, author=liaison, written_at=clock.now(), text="Có cần phụ lục không?",
                       is_question=True, form_key=f"asked-{row.id}")


def test_each_kind_is_decided_and_the_next_one_opens(desk: Desk) -> None:
    waiting = Waiting(desk)
    page = desk.open("/inbox/")
    page.get_by_label("Tìm cơ quan hoặc nội dung").fill(desk.word)
    press(page, "Lọc", exact=True)
    open_first(page)

    for button, words in (("Xác nhận hoàn thành", ""), ("Đồng ý gia hạn", "Đồng ý."),
                          ("Chuyển nhiệm vụ", "Giao lại."), ("Gửi câu trả lời", "Không cần phụ lục.")):
        page.locator("#opened textarea").fill(words)
        assert fits(page)
        press(page, button, within="#opened")  # the next one is open already

    assert page.locator(".inbox__row").count() == 2
    rows = desk.site.read(lambda session: {
        name: (row.state, row.due_on) for name in ("report", "extension", "transfer")
        if (row := session.get_one(Assignment, getattr(waiting, name)))})
    assert rows["report"][0] is State.ACCEPTED
    assert rows["extension"][1] == clock.today() + 30 * DAY
    assert rows["transfer"][0] is State.CANCELLED
    answered = select(func.count()).where(Comment.assignment_id == waiting.question, Comment.answered_at.is_not(None))
    assert desk.count(answered) == 1


def test_two_are_accepted_at_once_and_one_is_taken_back(desk: Desk) -> None:
    waiting = Waiting(desk)
    page = desk.open("/inbox/")
    page.get_by_label("Tìm cơ quan hoặc nội dung").fill(desk.word)
    press(page, "Lọc", exact=True)
    press(page, "Báo cáo hoàn thành", within=".groups")
    open_first(page)

    press(page, "Xác nhận hoàn thành", within="#opened")
    press(page, "Hoàn tác", within=".inbox__undo")
    taken_back = desk.state(waiting.report)
    if page.locator(".inbox__back").is_visible():
        press(page, "Về danh sách")
    for box in page.locator("input[name=picked]").all():
        box.check()
    page.locator(".inbox__many > summary").click()
    page.get_by_label("Với các việc đã chọn").select_option("accept")
    press(page, "Xem lại rồi trả lời")
    assert fits(page)
    press(page, "Xác nhận", within="form.panel")

    assert taken_back is State.SUBMITTED
    assert "Đã xử lý 3 việc." in page.locator("main").inner_text()
    assert [desk.state(row) for row in (waiting.report, *waiting.more)] == [State.ACCEPTED] * 3


# 5. A running plan changed.

def test_a_running_plans_date_is_moved_and_a_task_withdrawn(desk: Desk) -> None:
    before, after = clock.today() + 20 * DAY, clock.today() + 40 * DAY
    with desk.site.rows() as make:
        police = shown(make.session, Role.COORDINATOR)
        plan = make.plan(police.agency, title=f"Kế hoạch {desk.word}")
        liaison = desk.agency(make)
        task = make.task(plan, liaison.agency, before, text="Kiểm tra các điểm cai nghiện.")
        duty = make.assignment(liaison.agency, task=task, due_on=before, deadline_id=task.deadlines[0].id).id
        ids = plan.id, liaison.id
    page = desk.open(f"/plans/{ids[0]}")
    theirs = desk.open(f"/assignments/{duty}", ids[1])

    press(page, re.compile(r"^Sửa\b"))
    page.get_by_label("Ngày cuối cùng còn đúng hạn").fill(f"{after:%d/%m/%Y}")
    page.get_by_label("Lý do thay đổi").fill("Lùi theo chỉ đạo của tỉnh.")
    press(page, "Xem ảnh hưởng trước khi lưu")
    assert f"{before:%d/%m/%Y} → {after:%d/%m/%Y}" in page.locator("main").inner_text()
    assert fits(page)
    press(page, "Lưu thay đổi")
    theirs.reload()
    assert f"{after:%d/%m/%Y}" in theirs.locator(".panel--now").inner_text()
    assert "Lùi theo chỉ đạo của tỉnh." in theirs.locator("main").inner_text()
    press(page, re.compile(r"^Thôi giao\b"))
    page.get_by_label("Lý do thay đổi").fill("Đã giao trong kế hoạch khác.")
    press(page, "Xem ảnh hưởng trước khi lưu")
    assert fits(page)
    press(page, "Thôi giao nhiệm vụ", exact=True)
    theirs.reload()

    assert "Đã hủy: Đã giao trong kế hoạch khác." in theirs.locator(".panel--now").inner_text()
    assert desk.state(duty) is State.CANCELLED

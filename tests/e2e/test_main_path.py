"""The whole job in a real browser: a plan comes in, departments report, the police chase, mail reminds."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import SHARED, Sink
from tests.factories import Factory
from tracker.models import Agency, AgencyGroup, AgencyKind, Assignment, Plan, Task, User
from tracker.rules.folding import fold
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, DeadlineKind
from tracker.workflow.passwords import hash_password

pytestmark = pytest.mark.browser

REAL_PLAN = SHARED / "plans" / "thai-binh-2017.txt"
OWN_PLAN = Path(__file__).resolve().parents[1] / "data" / "plans" / "ha-duong-2026-ma-tuy.txt"
PASSWORD = "một mật khẩu đủ dài 2026"
EXPECTED_CLASSES = ("done_on_time", "done_late", "pending_in_time", "pending_overdue", "no_deadline")


def next_tuesday() -> date:
    """A Tuesday some weeks ahead: a browser keeps real time and drops cookies that are already old."""
    day = datetime.now(UTC).date() + timedelta(days=21)
    return day + timedelta(days=(1 - day.weekday()) % 7)


def morning(day: date) -> datetime:
    """Give 07:45 in Vietnam."""
    return datetime(day.year, day.month, day.day, 0, 45, tzinfo=UTC)


class Province:
    """A few bodies that both plans give work to, and one person in each role."""

    def __init__(self, make: Factory) -> None:
        names = {
            "Công an tỉnh": AgencyKind.POLICE, "Sở Y tế": AgencyKind.DEPARTMENT, "Sở Tài chính": AgencyKind.DEPARTMENT,
            "Sở Công Thương": AgencyKind.DEPARTMENT,
        }  # fmt: skip
        bodies = {name: make.agency(name, kind=kind, position=n) for n, (name, kind) in enumerate(names.items())}
        self.police, self.health = bodies["Công an tỉnh"], bodies["Sở Y tế"]
        communes = [make.agency(f"Ủy ban nhân dân xã {n}", kind=AgencyKind.PEOPLES_COMMITTEE) for n in range(1, 4)]
        group = make.group(*communes, name="Ủy ban nhân dân các huyện, thành phố")
        group.alias_folds = "\n".join(map(fold, ("Ủy ban nhân dân huyện, thành phố", "UBND các xã, phường",
                                                 "Ủy ban nhân dân các xã, phường")))
        secret = {"password_hash": hash_password(PASSWORD)}
        self.coordinator = make.user(Role.COORDINATOR, self.police, **secret)
        self.liaison = make.user(Role.LIAISON, self.health, **secret)
        self.leader = make.user(Role.LEADER, **secret)
        self.administrator = make.user(Role.ADMINISTRATOR, **secret)
        make.session.commit()


class Visitor:
    """Somebody at a browser; nobody in particular, when they follow the link of a mail."""

    def __init__(self, chromium: Any, server: str, person: User | None) -> None:
        self.server = server
        self.outside: list[str] = []
        self.page = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN").new_page()
        self.page.on("request", lambda request: self._note(request.url))
        self.email = person.email if person else ""
        if person:
            self.log_in()

    def _note(self, url: str) -> None:
        if not url.startswith((self.server, "data:", "blob:")):
            self.outside.append(url)

    def log_in(self) -> None:
        """Log in as a person does."""
        self.page.goto(f"{self.server}/accounts/log-in")
        if self.page.locator("input[name=email]").count():
            self.page.fill("input[name=email]", self.email)
            self.page.fill("input[name=password]", PASSWORD)
            self.page.get_by_role("button", name="Đăng nhập").click()
            self.page.wait_for_url(f"{self.server}/")

    def open(self, path: str) -> Any:
        """Open a page by its address."""
        response = self.page.goto(self.server + path.partition("#")[0])
        assert response is not None
        assert response.status == 200, (path, response.status)
        return self.page

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button by its words, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()


@pytest.fixture
def visit(chromium: Any, live_server: str) -> Any:
    """Give browsers; at the end none may have asked another host for anything."""
    visitors: list[Visitor] = []

    def open_browser(person: User | None = None) -> Visitor:
        visitors.append(Visitor(chromium, live_server, person))
        return visitors[-1]

    yield open_browser
    for visitor in visitors:
        visitor.page.context.close()
    assert [url for visitor in visitors for url in visitor.outside] == []


def import_plan(police: Visitor, session: Session) -> Plan:
    """Upload the plan and end on its review screen."""
    police.open("/plans/new")
    police.page.set_input_files("input[type=file]", REAL_PLAN if REAL_PLAN.exists() else OWN_PLAN)
    police.press("Đọc kế hoạch")
    session.rollback()
    plan = session.scalars(select(Plan)).one()
    assert f"/plans/{plan.id}" in police.page.url
    return plan


def duty_of(session: Session, plan: Plan, owner: Agency) -> Task:
    """Find a duty that the reading gave to one agency alone, to be done once."""
    session.rollback()
    tasks = session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.position)).all()
    return next(
        task for task in tasks if [o.agency_id for o in task.owners] == [owner.id]
        and [d.kind for d in task.deadlines] in ([], [DeadlineKind.DATE])
    )  # fmt: skip


def set_deadline(police: Visitor, plan: Plan, task: Task, due_on: date) -> None:
    """Choose a duty, see its words marked in the text, give it a date and check it off."""
    police.open(f"/plans/{plan.id}/review?task={task.id}")
    # The mark shows the plan's own words, whatever lines they are broken into.
    marked = "".join("".join(police.page.locator("#text mark").all_text_contents()).split())
    assert marked
    assert marked in "".join(plan.text.split())
    assert "".join(task.text.split())[:60] in marked
    if not task.deadlines:
        police.press("+ Thêm thời hạn")
    police.page.fill(f"#duty-{task.id} input[name=deadlines-0-due_on]", due_on.strftime("%d/%m/%Y"))
    police.press("Lưu, đã kiểm tra")


def clear_what_blocks(police: Visitor, plan: Plan) -> None:
    """Publishing names each periodic report without a send-by day, each owner only concluded; look at every one."""
    page = police.open(f"/plans/{plan.id}/publish")
    addresses = [link.get_attribute("href") for link in page.locator(".alert-danger li a").all()]
    offered = page.get_by_role("button", name=re.compile("^Giao .* việc")).count()
    assert bool(offered) != bool(addresses)
    assert addresses or not REAL_PLAN.exists(), "the real plan says of its reports only how often"
    for address in addresses:
        police.open(str(address).partition("#")[0])
        for field in page.locator("input[name$=-due_day]").all():
            if field.is_visible():
                field.fill("15/06" if "06" in (field.get_attribute("data-every") or "06") else "15/12")
        police.press("Lưu, đã kiểm tra")


def class_counts(visitor: Visitor) -> dict[str, int]:
    """Read the four cells from a front page, and hold each against the list behind its link."""
    page = visitor.open("/")
    found: dict[str, int] = {}
    links: dict[str, str] = {}
    for link in page.locator("a[href*='class=']").all():
        target = str(link.get_attribute("href"))
        cell = re.search(r"class=(\w+)", target)
        number = re.search(r"\d+", link.inner_text().replace(".", ""))
        if cell and number and "plan=" not in target and "agency=" not in target:
            found.setdefault(cell.group(1), int(number.group()))
            links.setdefault(cell.group(1), target)
    assert set(found) <= set(EXPECTED_CLASSES)
    for cell, target in links.items():
        total = visitor.open(target).locator(".pager__total")
        listed = int(re.sub(r"\D", "", total.first.inner_text())) if total.count() else 0
        assert listed == found[cell], cell
    return {cell: number for cell, number in found.items() if number}


def expected_counts(session: Session, today: date, *, agency: Agency | None = None) -> dict[str, int]:
    """Count the official classes straight from the rule."""
    session.rollback()
    counts: dict[str, int] = {}
    for assignment in session.scalars(select(Assignment)):
        standing = assignment.official_class(today)
        if standing is not None and (agency is None or assignment.agency_id == agency.id):
            counts[standing.value] = counts.get(standing.value, 0) + 1
    return counts


def report(liaison: Visitor, assignment_id: int, text: str, *, done: bool, file: Path | None = None) -> None:
    """Report progress on one assignment."""
    page = liaison.open(f"/assignments/{assignment_id}/progress")
    page.check("input[name=state][value=%s]" % ("submitted" if done else "in_progress"))
    if not done:
        page.fill("input[name=percent]", "40")
    page.fill("textarea[name=text]", text)
    if file is not None:
        page.set_input_files("input[name=files]", file)
        page.locator(".staged__file[data-file]", has_text=file.name).wait_for()  # sent ahead, then the report
    if done and file is None:
        page.fill("input[name=document_number]", "125/BC-SYT")
        page.fill("input[name=document_on]", datetime.now(UTC).strftime("%d/%m/%Y"))
    liaison.press("Gửi báo cáo")
    assert page.locator(".alert-success").count() == 1


def report_from_mail(visitor: Visitor, mail: Any, assignment_id: int, text: str) -> None:
    """Follow the link a mail gives for one assignment, without logging in, and report there."""
    found = re.search(rf"https://dondoc\.haduong\.example(/r/\S+\?open={assignment_id})#", body(mail))
    assert found, body(mail)
    page = visitor.open(found[1])
    page.fill("form.report [name=percent]", "60")
    page.fill("form.report textarea[name=text]", text)
    visitor.press("Gửi báo cáo")
    assert "Đã nhận báo cáo: đang thực hiện, 60%." in page.locator("main .alert-success").inner_text()


def decide(police: Visitor, assignment_id: int, press: str, words: str = "") -> None:
    """Open what waits in the inbox, read it and answer."""
    page = police.open("/inbox/")
    link = page.locator(f".inbox__list a[href*='report-{assignment_id}']")
    with page.expect_navigation():
        link.first.click()
    page.fill("#opened textarea", words)
    police.press(press)


def chase_everything(police: Visitor, note: str) -> None:
    """Pick what is overdue, look at the preview, write a line, send."""
    page = police.open("/chase/")
    for box in page.locator("input[type=checkbox][name=body]").all():
        box.check()
    police.press(re.compile("^Đôn đốc$"))
    page.fill("textarea[name=note]", note)
    police.press(re.compile("^Gửi .* thư đôn đốc"))
    assert note in page.content()


def sent_since(sink: Sink, before: int, person: User) -> list[Any]:
    """Give the mails one person received since a moment."""
    return [mail for mail in sink.messages[before:] if mail["X-Envelope-To"] == person.email]


def calendar_of(mail: Any) -> str:
    """Give the calendar that is attached to a mail."""
    (attached,) = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    return str(attached.get_content())


def body(mail: Any) -> str:
    """Give the text part of a mail."""
    return str(mail.get_body(("plain",)).get_content())


def test_a_plan_goes_all_the_way_from_upload_to_the_counts_on_every_front_page(  # noqa: PLR0915 -- one story
    app: Flask, session: Session, make: Factory, smtp: Sink, visit: Callable[[User], Visitor], tmp_path: Path
) -> None:
    people = Province(make)
    start = next_tuesday()
    due_on = start + timedelta(days=9)  # a Thursday
    run = app.test_cli_runner()
    evidence = tmp_path / "bao-cao-kết-quả.txt"
    evidence.write_text("Đã tổ chức 4 lớp tập huấn cho 320 lượt người.", "utf-8")

    with time_machine.travel(morning(start)):
        police = visit(people.coordinator)
        plan = import_plan(police, session)
        task = duty_of(session, plan, people.health)
        set_deadline(police, plan, task, due_on)
        clear_what_blocks(police, plan)
        police.open(f"/plans/{plan.id}/publish")
        police.press(re.compile("^Giao .* việc"))

        session.rollback()
        duty = session.scalars(select(Assignment).where(Assignment.task_id == task.id)).one()
        assert (duty.agency_id, duty.due_on, duty.state) == (people.health.id, due_on, AssignmentState.OPEN)
        communes = session.scalars(select(AgencyGroup)).one().members
        through_group = session.scalars(select(Assignment).where(Assignment.group_id.is_not(None))).all()
        assert {a.agency_id for a in through_group} == {agency.id for agency in communes}
        assert all(a.period_id for a in session.scalars(select(Assignment)) if a.deadline and a.deadline.every)

        assert run.invoke(args=["reminders", "send"]).exit_code == 0
        (assigned,) = sent_since(smtp, 0, people.liaison)
        assert "việc mới" in assigned["Subject"]
        assert due_on.strftime("%d/%m/%Y") in body(assigned)
        assert f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}" in calendar_of(assigned)

        liaison = visit(people.liaison)
        page = liaison.open("/my-work/")
        assert task.text[:40] in page.content()
        report(liaison, duty.id, "Đang mở lớp tập huấn tại ba địa bàn.", done=False, file=evidence)

    # A week before, the digest tells of it; nothing goes out twice.
    with time_machine.travel(morning(due_on - timedelta(days=7))):
        before = len(smtp.messages)
        assert run.invoke(args=["reminders", "send"]).exit_code == 0
        assert run.invoke(args=["reminders", "send"]).exit_code == 0
        (digest,) = sent_since(smtp, before, people.liaison)
        assert due_on.strftime("%d/%m/%Y") in body(digest)
        assert "<html" in digest.get_body(("html",)).get_content()
        report_from_mail(visit(), digest, duty.id, "Đã mở hai lớp, còn một lớp.")
        session.rollback()
        assert (duty.percent, duty.state) == (60, AssignmentState.IN_PROGRESS)

    # Four days past the deadline (a Monday) it is overdue: the digest says so, and the police chase.
    late = due_on + timedelta(days=4)
    with time_machine.travel(morning(late)):
        before = len(smtp.messages)
        assert run.invoke(args=["reminders", "send"]).exit_code == 0
        (digest,) = sent_since(smtp, before, people.liaison)
        assert "quá hạn" in digest["Subject"]
        police.log_in()
        before = len(smtp.messages)
        chase_everything(police, "Đề nghị báo cáo ngay trong tuần này.")
        assert run.invoke(args=["reminders", "send"]).exit_code == 0
        (chase,) = sent_since(smtp, before, people.liaison)
        assert "Đề nghị báo cáo ngay trong tuần này." in body(chase)
        assert "4 ngày" in body(chase)

        liaison.log_in()
        report(liaison, duty.id, "Đã tập huấn xong cho toàn bộ cán bộ y tế cấp xã.", done=True, file=evidence)
        before = len(smtp.messages)
        decide(police, duty.id, "Trả lại", "Chưa nêu số cán bộ được cấp chứng chỉ.")
        assert run.invoke(args=["reminders", "send"]).exit_code == 0
        (returned,) = sent_since(smtp, before, people.liaison)
        assert "Chưa nêu số cán bộ được cấp chứng chỉ." in body(returned)

        report(liaison, duty.id, "Đã tập huấn 48 cán bộ, cấp 45 chứng chỉ.", done=True)
        decide(police, duty.id, "Xác nhận hoàn thành")
        session.rollback()
        assert session.get_one(Assignment, duty.id).state is AssignmentState.ACCEPTED

        history = police.open(f"/assignments/{duty.id}").content()
        for said in ("Đang mở lớp tập huấn", "Đã mở hai lớp", evidence.name, "Chưa nêu số cán bộ",
                     "Đề nghị báo cáo ngay", "cấp 45 chứng chỉ"):
            assert said in history

        everything = expected_counts(session, late)
        assert everything["done_late"] == 1
        assert class_counts(police) == everything
        assert class_counts(visit(people.leader)) == everything
        assert class_counts(visit(people.administrator)) == everything
        assert class_counts(liaison) == expected_counts(session, late, agency=people.health)

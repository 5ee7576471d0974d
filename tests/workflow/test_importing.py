"""Putting a plan in: what becomes of the text, and what is left when it fails."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.conftest import SHARED
from tests.counting import counted_statements
from tests.factories import NOW, Factory
from tracker.extraction import records as found
from tracker.models import Actor, Agency, AgencyGroup, AuditEntry, Deadline, Plan, Provision, Task, TaskOwner
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.states import DeadlineKind, Every, PlanState
from tracker.workflow import importing
from tracker.workflow.importing import PlanAlreadyImported, deadline_row, import_plan, read_pasted

ACTOR = Actor("Nguyễn Văn An", "127.0.0.1")

PLAN = """ỦY BAN NHÂN DÂN
TỈNH HÀ DƯƠNG
Số: 15/KH-UBND
Hà Dương, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Phòng, chống ma túy trong trường học năm 2026

I. NHIỆM VỤ, GIẢI PHÁP
- Nhân rộng câu lạc bộ “Tuổi trẻ sống xanh” trong trường phổ thông.
II. PHÂN CÔNG NHIỆM VỤ
1. Sở Y tế
- Tập huấn kỹ năng sàng lọc cho cán bộ y tế trường học, hoàn thành trước ngày 31/8/2026.
2. Sở Giáo dục và Đào tạo
- Tổ chức ngoại khóa về tác hại của ma túy từ ngày 01/9/2026 đến hết 15/11/2026.
3. Đề nghị Tòa án nhân dân tỉnh
- Chọn các vụ án điểm để xét xử lưu động.
4. UBND các xã, phường
- Rà soát cơ sở kinh doanh có điều kiện gần trường học, báo cáo kết quả trước ngày 10/12 hằng năm.
"""


@pytest.fixture
def police(make: Factory) -> Agency:
    make.agency("Ủy ban nhân dân tỉnh Hà Dương")
    make.agency("Sở Y tế")
    make.agency("Tòa án nhân dân tỉnh", is_requested=True)
    make.group(make.agency("Ủy ban nhân dân xã An Khê"), name="Ủy ban nhân dân các xã, phường")
    return make.agency("Công an tỉnh Hà Dương")


def bring_in(session: Session, police: Agency, words: str = PLAN, **more: Any) -> Plan:
    plan = import_plan(session, read_pasted(words), coordinator=police, actor=ACTOR, now=NOW, **more)
    session.commit()
    return plan


def task_about(session: Session, words: str) -> Task:
    return session.scalars(select(Task).where(Task.text.contains(words))).one()


def test_a_plan_is_under_review_with_its_facts(session: Session, police: Agency) -> None:
    plan = bring_in(session, police)

    assert plan.state is PlanState.REVIEW
    assert (plan.number, plan.issued_on) == ("15/KH-UBND", date(2026, 1, 5))
    assert "Phòng, chống ma túy trong trường học năm 2026" in plan.title
    assert plan.text.endswith("hằng năm.\n")
    assert plan.extract["schema"] == "plan-extract/1"


def test_each_task_points_at_its_own_words(session: Session, police: Agency) -> None:
    plan = bring_in(session, police)

    tasks = session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.position)).all()
    assert len(tasks) == 5
    for task in tasks:
        assert task.provision is not None
        assert plan.text[task.provision.start:task.provision.end] == task.text


def test_owners_are_matched_where_the_catalogue_is_certain_and_kept_as_printed(
    session: Session, police: Agency
) -> None:
    bring_in(session, police)

    health = task_about(session, "sàng lọc").owners[0]
    school = task_about(session, "ngoại khóa").owners[0]
    communes = task_about(session, "gần trường học").owners[0]
    assert health.agency is not None
    assert health.agency.name == "Sở Y tế"
    assert (school.printed, school.agency_id, school.group_id) == ("Sở Giáo dục và Đào tạo", None, None)
    assert isinstance(communes.group, AgencyGroup)


def test_a_body_that_is_asked_is_marked_so(session: Session, police: Agency) -> None:
    bring_in(session, police)

    assert task_about(session, "vụ án điểm").is_requested
    assert not task_about(session, "sàng lọc").is_requested


def test_what_names_nobody_is_a_task_without_owner(session: Session, police: Agency) -> None:
    bring_in(session, police)

    measure = task_about(session, "Tuổi trẻ sống xanh")
    assert measure.owners == []
    assert "measure" in measure.reasons["keys"]


def test_deadlines_give_the_last_day_in_time(session: Session, police: Agency) -> None:
    bring_in(session, police)

    before = task_about(session, "sàng lọc").deadlines[0]
    spell = task_about(session, "ngoại khóa").deadlines[0]
    yearly = task_about(session, "gần trường học").deadlines[0]
    assert before.due_on == date(2026, 8, 30)
    assert "31/8/2026" in (before.words or "")
    assert (spell.starts_on, spell.due_on) == (date(2026, 9, 1), date(2026, 11, 15))
    assert (yearly.every, yearly.due_day) == (Every.YEAR, "12-09")


def _found(**values: Any) -> found.Deadline:
    return found.Deadline(words="…", start=0, end=1, **values)


RECURRING = found.DeadlineKind.RECURRING
BEFORE, BY = found.Bound.BEFORE, found.Bound.BY
DEADLINES = [
    pytest.param(_found(kind=found.DeadlineKind.DATE, on=date(2026, 3, 1), bound=BEFORE),
                 {"due_on": date(2026, 2, 28)}, id="before the first of March"),
    pytest.param(_found(kind=found.DeadlineKind.DATE, on=date(2026, 3, 1), bound=BY),
                 {"due_on": date(2026, 3, 1)}, id="by a day"),
    pytest.param(_found(kind=RECURRING, every="year", due="03-01", bound=BEFORE), {"due_day": "02-29"},
                 id="every year before the first of March: the end of any February"),
    pytest.param(_found(kind=RECURRING, every="quarter", due="05", bound=BEFORE), {"due_day": "01-04"},
                 id="of a quarter only the day matters"),
    pytest.param(_found(kind=RECURRING, every="month", due="01", bound=BEFORE), {"due_day": "01-31"},
                 id="before the first of each month: the last of the one before"),
    pytest.param(_found(kind=RECURRING, every="half-year", window_first="12-10", window_last="06-10"),
                 {"due_day": None, "first_day": "12-10", "last_day": "06-10"}, id="a window without a send-by day"),
    pytest.param(_found(kind=RECURRING, every="week"), {"every": None, "kind": DeadlineKind.RECURRING},
                 id="a rhythm that has no windows waits for a person"),
    pytest.param(_found(kind=found.DeadlineKind.PERIOD, first_year=2026, last_year=2030),
                 {"starts_on": date(2026, 1, 1), "due_on": date(2030, 12, 31)}, id="a span of years"),
    pytest.param(_found(kind=found.DeadlineKind.DURATION, months=3), {"months": 3, "due_on": None},
                 id="counted from an event"),
]


@pytest.mark.parametrize(("deadline", "expected"), DEADLINES)
def test_a_deadline_that_was_read_becomes_these_columns(deadline: found.Deadline, expected: dict[str, Any]) -> None:
    row = deadline_row(deadline, 0)

    assert {name: getattr(row, name) for name in expected} == expected


def test_the_same_file_is_refused_and_names_the_plan(session: Session, police: Agency) -> None:
    first = bring_in(session, police)

    with pytest.raises(PlanAlreadyImported) as refused:
        bring_in(session, police)

    assert refused.value.plan is first
    assert session.scalar(select(func.count()).select_from(Plan)) == 1


def test_the_same_file_may_be_imported_again_on_purpose_or_after_it_was_withdrawn(
    session: Session, make: Factory, police: Agency
) -> None:
    first = bring_in(session, police)
    bring_in(session, police, again=True)
    for plan in session.scalars(select(Plan)):
        plan.state = PlanState.CANCELLED
    session.commit()

    third = bring_in(session, police)
    other = bring_in(session, make.agency("Công an tỉnh khác"))

    assert len({first.id, third.id, other.id}) == 3


def test_an_import_that_fails_at_its_last_row_leaves_nothing(session: Session, police: Agency) -> None:
    nowhere = Actor("Nguyễn Văn An", None)  # type: ignore[arg-type]  # the audit row, the last one, is refused

    with pytest.raises(IntegrityError):
        import_plan(session, read_pasted(PLAN), coordinator=police, actor=nowhere, now=NOW)
    session.commit()

    for table in (Plan, Provision, Task, TaskOwner, Deadline, AuditEntry):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_text_with_an_identity_number_is_refused(session: Session, police: Agency) -> None:
    with pytest.raises(IdentityNumber):
        bring_in(session, police, PLAN + "\nNguyễn Văn Bình, số căn cước 001085012345.\n")

    assert session.scalar(select(func.count()).select_from(Plan)) == 0


def test_an_import_is_written_down(session: Session, police: Agency) -> None:
    plan = bring_in(session, police)

    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id, entry.actor) == ("plan.imported", plan.id, "Nguyễn Văn An")


def test_the_number_of_questions_does_not_grow_with_the_owners(session: Session, police: Agency) -> None:
    with counted_statements() as few:
        bring_in(session, police)
    more = "".join(f"- Kiểm tra định kỳ cơ sở kinh doanh thuốc đợt {n}.\n" for n in range(200))

    with counted_statements() as many:
        bring_in(session, police, PLAN.replace("1. Sở Y tế\n", "1. Sở Y tế\n" + more))

    def reads(sent: list[str]) -> int:
        return sum(statement.startswith("SELECT") for statement in sent)

    assert reads(many) == reads(few)


def test_a_text_without_duties_is_a_plan_without_tasks(session: Session, police: Agency) -> None:
    plan = bring_in(session, police, "Chúc mừng năm mới.")

    assert plan.title == "Chúc mừng năm mới."
    assert session.scalar(select(func.count()).select_from(Task)) == 0


@pytest.mark.skipif(not SHARED.exists(), reason="the real plans are not beside this checkout")
@pytest.mark.parametrize("name", ["thai-binh-2017.txt", "lang-son-2025.txt"])
def test_a_real_plan_comes_in_whole(session: Session, police: Agency, name: str) -> None:
    document = importing.read_file((SHARED / "plans" / name).read_bytes(), name)

    plan = import_plan(session, document, coordinator=police, actor=ACTOR, now=NOW, source_name=name)
    session.commit()

    tasks = session.scalars(select(Task).where(Task.plan_id == plan.id)).all()
    assert len(tasks) > 30
    assert any(owner.agency and owner.agency.name == "Sở Y tế" for task in tasks for owner in task.owners)
    for task in tasks:
        assert task.provision is not None
        assert plan.text[task.provision.start:task.provision.end] == task.text

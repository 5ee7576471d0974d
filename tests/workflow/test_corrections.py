"""What reviewers corrected, as examples for judging the rules."""
from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Plan, Task, User
from tracker.models.calendar import load_calendar
from tracker.rules.permissions import Role
from tracker.rules.states import DeadlineKind, Every
from tracker.workflow import importing, publishing, reviewing_plan, unknown_bodies
from tracker.workflow.corrections import corrections
from tracker.workflow.review_log import last_step
from tracker.workflow.reviewing_plan import FactsInput, Seen
from tracker.workflow.task_state import DeadlineInput, OwnerInput, TaskInput, facts, mark, snapshot

TEXT = """ỦY BAN NHÂN DÂN
TỈNH HÀ DƯƠNG
Số: 15/KH-UBND
Hà Dương, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Phòng, chống ma túy trong trường học năm 2026

II. PHÂN CÔNG NHIỆM VỤ
1. Sở Y tế
- Tập huấn kỹ năng sàng lọc cho cán bộ y tế trường học, hoàn thành trước ngày 31/8/2026.
- Rà soát tủ thuốc của các trường. Lập danh mục thuốc phải quản lý.
2. Sở Giáo dục và Đào tạo
- Tổ chức ngoại khóa về tác hại của ma túy cho học sinh lớp 8.
- Biên soạn tờ rơi cho phụ huynh học sinh toàn tỉnh.
"""


@pytest.fixture
def me(make: Factory) -> User:
    make.agency("Sở Y tế")
    make.agency("Sở Tài chính")
    return make.user(Role.COORDINATOR, make.agency("Công an tỉnh Hà Dương"))


@pytest.fixture
def actor(me: User) -> Actor:
    return Actor(me.name, "127.0.0.1", me)


@pytest.fixture
def plan(session: Session, me: User, actor: Actor) -> Plan:
    plan = importing.import_plan(session, importing.read_pasted(TEXT), coordinator=me.agency, actor=actor, now=NOW)
    session.commit()
    return plan


def about(session: Session, words: str) -> Task:
    return session.scalars(select(Task).where(Task.text.contains(words))).one()


def said(task: Task, **changes: Any) -> TaskInput:
    return TaskInput(**{
        "text": task.text, "section": task.section, "kind": task.kind, "role": task.role,
        "is_requested": task.is_requested, "expected_product": task.expected_product,
        "owners": tuple(OwnerInput(o.agency.name if o.agency else o.printed, o.printed) for o in task.owners),
        "deadlines": tuple(DeadlineInput(d.kind, d.id, d.due_on, d.starts_on, d.every, d.due_day)
                           for d in task.deadlines),
        **changes})


def save(session: Session, plan: Plan, actor: Actor, task: Task, **changes: Any) -> None:
    reviewing_plan.edit(session, plan, task, said(task, **changes), seen=Seen(plan.version, mark(snapshot(task))),
                        actor=actor, now=NOW, checked=True)
    session.commit()


def kinds(session: Session, plan: Plan) -> list[str]:
    return [one["kind"] for one in corrections(session, plan)]


def test_what_was_only_looked_at_is_no_correction(session: Session, plan: Plan, actor: Actor) -> None:
    save(session, plan, actor, about(session, "sàng lọc"))

    assert corrections(session, plan) == []


def test_a_corrected_owner_says_what_was_read_where_and_by_which_rule(
    session: Session, plan: Plan, actor: Actor
) -> None:
    save(session, plan, actor, about(session, "sàng lọc"), owners=(OwnerInput("Sở Tài chính", "Sở Y tế"),))

    (one,) = corrections(session, plan)

    assert (one["plan"], one["sha256"], one["kind"]) == ("15/KH-UBND", plan.source_sha256, "owner")
    assert TEXT[one["start"]:one["end"]] == one["words"]
    assert one["words"].startswith("Tập huấn kỹ năng")
    assert (one["read"]["owners"], one["read"]["bodies"], one["read"]["rule"]) == (["Sở Y tế"], ["Sở Y tế"], "heading")
    assert one["read"]["confidence"] > 0.5
    assert one["corrected"]["bodies"] == ["Sở Tài chính"]
    assert (one["by"], one["at"]) == ("coordinator", NOW.isoformat())


def test_nobody_is_named(session: Session, plan: Plan, actor: Actor, me: User) -> None:
    save(session, plan, actor, about(session, "sàng lọc"), text="Nội dung khác.")

    assert me.name not in json.dumps(corrections(session, plan), ensure_ascii=False)
    assert me.email not in json.dumps(corrections(session, plan))


def test_a_deadline_is_told_by_its_values(session: Session, plan: Plan, actor: Actor) -> None:
    save(session, plan, actor, about(session, "sàng lọc"),
         deadlines=(DeadlineInput(DeadlineKind.RECURRING, every=Every.YEAR, due_day="12-10"),))

    (one,) = corrections(session, plan)

    assert one["kind"] == "deadline"
    assert [d["due_on"] for d in one["read"]["deadlines"]] == [date(2026, 8, 30).isoformat()]
    assert [(d["every"], d["due_day"]) for d in one["corrected"]["deadlines"]] == [("year", "12-10")]


def test_a_name_that_only_the_catalogue_did_not_know_was_read_right(
    session: Session, plan: Plan, actor: Actor, make: Factory
) -> None:
    school = make.agency("Sở Giáo dục và Đào tạo")
    unknown_bodies.link(session, plan, "Sở Giáo dục và Đào tạo", school, actor=actor, now=NOW)
    session.commit()

    assert kinds(session, plan) == ["owner_matched", "owner_matched"]


def test_split_merged_dropped_and_added_duties_are_each_one_example(
    session: Session, plan: Plan, actor: Actor
) -> None:
    cut, gone = about(session, "tủ thuốc"), about(session, "sàng lọc")
    first, second = about(session, "ngoại khóa"), about(session, "tờ rơi")
    at = cut.text.index("Lập")
    reviewing_plan.split(session, plan, cut, [cut.text[:at], cut.text[at:]],
                         seen=Seen(plan.version, mark(snapshot(cut))), actor=actor, now=NOW)
    reviewing_plan.merge_with_next(session, plan, first,
                                   seen=Seen(plan.version, mark(snapshot(first), snapshot(second))), actor=actor,
                                   now=NOW)
    reviewing_plan.drop(session, plan, gone, seen=Seen(plan.version, mark(snapshot(gone))), actor=actor, now=NOW)
    reviewing_plan.add(session, plan, TaskInput("Việc máy bỏ sót."), after=None, actor=actor, now=NOW)
    session.commit()

    found = {one["kind"]: one for one in corrections(session, plan)}

    assert list(found) == ["dropped", "split", "merge", "added"]
    assert [part["text"][:3] for part in found["split"]["corrected"]] == ["Rà ", "Lập"]
    assert [len(found["merge"]["read"]), found["merge"]["corrected"]["text"].count("\n")] == [2, 1]
    assert (found["dropped"]["corrected"], found["added"]["read"]) == (None, None)
    assert found["added"]["words"] == "Việc máy bỏ sót."


def test_what_was_undone_is_no_correction(session: Session, plan: Plan, actor: Actor, me: User) -> None:
    task = about(session, "tủ thuốc")
    at = task.text.index("Lập")
    reviewing_plan.split(session, plan, task, [task.text[:at], task.text[at:]],
                         seen=Seen(plan.version, mark(snapshot(task))), actor=actor, now=NOW)
    session.commit()
    step = last_step(session, plan, me)
    assert step is not None
    reviewing_plan.undo(session, plan, user=me, step_id=step.id, actor=actor, now=NOW)
    session.commit()

    assert corrections(session, plan) == []


def test_corrected_facts_are_an_example_too(session: Session, plan: Plan, actor: Actor) -> None:
    reviewing_plan.correct_facts(session, plan, FactsInput("Tên đúng", "16/KH-UBND"),
                                 seen=Seen(plan.version, mark(facts(plan))), actor=actor, now=NOW)
    session.commit()

    (one,) = corrections(session, plan)
    assert (one["kind"], one["read"]["number"], one["corrected"]["number"]) == ("facts", "15/KH-UBND", "16/KH-UBND")


def test_corrections_outlive_publishing(session: Session, plan: Plan, actor: Actor) -> None:
    save(session, plan, actor, about(session, "sàng lọc"), owners=(OwnerInput("Sở Tài chính", "Sở Y tế"),))
    before = corrections(session, plan)

    publishing.publish(session, plan, actor=actor, now=NOW, today=TODAY, calendar=load_calendar(session))
    session.commit()

    assert corrections(session, plan) == before != []

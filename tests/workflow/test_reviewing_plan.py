"""Checking a plan: what a person may change, and what happens when two change the same."""
from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Agency, AuditEntry, Deadline, Plan, Provision, Task, TaskOwner
from tracker.rules.states import DeadlineKind, DutyKind, Every, PlanState, TaskRole
from tracker.workflow import reviewing_plan
from tracker.workflow.doubts import Doubt, find_unclear, unclear
from tracker.workflow.reviewing_plan import (
    FactsInput,
    NothingToMerge,
    PlanNotUnderReview,
    ReviewStale,
    Seen,
    SplitNowhere,
    TitleMissing,
)
from tracker.workflow.task_state import (
    DeadlineInput,
    OwnerInput,
    TaskInput,
    TaskWithoutText,
    facts,
    mark,
    snapshot,
)

ACTOR = Actor("Nguyễn Văn An", "127.0.0.1")


@pytest.fixture
def plan(make: Factory) -> Plan:
    text = "1. Mở lớp tập huấn. Gửi báo cáo trước ngày 31/8/2026.\n2. Kiểm tra.\n"
    return make.plan(state=PlanState.REVIEW, text=text)


@pytest.fixture
def task(make: Factory, session: Session, plan: Plan) -> Task:
    words = "Mở lớp tập huấn. Gửi báo cáo trước ngày 31/8/2026."
    start = plan.text.index(words)
    task = make.task(plan, make.agency("Sở Y tế"), text=words)
    task.provision = Provision(plan_id=plan.id, start=start, end=start + len(words))
    task.reasons = {"keys": ["owner_inferred", "impossible_date"]}
    task.deadlines.append(Deadline(kind=DeadlineKind.DATE, due_on=date(2026, 8, 30), words="trước ngày 31/8/2026"))
    session.commit()
    return task


def seen(plan: Plan, *tasks: Task) -> Seen:
    return Seen(plan.version, mark(*(snapshot(task) for task in tasks)))


def said(task: Task, **changes: Any) -> TaskInput:
    """What a form would send for a task nobody touched, but for the changes."""
    values: dict[str, Any] = {
        "text": task.text, "section": task.section, "kind": task.kind, "role": task.role,
        "is_requested": task.is_requested,
        "owners": tuple(OwnerInput(name=o.agency.name if o.agency else o.printed, printed=o.printed)
                        for o in task.owners),
        "deadlines": tuple(DeadlineInput(kind=d.kind, deadline_id=d.id, due_on=d.due_on) for d in task.deadlines),
    }
    return TaskInput(**{**values, **changes})


def edit(session: Session, plan: Plan, task: Task, **changes: Any) -> None:
    reviewing_plan.edit(session, plan, task, said(task, **changes), seen=seen(plan, task), actor=ACTOR, now=NOW)
    session.commit()


def audit(session: Session) -> list[str]:
    return [entry.action for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_an_edit_changes_the_task_bumps_the_version_and_is_written_down(
    session: Session, plan: Plan, task: Task
) -> None:
    before = plan.version

    edit(session, plan, task, text="Mở hai lớp tập huấn.", role=TaskRole.COORDINATE, kind=DutyKind.STANDING,
         is_requested=True, section="II.1", expected_product="Báo cáo kết quả")

    assert (task.text, task.fold) == ("Mở hai lớp tập huấn.", "mo hai lop tap huan.")
    assert (task.role, task.kind, task.is_requested) == (TaskRole.COORDINATE, DutyKind.STANDING, True)
    assert plan.version > before
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["text"][:7], entry.after["text"][:6]) == ("Mở lớp ", "Mở hai")


def test_saving_what_nobody_changed_keeps_the_plans_words(session: Session, plan: Plan, task: Task) -> None:
    edit(session, plan, task)

    assert task.deadlines[0].words == "trước ngày 31/8/2026"
    assert task.reasons["keys"] == ["owner_inferred", "impossible_date"]


def test_a_date_set_by_a_person_loses_the_words_that_gave_another(session: Session, plan: Plan, task: Task) -> None:
    edit(session, plan, task, deadlines=(
        DeadlineInput(kind=DeadlineKind.DATE, deadline_id=task.deadlines[0].id, due_on=date(2026, 9, 15)),))

    assert [(d.due_on, d.words) for d in task.deadlines] == [(date(2026, 9, 15), None)]
    assert task.reasons["keys"] == ["owner_inferred"]


def test_a_deadline_keeps_only_what_its_kind_has(session: Session, plan: Plan, task: Task) -> None:
    edit(session, plan, task, deadlines=(
        DeadlineInput(kind=DeadlineKind.RECURRING, every=Every.YEAR, due_day="12-10", due_on=date(2026, 1, 1)),))

    assert [(d.every, d.due_day, d.due_on) for d in task.deadlines] == [(Every.YEAR, "12-10", None)]


@pytest.mark.parametrize("typed", ["so tai chinh", "Sở Tài chính", unicodedata.normalize("NFD", "Sở Tài chính")])
def test_an_owner_is_found_however_it_is_typed(
    session: Session, make: Factory, plan: Plan, task: Task, typed: str
) -> None:
    finance = make.agency("Sở Tài chính")

    edit(session, plan, task, owners=(OwnerInput(name=typed, printed="Sở Y tế"),))

    assert [(o.printed, o.agency_id) for o in task.owners] == [("Sở Y tế", finance.id)]
    assert "owner_inferred" not in task.reasons["keys"]


def test_an_owner_picked_from_the_list_counts_only_while_its_name_stands_there(
    session: Session, make: Factory, plan: Plan, task: Task
) -> None:
    finance, trade = make.agency("Sở Tài chính"), make.agency("Sở Công Thương")

    edit(session, plan, task, owners=(OwnerInput(name="Sở Công Thương", picked=f"agency:{finance.id}"),))

    assert [o.agency_id for o in task.owners] == [trade.id]


def test_the_same_body_twice_is_one_owner_and_a_blank_row_none(
    session: Session, make: Factory, plan: Plan, task: Task
) -> None:
    edit(session, plan, task, owners=(OwnerInput("Sở Y tế"), OwnerInput("so y te"), OwnerInput("  "),
                                      OwnerInput("Ban Quản lý hồ"), OwnerInput("ban quản lý hồ")))

    assert [(o.printed, o.agency_id is not None) for o in task.owners] == [
        ("Sở Y tế", True), ("Ban Quản lý hồ", False)]


def test_a_group_can_be_an_owner(session: Session, make: Factory, plan: Plan, task: Task) -> None:
    group = make.group(make.agency(), name="Các sở, ban, ngành")

    edit(session, plan, task, owners=(OwnerInput("Sở, ban, ngành"),))

    assert [o.group_id for o in task.owners] == [group.id]


def test_a_task_without_text_is_refused(session: Session, plan: Plan, task: Task) -> None:
    with pytest.raises(TaskWithoutText):
        edit(session, plan, task, text="  ")


def test_the_second_of_two_who_change_the_same_task_is_told(session: Session, plan: Plan, task: Task) -> None:
    older = seen(plan, task)
    edit(session, plan, task, text="Bản của người thứ nhất.")

    with pytest.raises(ReviewStale):
        reviewing_plan.edit(session, plan, task, said(task, text="Bản của người thứ hai."), seen=older, actor=ACTOR,
                            now=NOW)
    session.commit()

    assert task.text == "Bản của người thứ nhất."


def test_two_who_change_different_tasks_do_not_hinder_each_other(
    session: Session, make: Factory, plan: Plan, task: Task
) -> None:
    other = make.task(plan, text="Việc khác.")
    older = seen(plan, other)
    edit(session, plan, task, text="Bản của người thứ nhất.")

    reviewing_plan.edit(session, plan, other, said(other, text="Việc khác nữa."), seen=older, actor=ACTOR, now=NOW)
    session.commit()

    assert (task.text, other.text) == ("Bản của người thứ nhất.", "Việc khác nữa.")


@pytest.mark.parametrize("state", [PlanState.PUBLISHED, PlanState.CANCELLED])
def test_nothing_changes_once_the_plan_is_no_longer_under_review(
    session: Session, plan: Plan, task: Task, state: PlanState
) -> None:
    before = seen(plan, task)
    plan.state = state
    session.commit()

    for change in (reviewing_plan.drop, reviewing_plan.put_back):
        with pytest.raises(PlanNotUnderReview):
            change(session, plan, task, seen=before, actor=ACTOR, now=NOW)
    with pytest.raises(PlanNotUnderReview):
        reviewing_plan.add(session, plan, TaskInput("Việc mới."), after=None, actor=ACTOR, now=NOW)

    assert audit(session) == []


def test_a_task_added_by_hand_stands_behind_another_and_points_at_its_words(
    session: Session, make: Factory, plan: Plan, task: Task
) -> None:
    last = make.task(plan, text="Việc cuối.")

    added = reviewing_plan.add(session, plan, TaskInput("Kiểm tra."), after=task, actor=ACTOR, now=NOW)
    session.commit()

    assert task.position < added.position < last.position
    assert added.provision is not None
    assert plan.text[added.provision.start:added.provision.end] == "Kiểm tra."
    assert audit(session) == ["task.added"]


def test_many_tasks_can_be_added_at_the_same_place(session: Session, make: Factory, plan: Plan, task: Task) -> None:
    last = make.task(plan, text="Việc cuối.")
    last.position = task.position + 2
    session.commit()

    for number in range(15):
        reviewing_plan.add(session, plan, TaskInput(f"Việc thêm {number}."), after=task, actor=ACTOR, now=NOW)
    session.commit()

    order = session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.position)).all()
    assert order[0] is task
    assert order[-1] is last
    assert len({one.position for one in order}) == len(order)


def test_a_split_gives_each_part_its_words_owner_and_deadline(session: Session, plan: Plan, task: Task) -> None:
    first, second = reviewing_plan.split(
        session, plan, task, ["Mở lớp tập huấn.", "Gửi báo cáo trước ngày 31/8/2026."], seen=seen(plan, task),
        actor=ACTOR, now=NOW)
    session.commit()

    assert first is task
    assert [one.text for one in (first, second)] == ["Mở lớp tập huấn.", "Gửi báo cáo trước ngày 31/8/2026."]
    assert [[o.printed for o in one.owners] for one in (first, second)] == [["Sở Y tế"], ["Sở Y tế"]]
    assert (len(first.deadlines), len(second.deadlines)) == (0, 1)
    for one in (first, second):
        assert one.provision is not None
        assert plan.text[one.provision.start:one.provision.end] == one.text


def test_a_split_at_a_position_cuts_there(session: Session, plan: Plan, task: Task) -> None:
    parts = reviewing_plan.parts_at(task.text, len("Mở lớp tập huấn."))

    made = reviewing_plan.split(session, plan, task, parts, seen=seen(plan, task), actor=ACTOR, now=NOW)

    assert [one.text for one in made] == ["Mở lớp tập huấn.", "Gửi báo cáo trước ngày 31/8/2026."]


@pytest.mark.parametrize("parts", [
    pytest.param(["Mở lớp tập huấn. Gửi báo cáo trước ngày 31/8/2026."], id="in one part"),
    pytest.param(["", "Mở lớp tập huấn. Gửi báo cáo trước ngày 31/8/2026."], id="before the first word"),
    pytest.param(["Mở lớp.", "Gửi báo cáo."], id="with other words"),
])  # fmt: skip
def test_a_split_that_splits_nothing_is_refused(session: Session, plan: Plan, task: Task, parts: list[str]) -> None:
    with pytest.raises(SplitNowhere):
        reviewing_plan.split(session, plan, task, parts, seen=seen(plan, task), actor=ACTOR, now=NOW)

    assert task.text == "Mở lớp tập huấn. Gửi báo cáo trước ngày 31/8/2026."


def test_merging_unites_texts_owners_and_deadlines_and_drops_the_second(
    session: Session, make: Factory, plan: Plan, task: Task
) -> None:
    other = make.task(plan, make.agency("Sở Tài chính"), date(2026, 12, 1), text="Bố trí kinh phí.")
    other.owners.append(TaskOwner(printed="Sở Y tế", agency_id=task.owners[0].agency_id, position=1))
    session.commit()

    reviewing_plan.merge_with_next(session, plan, task, seen=seen(plan, task, other), actor=ACTOR, now=NOW)
    session.commit()

    assert task.text.endswith("31/8/2026.\nBố trí kinh phí.")
    assert [o.printed for o in task.owners] == ["Sở Y tế", "Sở Tài chính"]
    assert [d.due_on for d in task.deadlines] == [date(2026, 8, 30), date(2026, 12, 1)]
    assert other.dropped_at is not None


def test_the_last_task_has_nothing_to_be_merged_with(session: Session, plan: Plan, task: Task) -> None:
    with pytest.raises(NothingToMerge):
        reviewing_plan.merge_with_next(session, plan, task, seen=seen(plan, task), actor=ACTOR, now=NOW)

    assert task.dropped_at is None


def test_a_dropped_task_is_kept_and_can_be_put_back(session: Session, plan: Plan, task: Task) -> None:
    reviewing_plan.drop(session, plan, task, seen=seen(plan, task), actor=ACTOR, now=NOW)
    session.commit()
    dropped = task.dropped_at

    reviewing_plan.put_back(session, plan, task, seen=seen(plan, task), actor=ACTOR, now=NOW)
    session.commit()

    assert (dropped, task.dropped_at) == (NOW, None)
    assert audit(session) == ["task.dropped", "task.put_back"]


def test_checking_settles_what_is_unclear_but_not_a_report_without_its_day(
    session: Session, make: Factory, plan: Plan, task: Task
) -> None:
    report = make.task(plan, make.agency(), kind=DutyKind.PERIODIC_REPORT)

    for one in (task, report):
        reviewing_plan.set_checked(session, plan, one, checked=True, seen=seen(plan, one), actor=ACTOR, now=NOW)
    session.commit()

    assert find_unclear([task, report], today=TODAY) == {task.id: [], report.id: [Doubt.NO_SEND_BY_DAY]}


def test_facts_are_corrected_once_and_the_second_person_is_told(session: Session, plan: Plan) -> None:
    before = Seen(plan.version, mark(facts(plan)))
    reviewing_plan.correct_facts(session, plan, FactsInput("Kế hoạch mới", "9/KH-UBND"), seen=before, actor=ACTOR,
                                 now=NOW)
    session.commit()

    with pytest.raises(ReviewStale):
        reviewing_plan.correct_facts(session, plan, FactsInput("Khác"), seen=before, actor=ACTOR, now=NOW)
    with pytest.raises(TitleMissing):
        reviewing_plan.correct_facts(session, plan, FactsInput(" "), seen=Seen(plan.version), actor=ACTOR, now=NOW)

    assert (plan.title, plan.number, plan.fold) == ("Kế hoạch mới", "9/KH-UBND", "9/kh-ubnd ke hoach moi")
    assert audit(session) == ["plan.facts_changed"]


def _recurring(due_day: str | None, every: Every | None = Every.YEAR) -> Deadline:
    return Deadline(kind=DeadlineKind.RECURRING, every=every, due_day=due_day)


def _dated() -> Deadline:
    return Deadline(kind=DeadlineKind.DATE, due_on=TODAY)


REPORT = DutyKind.PERIODIC_REPORT
DOUBTS = [
    pytest.param({"kind": DutyKind.STANDING}, [], [], id="a standing duty needs no date"),
    pytest.param({}, [], [Doubt.NO_DEADLINE], id="a one-off task needs one"),
    pytest.param({}, [_dated()], [], id="and is clear with one"),
    pytest.param({}, [Deadline(kind=DeadlineKind.PERIOD, due_on=TODAY)], [Doubt.NO_DEADLINE],
                 id="a span of years is no date"),
    pytest.param({"kind": REPORT}, [_recurring("12-10")], [], id="a report with its day"),
    pytest.param({"kind": REPORT}, [_recurring(None)], [Doubt.NO_SEND_BY_DAY], id="a report without its day"),
    pytest.param({"kind": REPORT}, [_recurring("12-10", None)], [Doubt.NO_SEND_BY_DAY], id="a report without rhythm"),
    pytest.param({"kind": REPORT}, [_recurring("12-10"), _recurring(None)], [Doubt.NO_SEND_BY_DAY],
                 id="one of two rhythms without its day"),
    pytest.param({"kind": REPORT}, [], [Doubt.NO_SEND_BY_DAY], id="a report that says no time at all"),
    pytest.param({"kind": REPORT}, [_dated()], [], id="a report that falls due once"),
    pytest.param({"kind": DutyKind.STANDING, "reasons": {"keys": ["owner_inferred", "numbering_jump"]}}, [],
                 [Doubt.OWNER_INFERRED, Doubt.NUMBERING_JUMP], id="what the reading was not sure of"),
]


@pytest.mark.parametrize(("values", "deadlines", "expected"), DOUBTS)
def test_what_is_unclear_about_the_time_and_the_reading(
    session: Session, make: Factory, values: dict[str, Any], deadlines: list[Deadline], expected: list[Doubt]
) -> None:
    task = make.task(make.plan(state=PlanState.REVIEW), make.agency(), **values)
    # The same deadline rows serve both databases.
    task.deadlines = [Deadline(kind=d.kind, due_on=d.due_on, every=d.every, due_day=d.due_day) for d in deadlines]

    assert unclear(task, today=TODAY) == expected


def test_what_is_unclear_about_the_owner(session: Session, make: Factory, plan: Plan) -> None:
    nobody = make.task(plan, kind=DutyKind.STANDING)
    measure = make.task(plan, kind=DutyKind.STANDING, reasons={"keys": ["measure"]})
    unknown = make.task(plan, kind=DutyKind.STANDING)
    unknown.owners.append(TaskOwner(printed="Ban Quản lý hồ"))
    ended = make.task(plan, make.agency(ended_on=date(2025, 2, 28)), kind=DutyKind.STANDING)
    dropped = make.task(plan, kind=DutyKind.STANDING, dropped_at=NOW)

    found = find_unclear([nobody, measure, unknown, ended, dropped], today=TODAY)

    assert list(found.values()) == [[Doubt.NO_OWNER], [Doubt.MEASURE], [Doubt.OWNER_UNKNOWN], [Doubt.OWNER_ENDED], []]


def test_the_same_words_for_the_same_body_are_duplicates(session: Session, make: Factory, plan: Plan) -> None:
    health: Agency = make.agency("Sở Y tế")
    same = [make.task(plan, health, text="Tập huấn.", kind=DutyKind.STANDING) for _ in range(2)]
    other = make.task(plan, make.agency(), text="Tập huấn.", kind=DutyKind.STANDING)

    found = find_unclear([*same, other], today=TODAY)

    assert [found[task.id] for task in [*same, other]] == [[Doubt.DUPLICATE], [Doubt.DUPLICATE], []]

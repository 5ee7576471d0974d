"""Undoing what was done in a review: every act, in order, by whoever did it, and never over somebody else's work."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry, Deadline, Plan, Provision, ReviewStep, Task, TaskOwner, User
from tracker.rules.permissions import Role
from tracker.rules.states import DeadlineKind, PlanState, TaskRole
from tracker.workflow import reviewing_plan
from tracker.workflow.publishing import load_tasks
from tracker.workflow.review_log import ChangedSince, NothingToUndo, last_step, task_state, undone_step
from tracker.workflow.reviewing_plan import FactsInput, PlanNotUnderReview, Seen
from tracker.workflow.task_state import OwnerInput, TaskInput, facts, mark, snapshot

TEXT = "1. Sở Y tế\n- Mở lớp tập huấn. Gửi báo cáo trước ngày 31/8/2026.\n- Kiểm tra các cơ sở.\n"
WORDS = "Mở lớp tập huấn. Gửi báo cáo trước ngày 31/8/2026."


class Reviewer:
    """One person at the review of one plan."""

    def __init__(self, session: Session, plan: Plan, user: User) -> None:
        self.session, self.plan, self.user = session, plan, user
        self.actor = Actor(user.name, "127.0.0.1", user)

    def _seen(self, *tasks: Task) -> Seen:
        return Seen(self.plan.version, mark(*(snapshot(task) for task in tasks)))

    def do(self, change: Callable[..., Any], *tasks: Task, **more: Any) -> Any:
        """Press one of the buttons of a duty."""
        made = change(self.session, self.plan, tasks[0], seen=self._seen(*tasks), actor=self.actor, now=NOW, **more)
        self.session.commit()
        return made

    def say(self, task: Task, **changes: Any) -> None:
        """Save the form of a duty."""
        given = TaskInput(**{"text": task.text, "section": task.section, "kind": task.kind, "role": task.role,
                             "owners": tuple(OwnerInput(o.agency.name if o.agency else o.printed, o.printed)
                                             for o in task.owners), **changes})
        reviewing_plan.edit(self.session, self.plan, task, given, seen=self._seen(task), actor=self.actor, now=NOW)
        self.session.commit()

    def undo(self) -> None:
        step = last_step(self.session, self.plan, self.user)
        reviewing_plan.undo(self.session, self.plan, user=self.user, step_id=step.id if step else 0, actor=self.actor,
                            now=NOW)
        self.session.commit()

    def redo(self) -> None:
        step = undone_step(self.session, self.plan, self.user)
        reviewing_plan.redo(self.session, self.plan, user=self.user, step_id=step.id if step else 0, actor=self.actor,
                            now=NOW)
        self.session.commit()


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW, text=TEXT)


@pytest.fixture
def task(make: Factory, session: Session, plan: Plan) -> Task:
    start = TEXT.index(WORDS)
    task = make.task(plan, make.agency("Sở Y tế"), text=WORDS, section="1", rule="heading", confidence=0.95,
                     reasons={"keys": ["owner_inferred"]}, partners={"names": ["Sở Tài chính"]})
    task.provision = Provision(plan_id=plan.id, start=start, end=start + len(WORDS), heading="1. Sở Y tế")
    task.deadlines.append(Deadline(kind=DeadlineKind.DATE, due_on=date(2026, 8, 30), words="trước ngày 31/8/2026",
                                   start=start + 28, end=start + 48))
    session.commit()
    return task


@pytest.fixture
def other(make: Factory, session: Session, plan: Plan, task: Task) -> Task:
    return make.task(plan, make.agency("Sở Tài chính"), date(2026, 12, 1), text="Kiểm tra các cơ sở.")


@pytest.fixture
def me(make: Factory, session: Session, plan: Plan) -> Reviewer:
    return Reviewer(session, plan, make.user(Role.COORDINATOR, plan.coordinator))


@pytest.fixture
def colleague(make: Factory, session: Session, plan: Plan) -> Reviewer:
    return Reviewer(session, plan, make.user(Role.COORDINATOR, plan.coordinator))


ACTS: dict[str, Callable[[Reviewer, Task, Task], Any]] = {
    "edit": lambda me, task, _other: me.say(
        task, text="Bản mới.", role=TaskRole.COORDINATE, owners=(OwnerInput("Sở Tài chính"),), expected_product="Tờ"),
    "check": lambda me, task, _other: me.do(reviewing_plan.set_checked, task, checked=True),
    "split": lambda me, task, _other: me.do(reviewing_plan.split, task, parts=[WORDS[:17], WORDS[17:]]),
    "merge": lambda me, task, other: me.do(reviewing_plan.merge_with_next, task, other),
    "drop": lambda me, task, _other: me.do(reviewing_plan.drop, task),
    "add": lambda me, task, _other: reviewing_plan.add(
        me.session, me.plan, TaskInput("Kiểm tra các cơ sở."), after=task, actor=me.actor, now=NOW),
}  # fmt: skip


def whole(session: Session, plan: Plan) -> list[dict[str, Any]]:
    """Everything a reviewer can see of the duties."""
    session.expire_all()
    return [task_state(task) for task in load_tasks(session, plan)]


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_undone_and_done_again_to_the_letter(
    session: Session, plan: Plan, task: Task, other: Task, me: Reviewer, act: str
) -> None:
    before = whole(session, plan)
    ACTS[act](me, task, other)
    session.commit()
    after = whole(session, plan)

    me.undo()
    undone = whole(session, plan)
    me.redo()

    assert before != after
    assert undone == before
    assert whole(session, plan) == after


def test_an_undone_act_leaves_its_trace_in_the_audit(session: Session, task: Task, me: Reviewer) -> None:
    me.do(reviewing_plan.drop, task)
    me.undo()
    me.redo()

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["task.dropped", "task.undone", "task.redone"]
    assert entries[1].before is not None
    assert entries[1].after is not None
    assert (entries[1].before["dropped"], entries[1].after["dropped"], entries[1].user_id) == (True, False, me.user.id)


def test_a_dropped_duty_that_was_put_back_is_dropped_again(session: Session, task: Task, me: Reviewer) -> None:
    me.do(reviewing_plan.drop, task)
    me.do(reviewing_plan.put_back, task)

    me.undo()

    assert task.dropped_at == NOW


def test_acts_are_undone_in_their_order_and_no_further(session: Session, task: Task, me: Reviewer) -> None:
    for text in ("Bản một.", "Bản hai."):
        me.say(task, text=text)
    seen = []

    for _ in range(2):
        me.undo()
        seen.append(task.text)

    assert seen == ["Bản một.", WORDS]
    with pytest.raises(NothingToUndo):
        me.undo()


def test_after_something_new_nothing_is_done_again(session: Session, task: Task, other: Task, me: Reviewer) -> None:
    me.do(reviewing_plan.drop, task)
    me.undo()
    me.say(other, text="Việc khác.")

    with pytest.raises(NothingToUndo):
        me.redo()


def test_what_two_people_did_is_undone_by_each_for_themselves(
    session: Session, task: Task, other: Task, me: Reviewer, colleague: Reviewer
) -> None:
    me.say(task, text="Của tôi.")
    colleague.say(other, text="Của đồng nghiệp.")

    me.undo()

    assert (task.text, other.text) == (WORDS, "Của đồng nghiệp.")
    with pytest.raises(NothingToUndo):
        me.undo()


def test_what_somebody_else_changed_since_is_never_written_over(
    session: Session, task: Task, me: Reviewer, colleague: Reviewer
) -> None:
    me.say(task, text="Của tôi.")
    colleague.say(task, text="Của đồng nghiệp.")

    with pytest.raises(ChangedSince):
        me.undo()
    session.commit()

    assert task.text == "Của đồng nghiệp."
    colleague.undo()
    me.undo()
    assert task.text == WORDS


def test_a_split_is_not_undone_once_a_part_was_changed(
    session: Session, plan: Plan, task: Task, me: Reviewer, colleague: Reviewer
) -> None:
    _first, second = me.do(reviewing_plan.split, task, parts=[WORDS[:17], WORDS[17:]])
    colleague.do(reviewing_plan.set_checked, second, checked=True)

    with pytest.raises(ChangedSince):
        me.undo()
    session.commit()

    assert len(whole(session, plan)) == 2


def test_what_an_undone_act_made_is_listed_nowhere_and_given_to_nobody(
    session: Session, plan: Plan, task: Task, me: Reviewer
) -> None:
    _first, second = me.do(reviewing_plan.split, task, parts=[WORDS[:17], WORDS[17:]])
    me.undo()

    assert [one.id for one in load_tasks(session, plan)] == [task.id]
    assert second.dropped_at is not None


def test_facts_are_undone_and_done_again(session: Session, plan: Plan, me: Reviewer) -> None:
    before = facts(plan)
    reviewing_plan.correct_facts(session, plan, FactsInput("Tên mới", "9/KH-UBND", issued_on=date(2026, 1, 5)),
                                 seen=Seen(plan.version, mark(before)), actor=me.actor, now=NOW)
    session.commit()
    after = facts(plan)

    me.undo()
    assert (facts(plan), plan.fold.startswith("9/kh")) == (before, False)
    me.redo()
    assert (facts(plan), plan.fold) == (after, "9/kh-ubnd ten moi")


def test_the_same_press_twice_undoes_one_act(session: Session, task: Task, me: Reviewer) -> None:
    me.say(task, text="Bản một.")
    me.say(task, text="Bản hai.")
    offered = last_step(session, me.plan, me.user)
    assert offered is not None
    me.undo()

    with pytest.raises(NothingToUndo):
        reviewing_plan.undo(session, me.plan, user=me.user, step_id=offered.id, actor=me.actor, now=NOW)
    session.commit()

    assert task.text == "Bản một."


def test_nothing_is_undone_after_publishing(session: Session, plan: Plan, task: Task, me: Reviewer) -> None:
    me.say(task, text="Bản một.")
    plan.state = PlanState.PUBLISHED
    session.commit()

    with pytest.raises(PlanNotUnderReview):
        me.undo()


def test_saving_what_nobody_changed_is_no_act(session: Session, plan: Plan, task: Task, me: Reviewer) -> None:
    task.deadlines, task.owners = [], [TaskOwner(printed="Hội X")]
    session.commit()

    me.say(task)

    assert session.scalars(select(ReviewStep)).all() == []


def test_an_act_done_in_another_time_zone_is_undone_all_the_same(
    session: Session, plan: Plan, task: Task, me: Reviewer
) -> None:
    from tracker.clock import VIETNAM

    local = (NOW + timedelta(microseconds=12345)).astimezone(VIETNAM)
    reviewing_plan.set_checked(session, plan, task, checked=True, seen=Seen(plan.version), actor=me.actor, now=local)
    session.commit()

    me.undo()

    assert task.checked_at is None

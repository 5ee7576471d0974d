"""Two people at the same plan at the same moment, each with a session of their own, on a real PostgreSQL."""
from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.extensions import db
from tracker.models import Actor, Plan, Task, User
from tracker.rules.permissions import Role
from tracker.rules.states import PlanState
from tracker.workflow import reviewing_plan
from tracker.workflow.review_log import ChangedSince, last_step
from tracker.workflow.reviewing_plan import ReviewStale, Seen
from tracker.workflow.task_state import TaskInput, mark, snapshot

pytestmark = pytest.mark.parametrize("app", ["postgres"], indirect=True)


@pytest.fixture
def plan(make: Factory) -> Plan:
    return make.plan(state=PlanState.REVIEW)


@pytest.fixture
def people(make: Factory, plan: Plan) -> list[User]:
    return [make.user(Role.COORDINATOR, plan.coordinator) for _ in range(2)]


def both(app: Flask, acts: list[Callable[[Session], Any]]) -> list[Any]:
    """Let two people act at the same moment, and give what became of each: None or the refusal."""
    ready = threading.Barrier(len(acts))
    ends: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        with app.app_context():
            session = db.session()
            try:
                ready.wait()
                acts[place](session)
                session.commit()
            except Exception as error:
                session.rollback()
                ends[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def saying(plan: Plan, task: Task, user: User, text: str) -> Callable[[Session], None]:
    """Save a text from a form that was filled in beside the duty as it stands now."""
    seen, plan_id, task_id = Seen(plan.version, mark(snapshot(task))), plan.id, task.id
    actor, kind = Actor(user.name, "127.0.0.1", user), task.kind

    def act(session: Session) -> None:
        reviewing_plan.edit(session, session.get_one(Plan, plan_id), session.get_one(Task, task_id),
                            TaskInput(text, kind=kind), seen=seen, actor=actor, now=NOW)

    return act


def test_of_two_who_save_the_same_duty_one_is_told_and_nothing_is_mixed(
    app: Flask, session: Session, make: Factory, plan: Plan, people: list[User]
) -> None:
    task = make.task(plan)
    acts = [saying(plan, task, user, f"Bản của {user.name}") for user in people]

    ends = both(app, acts)

    session.expire_all()
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "ReviewStale"]
    winner = people[ends.index(None)]
    assert task.text == f"Bản của {winner.name}"
    assert plan.version == 2


def test_two_who_save_different_duties_both_succeed(
    app: Flask, session: Session, make: Factory, plan: Plan, people: list[User]
) -> None:
    tasks = [make.task(plan), make.task(plan)]

    ends = both(app, [saying(plan, task, user, user.name) for task, user in zip(tasks, people, strict=True)])

    session.expire_all()
    assert ends == [None, None]
    assert [task.text for task in tasks] == [user.name for user in people]
    assert plan.version == 3


def test_undoing_while_somebody_else_saves_the_same_duty_never_loses_their_text(
    app: Flask, session: Session, make: Factory, plan: Plan, people: list[User]
) -> None:
    task = make.task(plan, text="Bản đầu.")
    mine, theirs = people
    saying(plan, task, mine, "Bản của tôi.")(session)
    session.commit()
    step = last_step(session, plan, mine)
    assert step is not None
    step_id, plan_id, actor = step.id, plan.id, Actor(mine.name, "127.0.0.1", mine)

    def undo(other: Session) -> None:
        reviewing_plan.undo(other, other.get_one(Plan, plan_id), user=other.merge(mine, load=False), step_id=step_id,
                            actor=actor, now=NOW)

    ends = both(app, [undo, saying(plan, task, theirs, "Bản của người kia.")])

    session.expire_all()
    # Whoever came first is kept; the second one is told.
    if ends[0] is None:
        assert isinstance(ends[1], ReviewStale)
        assert task.text == "Bản đầu."
    else:
        assert isinstance(ends[0], ChangedSince)
        assert ends[1] is None
        assert task.text == "Bản của người kia."

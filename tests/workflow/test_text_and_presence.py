"""A recognised text is compared with its original before anything is given out; two people are told of each other."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, AuditEntry, Plan, ReviewPresence, User
from tracker.models.calendar import load_calendar
from tracker.reading.document import Document, Note, Removed
from tracker.rules.permissions import Role
from tracker.rules.states import PlanState
from tracker.workflow import importing, publishing
from tracker.workflow.presence import LASTS, note_presence, others_present
from tracker.workflow.publishing import TextNotChecked
from tracker.workflow.text_checking import set_text_checked

DOCUMENT = Document(
    "KẾ HOẠCH\nII. PHÂN CÔNG NHIỆM VỤ\n1. Sở Y tế\n- Tập huấn kỹ năng, sản phẩm gửi trước ngày 31/8/2026.\n", "scan",
    "0" * 64, notes=(Note("unreadable_letters", 3),), removed=(Removed("page_furniture", "Trang 2/7"),), unchecked=True)


@pytest.fixture
def me(make: Factory) -> User:
    make.agency("Sở Y tế")
    return make.coordinator()


@pytest.fixture
def actor(me: User) -> Actor:
    return Actor(me.name, "127.0.0.1", me)


@pytest.fixture
def plan(session: Session, me: User, actor: Actor) -> Plan:
    plan = importing.import_plan(session, DOCUMENT, coordinator=me.agency, actor=actor, now=NOW)
    session.commit()
    return plan


def publish(session: Session, plan: Plan, actor: Actor) -> None:
    publishing.publish(session, plan, actor=actor, now=NOW, today=TODAY, calendar=load_calendar(session))
    session.commit()


def test_what_reading_did_to_the_file_is_kept(plan: Plan) -> None:
    assert plan.reading == {"notes": [{"key": "unreadable_letters", "count": 3}],
                            "removed": [{"key": "page_furniture", "text": "Trang 2/7"}]}
    assert plan.text_needs_check
    assert "notes" not in plan.extract


def test_an_unchecked_text_is_not_given_out_before_somebody_has_compared_it(
    session: Session, plan: Plan, actor: Actor, me: User
) -> None:
    with pytest.raises(TextNotChecked):
        publish(session, plan, actor)
    assert plan.state is PlanState.REVIEW

    set_text_checked(session, plan, checked=True, actor=actor, now=NOW)
    session.commit()
    publish(session, plan, actor)

    assert plan.state is PlanState.PUBLISHED
    assert (plan.text_checked_by_id, plan.text_checked_at, plan.text_unchecked) == (me.id, NOW, True)
    assert "plan.text_checked" in session.scalars(select(AuditEntry.action)).all()


def test_taking_the_word_back_holds_publishing_up_again(session: Session, plan: Plan, actor: Actor) -> None:
    set_text_checked(session, plan, checked=True, actor=actor, now=NOW)
    set_text_checked(session, plan, checked=True, actor=actor, now=NOW)
    set_text_checked(session, plan, checked=False, actor=actor, now=NOW)
    session.commit()

    assert plan.text_needs_check
    told = select(func.count()).where(AuditEntry.action.in_(["plan.text_checked", "plan.text_unchecked"]))
    assert session.scalar(told) == 2


def test_a_text_that_was_read_letter_by_letter_needs_nobodys_word(
    session: Session, make: Factory, actor: Actor
) -> None:
    plan = make.plan(state=PlanState.REVIEW)

    set_text_checked(session, plan, checked=True, actor=actor, now=NOW)

    assert (plan.text_needs_check, plan.text_checked_at) == (False, None)


def test_others_are_told_of_while_their_page_is_open(session: Session, make: Factory, me: User) -> None:
    plan = make.plan(me.agency, state=PlanState.REVIEW)
    task, other = make.task(plan), make.user(Role.COORDINATOR, me.agency)
    note_presence(session, plan, other, task=task, now=NOW)
    note_presence(session, plan, me, task=None, now=NOW)
    note_presence(session, plan, other, task=task, now=NOW + timedelta(seconds=20))
    session.commit()

    seen = others_present(session, plan, me, now=NOW + LASTS)

    assert [(one.user_id, one.task_id) for one in seen] == [(other.id, task.id)]
    assert others_present(session, plan, me, now=NOW + LASTS + timedelta(seconds=21)) == []
    assert session.scalar(select(func.count()).select_from(ReviewPresence)) == 2

"""The province's own periods and usual reminders: kept, audited, within what makes sense, by one person at a time."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry, CalendarDay
from tracker.models.policy import load_policy, load_reminder_policy
from tracker.rules.look_back import LookBackTooShort
from tracker.rules.permissions import Role
from tracker.rules.policy import Policy
from tracker.rules.reminder_policy import LAST_WARNING, Audience, Moment, ReminderPolicy, VeryLateBeforeLate
from tracker.rules.working_days import DayKind
from tracker.workflow.policy import NoMorningHour, PolicyOutOfBounds, change
from tracker.workflow.reminder_policies import NO_ROW, PolicyChangedMeanwhile

USUAL = ReminderPolicy()


@pytest.fixture
def actor(make: Factory) -> Actor:
    user = make.user(Role.ADMINISTRATOR)
    return Actor(user.name, "127.0.0.1", user)


@pytest.fixture
def set_policy(session: Session, actor: Actor) -> Any:
    """Set the policy and commit: `set_policy(Policy(…), ReminderPolicy(…), seen=1)`."""

    def setting(policy: Policy | None = None, reminders: ReminderPolicy = USUAL, *, seen: int = NO_ROW) -> bool:
        changed = change(session, policy or Policy(), reminders, seen=seen, actor=actor, now=NOW)
        session.commit()
        return changed

    return setting


def entries(session: Session) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_what_nobody_set_is_the_default(session: Session) -> None:
    assert load_policy(session) == Policy()
    assert load_reminder_policy(session) == USUAL


def test_a_change_is_kept_and_what_changed_stands_in_the_audit(session: Session, set_policy: Any) -> None:
    reminders = ReminderPolicy(before=(1, 7), told=USUAL.told | {(Moment.LATE, Audience.COORDINATOR)})

    assert set_policy(Policy(answer_within=5, send_at=time(6, 45)), reminders)

    assert load_policy(session) == Policy(answer_within=5, send_at=time(6, 45))
    assert load_reminder_policy(session) == replace(reminders, before=(7, 1))
    entry = entries(session)[0]
    assert entry.action == "policy.changed"
    assert entry.before == {"answer_within": 3, "send_at": "07:30", "before": "5, 1", "told_late": "head"}
    assert entry.after == {"answer_within": 5, "send_at": "06:45", "before": "7, 1", "told_late": "head, coordinator"}


def test_the_same_again_changes_nothing(session: Session, set_policy: Any) -> None:
    assert not set_policy()
    assert entries(session) == []


def test_the_last_warning_stays_however_the_policy_is_sent(session: Session, set_policy: Any) -> None:
    set_policy(reminders=replace(USUAL, told=frozenset()))

    assert load_reminder_policy(session).told == {LAST_WARNING}


@pytest.mark.parametrize(("policy", "refused"), [
    (Policy(link_days=0), PolicyOutOfBounds), (Policy(mails_per_week=8), PolicyOutOfBounds),
    (Policy(mails_per_minute=0), PolicyOutOfBounds), (Policy(send_at=time(4, 59)), NoMorningHour),
    (Policy(send_at=time(16, 1)), NoMorningHour),
])
def test_what_makes_no_sense_is_refused(
    session: Session, set_policy: Any, policy: Policy, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        set_policy(policy)
    session.rollback()

    with pytest.raises(VeryLateBeforeLate):
        set_policy(Policy(), replace(USUAL, late_after=9, very_late_after=8))
    session.rollback()
    assert load_policy(session) == Policy()


def test_a_refusal_names_its_field(set_policy: Any) -> None:
    with pytest.raises(PolicyOutOfBounds) as refusal:
        set_policy(Policy(link_days=0))

    assert (refusal.value.field, refusal.value.values) == ("link_days", {"least": 1, "most": 60})


def test_a_grace_behind_which_reminders_would_be_lost_is_refused_in_every_calendar(
    session: Session, make: Factory, set_policy: Any
) -> None:
    first = date(2026, 6, 1)
    school = make.agency("Trường Chính trị tỉnh")
    session.add_all([CalendarDay(day=first + timedelta(days=n), kind=DayKind.OFF, name="Nghỉ hè", source="Công văn",
                                 agency=school) for n in range(50)])
    session.commit()

    assert set_policy(Policy(grace_after_return=10))
    with pytest.raises(LookBackTooShort):
        set_policy(Policy(grace_after_return=30), seen=1)


def test_who_opened_the_page_earlier_does_not_overwrite_what_was_saved_since(
    session: Session, set_policy: Any
) -> None:
    set_policy(Policy(answer_within=5))

    with pytest.raises(PolicyChangedMeanwhile):
        set_policy(Policy(answer_within=6))
    session.rollback()
    assert load_policy(session).answer_within == 5

    assert set_policy(Policy(answer_within=6), seen=1)
    assert not set_policy(Policy(answer_within=6), seen=1)  # nothing would be lost

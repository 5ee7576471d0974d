"""The province's own periods: kept, audited, within what makes sense."""
from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, AuditEntry
from tracker.models.policy import load_policy
from tracker.rules.permissions import Role
from tracker.rules.policy import Policy
from tracker.workflow.policy import LeadersBeforeHead, PolicyOutOfBounds, change


@pytest.fixture
def actor(make: Factory) -> Actor:
    user = make.user(Role.ADMINISTRATOR)
    return Actor(user.name, "127.0.0.1", user)


def test_what_nobody_set_is_the_default(session: Session) -> None:
    assert load_policy(session) == Policy()


def test_a_change_is_kept_and_stands_in_the_audit(session: Session, actor: Actor) -> None:
    assert change(session, Policy(answer_within=5), actor=actor, now=NOW)
    session.commit()

    assert load_policy(session) == Policy(answer_within=5)
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.action == "policy.changed"
    assert (entry.before or {})["answer_within"] == 3
    assert (entry.after or {})["answer_within"] == 5


def test_the_same_again_changes_nothing(session: Session, actor: Actor) -> None:
    assert not change(session, Policy(), actor=actor, now=NOW)
    assert session.scalars(select(AuditEntry)).all() == []


def test_what_makes_no_sense_is_refused_by_its_field(session: Session, actor: Actor) -> None:
    with pytest.raises(PolicyOutOfBounds) as refusal:
        change(session, Policy(link_days=0), actor=actor, now=NOW)
    assert (refusal.value.field, refusal.value.values) == ("link_days", {"least": 1, "most": 60})

    with pytest.raises(LeadersBeforeHead):
        change(session, Policy(escalate_to_head_after=9, escalate_to_leaders_after=8), actor=actor, now=NOW)

"""Withdrawing a task of a running plan: what ends, what stays, and taking it back."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.changed_plans import DUE, WHY, S, go_live, later, mails, seen, state, work
from tracker.models import Agency, AgencyKind, AgencyLevel, AuditEntry, Plan
from tracker.reminders.delivering import deliver_due
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.states import MailState
from tracker.workflow import changing_plan, taking_back
from tracker.workflow.changing_plan import Moment
from tracker.workflow.taking_back import AlreadyTold


def test_withdrawing_cancels_what_is_under_way_and_keeps_what_was_accepted(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    states = [S.OPEN, S.IN_PROGRESS, S.RETURNED, S.SUBMITTED, S.ACCEPTED]
    task = make.task(plan, make.group(*(make.agency() for _ in states)), DUE)
    go_live(session, plan, moment)
    for row, now in zip(work(session), states, strict=True):
        state(row, now)
    session.commit()
    foreseen = changing_plan.foresee_withdraw(session, plan, task, seen=seen(plan, task), moment=moment)

    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=moment)
    session.commit()

    assert [row.state for row in work(session)] == [S.CANCELLED] * 4 + [S.ACCEPTED]
    assert (foreseen.counts[Effect.ENDED], foreseen.counts[Effect.SETTLED], foreseen.waiting_ended) == (4, 1, 1)
    assert task.dropped_at == NOW
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "change.task_withdrawn"
    assert len((entry.after or {})["ended"]) == 4


def test_a_withdrawal_can_be_taken_back_until_somebody_was_told(
    session: Session, make: Factory, plan: Plan, moment: Moment, app: Flask
) -> None:
    liaison = make.user(Role.LIAISON)
    task = make.task(plan, liaison.agency, DUE)
    go_live(session, plan, moment)
    state(work(session)[0], S.SUBMITTED)
    session.commit()
    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=moment)
    session.commit()

    taking_back.take_back(session, plan, task, moment=later(moment, 0.1))
    session.commit()

    [row] = work(session)
    assert (row.state, row.cancelled_reason, task.dropped_at) == (S.SUBMITTED, None, None)
    box: list[Any] = []
    deliver_due(session, now=NOW + timedelta(hours=1), today=TODAY, send=box.append)
    assert (box, [mail.state for mail in mails(session)]) == ([], [MailState.DROPPED])

    again = later(moment, 2)
    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=again)
    session.commit()
    deliver_due(session, now=NOW + timedelta(hours=3), today=TODAY, send=box.append)
    with pytest.raises(AlreadyTold):
        taking_back.take_back(session, plan, task, moment=later(moment, 4))
    assert len(box) == 1


def test_a_large_group_is_withdrawn_whole(session: Session, make: Factory, plan: Plan, moment: Moment) -> None:
    communes = [Agency(name=f"Xã {n}", fold=f"xa {n}", kind=AgencyKind.PEOPLES_COMMITTEE, level=AgencyLevel.COMMUNE)
                for n in range(1200)]
    session.add_all(communes)
    session.commit()
    task = make.task(plan, make.group(*communes), DUE)
    go_live(session, plan, moment)

    changing_plan.withdraw(session, plan, task, WHY, seen=seen(plan, task), moment=moment)
    session.commit()

    assert {row.state for row in work(session)} == {S.CANCELLED}
    assert len(work(session)) == 1200

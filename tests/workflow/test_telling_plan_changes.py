"""Changes of a running plan: who is told, once."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.changed_plans import DAY, DUE, amend, as_is, go_live, later, mails, named
from tracker.models import Plan
from tracker.reminders.delivering import deliver_due
from tracker.rules.permissions import Role
from tracker.rules.states import MailState
from tracker.workflow.changing_plan import Moment


def test_changes_made_within_a_short_time_are_told_in_one_mail_and_later_ones_in_the_next(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    liaison, other = make.user(Role.LIAISON), make.user(Role.LIAISON)
    first, second = make.task(plan, liaison.agency, DUE), make.task(plan, liaison.agency, DUE)
    make.task(plan, other.agency, DUE)
    go_live(session, plan, moment)
    deliver_due(session, now=NOW, today=TODAY, send=lambda _new_work: None)
    box: list[Any] = []

    amend(session, plan, first, as_is(first, days={first.deadlines[0].id: DUE + DAY}), moment)
    amend(session, plan, second, as_is(second, text="Việc thứ hai nói khác."), later(moment, 0.1))
    deliver_due(session, now=NOW + timedelta(minutes=14), today=TODAY, send=box.append)
    too_early = len(box)
    deliver_due(session, now=NOW + timedelta(minutes=16), today=TODAY, send=box.append)
    amend(session, plan, first, as_is(first, days={first.deadlines[0].id: DUE + 2 * DAY}), later(moment, 1))
    deliver_due(session, now=NOW + timedelta(hours=2), today=TODAY, send=box.append)

    assert too_early == 0
    assert [mail.to for mail in box] == [liaison.email, liaison.email]
    assert "1 việc đổi thời hạn; 1 việc sửa nội dung" in box[0].subject
    assert "Việc thứ hai nói khác." in box[0].text
    assert "Thời hạn 01/07/2026 chuyển sang 02/07/2026" in box[1].text
    assert "Việc thứ hai" not in box[1].text


def test_what_was_given_and_taken_away_before_the_mail_left_is_not_told(
    session: Session, make: Factory, plan: Plan, moment: Moment
) -> None:
    health, liaison = make.agency("Sở Y tế"), make.user(Role.LIAISON)
    task = make.task(plan, health, DUE)
    go_live(session, plan, moment)
    box: list[Any] = []

    amend(session, plan, task, as_is(task, owners=named(health, liaison.agency)), moment)
    amend(session, plan, task, as_is(task, owners=named(health)), later(moment, 0.1))
    deliver_due(session, now=NOW + timedelta(hours=1), today=TODAY, send=box.append)

    assert box == []
    assert [mail.state for mail in mails(session)] == [MailState.DROPPED]

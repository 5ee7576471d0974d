"""Setting the province's own periods, the hour and the limits of its mails, and its usual reminders."""
from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from tracker.models import Actor, ProvincePolicy
from tracker.models.audit import record
from tracker.models.calendar import load_calendars
from tracker.models.policy import ONLY, load_policy, load_reminder_policy
from tracker.rules import reminder_policy
from tracker.rules.errors import Refusal
from tracker.rules.look_back import check_look_back
from tracker.rules.policy import Policy
from tracker.rules.reminder_policy import ReminderOutOfBounds, ReminderPolicy
from tracker.workflow.reminder_policies import (
    NO_ROW,
    PolicyChangedMeanwhile,
    audit_values,
    differing,
    insert,
    stamp,
)

#: What makes sense: at least, at most.
LIMITS = {
    "grace_after_return": (0, 30),
    "answer_within": (1, 30),
    "link_days": (1, 60),
    "mails_per_week": (1, 7),
    "mails_per_minute": (1, 10_000),
}
#: Earlier nobody has begun to work; later there would be no hour left before `MORNING_ENDS`.
EARLIEST, LATEST = time(5), time(16)


class PolicyOutOfBounds(ReminderOutOfBounds):
    """A period or a limit is smaller or greater than makes sense (values: least, most)."""


class NoMorningHour(Refusal):
    """The mails would leave before or after the hours of work (values: earliest, latest)."""

    key = "no_morning_hour"


def check(session: Session, policy: Policy) -> None:
    """Refuse periods that make no sense. Raises PolicyOutOfBounds, NoMorningHour or LookBackTooShort."""
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(policy, name) <= most:
            raise PolicyOutOfBounds(name, least, most)
    if not EARLIEST <= policy.send_at <= LATEST:
        raise NoMorningHour(earliest=f"{EARLIEST:%H:%M}", latest=f"{LATEST:%H:%M}")
    calendars = load_calendars(session)
    for calendar in {calendars.province, *calendars.own.values()}:
        check_look_back(policy, calendar)


def change(
    session: Session, policy: Policy, reminders: ReminderPolicy, *, seen: int, actor: Actor, now: datetime
) -> bool:
    """Set the periods and the usual reminders; False when they are what they were. Audited; the caller commits.

    What was decided before keeps its dates, and what was told stays told. `seen` is the version that the form was made
    from, `NO_ROW` while nobody has set anything. Raises what `check` and `rules.reminder_policy.check` raise, or
    PolicyChangedMeanwhile.
    """
    check(session, policy)
    reminders = reminder_policy.check(reminders)
    row = session.get(ProvincePolicy, ONLY, with_for_update=True, populate_existing=True)
    before = load_policy(session), load_reminder_policy(session)
    if before == (policy, reminders):
        return False
    if (row.version if row else NO_ROW) != seen:
        raise PolicyChangedMeanwhile
    row = row or ProvincePolicy(id=ONLY, version=NO_ROW)
    for name, value in asdict(policy).items():
        setattr(row, name, value)
    row.set_reminder_policy(reminders)
    stamp(row, actor, now)
    insert(session, row)
    old, new = differing(_values(*before), _values(policy, reminders))
    record(session, actor, "policy.changed", row, now=now, before=old, after=new)
    return True


def _values(policy: Policy, reminders: ReminderPolicy) -> dict[str, Any]:
    return {**asdict(policy), "send_at": f"{policy.send_at:%H:%M}", **audit_values(reminders)}

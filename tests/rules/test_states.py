"""The workflow as a table: every change of state is either in it or refused."""
from __future__ import annotations

from itertools import product

import pytest

from tracker.rules.permissions import ROLE_PERMISSIONS, Permission, Role, may
from tracker.rules.states import OWED, TRANSITIONS, AssignmentState, NotAllowedNow, Transition, check_transition

EVERY_CHANGE = [
    Transition(needs, before, after)
    for needs, before, after in product(Permission, AssignmentState, AssignmentState)
]


def test_every_change_of_state_is_allowed_by_the_table_or_refused() -> None:
    for change in TRANSITIONS:
        check_transition(change.needs, change.before, change.after)

    for change in set(EVERY_CHANGE) - set(TRANSITIONS):
        with pytest.raises(NotAllowedNow) as refusal:
            check_transition(change.needs, change.before, change.after)
        assert refusal.value.values == {"before": change.before.value, "after": change.after.value}


def test_what_was_cancelled_comes_back_only_by_taking_a_change_of_the_plan_back() -> None:
    leaving = {change.needs for change in TRANSITIONS if change.before is AssignmentState.CANCELLED}

    assert leaving == {Permission.PLAN_CHANGE}


def test_what_was_accepted_only_goes_back_to_waiting_and_only_by_a_coordinator() -> None:
    leaving = [change for change in TRANSITIONS if change.before is AssignmentState.ACCEPTED]

    assert [change.after for change in leaving] == [AssignmentState.SUBMITTED]
    assert [role for role in Role if may(role, leaving[0].needs)] == [Role.COORDINATOR]


def test_only_a_coordinator_accepts_a_report_and_a_helper_confirms_its_own_part() -> None:
    accepting = [change for change in TRANSITIONS if change.after is AssignmentState.ACCEPTED]

    by_need = {need: {change.before for change in accepting if change.needs is need} for need in Permission}
    assert {need: before for need, before in by_need.items() if before} == {
        Permission.PROGRESS_REVIEW: {AssignmentState.SUBMITTED},
        Permission.PART_CONFIRM: OWED,
    }
    assert [role for role in Role if may(role, Permission.PROGRESS_REVIEW)] == [Role.COORDINATOR]
    assert [role for role in Role if may(role, Permission.PART_CONFIRM)] == [Role.LIAISON]


def test_an_agency_can_report_from_every_state_in_which_it_owes_something() -> None:
    reporting = {change.before for change in TRANSITIONS if change.needs is Permission.PROGRESS_REPORT}

    assert reporting == OWED


def test_a_leader_changes_nothing() -> None:
    changing = {change.needs for change in TRANSITIONS} | {
        Permission.PLAN_EDIT, Permission.CHASE_SEND, Permission.AGENCY_MANAGE, Permission.ACCOUNT_MANAGE,
        Permission.CALENDAR_MANAGE, Permission.MAIL_MANAGE,
    }  # fmt: skip

    assert not changing & ROLE_PERMISSIONS[Role.LEADER]


def test_a_stranger_may_only_what_anyone_may() -> None:
    assert [permission for permission in Permission if may(None, permission)] == [Permission.ANYONE]

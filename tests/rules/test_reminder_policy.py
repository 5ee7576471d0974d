"""A reminder policy: what makes sense is taken, and the last warning is always in it."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.errors import Refusal
from tracker.rules.reminder_policy import (
    LAST_WARNING,
    Audience,
    DaysBeforeNotUnderstood,
    Moment,
    ReminderOutOfBounds,
    ReminderPolicy,
    VeryLateBeforeLate,
    check,
    may_be_told,
    moments_of,
    told_from_json,
    told_to_json,
)

USUAL = ReminderPolicy()
told = st.frozensets(st.tuples(st.sampled_from(Moment), st.sampled_from(Audience)))


@given(told)
def test_who_is_told_survives_being_stored(given_told: frozenset[tuple[Moment, Audience]]) -> None:
    assert told_from_json(told_to_json(given_told)) == given_told


@given(told)
def test_the_last_warning_can_not_be_switched_off(given_told: frozenset[tuple[Moment, Audience]]) -> None:
    makes_sense = {pair for pair in given_told if may_be_told(*pair)}

    assert check(replace(USUAL, told=given_told)).told == makes_sense | {LAST_WARNING}


def test_the_days_before_are_put_in_order() -> None:
    assert check(replace(USUAL, before=(1, 10, 3))).before == (10, 3, 1)
    assert check(replace(USUAL, before=())).before == ()


@pytest.mark.parametrize(("values", "refusal"), [
    ({"before": (0,)}, DaysBeforeNotUnderstood),
    ({"before": (31,)}, DaysBeforeNotUnderstood),
    ({"before": (5, 5)}, DaysBeforeNotUnderstood),
    ({"before": (6, 5, 4, 3, 2, 1)}, DaysBeforeNotUnderstood),
    ({"after_every": 0}, ReminderOutOfBounds),
    ({"weekly_after": 91}, ReminderOutOfBounds),
    ({"late_after": 6, "very_late_after": 5}, VeryLateBeforeLate),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(values: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check(replace(USUAL, **values))  # type: ignore[arg-type]


def test_the_usual_way_tells_the_agency_first_then_its_head_then_the_leadership() -> None:
    assert moments_of(USUAL, {Audience.LIAISON}) == [Moment.BEFORE, Moment.DUE, Moment.AFTER]
    assert moments_of(USUAL, {Audience.HEAD, Audience.LEADERSHIP}) == [Moment.LATE, Moment.VERY_LATE]


def test_upwards_nobody_is_told_of_what_is_not_late_yet() -> None:
    ticked = ReminderPolicy(told=USUAL.told | {(Moment.BEFORE, Audience.HEAD), (Moment.DUE, Audience.COORDINATOR),
                                               (Moment.AFTER, Audience.HEAD)})

    assert check(ticked).told == USUAL.told | {(Moment.AFTER, Audience.HEAD)}
    assert ticked.audiences(Moment.BEFORE) == {Audience.LIAISON}

"""How long a mail that was not taken waits for its next try. Plain numbers: no clock, no chance of its own."""
from __future__ import annotations

from datetime import timedelta

#: After so many tries a mail is parked for an administrator to look at.
MOST_ATTEMPTS = 8
#: Waits of 1, 4, 16, 64 minutes, then 4 and 6 hours: eight tries reach over most of a day, and the first ones over a
#: greylisting server's few minutes.
FIRST_WAIT = timedelta(minutes=1)
WAIT_GROWS = 4
LONGEST_WAIT = timedelta(hours=6)
#: A wait is longer by up to this part of itself, so that mails turned away together don't come back together.
SPREAD = 0.25


def wait_after(attempts: int, *, chance: float) -> timedelta:
    """Give the wait after so many tries (1 or more); `chance`, from 0 to 1, says where in the spread it lies."""
    # The exponent is bounded: what an administrator puts back again and again must not overflow.
    usual: timedelta = min(FIRST_WAIT * WAIT_GROWS ** min(attempts - 1, MOST_ATTEMPTS), LONGEST_WAIT)
    return usual * (1 + SPREAD * chance)

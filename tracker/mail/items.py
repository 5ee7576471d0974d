"""What mails tell of assignments: one line each, grouped by plan, summed up with the worst first."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from textwrap import shorten

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.models import mail_link
from tracker.rules.states import AssignmentState

#: Lines that a mail holds; the others it counts.
MOST_ITEMS = 100
#: Characters of a task's text in a list of several.
LINE_LENGTH = 240
#: Days before its send-by day from which on a periodic report's window is about to close.
CLOSING = 14


@dataclass(frozen=True)
class Item:
    """One assignment as a mail tells of it."""

    assignment_id: int
    plan_id: int
    plan: str
    text: str
    due_on: date | None
    #: Days until the due date; negative when it is past, None without one.
    days_left: int | None
    state: AssignmentState = AssignmentState.OPEN
    #: The body is asked, not told: the whole mail is then worded as a request.
    is_requested: bool = False
    #: First and last day of the window a periodic report covers.
    period: tuple[date, date] | None = None
    #: It helps another body, and answers to that one.
    is_part: bool = False
    #: Raised at every change of the assignment: a calendar program takes the newest.
    version: int = 1

    @property
    def days_late(self) -> int:
        """Count the days by which it is late; 0 when it is not."""
        return max(0, -(self.days_left or 0))

    @property
    def weeks_left(self) -> int:
        """Count the Mondays until the due date: 0 when it falls due in the week of today."""
        if self.due_on is None or self.days_left is None:
            return 0
        today = self.due_on - timedelta(days=self.days_left)
        return (self.days_left + today.weekday()) // 7

    @property
    def is_returned(self) -> bool:
        """Tell whether its last report was returned."""
        return self.state is AssignmentState.RETURNED

    @property
    def is_on_link(self) -> bool:
        """Tell whether the addressee's link opens it; what is due later waits behind the log-in."""
        return mail_link.opens(self.state, self.days_left)

    @property
    def kind(self) -> str:
        """Say how urgent it is, as the styles know it."""
        return "late" if self.days_late else ("today" if self.days_left == 0 else "ahead")


def line(text: str) -> str:
    """Cut a task's text to what one line of a list holds; the task's own page has all of it."""
    return shorten(text, LINE_LENGTH, placeholder="…") if len(text) > LINE_LENGTH else text


@dataclass(frozen=True)
class PlanItems:
    """The items of one plan in a mail."""

    plan: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Tally:
    """How many assignments are late and fall due soon."""

    late: int = 0
    #: Days of the one that is late for longest.
    longest: int = 0
    today: int = 0
    this_week: int = 0
    next_week: int = 0
    later: int = 0
    #: Days until the last of the later ones.
    furthest: int = 0

    def __bool__(self) -> bool:
        return bool(self.late or self.today or self.this_week or self.next_week or self.later)

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.late + other.late, max(self.longest, other.longest), self.today + other.today,
                     self.this_week + other.this_week, self.next_week + other.next_week, self.later + other.later,
                     max(self.furthest, other.furthest))


def tally(items: Iterable[Item]) -> Tally:
    """Count items by how they stand; what has no date is none of them."""
    late = longest = today = this_week = next_week = later = furthest = 0
    for item in items:
        days = item.days_left
        if days is None:
            continue
        if days < 0:
            late, longest = late + 1, max(longest, -days)
        elif days == 0:
            today += 1
        elif item.weeks_left == 0:
            this_week += 1
        elif item.weeks_left == 1:
            next_week += 1
        else:
            later, furthest = later + 1, max(furthest, days)
    return Tally(late, longest, today, this_week, next_week, later, furthest)


def in_words(tally: Tally, *, asks: bool) -> str:
    """Sum up in one line, the worst first, so that no two mornings' subjects read the same; `asks` for a request."""
    parts = [_late_in_words(tally, asks=asks)] if tally.late else []
    if tally.today:
        parts.append(ngettext("%(num)d việc đến hạn hôm nay", "%(num)d việc đến hạn hôm nay", tally.today))
    if tally.this_week:
        parts.append(ngettext("%(num)d việc đến hạn tuần này", "%(num)d việc đến hạn tuần này", tally.this_week))
    if tally.later:
        parts.append(ngettext("%(num)d việc đến hạn trong %(days)d ngày", "%(num)d việc đến hạn trong %(days)d ngày",
                              tally.next_week + tally.later, days=tally.furthest))
    elif tally.next_week:
        parts.append(ngettext("%(num)d việc đến hạn tuần sau", "%(num)d việc đến hạn tuần sau", tally.next_week))
    return "; ".join(str(part) for part in parts)


def _late_in_words(tally: Tally, *, asks: bool) -> str:
    if tally.late == 1 and asks:
        return str(ngettext("1 việc đã qua thời gian đề nghị %(num)d ngày",
                            "1 việc đã qua thời gian đề nghị %(num)d ngày", tally.longest))
    if tally.late == 1:
        return str(ngettext("1 việc quá hạn %(num)d ngày", "1 việc quá hạn %(num)d ngày", tally.longest))
    if asks:
        count = ngettext("%(num)d việc đã qua thời gian đề nghị", "%(num)d việc đã qua thời gian đề nghị", tally.late)
    else:
        count = ngettext("%(num)d việc quá hạn", "%(num)d việc quá hạn", tally.late)
    longest = ngettext("lâu nhất %(num)d ngày", "lâu nhất %(num)d ngày", tally.longest)
    return f"{count}, {longest}"


def worst_first(items: Sequence[Item]) -> str:
    """Sum the items up in one line; as a request as soon as one of them is asked for."""
    return in_words(tally(items), asks=any(item.is_requested for item in items))


def standing(item: Item, *, asks: bool = False) -> str:
    """Say how an item stands against its date: how long late, today, or how long still."""
    days = item.days_left
    if days is None:
        return str(_("Không có thời hạn"))
    if days < 0 and asks:
        return str(ngettext("đã qua thời gian đề nghị %(num)d ngày", "đã qua thời gian đề nghị %(num)d ngày", -days))
    if days < 0:
        return str(ngettext("quá hạn %(num)d ngày", "quá hạn %(num)d ngày", -days))
    if item.period is not None and days == 0:
        return str(_("hôm nay là ngày cuối gửi báo cáo"))
    if item.period is not None and days <= CLOSING:
        return str(ngettext("sắp hết hạn gửi báo cáo, còn %(num)d ngày", "sắp hết hạn gửi báo cáo, còn %(num)d ngày",
                            days))
    if days == 0:
        return str(_("hạn hôm nay"))
    return str(ngettext("còn %(num)d ngày", "còn %(num)d ngày", days))


def worst(items: Sequence[Item]) -> Sequence[Item]:
    """Give the most urgent items, as many as a mail holds."""
    return items if len(items) <= MOST_ITEMS else sorted(items, key=urgency)[:MOST_ITEMS]


def by_plan(items: Sequence[Item]) -> list[PlanItems]:
    """Group by plan: the plan with the most urgent item first, and so within each."""
    in_order = sorted(items, key=urgency)
    rank = {plan_id: place for place, plan_id in enumerate(dict.fromkeys(item.plan_id for item in in_order))}
    in_order.sort(key=lambda item: rank[item.plan_id])
    return [
        PlanItems(plan=group[0].plan, items=group)
        for group in (tuple(items) for _plan_id, items in groupby(in_order, key=lambda item: item.plan_id))
    ]


def urgency(item: Item) -> tuple[bool, date, int]:
    """Give what items are ordered by: the longest late first, what has no date last."""
    return item.due_on is None, item.due_on or date.max, item.assignment_id

"""Every e-mail the system sends: one function each, so that the list of functions is the list of mails.

The sentences stand in templates/email/<function>/. A mail never holds a picture or anything
loaded from elsewhere, and is complete as plain text.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from textwrap import shorten
from typing import Any

import css_inline
from flask import Flask, current_app, render_template
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from tracker.config import Settings
from tracker.models import mail_link
from tracker.rules.plan_changes import TOLD, Effect
from tracker.rules.standing import DUE_SOON
from tracker.rules.states import AssignmentState, ChaseTone

#: Characters of a task's text that a subject line may hold.
SUBJECT_LENGTH = 80
#: Agencies that a mail to a leader names; the others it counts.
MOST_BEHIND = 12


@dataclass(frozen=True)
class Message:
    """One e-mail, ready to be handed to a mail server."""

    to: str
    subject: str
    text: str
    html: str
    #: Fixed when the mail was decided: a repeat after a crash is recognised by it.
    message_id: str


@dataclass(frozen=True)
class Addressee:
    """Who a mail is written to, and in which language."""

    name: str
    email: str
    locale: str
    agency: str


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

    @property
    def days_late(self) -> int:
        """Count the days by which it is late; 0 when it is not."""
        return max(0, -(self.days_left or 0))

    @property
    def is_returned(self) -> bool:
        """Tell whether its last report was returned."""
        return self.state is AssignmentState.RETURNED

    @property
    def is_on_link(self) -> bool:
        """Tell whether the addressee's link opens it; what is due later waits behind the log-in."""
        return mail_link.opens(self.state, self.days_left)


@dataclass(frozen=True)
class ReportLink:
    """The addressee's own way to report without logging in, and for how many days it opens."""

    url: str
    days: int


@dataclass(frozen=True)
class Behind:
    """An agency as a leader is told of it: how many of its assignments are too late, and the longest of them."""

    agency_id: int
    agency: str
    items: int
    days_late: int


@dataclass(frozen=True)
class ChangedItem:
    """One assignment that a change of its plan concerns: as it is now, and what was another thing before."""

    item: Item
    effect: Effect
    #: By which reason and document it was changed last.
    reason: str
    document_number: str | None = None
    document_on: date | None = None
    due_before: date | None = None
    #: None when it says the same.
    text_before: str | None = None
    #: Its last report was accepted; only the windows to come are no more.
    was_settled: bool = False
    #: It helps another body, and answers to that one.
    is_part: bool = False


@dataclass(frozen=True)
class PlanItems:
    """The items of one plan in a mail."""

    plan: str
    items: tuple[Item, ...]


def digest(
    to: Addressee, items: Sequence[Item], *, today: date, message_id: str, link: ReportLink | None = None
) -> Message:
    """Tell a liaison, on one morning, of everything that is due or late and was not told before.

    `items` belong to the addressee's agency and are not empty; `link` is where they are reported on without logging in.
    """
    return _write("digest", to, message_id, items=items, groups=_by_plan(items), today=today, link=link)


def chase(
    to: Addressee, items: Sequence[Item], *, chaser: str, sender: str, tone: ChaseTone, note: str, today: date,
    message_id: str, link: ReportLink | None = None,
) -> Message:
    """Pass on a coordinator's urging: the agency's late items, for how long, and the coordinator's own line.

    `items` belong to the addressee's agency, are overdue and are not empty. A body that can only be asked is asked,
    whatever the tone.
    """
    return _write("chase", to, message_id, items=items, groups=_by_plan(items), chaser=chaser, sender=sender,
                  tone=tone.value, note=note.strip(), today=today, link=link)


def escalation(
    to: Addressee, own: Sequence[Item], behind: Sequence[Behind], *, today: date, message_id: str
) -> Message:
    """Tell upwards what is too late: a head the agency's `own` items, a leader which agencies are `behind`.

    One of the two is not empty; the longest late come first.
    """
    return _write("escalation", to, message_id, items=own, groups=_by_plan(own), today=today,
                  behind=behind[:MOST_BEHIND], further=behind[MOST_BEHIND:],
                  behind_items=sum(agency.items for agency in behind),
                  longest=max((agency.days_late for agency in behind), default=0))


def report_returned(
    to: Addressee, item: Item, *, reason: str, reviewer: str, reported_on: date, message_id: str
) -> Message:
    """Tell a liaison that a report was returned, why, and where to report again."""
    return _write("report_returned", to, message_id, items=[item], item=item, reason=reason.strip(),
                  reviewer=reviewer, reported_on=reported_on)


def plan_changed(
    to: Addressee, changes: Sequence[ChangedItem], *, plan: str, coordinator: str, message_id: str
) -> Message:
    """Tell a liaison what a changed plan changes for the agency: new work, other days or words, what is no more.

    `changes` concern the addressee's agency and are not empty; those of one effect stand together.
    """
    groups = [(effect, [one for one in changes if one.effect is effect]) for effect in TOLD]
    return _write("plan_changed", to, message_id, items=[change.item for change in changes], plan=plan,
                  groups=[(effect.value, found) for effect, found in groups if found], coordinator=coordinator,
                  summary=_changes_in_words(groups))


def _changes_in_words(groups: Sequence[tuple[Effect, Sequence[ChangedItem]]]) -> str:
    """Sum up what changed in one line."""
    found = {effect: len(changes) for effect, changes in groups if changes}
    words = {
        Effect.GIVEN: lambda n: ngettext("%(num)d việc mới", "%(num)d việc mới", n),
        Effect.MOVED: lambda n: ngettext("%(num)d việc đổi thời hạn", "%(num)d việc đổi thời hạn", n),
        Effect.REWORDED: lambda n: ngettext("%(num)d việc sửa nội dung", "%(num)d việc sửa nội dung", n),
        Effect.ENDED: lambda n: ngettext("%(num)d việc thôi giao", "%(num)d việc thôi giao", n),
    }
    return "; ".join(str(words[effect](number)) for effect, number in found.items())


def thread_message(
    to: Addressee, item: Item, *, author: str, author_agency: str, text: str, is_question: bool, is_named: bool,
    message_id: str,
) -> Message:
    """Pass on what was written in the thread of an assignment; `is_named` when the addressee was named in it."""
    return _write("thread_message", to, message_id, items=[item], item=item, author=author, text=text,
                  author_agency=author_agency, is_question=is_question, is_named=is_named)


@dataclass(frozen=True)
class Answer:
    """What was answered to a request: more time until a day, or another owner."""

    is_granted: bool
    #: The plan's coordinating agency.
    by: str
    words: str
    #: More time: the day that was wanted and the one that was given; both None for "not ours".
    wanted_on: date | None = None
    granted_on: date | None = None
    #: "Not ours": to whom the work went.
    given_to: str = ""

    @property
    def is_about_time(self) -> bool:
        """Tell a request for more time from a "not ours"."""
        return self.wanted_on is not None


def request_decided(to: Addressee, item: Item, *, answer: Answer, message_id: str) -> Message:
    """Tell the agency what was answered to its request."""
    return _write("request_decided", to, message_id, items=[item], item=item, answer=answer)


def handed_over(
    to: Addressee, item: Item, *, by: str, to_agency: bool, to_help: bool = False, message_id: str
) -> Message:
    """Tell that work was given: to the addressee by a colleague, or to the addressee's agency by the coordinator.

    `to_help`: a lead asks the agency for a part of it.
    """
    return _write("handed_over", to, message_id, items=[item], item=item, by=by, to_agency=to_agency, to_help=to_help)


def password_reset(to: Addressee, *, token: str, expires_at: datetime, is_first: bool, message_id: str) -> Message:
    """Give a person the one-time link to set a password; `is_first` for an account that never had one."""
    return _write("password_reset", to, message_id, items=[], token=token, expires_at=expires_at, is_first=is_first)


def _write(name: str, to: Addressee, message_id: str, *, items: Sequence[Item], **values: Any) -> Message:
    """Fill the mail's three templates in the addressee's language, with links to the public address."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    values |= {
        "to": to,
        "items": items,
        # One asked body in the list and the whole mail asks: being polite to the others does no harm.
        "is_request": any(item.is_requested for item in items),
        "standing": standing,
        "worst_first": worst_first,
        "shorten": lambda text: shorten(text, SUBJECT_LENGTH, placeholder="…").rstrip("."),
        "app_name": f"Đôn Đốc – {settings.province}" if settings.province else "Đôn Đốc",
    }
    # A context of its own, so that neither the language nor anything else leaks into a request that may be running.
    with app.app_context(), app.test_request_context(base_url=settings.base_url), force_locale(to.locale):
        # Written once for both bodies; the HTML one escapes it.
        values["opening"] = render_template(f"email/{name}/opening.txt", **values).strip()
        return Message(
            to=to.email,
            subject=" ".join(render_template(f"email/{name}/subject.txt", **values).split()),
            text=_tidy(render_template(f"email/{name}/body.txt", **values)),
            html=_inliner().inline(render_template(f"email/{name}/body.html", locale=to.locale, **values)),
            message_id=message_id,
        )


@cache
def _inliner() -> css_inline.CSSInliner:
    """Put the styles on the tags, because many mail programs drop style sheets; nothing is ever loaded."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def _tidy(text: str) -> str:
    """Drop the blanks and the double empty lines that a template's logic leaves behind."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept) + "\n"


def _by_plan(items: Sequence[Item]) -> list[PlanItems]:
    """Group by plan: the plan with the most urgent item first, and so within each."""
    in_order = sorted(items, key=_urgency)
    rank = {plan_id: place for place, plan_id in enumerate(dict.fromkeys(item.plan_id for item in in_order))}
    in_order.sort(key=lambda item: rank[item.plan_id])
    return [
        PlanItems(plan=group[0].plan, items=group)
        for group in (tuple(items) for _plan_id, items in groupby(in_order, key=lambda item: item.plan_id))
    ]


def _urgency(item: Item) -> tuple[bool, date, int]:
    return item.due_on is None, item.due_on or date.max, item.assignment_id


def standing(item: Item) -> str:
    """Say how an item stands against its date: how long late, today, or how long still."""
    if item.days_left is None:
        return str(_("Không có thời hạn"))
    if item.days_left < 0:
        return str(ngettext("quá hạn %(num)d ngày", "quá hạn %(num)d ngày", item.days_late))
    if item.days_left == 0:
        return str(_("hạn hôm nay"))
    return str(ngettext("còn %(num)d ngày", "còn %(num)d ngày", item.days_left))


def worst_first(items: Sequence[Item]) -> str:
    """Sum the items up in one line, the worst first, so that no two mornings' subjects read the same."""
    late = [item.days_late for item in items if item.days_late]
    due_today = sum(item.days_left == 0 for item in items)
    ahead = [item.days_left for item in items if item.days_left is not None and item.days_left > 0]
    parts = []
    if len(late) == 1:
        parts.append(ngettext("1 việc quá hạn %(num)d ngày", "1 việc quá hạn %(num)d ngày", late[0]))
    elif late:
        count = ngettext("%(num)d việc quá hạn", "%(num)d việc quá hạn", len(late))
        longest = ngettext("lâu nhất %(num)d ngày", "lâu nhất %(num)d ngày", max(late))
        parts.append(f"{count}, {longest}")
    if due_today:
        parts.append(ngettext("%(num)d việc đến hạn hôm nay", "%(num)d việc đến hạn hôm nay", due_today))
    if ahead:
        parts.append(
            ngettext(
                "%(num)d việc đến hạn trong %(days)d ngày", "%(num)d việc đến hạn trong %(days)d ngày",
                len(ahead), days=max(DUE_SOON.days, *ahead),
            )
        )
    return "; ".join(parts)

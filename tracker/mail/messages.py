"""Every e-mail the system sends: one function each, so that the list of functions is the list of mails.

The sentences stand in templates/email/<function>/. A mail never holds a picture or anything
loaded from elsewhere, and is complete as plain text.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial

from flask_babel import ngettext

from tracker.mail.items import MOST_ITEMS, Item, Tally, by_plan, in_words, tally, urgency, worst, worst_first
from tracker.mail.writing import Addressee, CalendarOf, Message, write
from tracker.rules.plan_changes import TOLD, Effect
from tracker.rules.states import ChaseTone

#: Agencies that a mail upwards names; the others it counts.
MOST_BEHIND = 12
#: From so many lines on a digest has its buttons above them too.
LONG = 12
#: Accepted reports that a digest names; the others it counts.
MOST_ACCEPTED = 10


@dataclass(frozen=True)
class ReportLink:
    """The addressee's own way to report without logging in, and for how many days it opens."""

    url: str
    days: int


@dataclass(frozen=True)
class Behind:
    """An agency as those above it are told of it: its assignments that became too late, and the longest of them."""

    agency_id: int
    agency: str
    items: int
    days_late: int


@dataclass(frozen=True)
class ToldBefore:
    """What somebody above was told of earlier and is still too late: one mail tells of it, the next ones count it."""

    items: int = 0
    days_late: int = 0


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
class News:
    """What a digest tells beside what is due: windows that opened, reports that were accepted."""

    opened: Sequence[Item] = ()
    accepted: Sequence[Item] = ()


def digest(
    to: Addressee, items: Sequence[Item], *, today: date, message_id: str, link: ReportLink | None = None,
    news: News | None = None, beside: Tally | None = None, is_head: bool = False,
) -> Message:
    """Tell a liaison, on one morning, of everything that is due or late and was not told before.

    `items` belong to the addressee's agency; they and `news` are not both empty. `beside` counts what else the agency
    owes by now or this week: told of earlier, and still open. `link` is where all of it is reported on without logging
    in. `is_head`: told as head of the agency, of what its liaisons let become too late.
    """
    news, beside = news or News(), beside or Tally()
    everything = [*items, *news.opened, *news.accepted]
    shown = worst(items)
    opened = sorted(news.opened, key=urgency)[:MOST_ITEMS - len(shown)]
    return write("digest", to, message_id, items=everything, groups=by_plan(shown), further=len(items) - len(shown),
                 opened=by_plan(opened), opened_further=len(news.opened) - len(opened), news=news,
                 accepted=news.accepted[:MOST_ACCEPTED], accepted_further=len(news.accepted[MOST_ACCEPTED:]),
                 summary=cache(partial(_digest_in_words, tally(items) + beside, news)), beside=beside,
                 in_words=in_words, is_long=len(everything) > LONG, today=today, link=link, is_head=is_head)


def _digest_in_words(facts: Tally, news: News, *, asks: bool) -> str:
    """Sum a digest up in one line, the worst first; what was accepted is the news when nothing else is."""
    parts = [in_words(facts, asks=asks)] if facts else []
    if news.opened:
        parts.append(ngettext("%(num)d kỳ báo cáo mới mở", "%(num)d kỳ báo cáo mới mở", len(news.opened)))
    if news.accepted and not facts:
        parts.append(ngettext("%(num)d báo cáo được xác nhận", "%(num)d báo cáo được xác nhận", len(news.accepted)))
    return "; ".join(str(part) for part in parts)


def assigned(
    to: Addressee, items: Sequence[Item], *, plan: str, coordinator: str, first_due: date | None, now: datetime,
    message_id: str,
) -> Message:
    """Tell a liaison what a published plan gives the agency, with the deadlines as a calendar file.

    `items` belong to the addressee's agency and are not empty; `first_due` is the earliest day still to come.
    """
    shown = worst(items)
    groups = [(is_part, [item for item in shown if item.is_part is is_part]) for is_part in (False, True)]
    return write("assigned", to, message_id, items=items, plan=plan, coordinator=coordinator, first_due=first_due,
                 groups=[group for group in groups if group[1]], further=len(items) - len(shown),
                 has_calendar=any(item.due_on for item in shown),
                 thread=f"plan.{items[0].plan_id}", calendar=CalendarOf(shown, now))


def chase(
    to: Addressee, items: Sequence[Item], *, chaser: str, sender: str, tone: ChaseTone, note: str, today: date,
    message_id: str, link: ReportLink | None = None,
) -> Message:
    """Pass on a coordinator's urging: the agency's late items, for how long, and the coordinator's own line.

    `items` belong to the addressee's agency, are overdue and are not empty. A body that can only be asked is asked,
    whatever the tone.
    """
    shown = worst(items)
    return write("chase", to, message_id, items=items, groups=by_plan(shown), further=len(items) - len(shown),
                 chaser=chaser, sender=sender, tone=tone.value, note=note.strip(), today=today, link=link,
                 worst_first=worst_first)


def escalation(
    to: Addressee, own: Sequence[Item], behind: Sequence[Behind], *, before: ToldBefore | None = None,
    own_before: Tally | None = None, agencies: int = 0, is_coordinator: bool = False, today: date, message_id: str,
) -> Message:
    """Tell upwards what is too late: a head the agency's `own` items, others above which agencies are `behind`.

    One of the two is not empty; the longest late come first. `before` and `own_before` count what the addressee was
    told of in earlier mails and is still too late; `agencies` those behind or of before, each once.
    """
    before, own_before = before or ToldBefore(), own_before or Tally()
    shown = worst(own)
    return write("escalation", to, message_id, items=own, groups=by_plan(shown), own_further=len(own) - len(shown),
                 tally=tally(own) + own_before, own_before=own_before, in_words=in_words, today=today, is_head=True,
                 behind=behind[:MOST_BEHIND], further=behind[MOST_BEHIND:], before=before,
                 behind_items=sum(agency.items for agency in behind), agencies=max(agencies, len(behind)),
                 is_coordinator=is_coordinator,
                 longest=max([before.days_late, *(agency.days_late for agency in behind)]))


def report_returned(
    to: Addressee, item: Item, *, reason: str, reviewer: str, reported_on: date, message_id: str
) -> Message:
    """Tell a liaison that a report was returned, why, and where to report again."""
    return write("report_returned", to, message_id, items=[item], item=item, reason=reason.strip(),
                 reviewer=reviewer, reported_on=reported_on, thread=_thread(item))


def plan_changed(
    to: Addressee, changes: Sequence[ChangedItem], *, plan: str, coordinator: str, now: datetime, message_id: str
) -> Message:
    """Tell a liaison what a changed plan changes for the agency: new work, other days or words, what is no more.

    `changes` concern the addressee's agency and are not empty; those of one effect stand together. New days come as a
    calendar file.
    """
    shown = changes[:MOST_ITEMS]
    groups = [(effect, [one for one in shown if one.effect is effect]) for effect in TOLD]
    dated = [change.item for change in shown if change.effect in {Effect.GIVEN, Effect.MOVED}]
    return write("plan_changed", to, message_id, items=[change.item for change in changes], plan=plan,
                 groups=[(effect.value, found) for effect, found in groups if found], coordinator=coordinator,
                 numbers=Counter(change.effect.value for change in changes), further=len(changes) - len(shown),
                 has_calendar=any(item.due_on for item in dated),
                 summary=partial(_changes_in_words, changes), thread=f"plan.{changes[0].item.plan_id}",
                 calendar=CalendarOf(dated, now))


def _changes_in_words(changes: Sequence[ChangedItem]) -> str:
    """Sum up what changed in one line."""
    found = Counter(change.effect for change in changes)
    words = {
        Effect.GIVEN: lambda n: ngettext("%(num)d việc mới", "%(num)d việc mới", n),
        Effect.MOVED: lambda n: ngettext("%(num)d việc đổi thời hạn", "%(num)d việc đổi thời hạn", n),
        Effect.REWORDED: lambda n: ngettext("%(num)d việc sửa nội dung", "%(num)d việc sửa nội dung", n),
        Effect.ENDED: lambda n: ngettext("%(num)d việc thôi giao", "%(num)d việc thôi giao", n),
    }
    return "; ".join(str(words[effect](found[effect])) for effect in TOLD if found[effect])


def thread_message(
    to: Addressee, item: Item, *, author: str, author_agency: str, text: str, is_question: bool, is_named: bool,
    message_id: str,
) -> Message:
    """Pass on what was written in the thread of an assignment; `is_named` when the addressee was named in it."""
    return write("thread_message", to, message_id, items=[item], item=item, author=author, text=text,
                 author_agency=author_agency, is_question=is_question, is_named=is_named, thread=_thread(item))


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


def request_decided(to: Addressee, item: Item, *, answer: Answer, now: datetime, message_id: str) -> Message:
    """Tell the agency what was answered to its request; a new day comes as a calendar file too."""
    is_moved = answer.is_about_time and answer.is_granted
    return write("request_decided", to, message_id, items=[item], item=item, answer=answer, thread=_thread(item),
                 calendar=CalendarOf([item], now) if is_moved else None)


def handed_over(
    to: Addressee, item: Item, *, by: str, to_agency: bool, to_help: bool = False, message_id: str
) -> Message:
    """Tell that work was given: to the addressee by a colleague, or to the addressee's agency by the coordinator.

    `to_help`: a lead asks the agency for a part of it.
    """
    return write("handed_over", to, message_id, items=[item], item=item, by=by, to_agency=to_agency, to_help=to_help,
                 thread=_thread(item))


def password_reset(to: Addressee, *, token: str, expires_at: datetime, is_first: bool, message_id: str) -> Message:
    """Give a person the one-time link to set a password; `is_first` for an account that never had one."""
    return write("password_reset", to, message_id, items=[], token=token, expires_at=expires_at, is_first=is_first)


def _thread(item: Item) -> str:
    """Name what the mails about one assignment hang on."""
    return f"assignment.{item.assignment_id}"

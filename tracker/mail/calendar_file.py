"""The calendar file (RFC 5545) that a mail about new deadlines carries: whole days, without alarms."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from textwrap import shorten

from flask_babel import gettext as _
from icalendar import Calendar, Event

SUMMARY_LENGTH = 90
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deadline:
    """One due date as a calendar shows it."""

    #: The same as in the person's calendar feed: one entry, whichever way it came.
    uid: str
    version: int
    due_on: date
    text: str
    plan: str
    link: str


def calendar_file(deadlines: Sequence[Deadline], *, now: datetime) -> str:
    """Write the entries in the language that is set; "" without any.

    The mails remind, so no entry has an alarm of its own; none of them makes anybody look busy.
    """
    if not deadlines:
        return ""
    calendar = Calendar()
    calendar.add("prodid", "-//Don Doc//don-doc//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for deadline in deadlines:
        calendar.add_component(_event(deadline, now))
    return bytes(calendar.to_ical()).decode()


def _event(deadline: Deadline, now: datetime) -> Event:
    event = Event()
    event.add("uid", deadline.uid)
    event.add("dtstamp", now)
    event.add("sequence", deadline.version - 1)
    event.add("dtstart", deadline.due_on)
    event.add("dtend", deadline.due_on + _DAY)  # exclusive
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED")
    event.add("categories", ["Đôn Đốc"])
    event.add("summary", _("Hạn: %(text)s", text=shorten(deadline.text, SUMMARY_LENGTH, placeholder="…")))
    event.add("description", "\n".join([
        deadline.text,
        deadline.plan,
        _("Mở để báo cáo: %(link)s", link=deadline.link),
    ]))  # fmt: skip
    event.add("url", deadline.link)
    return event

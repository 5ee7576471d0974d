"""What was picked on the board: single assignments, whole agencies, or everything under the filter."""
from __future__ import annotations

from itertools import islice

from flask import request

from tracker import clock
from tracker.extensions import db
from tracker.models.base import LARGEST_ID
from tracker.reports.chase_board import late_ids
from tracker.reports.chase_filter import BoardFilter
from tracker.web.guard import person
from tracker.workflow.chasing import MOST_ITEMS

#: Ids that are read of one form.
MOST_READ = 5_000


def wanted() -> BoardFilter:
    """Read the board's filter from the address, or from the form it went along with."""
    return BoardFilter.from_args(request.values)


def picked() -> list[int]:
    """Give the ids of what was picked, at most MOST_ITEMS of them, the longest late; what is no id is passed over."""
    if request.form.get("scope") == "all":
        return late_ids(db.session(), person(), wanted(), today=clock.today(), limit=MOST_ITEMS)
    ids = dict.fromkeys(_numbers("assignment"))
    if agencies := _numbers("body"):
        ids |= dict.fromkeys(late_ids(db.session(), person(), wanted(), today=clock.today(), limit=MOST_ITEMS,
                                      agency_ids=agencies))
    return list(ids)[:MOST_ITEMS]


def number(name: str) -> int | None:
    """Read one id of the address or the form; what makes no sense is none."""
    raw = request.values.get(name, "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= 10 and 0 < int(raw) <= LARGEST_ID else None


def _numbers(name: str) -> list[int]:
    """Read ids, one a field or several with commas between them."""
    words = (word for value in request.form.getlist(name) for word in value.split(","))
    # A database takes only so many values at once; nothing here has so many rows to pick.
    found = (int(word) for word in words if word.isascii() and word.isdecimal() and len(word) <= 10)
    return [one for one in dict.fromkeys(islice(found, MOST_READ)) if 0 < one <= LARGEST_ID]

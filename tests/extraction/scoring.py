"""Compares an extract with a hand-made answer: F1 of what was found, by the words of the provisions."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any


def plain(text: str) -> str:
    """Give text to compare by: one spelling, one case, single blanks, no closing marks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .;/")


def facts(extract: dict[str, Any]) -> dict[str, Counter[Any]]:
    """Give everything an extract claims, as bags that can be counted against another's."""
    tasks, measures = extract["tasks"], extract["measures"]
    return {
        "task": Counter(plain(task["text"]) for task in tasks),
        "owner": Counter((plain(task["text"]), plain(owner)) for task in tasks for owner in task["owners"]),
        "partner": Counter((plain(task["text"]), plain(name)) for task in tasks for name in task["partners"]),
        "role": Counter((plain(task["text"]), task["role"], task["requested"]) for task in tasks),
        "report": Counter((plain(task["text"]), task["report_to"], task["report_via"]) for task in tasks),
        "section": Counter((plain(task["text"]), task["section"]) for task in tasks),
        "deadline": Counter(
            (plain(one["text"]), tuple(sorted(limit.items(), key=str)))
            for one in (*tasks, *measures)
            for limit in one["deadlines"]
        ),
        "measure": Counter(plain(measure["text"]) for measure in measures),
        "indicator": Counter(
            (goal["section"], goal["comparator"], goal["value"], goal["unit"], goal["year"])
            for goal in extract["indicators"]
        ),
        "fact": Counter((name, str(value)) for name, value in extract["plan"].items()),
    }


def f1(wanted: Counter[Any], found: Counter[Any]) -> float:
    """Give the F1 of one bag against another; two empty ones agree."""
    total = wanted.total() + found.total()
    return 2 * (wanted & found).total() / total if total else 1.0

"""Compares an extract with a hand-made answer: what was found of what is wanted, paired by the provisions' words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

#: From this share of common words on two provisions are the same one, cut a little differently.
SAME_FROM = 0.6
#: The two ways of placing a tone mark, which are one spelling here.
_TONES = {"oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "uỷ": "ủy", "uý": "úy", "uỳ": "ùy", "uỵ": "ụy"}
#: What is counted, in the order in which it is printed.
MEASURES = ("task", "owner", "partner", "deadline", "role", "report", "measure", "indicator", "fact")
#: The facts on which the product builds; a title or a signer is checked by eye.
FACTS = ("number", "kind", "issuer", "province", "issued_on", "coordinator")

Findings = dict[str, tuple[Counter[Any], Counter[Any]]]


def plain(text: str | None) -> str:
    """Give text to compare by: one spelling, one case, words only, "UBND" in full."""
    even = unicodedata.normalize("NFC", text or "").casefold()
    for old, new in _TONES.items():
        even = even.replace(old, new)
    return " ".join(re.sub(r"\bubnd\b", "ủy ban nhân dân", " ".join(re.findall(r"[\w%/]+", even))).split())


def compare(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Findings:
    """Give for each of MEASURES what is wanted and what was found, as two bags that can be counted against each other.

    Both are plan extracts ("plan-extract/1"). An entry is (provision, value): the provision is the wanted one's words
    where the two were paired, else its own.
    """
    province = plain(wanted["plan"].get("province"))

    def body(name: str | None) -> str:
        return plain(name).removesuffix(f" {province}") if province else plain(name)

    bags: Findings = {}
    tasks = _paired(wanted["tasks"], found["tasks"])
    measures = _paired(wanted["measures"], found["measures"])
    bags["task"] = _bags(tasks, lambda _task: [""])
    bags["owner"] = _bags(tasks, lambda task: map(body, task["owners"]))
    bags["partner"] = _bags(tasks, lambda task: map(body, task["partners"]))
    bags["role"] = _bags(tasks, lambda task: [(task["role"], task["requested"])])
    bags["report"] = _bags(tasks, lambda task: [(body(task["report_to"]), body(task["report_via"]))])
    bags["measure"] = _bags(measures, lambda _measure: [""])
    limits = [_bags(pairs, lambda one: map(_limit, one["deadlines"])) for pairs in (tasks, measures)]
    bags["deadline"] = (limits[0][0] + limits[1][0], limits[0][1] + limits[1][1])
    goals = _paired(wanted["indicators"], found["indicators"], key=_goal, least=0.3)
    bags["indicator"] = _bags(goals, lambda goal: [_goal(goal)])
    facts = [Counter((name, body(str(one["plan"].get(name) or ""))) for name in FACTS) for one in (wanted, found)]
    bags["fact"] = (facts[0], facts[1])
    return bags


def f1(wanted: Counter[Any], found: Counter[Any]) -> float:
    """Give the F1 of one bag against another; two empty ones agree."""
    total = wanted.total() + found.total()
    return 2 * (wanted & found).total() / total if total else 1.0


_Named = list[tuple[str, Mapping[str, Any]]]


def _paired(
    wanted: list[Any], found: list[Any], key: Callable[[Any], Any] = lambda _one: None, least: float = SAME_FROM
) -> tuple[_Named, _Named]:
    """Name every provision: those that are the same one by their words get one name, best matches first."""
    ours, theirs = ([Counter(plain(one["text"]).split()) for one in side] for side in (wanted, found))
    likeness = sorted(
        (
            (_likeness(ours[i], theirs[j]), -i, -j)
            for i in range(len(wanted))
            for j in range(len(found))
            if key(wanted[i]) == key(found[j])
        ),
        reverse=True,
    )
    names = [f"{number}: {plain(one['text'])[:90]}" for number, one in enumerate(wanted)]
    given: dict[int, str] = {}
    taken: set[int] = set()
    for like, minus_i, minus_j in likeness:
        if like >= least and -minus_i not in taken and -minus_j not in given:
            taken.add(-minus_i)
            given[-minus_j] = names[-minus_i]
    others = {j: f"+{j}: {plain(one['text'])[:90]}" for j, one in enumerate(found)}
    return list(zip(names, wanted, strict=True)), [(given.get(j, others[j]), one) for j, one in enumerate(found)]


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _bags(
    pairs: tuple[_Named, _Named], values: Callable[[Mapping[str, Any]], Iterable[Any]]
) -> tuple[Counter[Any], Counter[Any]]:
    first, second = (Counter((name, value) for name, one in side for value in values(one)) for side in pairs)
    return first, second


def _limit(deadline: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((name, value) for name, value in deadline.items() if value is not None))


def _goal(indicator: Mapping[str, Any]) -> tuple[Any, ...]:
    return indicator["comparator"], indicator["value"], plain(indicator["unit"]), indicator["year"]

"""Lost headings: to whom the provisions after a jump in the numbering belong, when that is beyond doubt.

A wrong owner is worse than none. An owner is concluded only when exactly one known body is missing among the headings
and the provisions speak of its field again and again; it is marked as inferred, and a person confirms it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from tracker.extraction.gap_fields import FIELDS
from tracker.extraction.headings import Zone
from tracker.extraction.marks import Level
from tracker.extraction.outline import Outline
from tracker.extraction.provisions import Duties, Provision
from tracker.rules.folding import fold

#: The opening of the standing agency's own list, when the heading that named it is gone.
_STANDING_AGENCY = re.compile(r"(?:la )?(?:co quan|don vi) (?:thuong truc|dau moi)|chu tri\b[^.;]{0,120}\bke hoach\b")
_LEAST_WORDS = 2
_LEAST_LEAD = 2


def settle_gaps(outline: Outline, duties: Duties) -> None:
    """Give an owner, marked as inferred, to provisions whose heading was lost, where that is beyond doubt; in place."""
    named = {fold(name) for title in duties.titles for name in title.owners}
    groups: dict[int, list[Provision]] = defaultdict(list)
    named_anew: dict[int, list[Provision]] = defaultdict(list)
    for provision in duties.provisions:
        if provision.doubtful and provision.group is not None:
            (named_anew if provision.rule == "subject" else groups)[provision.group].append(provision)
    owners_of = {title.end: title.owners for title in duties.titles}
    for jump in outline.jumps:
        provisions = groups.get(jump.before, [])
        if not provisions or len(jump.missing) > 1:
            continue
        before, after = outline.blocks[jump.before], outline.blocks[jump.after]
        if _opens_police(owners_of.get(after.end, ()), after.text):
            whole = before.level is Level.PART
            _give_to_standing_agency(provisions, (after.section or "").rpartition(".")[0] or None, whole=whole)
            continue
        if all(provision.zone is not Zone.ASSIGNMENT for provision in provisions):
            continue
        above = owners_of.get(before.end, ())
        own = _still_of(above, provisions)
        body = _body_of([*provisions[own:], *named_anew[jump.before]], named) if own < len(provisions) else None
        if body:
            for provision in provisions[:own]:
                provision.owners, provision.rule, provision.inferred = above, "inferred", True
            section = _next_section(before.section)
            for provision in provisions[own:]:
                _give(provision, body, section)
            for provision in named_anew[jump.before]:
                provision.section = section


def _still_of(above: tuple[str, ...], provisions: list[Provision]) -> int:
    """Give how many of the first provisions speak of the field of the bodies above the gap, which thus own them."""
    keys = {fold(name) for name in above}
    own_words = [word for body, words in FIELDS.items() if fold(body) in keys for word in words]
    count = 0
    for provision in provisions[:-1]:
        text = fold(provision.text)
        hits = sum(word in text for word in own_words)
        if not hits or any(sum(word in text for word in words) > hits for words in FIELDS.values()):
            break
        count += 1
    return count


def _opens_police(next_owner: tuple[str, ...], words: str) -> bool:
    """Tell a list of lower police units ("1.1. Công an các xã"): the lost heading above it named the police."""
    return bool(next_owner) and fold(words).startswith("cong an ") and fold(next_owner[0]) != "cong an tinh"


def _next_section(section: str | None) -> str | None:
    """Give the section after this one, which is the lost one: "IV.5" after "IV.4"."""
    before, dot, last = (section or "").rpartition(".")
    return f"{before}{dot}{int(last) + 1}" if last.isdigit() else section


def _give_to_standing_agency(provisions: list[Provision], section: str | None, *, whole: bool) -> None:
    opened = whole
    for provision in provisions:
        opened = opened or _STANDING_AGENCY.match(fold(provision.text)) is not None
        if opened:
            provision.zone = Zone.ASSIGNMENT
            _give(provision, "Công an tỉnh", section)


def _give(provision: Provision, body: str, section: str | None) -> None:
    provision.section = section
    provision.owners, provision.rule, provision.inferred = (body,), "inferred", True


def _body_of(provisions: Iterable[Provision], named: set[str]) -> str | None:
    text = "\n".join(fold(provision.text) for provision in provisions)
    scores = Counter({body: sum(word in text for word in words) for body, words in FIELDS.items()})
    (best, hits), (_second, next_hits) = scores.most_common(2)
    if hits < _LEAST_WORDS or hits < next_hits * _LEAST_LEAD or _is_named(best, named):
        return None
    return best


def _is_named(body: str, named: set[str]) -> bool:
    key = fold(body)
    if key in named:
        return True
    communes = key.startswith("ubnd")
    return communes and any(
        name.startswith(("ubnd", "uy ban nhan dan")) and not name.endswith("tinh") for name in named
    )

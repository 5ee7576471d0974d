"""Which body is charged to urge, check and sum up a plan: concluded from what the tasks say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from tracker.extraction.cleaning import clean
from tracker.extraction.records import PlanFacts, TaskExtract

#: All patterns match small letters.
_URGES = re.compile(r"đôn đốc|thường trực|\bđầu mối\b")
_OF_THE_PLAN = re.compile(
    r"kế hoạch|chương trình|chỉ thị|công văn|nghị quyết|đề án|văn bản này|nội dung trên|quyết định|phương án"
)
_SUMS_UP = re.compile(r"tổng hợp|báo cáo")
#: Another body than the owner is meant ("trong đó Công an xã là đơn vị thường trực giúp UBND xã").
_OTHERS = re.compile(r"trong đó [^.;]{3,60} là (?:cơ quan|đơn vị) thường trực")
_HEAD_OF = re.compile(r"^(?:Giám đốc|Thủ trưởng|Trưởng|Chánh|Chỉ huy trưởng|Chi cục trưởng|Cục trưởng) (?=[A-ZĐ])")
#: A class of bodies, or bodies below the one that issued the plan, sum up nothing for it.
_CLASS = re.compile(r"\bcác\b|^(?:Thủ trưởng|Chủ tịch|Người đứng đầu)\b|\b(?:xã|huyện|phường)\b")
_COMMITTEE = re.compile(
    r"^(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân|Chủ tịch|Tỉnh ủy|Thành ủy|Bộ|Chính phủ"
    r"|Thủ tướng)\b"
)


def with_coordinator(facts: PlanFacts, tasks: Sequence[TaskExtract]) -> PlanFacts:
    """Add the body charged to urge, check and sum up, concluded from the tasks; none where nothing says so."""
    votes: Counter[str] = Counter()
    local = bool(facts.issuer and re.search(r"\b(?:xã|phường|huyện|đặc khu)\b", facts.issuer))
    for task in tasks:
        words, heading = _small(task.text), _small(task.heading or "")
        if len(task.owners) > 0 and not task.inferred:
            votes[task.owners[0]] += _weight(words, heading)
        if task.report_via:
            votes[task.report_via.rpartition(", ")[2]] += 1
        elif task.report_to and "tổng hợp" in words and not _COMMITTEE.match(task.report_to):
            votes[task.report_to] += 1
    bodies: Counter[str] = Counter()
    for name, count in votes.items():
        body = _HEAD_OF.sub("", name)
        if count and not (re.search(r"\bcác\b", body) if local else _CLASS.search(body)):
            bodies[body] += count
    if not bodies:
        return facts
    return replace(facts, coordinator=bodies.most_common(1)[0][0])


def _weight(words: str, heading: str) -> int:
    if "thường trực" in heading:
        return 3
    if _URGES.search(words) and not _OTHERS.search(words):
        if _OF_THE_PLAN.search(words) or _OF_THE_PLAN.search(heading):
            return 3
        return 2 if _SUMS_UP.search(words) else 0
    return 1 if "tham mưu" in words and "chỉ đạo triển khai" in words and "chủ trì" in words else 0


@lru_cache(maxsize=64)  # the tasks of one body stand under one heading
def _small(text: str) -> str:
    return " ".join(clean(text).text.casefold().split())

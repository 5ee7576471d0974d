"""The "6 rõ": how clearly a plan says who, what, by when, who answers, with what product and on whose authority.

The six are the practice of the Government since late 2024 ("rõ người, rõ việc, rõ thời gian, rõ trách nhiệm, rõ sản
phẩm, rõ thẩm quyền"); provinces use variants. How each is judged below is this system's own reading of the words, a
help for the drafter and never a finding against anybody. Plain records: no clock, no database.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.folding import fold
from tracker.rules.states import DutyKind, TaskRole


class Clarity(StrEnum):
    """The six questions."""

    PERSON = "person"
    WORK = "work"
    TIME = "time"
    RESPONSIBILITY = "responsibility"
    PRODUCT = "product"
    AUTHORITY = "authority"


class Verdict(StrEnum):
    """How clearly one of them is answered."""

    CLEAR = "clear"
    PARTLY = "partly"
    UNCLEAR = "unclear"


POINTS = {Verdict.CLEAR: 2, Verdict.PARTLY: 1, Verdict.UNCLEAR: 0}
MOST_POINTS = POINTS[Verdict.CLEAR] * len(Clarity)


@dataclass(frozen=True)
class Said:
    """What a task says that the six questions need."""

    text: str
    kind: DutyKind
    role: TaskRole
    is_requested: bool
    #: Bodies that answer for it, and how many of them the catalogue knows.
    owners: int
    owners_known: int
    partners: tuple[str, ...]
    #: A day, or a recurrence with its send-by day.
    is_dated: bool
    #: Some words about time, though no day follows from them.
    has_time_words: bool
    product: str | None
    report_to: str | None


#: Openings that name a direction and no action, as fold keys.
_DIRECTION = re.compile(
    r"(?:tiep tuc |chu dong |thuong xuyen |tich cuc )*(?:tang cuong|day manh|nang cao|chu trong|quan tam|phat huy"
    r"|lam tot|coi trong|cung co|doi moi|phoi hop (?:chat che|tot))\b"
)
#: Actions that end in something one can see done.
_ACTION = re.compile(
    r"\b(?:xay dung|ban hanh|to chuc|ra soat|thong ke|lap |kiem tra|thanh tra|bao cao|tap huan|mo (?:lop|dot|cao diem)"
    r"|ky (?:ket|cam ket)|tham muu|trinh|cap nhat|lap dat|trang bi|bo tri|phan loai|xac dinh|ho tro|cung cap|in |phat"
    r"|dua |thanh lap|kien toan|so ket|tong ket|khao sat|tham dinh|dieu tra|truy to|xet xu|tuyen truyen|pho bien)"
)
#: Documents and things that prove the work.
_PRODUCT = re.compile(
    r"\b(?:ke hoach|bao cao|de an|van ban|quy che|danh sach|quyet dinh|chuong trinh|huong dan|ho so|bien ban|mo hinh"
    r"|tai lieu|chuyen muc|phong su|to trinh|co so du lieu|phan mem|dot|lop|hoi nghi)\b"
)
_MAKES = re.compile(
    r"\b(?:xay dung|ban hanh|lap|trinh|gui|bao cao|bien soan|phat hanh|to chuc|mo|cung cap|thiet lap)\b"
)
_STANDING_WORDS = re.compile(r"\b(?:thuong xuyen|hang ngay|lien tuc|kip thoi)\b")
_AUTHORITY = re.compile(
    r"\b(?:trinh|tham muu|bao cao|de xuat|xin y kien)\b[^.;]{0,60}\b(?:ubnd|uy ban nhan dan|tinh uy|thanh uy|chu tich"
    r"|hdnd|hoi dong nhan dan|ban chi dao|chinh phu|bo |cap co tham quyen)"
)
_OWN_AUTHORITY = re.compile(r"\btheo (?:dung )?(?:tham quyen|chuc nang|quy dinh)\b|\bthuoc tham quyen\b")
_VAGUE_BODY = re.compile(r"\b(?:lien quan|chuc nang|cac cap|dia phuong)$")
_FEWEST_WORDS = 4


def judge(said: Said) -> dict[Clarity, Verdict]:
    """Answer the six questions for one task."""
    words = fold(said.text)
    return {
        Clarity.PERSON: _person(said),
        Clarity.WORK: _work(said, words),
        Clarity.TIME: _time(said, words),
        Clarity.RESPONSIBILITY: _responsibility(said),
        Clarity.PRODUCT: _product(said, words),
        Clarity.AUTHORITY: _authority(said, words),
    }


def percent(verdicts: Iterable[dict[Clarity, Verdict]]) -> int | None:
    """Give the points of some tasks as a percentage of the most they could have; None without tasks."""
    given = [POINTS[verdict] for answers in verdicts for verdict in answers.values()]
    return round(100 * sum(given) / (POINTS[Verdict.CLEAR] * len(given))) if given else None


def _person(said: Said) -> Verdict:
    if not said.owners:
        return Verdict.UNCLEAR
    return Verdict.CLEAR if said.owners_known == said.owners else Verdict.PARTLY


def _work(said: Said, words: str) -> Verdict:
    if len(words.split()) < _FEWEST_WORDS:
        return Verdict.UNCLEAR
    only_a_direction = _DIRECTION.match(words) and not _ACTION.search(words) and not re.search(r"\d", words)
    return Verdict.PARTLY if only_a_direction and not said.product else Verdict.CLEAR


def _time(said: Said, words: str) -> Verdict:
    if said.is_dated or said.kind is DutyKind.EVENT_CLOCK:
        return Verdict.CLEAR
    if said.kind is DutyKind.STANDING and _STANDING_WORDS.search(words):
        return Verdict.CLEAR
    return Verdict.PARTLY if said.has_time_words else Verdict.UNCLEAR


def _responsibility(said: Said) -> Verdict:
    if not said.owners:
        return Verdict.UNCLEAR
    nobody_leads = said.owners > 1 and said.role is TaskRole.LEAD
    vague = any(_VAGUE_BODY.search(fold(name)) for name in said.partners)
    return Verdict.PARTLY if nobody_leads or vague or said.role is TaskRole.COORDINATE else Verdict.CLEAR


def _product(said: Said, words: str) -> Verdict:
    if said.product or said.kind in {DutyKind.PERIODIC_REPORT, DutyKind.INDICATOR}:
        return Verdict.CLEAR
    if _MAKES.search(words) and _PRODUCT.search(words):
        return Verdict.PARTLY
    return Verdict.UNCLEAR


def _authority(said: Said, words: str) -> Verdict:
    if said.report_to or _AUTHORITY.search(words):
        return Verdict.CLEAR
    return Verdict.PARTLY if _OWN_AUTHORITY.search(words) else Verdict.UNCLEAR

"""Provinces and centrally run cities: which one a plan belongs to, read from its head, its place line and its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from tracker.extraction.letters import PLACE_NAME
from tracker.rules.folding import fold

#: Cities that stand beside the provinces (Huế since 01/01/2025).
CITIES = ("Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế")
#: The provinces before 01/7/2025, among them all that remain; "Hà Tây" until 2008.
_PROVINCES = (
    "An Giang|Bà Rịa - Vũng Tàu|Bạc Liêu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Dương|Bình Định|Bình Phước"
    "|Bình Thuận|Cà Mau|Cao Bằng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Tây"
    "|Hà Tĩnh|Hải Dương|Hậu Giang|Hòa Bình|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lạng Sơn|Lào Cai"
    "|Lâm Đồng|Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi"
    "|Quảng Ninh|Quảng Trị|Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên Huế|Tiền Giang"
    "|Trà Vinh|Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái"
)


def _key(name: str) -> str:
    return re.sub(r"[\s–-]+", " ", fold(name))


#: Spellings differ ("Đăk Nông", "Bà Rịa-Vũng Tàu"); the fold key of each leads to the usual one.
_KNOWN = {_key(name): name for name in (*_PROVINCES.split("|"), *CITIES)} | {
    "dac lac": "Đắk Lắk",
    "dak lac": "Đắk Lắk",
    "hcm": "Hồ Chí Minh",
}
_CITY_KEYS = frozenset(_key(name) for name in CITIES)
_NAME = rf"{PLACE_NAME}(?: [-–] {PLACE_NAME})?"
_IN_TEXT = re.compile(
    rf"\b(?P<lead>(?:UBND|Ủy ban nhân dân|HĐND|địa bàn|Công an|của) )?(?:[Tt]ỉnh(?: ủy| đoàn)?|TỈNH|[Tt]hành phố"
    rf"|THÀNH PHỐ|TP\.?)(?P<gap>\s*)(?!\.)(?P<name>{_NAME})"
)
#: "Phó Chủ tịch UBND tỉnh Nguyễn Văn A": a person's name follows, not a province's.
_OFFICE = re.compile(r"(?:[Cc]hủ tịch|[Bb]í thư|[Gg]iám đốc|[Tt]rưởng [Bb]an)[^.;\n]{0,40}$")
_NOT_PROVINCE = {"viet nam", "trung uong"}
_RUNS_ON = re.compile(
    r" (?:GIAI|NĂM|ĐẾN|VỀ|TRÊN|THỰC|TRONG|VÀ|KHÓA|NHIỆM|THỜI|LẦN|ĐỊNH|CĂN|QUYẾT|KẾ|CHỈ|CỘNG|SỐ|BAN|PHÊ|ĐỢT)\b"
)
#: Of a long text only so much is searched.
_SEARCHED = 20_000


def is_city(name: str | None) -> bool:
    """Tell whether a province is one of the centrally run cities."""
    return name is not None and _key(name) in _CITY_KEYS


def known(name: str) -> str | None:
    """Give the province that a name begins with, as printed (in capitals: as usually spelt), or None."""
    words = re.sub(r"\s*[-–]\s*", " - ", name.strip()).split()
    for length in range(len(words), 0, -1):
        printed = " ".join(words[:length])
        usual = _KNOWN.get(_key(printed))
        if usual:
            return usual if printed.isupper() else printed
    return None


def spelt(printed: str, text: str) -> str:
    """Give a name printed in capitals as the text spells it elsewhere, else with a capital for each syllable."""
    usual = _KNOWN.get(_key(printed))
    if usual or not printed.isupper():
        return usual or printed
    found = next((m.group() for m in re.finditer(re.escape(printed), text, re.I) if not m.group().isupper()), None)
    return found or printed.title()


def named_most(text: str, *, but: str | None = None, leads_only: bool = False) -> str | None:
    """Give the province that a text names most, or None; `but` is a place that is known to be none.

    A name that no list knows counts only on the line of its "tỉnh" and not after an office ("Chủ tịch UBND tỉnh …").
    """
    votes: Counter[str] = Counter()
    for match in _IN_TEXT.finditer(text[:_SEARCHED]):
        name = known(match["name"])
        if name is None and ("\n" in match["gap"] or _OFFICE.search(text[max(0, match.start() - 60) : match.start()])):
            continue
        name = name or _plain(match["name"])
        city = re.search(r"(?i:thành phố|tp)", match.group()) is not None
        if fold(name) in _NOT_PROVINCE or name == but or (city and _key(name) not in _CITY_KEYS):
            continue
        if leads_only and not match["lead"]:
            continue
        votes[name] += 3 if match["lead"] else 1
    return votes.most_common(1)[0][0] if votes else None


def _plain(name: str) -> str:
    """Give a name in capitals, which runs into the title it stands in, as a name alone ("NAM KHÊ GIAI ĐOẠN")."""
    if not name.isupper():
        return name
    return _RUNS_ON.split(name)[0].title()


def first_named(texts: Iterable[str], text: str) -> str | None:
    """Give the province that the first of some printed names states ("TỈNH X", "Thành phố Hà Nội"), or None."""
    for printed in texts:
        match = re.search(rf"(?i:\b(?P<level>tỉnh(?: ủy)?|thành ủy|thành phố|tp\.?)) (?P<name>{_NAME})", printed)
        if match and (match["level"].casefold().startswith("tỉnh") or _key(match["name"]) in _CITY_KEYS):
            return known(match["name"]) or spelt(_RUNS_ON.split(match["name"])[0], text)
    return None

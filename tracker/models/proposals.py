"""What a body that the catalogue does not know would be: a guess from its name, for a person to check."""
from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.models.agency import AgencyKind, AgencyLevel
from tracker.models.body_names import BARE, name_key

_K = AgencyKind
#: How a key begins -> what sort of body it is; the first that fits counts.
_KINDS = (
    ("uy ban nhan dan", _K.PEOPLES_COMMITTEE), ("cong an", _K.POLICE), ("phong canh sat", _K.POLICE),
    ("bo chi huy quan su", _K.MILITARY), ("ban chi huy quan su", _K.MILITARY), ("bo tu lenh", _K.MILITARY),
    ("bo chi huy bo doi bien phong", _K.BORDER_GUARD), ("ban chi huy bo doi bien phong", _K.BORDER_GUARD),
    ("bo doi bien phong", _K.BORDER_GUARD), ("don bien phong", _K.BORDER_GUARD), ("toa an", _K.COURT),
    ("vien kiem sat", _K.PROCURACY), ("tinh uy", _K.PARTY), ("thanh uy", _K.PARTY), ("dang uy", _K.PARTY),
    ("ban tuyen giao", _K.PARTY), ("ban dan van", _K.PARTY), ("ban noi chinh", _K.PARTY), ("ban to chuc", _K.PARTY),
    ("uy ban kiem tra", _K.PARTY), ("van phong tinh uy", _K.PARTY), ("uy ban mat tran", _K.MASS_ORGANISATION),
    ("mat tran", _K.MASS_ORGANISATION), ("hoi dong nhan dan", _K.OTHER), ("hoi dong", _K.OTHER),
    ("hoi ", _K.MASS_ORGANISATION), ("hiep hoi", _K.MASS_ORGANISATION), ("lien doan", _K.MASS_ORGANISATION),
    ("lien minh", _K.MASS_ORGANISATION), ("lien hiep", _K.MASS_ORGANISATION), ("tinh doan", _K.MASS_ORGANISATION),
    ("thanh doan", _K.MASS_ORGANISATION), ("doan thanh nien", _K.MASS_ORGANISATION),
    ("cong doan", _K.MASS_ORGANISATION), ("bao hiem xa hoi", _K.CENTRAL_OFFICE), ("bao ", _K.PRESS),
    ("dai ", _K.PRESS), ("tap chi", _K.PRESS), ("chi cuc", _K.CENTRAL_OFFICE), ("cuc ", _K.CENTRAL_OFFICE),
    ("kho bac", _K.CENTRAL_OFFICE), ("ngan hang nha nuoc", _K.CENTRAL_OFFICE), ("thue ", _K.CENTRAL_OFFICE),
    ("thong ke", _K.CENTRAL_OFFICE), ("hai quan", _K.CENTRAL_OFFICE), ("thi hanh an", _K.CENTRAL_OFFICE),
    ("buu dien", _K.CENTRAL_OFFICE), ("so ", _K.DEPARTMENT), ("thanh tra", _K.DEPARTMENT),
    ("van phong", _K.DEPARTMENT), ("ban dan toc", _K.DEPARTMENT), ("ban quan ly", _K.DEPARTMENT),
)  # fmt: skip
#: Whom the People's Committee asks and cannot order.
_REQUESTED = frozenset({_K.COURT, _K.PROCURACY, _K.PARTY, _K.MASS_ORGANISATION, _K.PRESS})
_HEAD = re.compile(
    r"^(?:(?:đồng chí|phó|tổng)\s+)*(?:giám đốc|chủ tịch|thủ trưởng|lãnh đạo|người đứng đầu|tổng biên tập|cục trưởng"
    r"|chi cục trưởng|viện trưởng|chánh án|hiệu trưởng|chỉ huy trưởng|bí thư|chánh(?=\s+(?:văn phòng|thanh tra))"
    r"|trưởng(?=\s+(?:ban|phòng|công an)))\s+",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"^(?:các|những|mọi|mỗi|từng)\b|\b(?:các|(?<!số )(?<!đội )\d+) (?:xã|phường|huyện|thị xã|thành phố|đặc khu"
    r"|đơn vị|trường|đồn)\b"
    r"|\bcấp (?:xã|huyện|cơ sở)\b|\bcác cấp\b|\b(?:xã|huyện), (?:phường|thị|thành)",
    re.IGNORECASE,
)
#: Sorts of bodies in a row: "sở, ban, ngành", "cơ quan, đơn vị".
_SORTS = re.compile(
    r"^(?:toàn thể )?(?:sở|ban|ngành|phòng|cơ quan|đơn vị|địa phương|tổ chức|đoàn thể|xã|phường|huyện)(?:, | và )"
    r"(?:sở|ban|ngành|phòng|cơ quan|đơn vị|địa phương|tổ chức|đoàn thể|xã|phường|huyện|thị xã|thành phố)\b",
    re.IGNORECASE,
)
#: Associations of many are one body.
_ASSOCIATION = re.compile(r"^(?:liên hiệp|hiệp hội|liên minh|hội) các\b", re.IGNORECASE)
#: A class that says of itself who belongs: every one of its sort, without a number or a narrower description.
_WHOLE = re.compile(
    r"^(?:các )?(?:[^\d,;:]{2,40}? (?:các|cấp) (?:xã|phường|đặc khu)"
    r"(?:(?:, | và |, các | và các )(?:xã|phường|đặc khu))*"
    r"|sở(?:, ban)?(?:, ngành)?)(?: (?:cấp |của )?tỉnh| (?:trên địa bàn|trong)(?: toàn)? tỉnh)?$",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"\b(?:liên quan|chức năng|cùng cấp|có thẩm quyền)\b", re.IGNORECASE)
_COMMUNE = re.compile(r"\b(?P<tier>(?<!tác )xã(?! hội)|phường|đặc khu)(?: (?P<place>\w.*))?$", re.IGNORECASE)
_DISTRICT = re.compile(r"\b(?:huyện|quận|thị xã|thị trấn)\b", re.IGNORECASE)
_SPELT = (
    (re.compile(r"\bUBND\b"), "Ủy ban nhân dân"), (re.compile(r"\bHĐND\b"), "Hội đồng nhân dân"),
    (re.compile(r"\b(?:UB ?)?MTTQ\b"), "Mặt trận Tổ quốc"), (re.compile(r"\bBĐBP\b"), "Bộ đội Biên phòng"),
    (re.compile(r"\bBCHQS\b"), "Bộ Chỉ huy Quân sự"), (re.compile(r"\bCHQS\b"), "Chỉ huy Quân sự"),
    (re.compile(r"\bVKSND\b"), "Viện kiểm sát nhân dân"), (re.compile(r"\bTAND\b"), "Tòa án nhân dân"),
    (re.compile(r"\bLHPN\b"), "Liên hiệp Phụ nữ"), (re.compile(r"\bCCB\b"), "Cựu chiến binh"),
    (re.compile(r"\bLĐLĐ\b"), "Liên đoàn Lao động"), (re.compile(r"\bBHXH\b"), "Bảo hiểm xã hội"),
    (re.compile(r"\bTNCS\b"), "Thanh niên Cộng sản"), (re.compile(r"\bPTNT\b"), "Phát triển nông thôn"),
)  # fmt: skip
_COMMITTEE = "Ủy ban nhân dân tỉnh"
_POLICE = "Công an tỉnh"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a body might be entered; nothing of it is certain."""

    name: str
    kind: AgencyKind
    level: AgencyLevel
    #: The name of the body above it as plans print it, or None when its name does not tell.
    parent: str | None
    #: The People's Committee asks it, it can't order it.
    is_requested: bool
    #: It names a class of bodies ("UBND các xã, phường"): a group, whose members are of this kind and level.
    is_group: bool


def is_class(printed: str) -> bool:
    """Tell whether a printed name means many bodies ("Công an 16 xã", "các đơn vị liên quan", "UBND xã").

    Such a name is never an agency: it is a group, whose members a person confirms.
    """
    name = _bare(printed)
    if _ASSOCIATION.search(name):
        return False
    commune = _COMMUNE.search(name)
    return bool(_PLURAL.search(name) or _VAGUE.search(name) or _SORTS.search(name)
                or (commune and not commune["place"]))


def is_whole_class(printed: str) -> bool:
    """Tell whether a class says of itself who belongs: "Công an các xã, phường", and not "Công an 16 xã"."""
    return _WHOLE.search(_bare(printed)) is not None


def _bare(printed: str) -> str:
    """Give the name without the head of the body ("Giám đốc …") and marks around it."""
    return _HEAD.sub("", " ".join(printed.split())[:_LONGEST]).strip(" .,;:-")


def propose(printed: str) -> Proposal | None:
    """Guess what body a printed name would be; None when the name does not say which body is meant.

    None for a bare word ("Công an"), a vague class ("các đơn vị liên quan") and a body of the district tier, which has
    ended (law 72/2025/QH15).
    """
    name = _bare(printed)
    key = name_key(name)
    if len(key) < 4 or key in BARE or _VAGUE.search(name):
        return None
    is_group = is_class(printed)
    kind = next((kind for start, kind in _KINDS if f"{key} ".startswith(start)), AgencyKind.OTHER)
    commune = _COMMUNE.search(name)
    if commune is None and _DISTRICT.search(name):
        return None
    if commune and not commune["place"] and not _PLURAL.search(name):
        return None  # "UBND xã": which one is not said
    level = AgencyLevel.COMMUNE if commune or "cấp xã" in name.casefold() else AgencyLevel.PROVINCE
    for short, full in _SPELT:
        name = short.sub(full, name)
    name = name[:1].upper() + name[1:]
    parent = None if is_group else _parent(kind, level, commune, key)
    return Proposal(name, kind, level, parent, kind in _REQUESTED, is_group)


def _parent(kind: AgencyKind, level: AgencyLevel, commune: re.Match[str] | None, key: str) -> str | None:
    if level is AgencyLevel.PROVINCE:
        if kind is AgencyKind.POLICE and key.startswith("phong "):
            return _POLICE
        return _COMMITTEE if kind is AgencyKind.DEPARTMENT else None
    if kind is AgencyKind.POLICE:
        return _POLICE
    if kind is AgencyKind.PEOPLES_COMMITTEE:
        return _COMMITTEE
    if commune and (kind is AgencyKind.DEPARTMENT or key.startswith(("phong ", "tram y te", "trung tam phuc vu"))):
        return f"Ủy ban nhân dân {commune.group().strip()}"
    return None

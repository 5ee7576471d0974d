"""The key by which printed names of bodies are compared: spelling, abbreviations and joining words evened out."""
from __future__ import annotations

import re

from tracker.rules.folding import fold

#: Abbreviations that plans use for bodies and fields, folded.
ABBREVIATIONS = {
    "ub": "uy ban", "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc",
    "ubmttq": "uy ban mat tran to quoc", "mttqvn": "mat tran to quoc viet nam",
    "ubmttqvn": "uy ban mat tran to quoc viet nam", "bchqs": "bo chi huy quan su", "chqs": "chi huy quan su",
    "bdbp": "bo doi bien phong", "bcd": "ban chi dao", "bql": "ban quan ly", "tand": "toa an nhan dan",
    "ksnd": "kiem sat nhan dan", "vksnd": "vien kiem sat nhan dan", "thads": "thi hanh an dan su",
    "lhpn": "lien hiep phu nu", "hlhpn": "hoi lien hiep phu nu", "ccb": "cuu chien binh", "ctd": "chu thap do",
    "ldld": "lien doan lao dong", "tncs": "thanh nien cong san", "hcm": "ho chi minh", "htx": "hop tac xa",
    "bhxh": "bao hiem xa hoi", "kbnn": "kho bac nha nuoc", "nhnn": "ngan hang nha nuoc",
    "nhcsxh": "ngan hang chinh sach xa hoi", "qltt": "quan ly thi truong", "atgt": "an toan giao thong",
    "ptth": "phat thanh truyen hinh", "pcttt": "phong chong thien tai", "pctt": "phong chong thien tai",
    "tkcn": "tim kiem cuu nan", "ttdt": "thong tin dien tu", "ptnt": "phat trien nong thon",
    "tbxh": "thuong binh xa hoi", "dbqh": "dai bieu quoc hoi", "tp": "thanh pho", "tx": "thi xa",
}  # fmt: skip
#: Short forms of a department's field, without blanks, as they stand behind "Sở", "Phòng" or "Bộ".
_FIELDS = {
    "gddt": "giao duc dao tao", "yt": "y te", "nv": "noi vu", "tp": "tu phap", "tc": "tai chinh", "ct": "cong thuong",
    "xd": "xay dung", "khcn": "khoa hoc cong nghe", "tttt": "thong tin truyen thong", "khdt": "ke hoach dau tu",
    "tnmt": "tai nguyen moi truong", "nnmt": "nong nghiep moi truong", "nnptnt": "nong nghiep phat trien nong thon",
    "gtvt": "giao thong van tai", "ldtbxh": "lao dong thuong binh xa hoi", "vhttdl": "van hoa the thao du lich",
    "vhtt": "van hoa the thao", "dttg": "dan toc ton giao", "ngv": "ngoai vu", "dl": "du lich",
}  # fmt: skip
#: Names, as keys, that do not say which of several bodies is meant: "Công an" is not Công an tỉnh.
BARE = frozenset(
    {"cong an", "uy ban nhan dan", "hoi dong nhan dan", "quan su", "bien phong", "bo doi bien phong", "hai quan",
     "kiem lam", "toa an", "toa an nhan dan", "vien kiem sat", "vien kiem sat nhan dan", "mat tran", "dang uy",
     "cap uy",
     "mat tran to quoc", "uy ban mat tran to quoc", "bo chi huy quan su", "ban chi huy quan su", "canh sat", "y te",
     "ban chi dao", "trung tam", "truong", "van phong", "bao", "dai", "so", "hoi", "phong", "cong ty", "tram y te"}
)  # fmt: skip
_FIELD_HEADS = ("so", "phong", "bo")
#: Words that join or count and never tell two bodies apart.
_SILENT = frozenset({"cac", "va"})
_WORD = re.compile(r"[^\W_]+")
#: Other names in use for the same body, as keys without the level.
_SAME = (
    (re.compile(r"^(?:ban chap hanh )?doan thanh nien(?: cong san)?(?: ho chi minh)? tinh\b"), "tinh doan"),
    (re.compile(r"^hoi phu nu\b"), "hoi lien hiep phu nu"),
    (re.compile(r"^(?:ban thuong truc |ban thuong vu )?(?:uy ban )?mat tran to quoc(?: viet nam)?\b"),
     "uy ban mat tran to quoc"),
    (re.compile(r"^ubkt\b"), "uy ban kiem tra"),
)  # fmt: skip


def name_key(printed: str) -> str:
    """Give the key by which names of bodies are compared: folded, without punctuation, abbreviations spelt out."""
    words = _WORD.findall(fold(printed))
    if len(words) > 1 and words[0] in _FIELD_HEADS:
        for length in range(min(len(words) - 1, 4), 0, -1):
            field = _FIELDS.get("".join(words[1 : length + 1]))
            if field:
                words[1 : length + 1] = field.split()
                break
    spelt = (ABBREVIATIONS.get(word, word) for word in words)
    return " ".join(word for word in spelt if word not in _SILENT)


def same_key(key: str) -> str:
    """Give the key of the usual name of a body that goes by several ("Đoàn Thanh niên tỉnh" is "Tỉnh đoàn")."""
    for pattern, usual in _SAME:
        changed = pattern.sub(usual, key)
        if changed != key:
            return changed
    return key

"""What no text here may hold: the identity number of a person, and lists of persons. Figures only, never named people.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: addiction and its treatment are sensitive data, so this system counts
people and names none of them. One name, as under a document or of who is in charge, is no list.
"""
from __future__ import annotations

import re
import sys
import unicodedata
from itertools import zip_longest

from tracker.rules.errors import Refusal

#: Where a Vietnamese identity number (căn cước công dân) can have been issued first: province codes 001 to 096
#: (Thông tư 59/2021/TT-BCA); then one digit for sex and century, two for the year of birth, six more.
LAST_PROVINCE = 96
LAST_CENTURY_DIGIT = 3
_BLANK = "[ .\\-\u2010-\u2013]"
_TWELVE = re.compile(
    r"(?<![\d,.])(?:0\d{11}"
    rf"|0\d{{2}}{_BLANK}\d{{3}}{_BLANK}\d{{3}}{_BLANK}\d{{3}}"
    rf"|0\d{{3}}{_BLANK}\d{{4}}{_BLANK}\d{{4}}"
    rf"|0\d{{2}}{_BLANK}\d{_BLANK}\d{{2}}{_BLANK}\d{{6}})(?!\d)",
    re.ASCII,
)

#: So many persons told by name and one fact of their own make a list.
LIST_OF = 2
#: Text looked through for persons; more than any form takes, and as much as a file's words are read.
LONGEST_LOOKED_AT = 2_000_000
#: Family names of nearly everybody here, of the Kinh and of the peoples of the mountains.
_FAMILIES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Đào|Đoàn|Mai|Trịnh|Trương|Lâm|Phùng|"
    "Tô|Tạ|Cao|Chu|Châu|Tống|Thái|Quách|Kiều|Lương|Hà|Tăng|Triệu|La|Lã|Lại|Vương|Đàm|Bạch|Thân|Nông|Hứa|Ma|Bế|Mạc|Lục|"
    "Vi|Quan|Lò|Cà|Lường|Quàng|Tòng|Cầm|Bạc|Lèo|Điêu|Giàng|Vàng|Sùng|Thào|Hờ|Mùa|Cứ|Chá|Hạng|Cháng|Ly|Lầu|Vừ|Phàn|Chảo|"
    "Tẩn|Bàn|Lù|Hoả|Hỏa|Kháng|Xồng|Lỳ|Pờ|Thạch|Sơn|Kim|Danh|Rơ|Siu|Ksor|Nay|Rcom|Niê|Mlô|Đàng|Tôn|Nghiêm|Khuất|Doãn|"
    "Giáp|Phí|Ứng|Thiều|Cấn|Khổng|Viên|Từ|Trà|Ôn|Ninh|Hàn|Lưu|Văn|Khương|Tiêu|Âu|Uông|Mã|Diệp"
)
_LATIN = [chr(code) for code in range(0x41, 0x1F00) if "LATIN" in unicodedata.name(chr(code), "")]
_UPPER = "".join(letter for letter in _LATIN if letter.isupper())
_LOWER = "".join(letter for letter in _LATIN if letter.islower())
_BLANKS = r"[ \t\u00a0]{1,3}"
_NOT_NAMES = r"(?!(?:SN|CMND|CMT|CCCD|ĐT|SĐT|HKTT|ĐKTT|NAM|NỮ)\b)"
#: All words with a capital, or all in capitals: "Nguyễn Văn An", "NGUYỄN VĂN AN", not "Nguyễn Văn An SN".
_NAME = re.compile(
    rf"(?<![{_UPPER}{_LOWER}\d])(?:(?:{_FAMILIES})(?:{_BLANKS}[{_UPPER}][{_LOWER}]*(?![{_UPPER}{_LOWER}])){{1,4}}"
    rf"|(?:{_FAMILIES.upper()})"
    rf"(?:{_BLANKS}{_NOT_NAMES}[{_UPPER}]+(?![{_UPPER}{_LOWER}])){{1,4}})"
)
#: What names like a person's but is a place, a school or a body stands right after one of these.
_NO_PERSON_BEFORE = re.compile(
    r"(?:phường|xã|thị trấn|thị xã|đường|phố|ngõ|quận|huyện|tỉnh|thành phố|tp\.?|trường|thcs|thpt|tiểu học|mầm non|"
    r"trung học cơ sở|trung học phổ thông|đại học|cao đẳng|bệnh viện|chợ|cầu|công viên|khu phố|khu|tổ dân phố|thôn|bản|"
    r"ấp|xóm|làng|công ty|doanh nghiệp|quảng trường|cộng sản|thiếu niên tiền phong|tư tưởng|chủ tịch|bác|giải thưởng|"
    r"học viện|sông|đảo|cảng|đèo|ga|bến|dân tộc|huân chương)[\s:“\"]*$",
    re.IGNORECASE,
)
_PLACES = frozenset({"hồ chí minh", "hà nội", "cao bằng"})
#: Who is told by a post is told as an official: a telephone list of those in charge is no list of persons dealt with.
_POST = re.compile(
    r"giám đốc|trưởng|phó|chủ tịch|bí thư|chủ nhiệm|chánh|ủy viên|đồng chí|đ/c|cán bộ|chuyên viên|công chức|viên chức|"
    r"đầu mối|liên hệ|phụ trách|đại tá|thượng tá|trung tá|thiếu tá|đại úy|thượng úy|trung úy|thiếu úy|thiếu tướng|"
    r"bác sĩ|y sĩ|giáo viên|luật sư|người ký|ký thay|hiệu trưởng|thư ký|văn thư",
    re.IGNORECASE,
)
_BORN_WORDS = r"(?:sinh(?:[ \t]+(?:năm|ngày))?|năm[ \t]+sinh|ngày[ \t]+sinh|s\.?n\.?|sinh)"
_DAY = r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:19|20)\d{2}"
_BORN_SAID = re.compile(rf"{_BORN_WORDS}\b[\s:.(]*(?:{_DAY}|(?:19|20)?\d{{2}}\b)", re.IGNORECASE)
#: A year or day of birth alone, right behind the name: "(1990)", "| Nam | 12/03/1985".
_BORN_BARE = re.compile(
    rf"^[\s,;|()\-–:.]*(?:(?:nam|nữ)\b[\s,;|()\-–:.]*)?(?P<day>{_DAY}|(?:19[3-9]\d|20[01]\d|202\d)(?![\d.,]*\d))"
    r"(?!\s*[-–]\s*\d{4})",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<![\d.,])(?:\+?84[ .]?|0)(?:[35789]\d)(?:[ .]?\d){7}(?!\d)")
_OLD_NUMBER = re.compile(r"(?:cmnd|cmt|cccd|căn cước|định danh|hộ chiếu)[^\n\d]{0,20}\d{8,12}(?!\d)", re.IGNORECASE)
_LIVES = re.compile(r"\b(?:trú tại|thường trú|tạm trú|hktt|đktt|đkhk|nơi ở|chỗ ở|trú quán|ngụ tại)\b", re.IGNORECASE)
_LIVES_BARE = re.compile(
    r"^[\s,;|()\-–:]+(?:ở[ \t]+)?(?:thôn|bản|ấp|xóm|tổ|khu phố|số nhà|buôn|khối|phum|sóc)\b[ \t]+\w", re.IGNORECASE
)
#: Columns are told by four blanks as well as by a thousand, and no pattern here is slow on four.
_WIDE = re.compile(r"(?: {5,}|\t{5,})")
_HEADING = re.compile(r"(?:họ(?:[ \t]+và)?[ \t]+tên|năm[ \t]+sinh|ngày[ \t]+sinh|sinh[ \t]+năm)", re.IGNORECASE)
#: A table's column of places or bodies, which are often called like persons.
_PLACES_HEADING = re.compile(
    r"(?:^|[|;\t]|[ ]{2}|\bstt[ .]{1,9})[ ]*(?:tên[ ]+)?"
    r"(?:phường|xã|đơn vị|địa phương|địa bàn|trường|cơ quan|tuyến|đường|huyện|thôn|bản)\b"
    r"[^|;\t\n]{0,40}?(?:[|;\t]|[ ]{2}|$)", re.IGNORECASE,
)  # fmt: skip


class IdentityNumber(Refusal):
    """A text holds what looks like a person's identity number; `hint` is its two ends."""

    key = "identity_number"


class PersonList(Refusal):
    """A text lists persons by name with what identifies them; `line` is where, `hint` the name's first letters."""

    key = "person_list"


def find_identity_number(text: str) -> str | None:
    """Give the first identity number in a text, as twelve digits, or None.

    It is found however it is grouped (001 085 012 345) and whatever digits it is typed with; money, telephone
    numbers and document numbers are left alone.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    for found in _TWELVE.finditer(plain):
        digits = re.sub(r"\D", "", found[0])
        if 0 < int(digits[:3]) <= LAST_PROVINCE and int(digits[3]) <= LAST_CENTURY_DIGIT:
            return digits
    return None


def find_persons(text: str) -> list[tuple[int, str]]:
    """Give the persons a text tells by name and a fact of their own (birth, telephone, number, home): line, name.

    Officials told by their posts, places, schools and bodies that are called like persons are left alone.
    """
    plain = unicodedata.normalize("NFC", text[:LONGEST_LOOKED_AT])
    plain = _WIDE.sub(lambda run: run[0][:4], plain)
    lines = plain.splitlines()
    is_of_persons = any(_HEADING.search(line) for line in lines)
    is_of_places = not is_of_persons and any(_PLACES_HEADING.search(line) for line in lines)
    found: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, start=1):
        names = [name for name in _NAME.finditer(line) if not _is_place(line, name)]
        for name, following in zip_longest(names, names[1:]):
            rest = line[name.end() : following.start() if following else None]
            before = line[max(0, name.start() - 40) : name.start()]
            if _tells_of_person(name[0], before, rest, in_table=is_of_persons, bare=not is_of_places):
                found.setdefault(sys.intern(name[0].casefold()), (number, name[0]))
    return list(found.values())


def _is_place(line: str, name: re.Match[str]) -> bool:
    before = line[max(0, name.start() - 40) : name.start()]
    return name[0].casefold() in _PLACES or _NO_PERSON_BEFORE.search(before) is not None


def _tells_of_person(name: str, before: str, rest: str, *, in_table: bool, bare: bool) -> bool:
    near = rest[:120]
    if _BORN_SAID.search(near) or _OLD_NUMBER.search(near):
        return True
    if _POST.search(near) or _POST.search(before):
        return False
    if _TELEPHONE.search(near) or _LIVES.search(near) or _LIVES_BARE.match(rest):
        return True
    born = _BORN_BARE.match(rest) if bare else None
    # Without a heading that says so, a year behind two words is more often a place's figure than a birth.
    return born is not None and (in_table or (len(name.split()) > 2 and int(born["day"][-4:]) < 2016))


def refuse_identity_numbers(*texts: str | None) -> None:
    """Refuse texts that hold an identity number. Raises IdentityNumber."""
    for text in texts:
        if text and (digits := find_identity_number(text)):
            raise IdentityNumber(hint=f"{digits[:3]}…{digits[-2:]}")


def refuse_person_lists(*texts: str | None) -> None:
    """Refuse texts that list persons; all of them together count. Raises PersonList."""
    persons = find_persons("\n".join(text or "" for text in texts))
    if len(persons) >= LIST_OF:
        line, name = persons[0]
        raise PersonList(line=line, hint=masked(name), count=len(persons))


def refuse_personal_data(*texts: str | None) -> None:
    """Refuse identity numbers and lists of persons. Raises IdentityNumber or PersonList."""
    refuse_identity_numbers(*texts)
    refuse_person_lists(*texts)


def masked(name: str) -> str:
    """Give a name so that its writer knows it again and nobody else learns it: "N… V… A…"."""
    return " ".join(f"{word[0]}…" for word in name.split())

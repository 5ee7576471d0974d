"""What no text here may hold: the identity number of a person. Figures only, never named people.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15: addiction and its treatment are sensitive data, so this system counts
people and names none of them.
"""
from __future__ import annotations

import re
import unicodedata

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


class IdentityNumber(Refusal):
    """A text holds what looks like a person's identity number; `hint` is its two ends."""

    key = "identity_number"


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


def refuse_identity_numbers(*texts: str | None) -> None:
    """Refuse texts that hold an identity number. Raises IdentityNumber."""
    for text in texts:
        if text and (digits := find_identity_number(text)):
            raise IdentityNumber(hint=f"{digits[:3]}…{digits[-2:]}")

"""Vietnamese letters for patterns: which are capitals, which are small, what a word of a name looks like."""

from __future__ import annotations

#: Members of a character class: the letters of Vietnamese, and f, j, w, z of foreign names.
LOWER = "abcdefghijklmnopqrstuvwxyzđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
UPPER = LOWER.upper()
#: One word with a capital, as in names.
CAPITALISED = rf"[{UPPER}][^\W\d_]*+"
#: One to four of them, as in the name of a province.
PLACE_NAME = rf"{CAPITALISED}(?:[ -]{CAPITALISED}){{0,3}}"


def words(text: str) -> frozenset[str]:
    """Give the words of a list that is written with blanks between them."""
    return frozenset(text.split())

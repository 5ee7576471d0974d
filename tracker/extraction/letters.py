"""Vietnamese letters for patterns: which are capitals, which are small, what a word of a name looks like."""

from __future__ import annotations

_LATIN = [
    chr(code) for block in ((0x41, 0x5B), (0x61, 0x7B), (0xC0, 0x1B1), (0x1E00, 0x1F00)) for code in range(*block)
]
#: Members of a character class.
UPPER = "".join(letter for letter in _LATIN if letter.isupper())
LOWER = "".join(letter for letter in _LATIN if letter.islower())
#: One word with a capital, as in names.
CAPITALISED = rf"[{UPPER}][{UPPER}{LOWER}]*"
#: One to four of them, as in the name of a province.
PLACE_NAME = rf"{CAPITALISED}(?:[ -]{CAPITALISED}){{0,3}}"

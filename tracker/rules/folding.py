"""The fold key: how two Vietnamese texts are compared, while both stay stored as they were written."""

from __future__ import annotations

import unicodedata

#: Letters that have no decomposition but mean d: đ/Đ, and the look-alikes Ð (U+00D0), ð, Ɖ (U+0189), ɖ.
_D_LETTERS = dict.fromkeys("đĐÐðƉɖ", "d")
#: What carries no sound: soft hyphen, zero-width blanks and joiners, byte order mark; NUL, which no database takes.
_INVISIBLE = dict.fromkeys("\0\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e", "")
_TABLE = str.maketrans(_D_LETTERS | _INVISIBLE)


class _Unmarked(dict[int, int | None]):
    """A table for `str.translate` that drops marks of every script; a letter is looked up once."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = None if unicodedata.category(chr(letter)) == "Mn" else letter
        return self[letter]


_UNMARKED = _Unmarked()


def fold(text: str) -> str:
    """Give the key by which texts are compared and searched.

    Tone and vowel marks are dropped, every kind of đ becomes d, case goes, invisible characters go, blanks of all
    kinds collapse to one space and are cut at both ends. Old and new tone placement (hoà, hòa) and NFC or NFD
    spelling therefore give the same key. The key may be empty; it is never shown to anybody.
    """
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text.translate(_TABLE)).casefold())
    return " ".join(bare.translate(_UNMARKED).split())

"""One-line text fields that take what people paste: NFD letters, stray blanks, control characters."""
from __future__ import annotations

import unicodedata

from wtforms import HiddenField, StringField


class TextLine(StringField):  # type: ignore[misc]
    """A line of text: composed letters, single blanks, nothing that a database refuses (NUL)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Tidy what was sent before the validators see it."""
        self.data = one_line(valuelist[0]) if valuelist else ""


class OneTimeKey(HiddenField):  # type: ignore[misc]
    """The browser's one-time key of a form: two presses with one key are one act."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Drop what a database refuses."""
        self.data = without_nul(valuelist[0]) if valuelist else ""


def without_nul(text: str | None) -> str:
    """Give a text of several lines without the one letter that no database keeps."""
    return (text or "").replace("\0", "")


def one_line(text: str) -> str:
    """Give a text in NFC on one line without control characters."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(" " if unicodedata.category(c) in {"Cc", "Cs"} else c for c in composed).split())


def several_lines(text: str) -> list[str]:
    """Give the lines of a text that are not blank, each tidied."""
    return [line for line in map(one_line, text.splitlines()) if line]

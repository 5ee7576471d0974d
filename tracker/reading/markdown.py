"""Markdown: the lines that it shows, with the numbers and bullets as they were written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tracker.reading.document import Raw, TextTooLong, TooTangled, WrongEnding
from tracker.reading.html import read_markup
from tracker.reading.plain import decode

#: A tenth of this is a long plan; markup of this length is read in seconds.
MAX_LETTERS = 500_000
#: Lists in quotations in lists; what lies deeper would be lost.
MAX_NESTING = 60
_MARK = "data-written-mark"
_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def read_markdown(data: bytes, name: str) -> Raw:
    """Read a Markdown file (CommonMark and tables; pieces of HTML in it as HTML).

    Raises UnknownEncoding, TextTooLong, WrongEnding for a whole web page, or TooTangled.
    """
    text, notes = decode(data, name)
    if len(text) > MAX_LETTERS:
        raise TextTooLong(name=name, most=MAX_LETTERS)
    if _PAGE.match(text):
        raise WrongEnding(name=name, expected="md", found="html", right=".html")
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    try:
        tokens = parser.parse(text)
    except RecursionError as error:
        raise TooTangled(name=name) from error
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        raise TooTangled(name=name)
    for token in tokens:
        if token.type == "list_item_open":
            token.attrSet(_MARK, token.markup)
        _keep_line_ends(token.children or [])
    markup = parser.renderer.render(tokens, parser.options, {})
    page = f"<html><body>{markup}</body></html>"
    raw = read_markup(page, name, notes=notes, whole_page=False, written_mark=_MARK)
    return replace(raw, kind="md", notes=tuple(note for note in raw.notes if note.key != "numbers_printed"))


def _keep_line_ends(inline: Sequence[Token]) -> None:
    """Keep a line end inside a paragraph, as a plain text would, unless the sentence goes on with a small letter."""
    for token, following in pairwise(inline):
        if token.type == "softbreak" and not (following.type == "text" and _goes_on(following.content)):
            token.type, token.tag = "hardbreak", "br"


def _goes_on(words: str) -> bool:
    letter = words.lstrip()[:1]
    return letter.islower() and not re.match(r"\s*[a-zđ]\s?[.)]", words)

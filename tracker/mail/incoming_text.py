"""The letters of a mail's body: whatever encoding it claims or is in, flowed lines, HTML as lines."""
from __future__ import annotations

import codecs
import re
import unicodedata

import lxml.html
from lxml import etree

from tracker.reading import legacy

#: Encodings that mail programs write when they mean another, or none: what the bytes say counts.
_MEANS_NOTHING = frozenset({"", "ascii", "iso8859-1", "cp1252"})
_DROPPED = frozenset({"script", "style", "head", "title", "noscript", "template", "object", "svg", "select"})
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5",
                     "h6", "hr", "pre", "section", "article", "header", "footer", "body", "dt", "dd", "center"})
_CELLS = frozenset({"td", "th"})
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def decoded(data: bytes, charset: str) -> str:
    """Give text of bytes, composed (NFC); the encoding it claims is believed where it gives letters.

    Vietnamese of before Unicode (TCVN3, VNI, windows-1258) is known by its words, also where it comes as Western
    letters.
    """
    name = _known(charset)
    if name in _MEANS_NOTHING:
        text = _by_looks(data)
    else:
        try:
            text = data.decode(name)
        except (UnicodeError, LookupError):
            text = _by_looks(data)
    return _composed(text.replace("\r\n", "\n").replace("\r", "\n"))


def _known(charset: str) -> str:
    try:
        return codecs.lookup(charset.strip("\"' ")).name
    except (LookupError, ValueError):
        return ""


def _by_looks(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        if broken * 10 < sum(letter > "\x7f" for letter in text):  # cut in the middle of a letter, or damaged
            return text
        old = legacy.decode_old(data)
        return old[0] if old else legacy.as_western(data)


def _composed(text: str) -> str:
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    if text.isascii():
        return text
    try:
        old = legacy.recognised_bytes(text.encode("cp1252"))
    except UnicodeEncodeError:  # letters that no Western font has: it is Unicode
        return text
    return legacy.convert(text, old)[0] if old in {"tcvn3", "vni"} else text


def unflowed(text: str) -> str:
    """Put lines together again that a mail program broke for the way (RFC 3676: a blank before the line end)."""
    lines: list[list[str]] = []
    open_end = False
    for line in text.split("\n"):
        is_plain = not line.startswith(">") and line != "-- "
        if open_end and is_plain:
            lines[-1].append(line.removeprefix(" "))
        else:
            lines.append([line])
        open_end = is_plain and line.endswith(" ") and bool(line.strip())
    return "\n".join("".join(pieces) for pieces in lines)


def plain_of_html(html: str) -> str:
    """Give the lines of an HTML body; quoted blocks begin with ">", as in plain text."""
    try:
        root = lxml.html.document_fromstring(re.sub(r"<\?xml[^>]{0,200}\?>", "", html.replace("\0", "")))
    except (etree.LxmlError, ValueError):
        return ""
    writer = _Lines()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event in {"comment", "pi"}:
            writer.add(element.tail)
        elif event == "start":
            if tag in _DROPPED or _is_hidden(element):
                walk.skip_subtree()
            else:
                writer.begin(tag)
                writer.add(element.text)
        else:
            writer.end(tag)
            writer.add(element.tail)
    return writer.text()


def _is_hidden(element: etree._Element) -> bool:
    return "display:none" in (element.get("style") or "").replace(" ", "").lower()


class _Lines:
    """Collects words into lines, each with the depth of quoting it stands in."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        self.depth = 0

    def add(self, text: str | None) -> None:
        if text:
            self.words.append(re.sub(r"[\s\xa0]+", " ", text))

    def begin(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.line(is_forced=tag == "br")
        if tag == "blockquote":
            self.depth += 1
        if tag == "li":
            self.words.append("- ")

    def end(self, tag: str) -> None:
        if tag in _CELLS:
            self.words.append(" ")
        if tag in _BLOCKS and tag != "br":
            self.line(is_forced=tag == "p")
        if tag == "blockquote":
            self.depth -= 1

    def line(self, *, is_forced: bool = False) -> None:
        text = re.sub(r" +", " ", "".join(self.words)).strip()
        self.words = []
        if text or (is_forced and self.lines and self.lines[-1].strip("> ")):
            self.lines.append(">" * self.depth + (" " if self.depth else "") + text)

    def text(self) -> str:
        self.line()
        return "\n".join(self.lines).strip("\n")

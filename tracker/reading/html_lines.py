"""A web page's body as lines, in the order and the form in which a reader sees them."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from tracker.reading.document import MAX_LETTERS, TooTangled
from tracker.reading.html_tables import Cell, Line, Table, table_lines
from tracker.reading.numbering import printed

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul legend option"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
#: Never words on the page.
_SILENT_TAGS = (
    "script style title template iframe object embed applet svg math audio video canvas noframes map datalist "
    "textarea param source track"
)
_SILENT = frozenset(_SILENT_TAGS.split())
#: What a hand works, not the text.
_CONTROLS = frozenset({"button", "select", "nav", "dialog", "marquee"})
_CONTROL_ROLES = frozenset(
    {"navigation", "search", "banner", "contentinfo", "dialog", "alertdialog", "menu", "menubar", "tablist", "toolbar",
     "button"}
)  # fmt: skip
_HIDDEN_CLASSES = frozenset({"hidden", "d-none", "sr-only", "visually-hidden", "screen-reader-text"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.IGNORECASE)
_LIST_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]*?\b(none|decimal-leading-zero|(?:lower|upper)-(?:alpha|latin|roman)|decimal|disc|circle"
    r"|square)"
)
_FORMS = {
    "1": "decimal", "decimal": "decimal", "decimal-leading-zero": "decimalZero", "a": "lowerLetter",
    "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "A": "upperLetter", "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter", "i": "lowerRoman", "lower-roman": "lowerRoman", "I": "upperRoman",
    "upper-roman": "upperRoman", "none": "none", "disc": "bullet", "circle": "bullet", "square": "bullet",
}  # fmt: skip
#: Word's own bullets: letters that only their symbol fonts turn into signs.
_SYMBOL_FONT = re.compile(r"font-family\s*:\s*[\"']?(?:symbol|wingdings|courier)", re.IGNORECASE)
_WORD_BULLETS = frozenset("·§oüØvqà•-*\uf0b7\uf0a7")
_OWN_BULLET = re.compile(r"\s*[-–—+•*●○▪■◦]\s")
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_NO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff]")
#: Numbers above a line that lead to a note on the same page are printed in brackets, as in Word files.
_NOTE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
#: C1 controls by number ("&#150;") are the letters of windows-1252, as every browser shows them.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


class PageReader:
    """Walks one page without recursion, so that no nesting can exhaust it."""

    def __init__(self, hidden_names: frozenset[str], name: str, written_mark: str = "") -> None:
        #: The attribute in which an item of a list may say how its number or bullet was written.
        self._written_mark = written_mark
        self._hidden_names = hidden_names  # ".class" and "#id" that the page's style sheet hides
        self._name = name
        self._sinks: list[list[Line]] = [[]]
        self._buffer: list[str] = []
        self._aside: list[str] = []
        self._key, self._key_depth, self._silent_depth = "", 0, 0
        self._depth = self._linked = self._link_depth = self._pre = 0
        self._blocks: list[Any] = []
        self._tables: list[Table] = []
        self._lists: list[tuple[str, int]] = []
        self._label = ""
        self._letters = 0
        #: Numbers and bullets of lists that the page only draws.
        self.labels = 0
        self.struck = 0

    def lines(self, body: Any) -> list[Line]:
        """Give the lines. Raises TooTangled when tables would make more text than a plan can have."""
        for event, element in etree.iterwalk(body, events=("start", "end")):
            if event == "start":
                self._start(element)
                self._depth += 1
            else:
                self._depth -= 1
                self._end(element)
                if element is not body:
                    self._add(element.tail)
        self._flush()
        return self._sinks[0]

    # What an element's beginning and end do.

    def _start(self, element: Any) -> None:
        tag = element.tag
        if self._silent_depth:
            return
        if tag in _SILENT:
            self._silent_depth = self._depth + 1
            return
        if not self._key and (key := self._key_of(element)):
            self._key, self._key_depth = key, self._depth + 1
        if tag in _BLOCKS:
            self._break(element)
        if tag == "br":
            self._add_raw("\n")
        elif tag == "a" and not self._link_depth and _leads_away(element):
            self._link_depth = self._depth + 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "input":
            self._add_control(element)
        elif not self._key:
            self._start_structure(tag, element)
        if tag == "q":
            self._add_raw("“")
        if tag != "input":
            self._add(_list_label(element) or (_note_number(element) if tag == "sup" else None) or element.text)

    def _start_structure(self, tag: str, element: Any) -> None:
        if tag in ("ol", "ul", "menu", "dir"):
            self._lists.append(_list_form(element))
        elif tag == "li":
            self._label = self._next_label(element)
        elif tag == "table":
            self._tables.append(Table(element))
        elif tag == "tr" and self._tables and self._tables[-1].cell is None:
            self._tables[-1].rows.append((element, []))
        elif tag in ("td", "th") and self._in_row(element):
            self._tables[-1].cell = element
            self._sinks.append([])

    def _end(self, element: Any) -> None:
        tag = element.tag
        if self._silent_depth:
            if self._silent_depth == self._depth + 1:
                self._silent_depth = 0
            return
        if tag == "q":
            self._add_raw("”")
        if tag in _BLOCKS:
            self._break(element)
            self._blocks.pop()
        if self._link_depth == self._depth + 1:
            self._link_depth = 0
        if tag == "pre":
            self._pre -= 1
        if self._key:
            if self._key_depth == self._depth + 1:
                self._close_aside(element)
        else:
            self._end_structure(tag, element)

    def _end_structure(self, tag: str, element: Any) -> None:
        if tag in ("ol", "ul", "menu", "dir"):
            self._lists.pop()
        elif tag == "li":
            self._label = ""
        elif tag in ("td", "th") and self._tables and self._tables[-1].cell is element:
            lines = self._sinks.pop()
            self._tables[-1].cell = None
            self._tables[-1].rows[-1][1].append(Cell.of(element, lines))
        elif tag == "table":
            for line in table_lines(self._tables.pop()):
                self._count(line.text)
                self._sinks[-1].append(line)

    def _in_row(self, element: Any) -> bool:
        """A cell counts only directly in a row of the innermost table: pages with lost tags nest them anyhow."""
        if not self._tables or self._tables[-1].cell is not None or not self._tables[-1].rows:
            return False
        return self._tables[-1].rows[-1][0] is element.getparent()

    # Words.

    def _add(self, text: str | None) -> None:
        if not text or self._silent_depth:
            return
        text = _NO_WIDTH.sub("", text).translate(_C1)
        self._add_raw(text if self._pre else _BLANKS.sub(" ", text))

    def _add_raw(self, text: str) -> None:
        if self._silent_depth:
            return
        if self._key:
            self._aside.append(text)
        else:
            if self._link_depth:
                self._linked += len(text.strip())
            self._buffer.append(text)

    def _add_control(self, element: Any) -> None:
        """The words on a button are read aloud by nobody and belong to no text; they are kept as left out."""
        shown = element.get("value") if element.get("type", "text").lower() in ("submit", "button", "reset") else None
        words = " ".join((shown or element.get("placeholder") or "").split())
        if words and element.get("type", "").lower() != "hidden":
            self._sinks[-1].append(Line(words, self._blocks[-1] if self._blocks else element, "site_menu"))

    def _break(self, element: Any) -> None:
        if self._key and self._key_depth != self._depth + 1:
            self._aside.append("\n")
        elif not self._key or self._key_depth == self._depth + 1:
            self._flush()
        if not self._blocks or self._blocks[-1] is not element:
            self._blocks.append(element)

    def _flush(self) -> None:
        written = "".join(self._buffer)
        self._buffer.clear()
        linked, self._linked = self._linked, 0
        if not written.strip():
            return
        element = self._blocks[-1] if self._blocks else None
        for text in written.split("\n"):
            line = text.rstrip() if self._pre else _BLANKS.sub(" ", text).strip()
            if not line.strip():
                continue
            if self._label:
                line, self._label = self._labelled(line), ""
            self._count(line)
            self._sinks[-1].append(Line(line, element, linked=min(linked, len(line))))
            linked = max(0, linked - len(line))

    def _labelled(self, line: str) -> str:
        if self._label in ("-", "+") and _OWN_BULLET.match(line):
            return line
        self.labels += 1
        return f"{self._label} {line}"

    def _close_aside(self, element: Any) -> None:
        key, self._key = self._key, ""
        words = "\n".join(filter(None, (" ".join(line.split()) for line in "".join(self._aside).split("\n"))))
        self._aside.clear()
        if words:
            owner = self._blocks[-1] if self._blocks else element
            self._count(words)
            self._sinks[-1].append(Line(words, owner, key))

    def _count(self, words: str) -> None:
        self._letters += len(words)
        if self._letters > MAX_LETTERS:
            raise TooTangled(name=self._name)

    def _key_of(self, element: Any) -> str:
        tag, classes = element.tag, element.get("class", "").split()
        if tag == "del":
            self.struck += 1
            return "hidden_text"
        names = {f".{word}" for word in classes} | {f"#{element.get('id', '')}"}
        if (
            "hidden" in element.attrib
            or tag == "noscript"
            or _HIDDEN_CLASSES.intersection(classes)
            or _HIDDEN_STYLE.search(element.get("style", ""))
            or self._hidden_names & names
        ):
            return "hidden_text"
        role = element.get("role", "").lower()
        return "site_menu" if tag in _CONTROLS or role in _CONTROL_ROLES else ""

    # Lists.

    def _next_label(self, element: Any) -> str:
        if not self._lists:
            return "-"
        form, number = self._lists[-1]
        value = element.get("value", "").strip()
        if re.fullmatch(r"-?\d{1,6}", value):
            number = int(value)
        step = -1 if element.getparent().tag == "ol" and "reversed" in element.getparent().attrib else 1
        self._lists[-1] = form, number + step
        own = _form_of(element, form)
        if own == "none":
            return ""
        written = element.get(self._written_mark, "") if self._written_mark else ""
        if own == "bullet":
            return "+" if written == "+" else "-"
        return f"{printed(number, own)}{written or '.'}"


def _leads_away(element: Any) -> bool:
    target = element.get("href", "").strip().lower()
    return bool(target) and "#" not in target


def _list_form(element: Any) -> tuple[str, int]:
    default = "decimal" if element.tag == "ol" else "bullet"
    start = element.get("start", "").strip()
    first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
    if element.tag == "ol" and "reversed" in element.attrib and not start:
        first = sum(child.tag == "li" for child in element)
    return _form_of(element, default), first


def _form_of(element: Any, default: str) -> str:
    style = _LIST_STYLE.search(element.get("style", "").lower())
    kind = style[1] if style else element.get("type", "")
    return _FORMS.get(kind, default)


def _list_label(element: Any) -> str | None:
    """Give "-" for a bullet that Word wrote as a letter of a symbol font; its numbers are letters already."""
    style = element.get("style", "").lower()
    if element.tag != "span" or not ("mso-list" in style or (_SYMBOL_FONT.search(style) and len(element))):
        return None
    written = "".join(element.itertext()).strip("\u00a0 \t\r\n")
    fonts = " ".join(part.get("style", "") for part in (element.getparent(), *element.iter("span")))
    if written not in _WORD_BULLETS or (written.isalpha() and not _SYMBOL_FONT.search(fonts)):
        return None
    for inner in element.iterdescendants():
        inner.text, inner.tail = None, None
    return "- "


def _note_number(element: Any) -> str | None:
    words = "".join(element.itertext())
    links = list(element.iter("a")) or list(element.iterancestors("a"))[:1]
    if not _NOTE_NUMBER.fullmatch(words) or not any("#" in link.get("href", "") for link in links):
        return None
    for inner in element.iterdescendants():
        inner.text, inner.tail = None, None
    return f"[{words.strip()}]"

"""Web pages: saved portals and law sites, and documents that Word saved as a page."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby

import lxml.html
from lxml import etree

from tracker.reading.document import DamagedFile, EmptyFile, Note, Raw, Removed, TooTangled, UnknownEncoding
from tracker.reading.html_lines import PageReader
from tracker.reading.html_main import mark_furniture
from tracker.reading.html_tables import Line
from tracker.reading.html_words import is_strong
from tracker.reading.legacy import as_cp1258, as_western, mended, recognised_bytes
from tracker.reading.plain import pieces_of, read_plain
from tracker.reading.sniff import wide_encoding

#: More tags than this are no plan: a plan of 200 pages saved by Word has a fifth of it.
MAX_TAGS = 300_000
_TAG = re.compile(r"<[a-zA-Z!/]")
#: Attributes of such a length are pictures or programs; without them no parser can be kept busy.
_LONG_TAG = re.compile(r"<([a-zA-Z][\w:-]{0,40})(?=[\s/>])[^<>]{1500,}>?")
_META = re.compile(rb"<meta[^<>]{0,300}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
#: What pages without Vietnamese letters declare; every other declaration is told by the letters themselves.
_WESTERN = frozenset({"windows-1252", "iso-8859-1", "latin1", "us-ascii"})
_TAG_BYTES = re.compile(rb"<[^<>]{0,4000}>")
_HIDING_RULE = re.compile(r"([^{}]{1,500})\{[^{}]*?display\s*:\s*none[^{}]*\}", re.IGNORECASE)
_SIMPLE_NAME = re.compile(r"[.#][\w-]+")
_MOST_STYLE = 300_000
_SOFT_HYPHEN = "\u00ad"


def read_html(data: bytes, name: str) -> Raw:
    """Read a web page: the document's own lines are the text, the rest of the page is in `removed`.

    Raises EmptyFile, UnknownEncoding, TooTangled or DamagedFile; never anything else, whatever the bytes are.
    """
    source, notes = _decode(data, name)
    if not _TAG.search(source):
        return read_plain(data, name)  # a text whose name says page: its line ends mean something
    return read_markup(source, name, notes=notes, whole_page=True)


def read_markup(
    source: str,
    name: str,
    *,
    notes: tuple[Note, ...] = (),
    whole_page: bool,
    written_mark: str = "",
) -> Raw:
    """Read markup; with `whole_page` what is not the document is looked for and left out.

    `written_mark` names the attribute that holds a list item's own sign. Raises as read_html does.
    """
    source, styles = _without_programs(source)
    if source.count("<") > MAX_TAGS:
        raise TooTangled(name=name)
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        page = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:  # nothing but blanks and comments
        raise EmptyFile(name=name) from error
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise DamagedFile(name=name) from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise TooTangled(name=name)  # the parser gave up at this depth: what follows would be lost in silence
    reader = PageReader(_hidden_names(styles), name, written_mark)
    lines = reader.lines(page)
    if whole_page:
        mark_furniture(lines)
    return _raw(lines, reader, notes)


def _raw(lines: list[Line], reader: PageReader, notes: tuple[Note, ...]) -> Raw:
    text = "\n".join(line.text for line in lines if not line.key)
    removed = tuple(
        Removed(key, "\n".join(line.text for line in group))
        for key, group in groupby(lines, key=lambda line: line.key)
        if key
    )
    counts = (
        ("numbers_printed", reader.labels),
        ("tracked_changes_accepted", reader.struck),
        ("page_parts_left_out", len(removed)),
    )
    raw = mended(Raw(text, (), (*notes, *(Note(key, count) for key, count in counts if count)), removed))
    text = raw.text.replace(_SOFT_HYPHEN, "")  # only now: in TCVN3 this is the letter ư
    return replace(raw, text=text, pieces=pieces_of(_from_head(text)))


def _from_head(text: str) -> str:
    """Give the text from shortly before the document's own head: a site may print a page of its own above it."""
    lines = text.split("\n")
    head = next((at for at, line in enumerate(lines) if is_strong(line)), 0)
    return "\n".join(lines[max(0, head - 10) :])


def _decode(data: bytes, name: str) -> tuple[str, tuple[Note, ...]]:
    """Decode by byte order mark, then as UTF-8 where it is that, then by the statistics of its letters."""
    wide = wide_encoding(data)
    try:
        return data.decode(wide or "utf-8-sig").removeprefix("\ufeff"), ()
    except UnicodeError:
        if wide:
            raise UnknownEncoding(name=name) from None
    kind = recognised_bytes(_TAG_BYTES.sub(b" ", data))
    if kind == "cp1258":
        return as_cp1258(as_western(data)), (Note("converted_cp1258"),)
    declared = _META.search(data[:8192])
    if kind or (declared and declared[1].decode("ascii").lower() in _WESTERN):
        return as_western(data), ()  # TCVN3 and VNI are converted when the markup is read: entities are letters too
    raise UnknownEncoding(name=name)


def _without_programs(source: str) -> tuple[str, str]:
    """Take out scripts, style sheets and comments in one pass each; give the rest, and the style sheets."""
    source, _scripts = _cut(source, re.compile(r"<script\b", re.IGNORECASE), re.compile(r"</script\b", re.IGNORECASE))
    source, styles = _cut(source, re.compile(r"<style\b", re.IGNORECASE), re.compile(r"</style\b", re.IGNORECASE))
    source, _comments = _cut(source, re.compile("<!--"), re.compile("--"))
    return _LONG_TAG.sub(r"<\1>", source), styles[:_MOST_STYLE]


def _cut(source: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> tuple[str, str]:
    kept, cut, at = [], [], 0
    while start := opening.search(source, at):
        kept.append(source[at : start.start()])
        end = closing.search(source, start.end())
        if end is None:
            cut.append(source[start.end() :])
            return "".join(kept), "".join(cut)
        cut.append(source[start.end() : end.start()].partition(">")[2])
        close = source.find(">", end.end())
        at = close + 1 if close >= 0 else len(source)
    kept.append(source[at:])
    return "".join(kept), "\n".join(cut)


def _hidden_names(styles: str) -> frozenset[str]:
    """Name the classes and ids that the page's own style sheet hides on a screen."""
    outside_media = re.sub(r"@media[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", styles)
    return frozenset(
        selector.strip()
        for rule in _HIDING_RULE.finditer(outside_media)
        for selector in rule[1].split(",")
        if _SIMPLE_NAME.fullmatch(selector.strip())
    )

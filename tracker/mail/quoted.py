"""What somebody wrote in an answer: the mail quoted in it, the lines a mail program adds and the signature are cut.

No library does this for Vietnamese mail programs (mail-parser-reply and talon know other languages' lines, and cut at
the first of them); and none knows the very mail that was answered, which tells best what is quoted.
"""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tracker.rules.folding import fold

#: What is looked at, and what is kept: a report's text takes 10,000 characters.
MOST_LINES, LONGEST_LINE = 4000, 2000
LONGEST_WORDS = 20_000
#: An attribution may be broken over so many lines.
_ATTRIBUTION_LINES = 4
_ATTRIBUTION = re.compile(r"(?:vao|luc|on|ngay|ng|thu|\d{1,2}[:/. -])\b.*\b(?:viet|da gui|wrote)\s*:?$", re.DOTALL)
#: "Đôn Đốc – Tỉnh Hà Dương <dondoc@…> đã viết:" without a date, as Thunderbird writes when told so.
_BARE_ATTRIBUTION = re.compile(r".{0,200}@.{0,200}\b(?:da viet|viet|wrote)\s*:$", re.DOTALL)
_SEPARATOR = re.compile(
    r"[-_=* ]{2,}\s*(?:original message|original appointment|thu goc|thu ban dau|thong diep goc|tin nhan goc|"
    r"tin nhan ban dau|thu duoc chuyen tiep|thu da chuyen tiep|forwarded message|reply message)\s*[-_=* ]{2,}:?$"
)
_HEAD_FIRST = re.compile(r"\**(?:tu|from|nguoi gui|gui tu)\**\s*:\**\s*\S")
_HEAD_NEXT = re.compile(
    r"\**(?:da gui|gui|sent|ngay gui|ngay|date|thoi gian|den|toi|to|nguoi nhan|gui den|gui toi|cc|dong gui|"
    r"chu de|tieu de|subject|reply-to)\**\s*:"
)
_RULE = re.compile(r"[_=*-]{10,}$")
_ADDED = re.compile(
    r"(?:da gui|duoc gui|gui|sent) (?:tu|from|via|bang|qua) .{0,60}"
    r"(?:iphone|ipad|dien thoai|thiet bi|samsung|android|galaxy|xiaomi|oppo|mobile|mail|outlook|yahoo|zimbra|may tinh)"
    r".*$|"
    r"(?:tai|lay|get|download) outlook (?:cho|for) .{0,40}$|"
    r"\[?(?:external|caution|canh bao)\b.{0,20}:? .*(?:ben ngoai|outside|external).*$"
)
_CLOSING = re.compile(
    r"(?:tran trong(?: kinh (?:chao|bao))?(?: cam on)?|kinh thu|than ai|xin (?:tran trong )?cam on|"
    r"best regards|kind regards|regards|thanks(?: and regards)?)(?: ?[.,!/-]+)*$"
)
#: Lines behind "Trân trọng!" that may be a signature; more is no signature any more.
_SIGNATURE_LINES = 12
_URL = re.compile(r"<?\bhttps?://\S+>?|<mailto:[^>]*>|\[(?:image|cid|hình ảnh)[^\]]*\]", re.IGNORECASE)
_QUOTE_MARK = re.compile(r"[ \t]?>")
#: A line of the sent mail that is broken for the way is known by so many letters of it.
_KNOWN_BY = 25


@dataclass(frozen=True)
class _Line:
    text: str
    #: ">", or found in the mail that was answered.
    is_quoted: bool = False


def own_words(text: str, sent: str = "") -> str:
    """Give what the writer of an answer added; `sent` is the text of the mail it answers, when it is still known.

    Written above, below or within the quoted text; an answer within keeps the line it stands under, behind ">". What
    is not surely quoted stays: a line too much is taken out by its reader, a lost one by nobody.
    """
    lines = [line[:LONGEST_LINE].rstrip() for line in unicodedata.normalize("NFC", text).split("\n")[:MOST_LINES]]
    above, below, is_headed = _split(lines, sent)
    own_above = _without_signature([line for line in above if not _QUOTE_MARK.match(line)])
    marked = _marked(below, _Sent(sent))
    if is_headed and not sent and not any(_QUOTE_MARK.match(line) for line in below):
        marked = []  # a whole mail without marks: nobody can tell what was written within
    inserted = _inserted(marked)
    return "\n".join(_tidy(own_above + ([""] if own_above and inserted else []) + inserted))[:LONGEST_WORDS].strip()


def _split(lines: list[str], sent: str) -> tuple[list[str], list[str], bool]:
    """Split at the line a mail program puts before what it quotes; tell whether that was a head ("Từ: … Chủ đề: …")."""
    folded = [fold(line) for line in lines]
    for at, line in enumerate(folded):
        if not line:
            continue
        if _QUOTE_MARK.match(lines[at]):
            return lines[:at], lines[at:], False
        length = _attribution(lines, folded, at)
        if length:
            return lines[:at], lines[at + length:], False
        length = _head(folded, at)
        if length:
            return lines[:at], lines[at + length:], True
    at = _unmarked(lines, _Sent(sent))
    return lines[:at], lines[at:], False


def _unmarked(lines: list[str], sent: _Sent) -> int:
    """Find where the mail that was answered stands without any mark: two of its lines, one after the other."""
    before = None
    for at, line in enumerate(lines):
        if not line.strip():
            continue
        if not sent.holds(line):
            before = None
        elif before is not None:
            return before
        else:
            before = at
    return len(lines)


def _attribution(lines: list[str], folded: list[str], at: int) -> int:
    """Count the lines of "Vào Th 2, 16 thg 3, 2026 vào lúc 07:30 … đã viết:" that begin here; 0 when none do."""
    for length in range(1, _ATTRIBUTION_LINES + 1):
        if at + length > len(folded) or not folded[at + length - 1]:
            return 0
        joined = " ".join(folded[at : at + length])
        if not (_ATTRIBUTION.match(joined) or (length == 1 and _BARE_ATTRIBUTION.match(joined))):
            continue
        following = next((line for line in lines[at + length:] if line.strip()), "")
        # "Vào ngày 12/3 Sở đã viết:" may be the writer's own words.
        if "@" in joined or "don doc" in joined or _QUOTE_MARK.match(following):
            return length
    return 0


def _head(folded: list[str], at: int) -> int:
    """Count the lines of a separator, or of "Từ: … Đã gửi: … Chủ đề: …", that begin here; 0 when none do."""
    start = at
    if _SEPARATOR.match(folded[at]) or _RULE.match(folded[at]):
        start = next((number for number in range(at + 1, min(at + 4, len(folded))) if folded[number]), at)
        if _SEPARATOR.match(folded[at]) and not _HEAD_FIRST.match(folded[start]):
            return 1
    if not _HEAD_FIRST.match(folded[start]):
        return 0
    # A head may be broken over lines, and may have a blank line between any two.
    nexts = [number for number in range(start + 1, min(start + 12, len(folded))) if _HEAD_NEXT.match(folded[number])]
    return nexts[-1] - at + 1 if len(nexts) >= 2 else 0


class _Sent:
    """The mail that was answered, to know its lines again however they were broken."""

    def __init__(self, text: str) -> None:
        lines = [_bare(line) for line in text.split("\n")]
        self.lines = {line for line in lines if line}
        self.whole = "".join(lines)
        self.at = 0

    def holds(self, line: str) -> bool:
        """Tell whether a line was in it: a whole one, a long piece, or what follows the piece found before."""
        bare = _bare(line)
        if not bare:
            return bool(self.whole and _URL.search(line))
        if self.whole.startswith(bare, self.at) and self.at:
            self.at += len(bare)
            return True
        found = self.whole.find(bare) if bare in self.lines or len(bare) >= _KNOWN_BY else -1
        if found < 0:
            return False
        self.at = found + len(bare)
        return True


def _bare(line: str) -> str:
    """Give a line's letters alone, without addresses: those of a link are another in each mail."""
    return re.sub(r"[\W_]+", "", fold(_URL.sub("", line)))


def _marked(lines: list[str], sent: _Sent) -> list[_Line]:
    return [
        _Line(re.sub(r"^(?:[ \t]?>)+ ?", "", line),
              bool(_QUOTE_MARK.match(line)) or sent.holds(line) or _is_ornament(line))
        for line in lines
    ]


def _is_ornament(line: str) -> bool:
    return bool(line.strip()) and not re.search(r"[^\W_]", line)


def _inserted(lines: list[_Line]) -> list[str]:
    """Give the lines written below or within the quoted ones; those within keep the line they answer."""
    last_quoted = max((at for at, line in enumerate(lines) if line.is_quoted and line.text.strip()), default=-1)
    within, below = lines[: last_quoted + 1], [line.text for line in lines[last_quoted + 1 :]]
    found: list[str] = []
    asked, is_said = "", True
    for line in within:
        if line.is_quoted:
            asked, is_said = (line.text.strip(), False) if line.text.strip() else (asked, is_said)
        elif line.text.strip() and not _ADDED.match(fold(line.text)):
            if asked and not is_said:
                found.append(f"> {asked}")
            is_said = True
            found.append(line.text)
    return found + _without_signature(below)


def _without_signature(lines: list[str]) -> list[str]:
    """Cut what stands below "-- " or below "Trân trọng!", and the lines that telephones add."""
    kept: list[str] = []
    for at, line in enumerate(lines):
        folded = fold(line)
        if line.strip() == "--" or (any(map(str.strip, kept)) and _CLOSING.match(folded) and _is_end(lines, at)):
            break
        if not _ADDED.match(folded):
            kept.append(line)
    return kept


def _is_end(lines: list[str], at: int) -> bool:
    return sum(bool(line.strip()) for line in lines[at + 1 :]) <= _SIGNATURE_LINES


def _tidy(lines: list[str]) -> list[str]:
    """Leave one blank line where there are several."""
    return [line for at, line in enumerate(lines) if line.strip() or (at and lines[at - 1].strip())]

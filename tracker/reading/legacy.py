"""Letters of before Unicode: TCVN3 (ABC, fonts like .VnTime), VNI (VNI-Times) and windows-1258.

Files in them come in two ways: as bytes, and as Unicode text in which each byte became a Western letter
("Céng hßa x· héi"). Both are one case here: bytes are first seen as windows-1252.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from tracker.reading.document import Note, Raw, Removed
from tracker.reading.syllables import is_syllable

#: TCVN 5712:1993, VN3: one byte for a small letter; only seven capitals of their own. A space is a byte that is no
#: Vietnamese letter.
_TCVN3_BYTES = (
    "\xa1Ă \xa2Â \xa3Ê \xa4Ô \xa5Ơ \xa6Ư \xa7Đ \xa8ă \xa9â \xaaê \xabô \xacơ \xadư \xaeđ \xb5à \xb6ả \xb7ã \xb8á \xb9ạ "
    "\xbbằ \xbcẳ \xbdẵ \xbeắ \xc6ặ \xc7ầ \xc8ẩ \xc9ẫ \xcaấ \xcbậ \xccè \xceẻ \xcfẽ \xd0é \xd1ẹ \xd2ề \xd3ể \xd4ễ \xd5ế "
    "\xd6ệ \xd7ì \xd8ỉ \xdcĩ \xddí \xdeị \xdfò \xe1ỏ \xe2õ \xe3ó \xe4ọ \xe5ồ \xe6ổ \xe7ỗ \xe8ố \xe9ộ \xeaờ \xebở \xecỡ "
    "\xedớ \xeeợ \xefù \xf1ủ \xf2ũ \xf3ú \xf4ụ \xf5ừ \xf6ử \xf7ữ \xf8ứ \xf9ự \xfaỳ \xfbỷ \xfcỹ \xfdý \xfeỵ"
)
TCVN3 = {pair[0]: pair[1] for pair in _TCVN3_BYTES.split(" ")}

#: VNI writes a mark behind its vowel. Tone marks: acute, grave, hook, tilde, dot; then those of ă and of â, ê, ô.
_PLAIN_MARKS = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_BREVE_MARKS = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_ROOF_MARKS = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_ALONE)
    for vowel in "aeouyôö":
        for mark, tone in _PLAIN_MARKS.items():
            table[vowel + mark] = unicodedata.normalize("NFC", _VNI_ALONE.get(vowel, vowel) + tone)
    for vowel in "aeo":
        for mark, tone in _ROOF_MARKS.items():
            table[vowel + mark] = unicodedata.normalize("NFC", f"{vowel}\u0302{tone}")
    for mark, tone in _BREVE_MARKS.items():
        table["a" + mark] = unicodedata.normalize("NFC", f"a\u0306{tone}")
    del table["yï"]  # ỵ has a letter of its own
    capitals = {old.upper(): new.upper() for old, new in table.items()}
    # Behind a capital the small mark is found as well: it differs on paper only in its height.
    low_marks = {old[0].upper() + old[1]: new.upper() for old, new in table.items() if len(old) == 2}
    return table | low_marks | capitals


VNI = _vni_table()
_VNI_TOKEN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_TCVN3_TOKEN = str.maketrans(TCVN3)
#: The first letter of a line, behind its number or bullet, when TCVN3 has no capital for it.
_FIRST_LETTER = re.compile(
    r"[-–+•\s]*(?:(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[a-zđ])[.)]\s+)?(["
    + "".join(small for small in TCVN3.values() if small.upper() not in TCVN3.values() and small.islower())
    + "])"
)
_WRAPPED = re.compile(r"[-–+•\s]*[a-z](?![.)])")

#: What a word is split at; everything else, signs such as "·" or "¸" too, may be a letter in an old encoding.
_WORD = re.compile(r"[^\s\x00-@\[-`{-\x7f\u00a0\u2010-\u2027\u2030-\u203a]+")
#: Letters that Unicode text in Vietnamese is full of and old text never holds.
_UNICODE_ONLY = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9\u0300-\u0323]")
_WESTERN = re.compile("[\u00a1-\u00ff]")
#: A recognition is believed when so many words with marks speak, this share of them are syllables, and no other
#: reading comes near.
_LEAST_WORDS = 3
_CLEAR = 0.8
_MARGIN = 0.3
_SAMPLE_LETTERS = 400_000

_CONVERT: dict[str, Callable[[str], str]] = {
    "tcvn3": lambda text: text.translate(_TCVN3_TOKEN),
    "vni": lambda text: _VNI_TOKEN.sub(lambda match: VNI[match[0]], text),
}


def mended(raw: Raw) -> Raw:
    """Convert text whose Vietnamese letters are TCVN3 or VNI seen as Western letters; anything else stays as it is.

    The note ("converted_tcvn3", "converted_vni") counts words. A Unicode text with some such lines is left alone with
    the note "legacy_lines_left".
    """
    sample = raw.text[:_SAMPLE_LETTERS]
    western = len(_WESTERN.findall(sample))
    if not western:
        return raw
    if len(_UNICODE_ONLY.findall(sample)) * 10 > western:
        lines = sum(bool(_recognised(line)) for line in sample.split("\n") if _WESTERN.search(line))
        return replace(raw, notes=(*raw.notes, Note("legacy_lines_left", lines))) if lines else raw
    kind = _recognised(sample)
    if kind is None:
        return raw
    text, notes = convert(raw.text, kind)
    pieces = [convert(piece, kind)[0] for piece in raw.pieces]
    removed = tuple(Removed(part.key, convert(part.text, kind)[0]) for part in raw.removed)
    return replace(raw, text=text, pieces=pieces, notes=(*raw.notes, *notes), removed=removed)


def recognised_bytes(data: bytes) -> str | None:
    """Name the encoding of bytes that are not UTF-8: "tcvn3", "vni" or "cp1258"; None when none gives Vietnamese."""
    words = _marked_words(as_western(data[:_SAMPLE_LETTERS]))
    shares = {kind: _share(words, _CONVERT[kind]) for kind in _CONVERT}
    shares["cp1258"] = _share(words, as_cp1258)
    return _clear_best(words, shares)


def decode_old(data: bytes) -> tuple[str, tuple[Note, ...]] | None:
    """Decode bytes that are not UTF-8, with a note on what they were; None when nothing gives Vietnamese."""
    kind = recognised_bytes(data)
    if kind is None:
        return None
    western = as_western(data)
    if kind == "cp1258":
        return as_cp1258(western), (Note("converted_cp1258", len(_marked_words(western))),)
    return convert(western, kind)


def convert(text: str, kind: str) -> tuple[str, tuple[Note, ...]]:
    """Convert text known to be "tcvn3" or "vni".

    TCVN3 has no capitals with tone marks: fonts ending in H print small ones as capitals, so that files hold
    "KÕ HO¹CH". In a line without small letters of the alphabet they become capitals, and so does the first letter of a
    line unless lines of this text begin with plain small letters (wrapped lines, or items written small). A note counts
    those words.
    """
    words = len(_marked_words(text))
    text = _CONVERT[kind](text)
    notes = [Note(f"converted_{kind}", words)]
    if kind == "tcvn3":
        text, raised = _raise_capitals(text)
        if raised:
            notes.append(Note("capitals_restored", raised))
    return text, tuple(notes)


def font_encoding(font: str) -> str | None:
    """Name the encoding that a font's name tells ("tcvn3" for .VnTime, "vni" for VNI-Times), None for other fonts."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return "tcvn3"
    return "vni" if name.startswith("vni-") else None


def convert_run(text: str, font: str) -> str:
    """Convert a piece of text written in a font with letters of its own; other fonts' text is given back."""
    kind = font_encoding(font)
    if kind is None or _UNICODE_ONLY.search(text):
        return text
    converted = _CONVERT[kind](text)
    return converted.upper() if kind == "tcvn3" and font.strip().endswith("H") else converted


def _recognised(text: str) -> str | None:
    words = _marked_words(text)
    shares = {kind: _share(words, _CONVERT[kind]) for kind in _CONVERT}
    shares["as it is"] = _share(words, lambda word: word)
    best = _clear_best(words, shares)
    return None if best == "as it is" else best


def _clear_best(words: list[str], shares: dict[str, float]) -> str | None:
    ranked = sorted(shares.items(), key=lambda item: -item[1])
    (best, most), (_next, second) = ranked[:2]
    return best if len(words) >= _LEAST_WORDS and most >= _CLEAR and most - second >= _MARGIN else None


def _marked_words(text: str) -> list[str]:
    composed = unicodedata.normalize("NFC", text)
    return [word for word in _WORD.findall(composed) if not word.isascii()]


def _share(words: list[str], reading: Callable[[str], str]) -> float:
    return sum(is_syllable(reading(word)) for word in words) / len(words) if words else 0.0


def as_western(data: bytes) -> str:
    """See bytes as windows-1252; the five it leaves undefined stay control characters."""
    return data.decode("cp1252", "surrogateescape").translate(
        {0xDC00 + byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
    )


def as_cp1258(text: str) -> str:
    """Read Western letters as the windows-1258 they were meant to be, composed (NFC)."""
    raw = b"".join(letter.encode("latin-1" if letter < "\u0100" else "cp1252") for letter in text)
    return unicodedata.normalize("NFC", raw.decode("cp1258", "replace"))


def _raise_capitals(text: str) -> tuple[str, int]:
    lines, raised = text.split("\n"), 0
    if not any(_WRAPPED.match(line) for line in lines):
        firsts = [_FIRST_LETTER.match(line) for line in lines]
        lines = [
            line[: at.start(1)] + at[1].upper() + line[at.end() :] if at else line
            for at, line in zip(firsts, lines, strict=True)
        ]
        raised = sum(at is not None for at in firsts)
    for at, line in enumerate(lines):
        words = [word for word in _WORD.findall(line) if len(word) > 1 or not word.isascii()]
        sure = [word for word in words if not word.isascii() and _is_capital(word)]
        if sure and not any(re.search("[a-z]", word) for word in words):
            lines[at] = line.upper()
            raised += sum(word != word.upper() for word in words)
            continue
        meant = {word for word in sure if word != word.upper()}
        if meant:
            lines[at] = _in_capitals(line, meant)
            raised += len(meant)
    return "\n".join(lines), raised


def _in_capitals(line: str, words: set[str]) -> str:
    return _WORD.sub(lambda found: found[0].upper() if found[0] in words else found[0], line)


def _is_capital(word: str) -> bool:
    """At least two letters of the plain alphabet, all of them capitals: the marked ones beside them were meant so."""
    plain = re.findall("[A-Za-z]", word)
    return len(plain) > 1 and all(letter.isupper() for letter in plain)

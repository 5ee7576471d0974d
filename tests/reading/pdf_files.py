"""Makes PDF files letter by letter: every letter half as wide as it is high, so that a test knows each place."""

from __future__ import annotations

import hashlib
import itertools
import textwrap
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

A4 = (595.0, 842.0)
LEFT, RIGHT, TOP, BOTTOM = 85.0, 553.0, 80.0, 770.0
SIZE = 14.0
LEADING = 19.0
INDENT = 36.0
#: Codes are letters: what a reader needs to give text.
_EVERY_LETTER = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <0000> <ffff> endcodespacerange
1 beginbfrange <0000> <ffff> <0000> endbfrange
endcmap end end"""
#: What pads a password in the standard handler (ISO 32000-1, 7.6.3.3).
_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


@dataclass
class Page:
    """One page; places count from its top left corner."""

    width: float = A4[0]
    height: float = A4[1]
    rotate: int = 0
    parts: list[str] = field(default_factory=list)
    extra: str = ""

    def text(self, left: float, base: float, text: str, size: float = SIZE, font: str = "F0", more: str = "") -> None:
        """Print a text in one go; `more` are operators before it."""
        codes = "".join(f"{_code(letter):04x}" for letter in text)
        self.parts.append(f"BT /{font} {size} Tf {more} 1 0 0 1 {left} {self.height - base} Tm <{codes}> Tj ET")

    def centred(self, base: float, text: str, left: float = LEFT, right: float = RIGHT, size: float = SIZE) -> None:
        """Print a text in the middle between two places."""
        self.text((left + right - wide(text, size)) / 2, base, text, size)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a ruled line."""
        self.parts.append(f"0.5 w {x0} {self.height - y0} m {x1} {self.height - y1} l S")

    def cells(self, xs: Sequence[float], top: float, bottom: float, skip: Iterable[int] = ()) -> None:
        """Draw the sides of one row of a table and its lower rule, which has holes under the columns in `skip`."""
        for x in xs:
            self.rule(x, top, x, bottom)
        for number, (x0, x1) in enumerate(itertools.pairwise(xs)):
            if number not in skip:
                self.rule(x0, bottom, x1, bottom)


def wide(text: str, size: float = SIZE) -> float:
    """Give the width of a text."""
    return len(text) * size / 2


def _code(letter: str) -> int:
    return ord(letter) if ord(letter) < 0x10000 else 0xFFFD


def made(pages: Sequence[Page], fonts: Sequence[str] = ("TimesNewRoman", "TimesNewRoman-Bold"), *, root: str = "",
         objects: Sequence[bytes] = (), password: str | None = None) -> bytes:
    """Give the file. `objects` are numbered from 10 on; `password` is what opens it ("" opens for everybody)."""
    return assembled(_objects(pages, fonts, root, objects), password)


def _objects(pages: Sequence[Page], fonts: Sequence[str], root: str, objects: Sequence[bytes]) -> dict[int, bytes]:
    found = dict(enumerate(objects, start=10))
    at = 100
    names = []
    for place, font in enumerate(fonts):
        names.append(f"/F{place} {at} 0 R")
        found[at] = (f"<</Type/Font/Subtype/Type0/BaseFont/{font}/Encoding/Identity-H/DescendantFonts[{at + 1} 0 R]"
                     f"/ToUnicode {at + 3} 0 R>>").encode()
        found[at + 1] = (f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font}/CIDSystemInfo<</Registry(Adobe)/Ordering"
                         f"(Identity)/Supplement 0>>/DW 500/FontDescriptor {at + 2} 0 R>>").encode()
        found[at + 2] = (f"<</Type/FontDescriptor/FontName/{font}/Flags 4/FontBBox[0 -200 500 800]/Ascent 800"
                         "/Descent -200/CapHeight 700/ItalicAngle 0/StemV 80>>").encode()
        found[at + 3] = stream(_EVERY_LETTER)
        at += 4
    kids = []
    for page in pages:
        found[at] = stream("\n".join(page.parts).encode())
        found[at + 1] = (f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width} {page.height}]/Rotate {page.rotate}"
                         f"/Contents {at} 0 R/Resources<</Font<<{''.join(names)}>>{page.extra}>>>>").encode()
        kids.append(f"{at + 1} 0 R")
        at += 2
    found[1] = f"<</Type/Catalog/Pages 2 0 R{root}>>".encode()
    found[2] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>".encode()
    return found


def stream(data: bytes, entries: str = "", *, packed: bool = True) -> bytes:
    """Give a stream object's body."""
    if packed:
        data, entries = zlib.compress(data), entries + "/Filter/FlateDecode"
    return f"<<{entries}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def assembled(objects: dict[int, bytes], password: str | None = None) -> bytes:
    """Give the file of numbered objects, locked with a password when there is one."""
    trailer = "/Root 1 0 R"
    if password is not None:
        objects, more = _locked(objects, password)
        trailer += more
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number in sorted(objects):
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number in sorted(objects):
        out += f"{number} 1\n{places[number]:010d} 00000 n \n".encode()
    out += f"trailer<</Size {max(objects) + 1}{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _locked(objects: dict[int, bytes], password: str) -> tuple[dict[int, bytes], str]:
    """Lock with RC4 of 40 bits, revision 2: the oldest and shortest that readers know."""
    user = (password.encode("latin-1") + _PAD)[:32]
    owner = _rc4(hashlib.md5((b"owner" + _PAD)[:32]).digest()[:5], user)
    allowed = (-44).to_bytes(4, "little", signed=True)
    key = hashlib.md5(user + owner + allowed + b"0123456789abcdef").digest()[:5]
    locked = {}
    for number, plain in objects.items():
        body = plain
        head, mark, rest = plain.partition(b">>stream\n")
        if mark:
            data, _, _ = rest.rpartition(b"\nendstream")
            own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
            body = head + mark + _rc4(own, data) + b"\nendstream"
        locked[number] = body
    locked[9] = (f"<</Filter/Standard/V 1/R 2/P -44/O<{owner.hex()}>/U<{_rc4(key, _PAD).hex()}>>>").encode()
    identity = b"0123456789abcdef".hex()
    return locked, f"/Encrypt 9 0 R/ID[<{identity}><{identity}>]"


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def typeset(lines: Sequence[str], *, head: str = "", footnotes: dict[str, str] | None = None) -> list[Page]:
    """Print paragraphs as an office does: first lines set in, page numbers from the second page on.

    `head` stands at the top of every page. A "[1]" in a paragraph becomes a raised number with its footnote at the
    page's foot.
    """
    setting = _Setting(head, footnotes or {})
    for line in lines:
        setting.paragraph(line)
    setting.close()
    return setting.pages


class _Setting:
    def __init__(self, head: str, footnotes: dict[str, str]) -> None:
        self.pages: list[Page] = []
        self._head, self._footnotes = head, footnotes
        self._notes: list[tuple[str, list[str]]] = []
        self._next_page()

    def _next_page(self) -> None:
        self.pages.append(Page())
        self._base = TOP
        if self._head:
            self.pages[-1].text(LEFT, 30, self._head, 10)
        if len(self.pages) > 1:
            self.pages[-1].centred(45, str(len(self.pages)), size=13)

    def paragraph(self, text: str) -> None:
        letters = int((RIGHT - LEFT) / (SIZE / 2))
        own = [number for number in self._footnotes if f"[{number}]" in text]
        plain = text
        for number in own:
            plain = plain.replace(f"[{number}]", chr(0xE000 + int(number)))  # one letter while lines are broken
        for place, line in enumerate(textwrap.wrap(plain, letters, initial_indent=" " * int(INDENT / (SIZE / 2)))):
            if self._base > BOTTOM - self._room():
                self.close()
                self._next_page()
            left = LEFT + (INDENT if place == 0 else 0)
            for piece in self._pieces(line.strip()):
                raised = 0xE000 < ord(piece[0]) < 0xE100
                shown, size = (str(ord(piece[0]) - 0xE000), 8.0) if raised else (piece, SIZE)
                if raised:
                    number = shown
                    self._notes.append((number, textwrap.wrap(self._footnotes[number], 85)))
                self.pages[-1].text(left, self._base - (5 if raised else 0), shown, size)
                left += wide(shown, size)
            self._base += LEADING
        self._base += 6

    def _pieces(self, line: str) -> list[str]:
        pieces: list[str] = []
        for letter in line:
            apart = 0xE000 < ord(letter) < 0xE100
            if apart or not pieces or 0xE000 < ord(pieces[-1][0]) < 0xE100:
                pieces.append(letter)
            else:
                pieces[-1] += letter
        return pieces

    def _room(self) -> float:
        return 14 * sum(len(lines) for _, lines in self._notes) + (28 if self._footnotes else 0)

    def close(self) -> None:
        base = BOTTOM - 14 * (sum(len(lines) for _, lines in self._notes) - 1)
        page = self.pages[-1]
        if self._notes:
            page.rule(LEFT, base - 14, LEFT + 140, base - 14)
        for number, lines in self._notes:
            page.text(LEFT, base - 3, number, 6)
            for place, line in enumerate(lines):
                page.text(LEFT + (6 if place == 0 else 0), base, line, 10)
                base += 14
        self._notes = []

"""PDF files that are broken or built to harm: each ends with its reason, within limits, and harms nothing."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

import pytest

from tests.reading.pdf_files import Page, assembled, made, stream, typeset
from tracker.reading import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    PackedTooTight,
    Unreadable,
    WrongContent,
    WrongEnding,
    read,
    sandbox,
)
from tracker.reading.document import NoRecognition, TooManyPages
from tracker.reading.pages import MAX_PAGES

GOOD = made(typeset(["Kế hoạch phòng, chống ma túy của xã, nhiều chữ hơn một chút cho đủ bốn mươi."]))
MEGABYTE = 1 << 20


def squeezed(piece: bytes, times: int) -> bytes:
    """Press a very long run of bytes without holding it in memory."""
    press = zlib.compressobj(9)
    return b"".join(press.compress(piece) for _ in range(times)) + press.flush()


def with_content(body: bytes, *, resources: str = "", objects: tuple[bytes, ...] = ()) -> bytes:
    """Give a file of one page whose content stream is `body`; `objects` are numbered from 10 on."""
    found = dict(enumerate(objects, start=10))
    found |= {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>>>".encode(),
        4: body,
    }
    return assembled(found)


def packed(data: bytes, entries: str = "/Filter/FlateDecode") -> bytes:
    return f"<<{entries}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def picture(width: int, height: int, data: bytes, filters: str) -> bytes:
    """Give a file with one picture over its whole page."""
    entries = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 1/ColorSpace/DeviceGray"
    return with_content(stream(b"q 595 0 0 842 0 0 cm /I Do Q"), resources="/XObject<</I 10 0 R>>",
                        objects=(packed(data, entries + filters),))  # fmt: skip


def forms(depth: int, times: int) -> bytes:
    """Give a file whose forms call the next one many times over."""
    objects = tuple(
        stream(f"/X{level + 1} Do ".encode() * times,
               f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X{level + 1} {11 + level} 0 R>>>>")
        for level in range(depth)
    )  # fmt: skip
    return with_content(stream(b"/X0 Do"), resources="/XObject<</X0 10 0 R>>", objects=objects)


TWO_GIGABYTES = squeezed(b" " * MEGABYTE, 2000)
JBIG2 = bytes.fromhex("00000000300001000000130001869f0001869f000000000000000000000000") + bytes(50)
#: A page without letters that seems to be a picture: what is said depends on whether Tesseract is here.
NO_LETTERS = (EmptyFile, NoRecognition)

HOSTILE = [
    pytest.param(GOOD[: len(GOOD) // 2], DamagedFile, id="cut off"),
    pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 100, DamagedFile, id="noise"),
    pytest.param(made(typeset(["Kế hoạch"]), password="bi-mat"), EncryptedFile, id="locked with a password"),
    pytest.param(made([Page()] * (MAX_PAGES + 1)), TooManyPages, id="too many pages"),
    pytest.param(made([Page()] * 10_000), TooManyPages, id="ten thousand pages"),
    pytest.param(assembled({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Count 99999/Kids[2 0 R 2 0 R]>>"}),
                 Unreadable, id="a tree of pages in itself"),
    pytest.param(with_content(packed(TWO_GIGABYTES)), PackedTooTight, id="two gigabytes of blanks"),
    pytest.param(with_content(packed(zlib.compress(TWO_GIGABYTES), "/Filter[/FlateDecode/FlateDecode]")),
                 PackedTooTight, id="packed twice"),
    pytest.param(with_content(packed(squeezed(b"0 0 m 1 1 l S 0 0 m 9 9 l S\n" * 40_000, 8))), NO_LETTERS,
                 id="millions of strokes"),
    pytest.param(picture(100_000, 100_000, squeezed(bytes(MEGABYTE), 1200), "/Filter/FlateDecode"), NO_LETTERS,
                 id="a picture of ten thousand million dots"),
    pytest.param(picture(100_000, 100_000, JBIG2, "/Filter/JBIG2Decode"), NO_LETTERS, id="a JBIG2 picture as large"),
    pytest.param(made([Page(width=1e7, height=1e7)]), EmptyFile, id="a page of kilometres"),
    pytest.param(forms(12, 10), Unreadable, id="a tree of forms"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "refusal"), HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(
    data: bytes, refusal: type[Unreadable] | tuple[type[Unreadable], ...]
) -> None:
    with pytest.raises(refusal) as caught:
        read(data, "a.pdf")

    assert caught.value.values["name"] == "a.pdf"


def test_content_and_ending_that_disagree_are_told() -> None:
    with pytest.raises(WrongEnding) as caught:
        read(GOOD, "a.docx")
    assert caught.value.values["right"] == ".pdf"

    with pytest.raises((WrongEnding, WrongContent)):
        read(b"PK\x03\x04" + bytes(100), "a.pdf")


def test_a_program_that_does_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    noted = f"import pathlib,os; pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    child = f"{noted}; import time; time.sleep(600)"
    parent = f"import subprocess,sys; subprocess.run([sys.executable,'-c',{child!r}])"

    with pytest.raises(sandbox.TookTooLong):
        sandbox.run([sys.executable, "-c", parent], b"", seconds=5)

    pid = int((tmp_path / "pid").read_text())
    assert any(_is_gone(pid) for _ in range(1_000_000))


def _is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_limits_hold_for_memory_and_time_of_the_process_itself() -> None:
    memory = "from tracker.reading import sandbox; sandbox.limit_self(memory=1 << 28, seconds=60); bytearray(1 << 29)"
    time = "from tracker.reading import sandbox; sandbox.end_after(1)\nwhile True: pass"

    assert sandbox.run([sys.executable, "-c", memory], b"", seconds=60).status == 1
    with pytest.raises(sandbox.TookTooLong):
        sandbox.run([sys.executable, "-c", time], b"", seconds=60)


def test_what_parses_a_file_sees_no_secret_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "khong-duoc-lo")

    seen = sandbox.run([sys.executable, "-c", "import os; print(sorted(os.environ))"], b"", seconds=60).output

    assert b"PATH" in seen
    assert b"TRACKER" not in seen


def test_reading_loads_neither_the_web_nor_the_parser_into_this_process() -> None:
    heavy = {"flask", "sqlalchemy", "pypdfium2"}
    program = f"import sys, tracker.reading; print({heavy} & set(sys.modules) or 'none')"

    assert sandbox.run([sys.executable, "-c", program], b"", seconds=60).output.strip() == b"none"

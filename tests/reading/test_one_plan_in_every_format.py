"""One plan, handed over in every kind of file that is read: what is found in it is the same each time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.extraction.scoring import compare, f1
from tests.reading.plan_files import as_markdown, as_print, as_web_page, as_word, parts, plan_text
from tests.reading.scans import scanned
from tests.reading.test_legacy_letters import in_cp1258, in_tcvn3, in_vni
from tests.reading.test_office_files import converted, needs_office
from tests.reading.test_scans import needs_tesseract
from tracker.extraction import extract
from tracker.reading import Document, read

#: What recognition of a printed page with dust on it must keep of a text file's findings (F1). Measured with
#: Tesseract 5.3: 1.00 for task, owner, partner, role, report and measure, 0.96 for deadline, 1.00 for indicator.
LEAST_OF_A_SCAN = {"task": 0.95, "owner": 0.95, "deadline": 0.92}
LEAST_OF_THE_REST = 0.9


def found(text: str) -> dict[str, Any]:
    """Give what is found in a text, with blanks and Unicode's two spellings evened."""
    evened: dict[str, Any] = even(extract(text).to_json(), lambda words: " ".join(nfc(words).split()))
    return evened


def even(value: Any, way: Callable[[str], str]) -> Any:
    """Even every text inside a value."""
    if isinstance(value, str):
        return way(value)
    if isinstance(value, dict):
        return {key: even(one, way) for key, one in value.items()}
    return [even(one, way) for one in value] if isinstance(value, list) else value


def nfc(words: str) -> str:
    return unicodedata.normalize("NFC", words)


WANTED = found(plan_text())


def test_the_text_file_gives_what_a_person_finds_in_it() -> None:
    counts = {part: len(WANTED[part]) for part in ("tasks", "measures", "indicators")}

    assert counts == {"tasks": 27, "measures": 7, "indicators": 11}
    assert len({owner for task in WANTED["tasks"] for owner in task["owners"]}) == 14
    assert sum(task["requested"] for task in WANTED["tasks"]) == 3
    assert [task["section"] for task in WANTED["tasks"]][-5:] == [f"Phụ lục.{row}" for row in range(1, 6)]
    facts = WANTED["plan"]
    assert (facts["number"], facts["issued_on"], facts["signed_by"]) == (
        "64/KH-UBND", "2026-03-16", "Hoàng Thị Thu Vân",
    )  # fmt: skip


EXACT = [
    pytest.param("a.html", as_web_page(), id="a portal's page with its menus"),
    pytest.param("a.md", as_markdown(), id="Markdown"),
    pytest.param("a.docx", as_word(), id="Word with automatic numbers and tables"),
    pytest.param("a.txt", in_vni(plan_text()).encode("cp1252"), id="VNI"),
    pytest.param("a.txt", in_cp1258(plan_text()), id="windows-1258"),
    pytest.param("a.txt", plan_text().encode("utf-16"), id="UTF-16"),
    pytest.param("a.txt", unicodedata.normalize("NFD", plan_text()).encode(), id="letters and marks apart (NFD)"),
    pytest.param("a.txt", plan_text().replace("\n", "\r\n").encode("utf-8-sig"), id="as Windows saves it"),
]


@pytest.mark.parametrize(("name", "data"), EXACT)
def test_the_same_is_found_in(name: str, data: bytes) -> None:
    document = read(data, name)

    assert found(document.text) == WANTED
    assert not document.unchecked


def test_the_same_is_found_in_tcvn3_but_for_capitals() -> None:
    """TCVN3 has none with a tone mark: "Ủy ban" inside a line comes back as "ủy ban"."""
    document = read(in_tcvn3(plan_text()).encode("cp1252"), "a.txt")

    assert even(found(document.text), str.casefold) == even(WANTED, str.casefold)


@needs_office
@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_the_same_is_found_in_an_old_file(ending: str, tmp_path: Path) -> None:
    document = read(converted(as_word(), ending, tmp_path), f"a.{ending}")

    assert found(document.text) == WANTED


@pytest.fixture(scope="module")
def printed(chromium: Any) -> bytes:
    """The plan as a browser prints it, with page breaks, a letterhead of two columns and a table with ruled lines."""
    page = chromium.new_page()
    page.set_content(as_print())
    data: bytes = page.pdf(prefer_css_page_size=True)
    page.close()
    return data


@pytest.mark.browser
def test_the_same_is_found_in_a_pdf(printed: bytes) -> None:
    document = read(printed, "a.pdf")

    assert (document.kind, document.unchecked) == ("pdf", False)
    assert found(document.text) == WANTED


@pytest.fixture(scope="module")
def recognised(printed: bytes) -> Document:
    return read(scanned(printed), "a.pdf")


@needs_tesseract
@pytest.mark.browser
def test_nearly_the_same_is_found_in_a_scan(recognised: Document) -> None:
    assert (recognised.kind, recognised.unchecked) == ("scan", True)
    scores = {part: f1(*bags) for part, bags in compare(WANTED, found(recognised.text)).items()}

    assert {
        part: score for part, score in scores.items() if score < LEAST_OF_A_SCAN.get(part, LEAST_OF_THE_REST)
    } == {}


@needs_tesseract
@pytest.mark.browser
def test_the_table_of_a_scan_keeps_its_cells(recognised: Document) -> None:
    """Ruled lines beside letters spoil them; they are taken out of the picture before it is recognised."""
    rows = [line.split(" | ") for line in recognised.text.split("\n") if line.count(" | ") == 5]
    wanted = [list(row) for row in parts()[-1].rows]

    assert len(rows) == len(wanted)
    cells = [pair for row, full in zip(rows, wanted, strict=True) for pair in zip(row, full, strict=True)]
    assert sum(cell == meant for cell, meant in cells) >= LEAST_OF_THE_REST * len(cells)

"""English is complete: every sentence of the interface has one, and it holds the same values."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "tracker" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
VALUE = re.compile(r"%\(\w+\)[sd]")
#: Letters that no English sentence has.
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every sentence found in code and templates today."""
    found = tmp_path_factory.mktemp("words") / "messages.pot"
    CommandLineInterface().run([
        "pybabel", "-q", "extract", "-F", str(ROOT / "pyproject.toml"), "-k", "_l", "-k", "lazy_gettext", "-k", "N_",
        "-k", "ngettext:1,2", "-o", str(found), "--input-dirs", str(ROOT),
    ])  # fmt: skip
    with found.open("rb") as lines:
        return read_po(lines)


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as lines:
        return read_po(lines, locale="en")


def said(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def test_every_sentence_has_its_english_and_none_is_left_over(source: Catalog, english: Catalog) -> None:
    wanted = {message.id for message in source if message.id}
    given = {message.id for message in english if message.id and all(said(message.string))}

    assert sorted(map(said, wanted - given)) == []
    assert sorted(map(said, given - wanted)) == []
    assert len(wanted) > 500


def test_a_translation_holds_the_same_values_as_its_source(english: Catalog) -> None:
    different = [
        message.id for message in english if message.id
        and {value for form in said(message.id) for value in VALUE.findall(form)}
        != {value for form in said(message.string) for value in VALUE.findall(form)}
    ]  # fmt: skip

    assert different == []


def test_no_vietnamese_is_left_in_the_english_but_names(english: Catalog) -> None:
    #: The product's name, and what a reader has to recognise in a Vietnamese document.
    kept = re.compile(r"Đôn Đốc|\d+/\d{4}/NĐ-CP|MẬT|TỐI MẬT|TUYỆT MẬT|“[^”]*”|\([^)]*\)|Sở Y tế|Hà Dương")
    left = [said(message.string) for message in english if message.id
            and VIETNAMESE.search(kept.sub("", " ".join(said(message.string))))]

    assert left == []


def test_somebody_who_reads_english_gets_english_pages(sqlite_app: Flask) -> None:
    with sqlite_app.test_client() as browser:
        browser.post("/accounts/language", data={"locale": "en", "next": "/accounts/log-in"})

        page = browser.get("/accounts/log-in").get_data(as_text=True)

    assert '<html lang="en">' in page
    assert "Sign in" in page
    assert "Đăng nhập" not in page

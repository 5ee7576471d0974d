"""Documents with a mark of state secrecy are refused; the words in prose are not."""

from __future__ import annotations

import unicodedata

import docx
import pytest

from tests.reading.word_files import saved
from tracker.reading import SecretDocument, read, read_pasted

HEAD = "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH HÀ DƯƠNG | Độc lập - Tự do - Hạnh phúc\n"

MARKED = [
    pytest.param(f"{HEAD}MẬT\nKẾ HOẠCH\nI. MỤC ĐÍCH", "MẬT", id="a line of its own"),
    pytest.param(f"{HEAD}[ TỐI MẬT ]\nKẾ HOẠCH", "TỐI MẬT", id="in brackets"),
    pytest.param(f"{HEAD}Độ mật: Tuyệt mật\nKẾ HOẠCH", "TUYỆT MẬT", id="after a label"),
    pytest.param("TỐI MẬT | CỘNG HÒA XÃ HỘI\nKẾ HOẠCH", "TỐI MẬT", id="a cell of the letterhead"),
    pytest.param(f"{HEAD}Số: 12/KH-UBND (MẬT)\nKẾ HOẠCH", "MẬT", id="beside the number"),
    pytest.param(unicodedata.normalize("NFD", f"{HEAD}MẬT\nKẾ HOẠCH"), "MẬT", id="spelt in NFD"),
    pytest.param("ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG MẬT Số: 5/KH-UBND KẾ HOẠCH", "MẬT", id="without line ends"),
]


@pytest.mark.parametrize(("text", "mark"), MARKED)
def test_a_marked_document_is_refused(text: str, mark: str) -> None:
    with pytest.raises(SecretDocument) as caught:
        read_pasted(text)

    assert caught.value.values["mark"] == mark


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}KẾ HOẠCH\nBảo vệ bí mật nhà nước, bảo mật thông tin; không làm lộ danh sách.",
        f"{HEAD}KẾ HOẠCH\nBẢO VỆ BÍ MẬT NHÀ NƯỚC\nI. MỤC ĐÍCH",
        f"{HEAD}KẾ HOẠCH\n" + "- Việc thường.\n" * 60 + "MẬT\n",
    ],
    ids=["in prose", "in a title", "far below the head"],
)
def test_the_word_alone_is_no_mark(text: str) -> None:
    assert read_pasted(text).text == text


def test_a_mark_in_the_page_header_of_a_word_file_is_seen() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "TỐI MẬT"
    document.add_paragraph("KẾ HOẠCH")

    with pytest.raises(SecretDocument):
        read(saved(document), "ke-hoach.docx")

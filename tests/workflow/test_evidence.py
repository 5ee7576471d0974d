"""Files are taken by what they hold, named by what they are called, and kept by their hash."""
from __future__ import annotations

import hashlib
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest

from tests import sample_files as sample
from tests.factories import NOW
from tracker.config import EVIDENCE_LIMIT
from tracker.rules.personal_data import IdentityNumber
from tracker.workflow.evidence import BadFiles, FileTooLarge, TooManyFiles, Upload, check, clean_name, keep, path_of
from tracker.workflow.file_types import (
    ENDINGS,
    EmptyFile,
    MacroFile,
    ProgramFile,
    UnknownFile,
    WebPageFile,
    WrongEnding,
    find_type,
)

TAKEN = [
    ("Báo cáo.pdf", sample.PDF, "application/pdf"),
    ("quét.pdf", b"\xef\xbb\xbf\n" + sample.PDF, "application/pdf"),
    ("BAO CAO.DOCX", sample.DOCX, next(k for k, v in ENDINGS.items() if ".docx" in v)),
    ("so lieu.xlsx", sample.XLSX, next(k for k, v in ENDINGS.items() if ".xlsx" in v)),
    ("trinh bay.pptx", sample.PPTX, next(k for k, v in ENDINGS.items() if ".pptx" in v)),
    ("cu.doc", sample.DOC, "application/msword"),
    ("cu.xls", sample.XLS, "application/vnd.ms-excel"),
    ("a.odt", sample.ODT, "application/vnd.oasis.opendocument.text"),
    ("a.ods", sample.ODS, "application/vnd.oasis.opendocument.spreadsheet"),
    ("anh.png", sample.PNG, "image/png"),
    ("anh.JPG", sample.JPEG, "image/jpeg"),
    ("anh.jpeg", sample.JPEG, "image/jpeg"),
    ("anh.webp", sample.WEBP, "image/webp"),
    ("anh.heic", sample.HEIC, "image/heic"),
    ("ghi chú.txt", "Đã tổ chức 12 buổi.".encode(), "text/plain"),
    ("số liệu.csv", "\ufeffXã;Số buổi\nAn Bình;3\n".encode(), "text/plain"),
    ("từ máy cũ.csv", "Xã;Số buổi".encode("utf-16"), "text/plain"),
]
REFUSED = [
    ("rong.pdf", b"", EmptyFile),
    ("bao cao.pdf", sample.EXE, ProgramFile),
    ("cai dat.exe", sample.EXE, ProgramFile),
    ("chay.sh", b"#!/bin/sh\nrm x\n", ProgramFile),
    ("chay.bat", b"del x\r\n", ProgramFile),
    ("gia.exe", sample.PDF, ProgramFile),
    ("dinh kem.docx", sample.DOCX_WITH_PROGRAM, ProgramFile),
    ("bao cao.docm", sample.DOCM, MacroFile),
    ("bao cao.docx", sample.DOCM, MacroFile),
    ("bao cao.docx", sample.DOCX_SAYING_MACROS, MacroFile),
    ("bao cao.odt", sample.ODT_WITH_MACROS, MacroFile),
    ("bao cao.doc", sample.DOC_WITH_MACROS, MacroFile),
    ("trang.html", sample.HTML, WebPageFile),
    ("trang.txt", sample.HTML, WebPageFile),
    ("hinh.svg", sample.SVG, WebPageFile),
    ("trang.pdf", b"<html>%PDF-1.4", WebPageFile),
    ("bao cao.pdf", sample.DOCX, WrongEnding),
    ("bao cao", sample.PDF, WrongEnding),
    ("anh.png", sample.JPEG, WrongEnding),
    ("ghi chu.pdf", b"chi la chu", WrongEnding),
    ("nen.zip", sample.ZIP, UnknownFile),
    ("nen.docx", sample.ZIP, UnknownFile),
    ("hong.docx", sample.DOCX[:-30], UnknownFile),
    ("hong.docx", b"PK\x03\x04" + bytes(100), UnknownFile),
    ("cai.msi", sample.MSI, UnknownFile),
    ("cai.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", UnknownFile),
    ("nen.rar", sample.RAR, UnknownFile),
    ("la.bin", bytes(range(256)), UnknownFile),
]


def upload(name: str, content: bytes) -> Upload:
    return Upload(name, BytesIO(content))


@pytest.mark.parametrize(("name", "content", "expected"), TAKEN, ids=[name for name, _c, _e in TAKEN])
def test_what_offices_send_is_taken_for_what_it_is(name: str, content: bytes, expected: str) -> None:
    stream = BytesIO(content)
    stream.read(3)

    assert find_type(stream, name) == expected
    assert stream.tell() == 0


@pytest.mark.parametrize(("name", "content", "expected"), REFUSED,
                         ids=[f"{name} {refusal.__name__}" for name, _c, refusal in REFUSED])
def test_what_must_not_come_in_is_refused_by_name(name: str, content: bytes, expected: type[Exception]) -> None:
    with pytest.raises(expected) as refused:
        find_type(BytesIO(content), name)

    assert refused.value.values["name"] == name  # type: ignore[attr-defined]


def test_a_zip_that_claims_a_huge_list_of_parts_is_not_read() -> None:
    content = bytearray(sample.DOCX)
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 16] = (50 * 1024 * 1024).to_bytes(4, "little")

    with pytest.raises(UnknownFile):
        find_type(BytesIO(bytes(content)), "bao cao.docx")


def test_each_bad_file_is_named_with_its_reason() -> None:
    files = [upload("tot.pdf", sample.PDF), upload("rong.pdf", b""), upload("xau.pdf", sample.EXE)]

    with pytest.raises(BadFiles) as refused:
        check(files)

    assert [(type(p), p.values["name"]) for p in refused.value.problems] == [
        (EmptyFile, "rong.pdf"), (ProgramFile, "xau.pdf")]  # fmt: skip


def test_a_file_of_26_megabytes_is_refused_and_one_of_25_is_taken() -> None:
    most = sample.PDF.ljust(EVIDENCE_LIMIT, b" ")

    assert check([upload("vua.pdf", most)])[0].size == EVIDENCE_LIMIT
    with pytest.raises(BadFiles) as refused:
        check([upload("lon.pdf", most + b" " * 1024 * 1024)])
    assert refused.value.problems[0].values == {"name": "lon.pdf", "limit": 25}
    assert isinstance(refused.value.problems[0], FileTooLarge)


def test_six_files_are_too_many() -> None:
    with pytest.raises(TooManyFiles):
        check([upload(f"{n}.pdf", sample.PDF) for n in range(6)])


def test_a_name_that_holds_an_identity_number_is_refused() -> None:
    with pytest.raises(BadFiles) as refused:
        check([upload("ho so 001085012345.pdf", sample.PDF)])

    assert isinstance(refused.value.problems[0], IdentityNumber)


@pytest.mark.parametrize(("sent", "kept"), [
    ("C:\\Users\\lan\\Báo cáo.pdf", "Báo cáo.pdf"),
    ("../../etc/passwd", "passwd"),
    ("/tmp/a.pdf", "a.pdf"),
    (unicodedata.normalize("NFD", "Kế hoạch đợt 2.pdf"), "Kế hoạch đợt 2.pdf"),
    ("bao\u202efdp.exe.pdf", "baofdp.exe.pdf"),
    ("a\r\nSet-Cookie: x.pdf", "a  Set-Cookie: x.pdf"),
    ("..", "tep"),
    ("", "tep"),
    ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
])  # fmt: skip
def test_a_name_is_kept_without_folders_and_tricks(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


def test_files_lie_under_their_hash_once_and_whole(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    files = check([upload("Báo cáo.pdf", sample.PDF), upload("bản sao.pdf", sample.PDF)])

    rows = keep(folder, files, now=NOW)

    assert [row.file_name for row in rows] == ["Báo cáo.pdf", "bản sao.pdf"]
    assert rows[0].sha256 == hashlib.sha256(sample.PDF).hexdigest()
    place = path_of(folder, rows[0])
    assert place == path_of(folder, rows[1])
    assert place.read_bytes() == sample.PDF
    assert place.relative_to(folder).parts == (rows[0].sha256[:2], rows[0].sha256[2:4], rows[0].sha256)
    assert [p for p in folder.rglob("*") if p.is_file()] == [place]
    assert place.stat().st_mode & 0o077 == 0

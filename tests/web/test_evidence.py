"""Evidence: saved under its own name, looked at, never run."""
from __future__ import annotations

import re
import unicodedata

import pytest
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.web.assignment_case import Case, file
from tracker.web.downloads import attachment

pytestmark = pytest.mark.usefixtures("morning")


def test_evidence_is_saved_under_its_own_name_and_never_run(case: Case) -> None:
    name = unicodedata.normalize("NFD", "hồ sơ/Biên bản đợt 2.pdf")
    case.hand_in(files=[file(name, sample.PDF)])
    evidence = case.updates()[0].evidence[0]

    for who in ("liaison", "coordinator", "leader"):
        answer = case.get(who, f"/assignments/evidence/{evidence.id}")
        assert (answer.status_code, answer.data, answer.mimetype) == (200, sample.PDF, "application/pdf")
        assert answer.headers["Content-Disposition"] == (
            "attachment; filename=\"bien ban dot 2.pdf\"; "
            "filename*=UTF-8''Bi%C3%AAn%20b%E1%BA%A3n%20%C4%91%E1%BB%A3t%202.pdf"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["Cache-Control"] == "private, no-store"
        answer.close()


def test_evidence_whose_bytes_are_gone_is_not_found(case: Case, session: Session) -> None:
    case.hand_in(files=[file("a.pdf", sample.PDF)])
    evidence = case.updates()[0].evidence[0]
    evidence.sha256 = "f" * 64
    session.commit()

    assert case.get("liaison", f"/assignments/evidence/{evidence.id}").status_code == 404


@pytest.mark.parametrize("name", ['a";x="b.pdf', "a\r\nX: y.pdf", "日本.pdf", ".pdf", "không đuôi"])
def test_a_file_name_cannot_break_out_of_its_header(name: str) -> None:
    header = attachment(name)

    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9 ._()-]*\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", header)


@pytest.mark.parametrize(("name", "content", "shown"), [
    ("a.pdf", sample.PDF, True), ("a.png", sample.PNG, True), ("a.docx", sample.DOCX, False), ("a.txt", b"Chu", False),
])  # fmt: skip
def test_pictures_and_pdfs_are_looked_at_in_a_locked_tab(case: Case, name: str, content: bytes, shown: bool) -> None:
    case.hand_in(files=[file(name, content)])
    key = case.updates()[0].evidence[0].id

    answer = case.get("coordinator", f"/assignments/evidence/{key}?view=1")

    assert answer.headers["Content-Disposition"].startswith("inline" if shown else "attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert ("view=1" in case.get("coordinator", f"/assignments/{case.id}").text) is shown
    answer.close()

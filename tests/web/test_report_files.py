"""Files of a report: chosen in its form, sent ahead, removed, refused by name."""
from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests import sample_files as sample
from tests.factories import Factory
from tests.web.assignment_case import FETCH, FIGURES, Case, file, form_of, post
from tracker.config import EVIDENCE_LIMIT
from tracker.models import DraftFile, Evidence

pytestmark = pytest.mark.usefixtures("morning")


def test_each_bad_file_is_named_and_the_rest_of_the_form_stays(case: Case, session: Session) -> None:
    files = [("Báo cáo.pdf", sample.EXE), ("mẫu.docm", sample.DOCM), ("trống.pdf", b""),
             ("lớn.pdf", sample.PDF.ljust(EVIDENCE_LIMIT + 1024 * 1024)), ("tốt.pdf", sample.PDF)]
    form = {"state": "in_progress", "percent": "40", "text": "Đã mở 3 lớp.", "version": "1",
            "files": [FileStorage(BytesIO(content), name) for name, content in files]}
    boundary, body = encode_multipart(form)

    answer = case.browsers["liaison"].post(f"/assignments/{case.id}/progress", data=body,
                                           content_type=f"multipart/form-data; boundary={boundary}")

    assert answer.status_code == 200
    for sentence in ("Tệp “Báo cáo.pdf” là chương trình", "Tệp “mẫu.docm” có macro", "Tệp “trống.pdf” rỗng",
                     "Tệp “lớn.pdf” lớn hơn 25 MB", '<span class="staged__name">tốt.pdf</span>'):
        assert sentence in answer.text
    assert "Đã mở 3 lớp." in answer.text
    assert session.scalars(select(Evidence)).all() == []
    # The good one need not be chosen again.
    assert case.hand_in(files=[], document_number="", document_on="").status_code == 302
    assert [kept.file_name for kept in case.updates()[0].evidence] == ["tốt.pdf"]


def test_small_buttons_work_without_a_script_and_lose_nothing(case: Case) -> None:
    typed = {"text": "Đang gõ dở.", "files": [file("a.pdf", sample.PDF)], "press": "add_figure"}
    more = case.report(**typed, **FIGURES)
    staged = case.session.scalars(select(DraftFile)).one()
    gone = case.report(text="Đang gõ dở.", press=f"remove-{staged.id}")

    assert "figures-1-name" in more.text
    assert "1.250,5" in more.text
    assert 'staged__name">a.pdf' in more.text
    assert "Đang gõ dở." in gone.text
    assert 'staged__name">a.pdf' not in gone.text
    assert case.updates() == []


def test_a_photograph_goes_the_same_way_as_a_file(case: Case) -> None:
    case.report(state="submitted", photos=[file("IMG_1.jpg", sample.JPEG)])

    assert [kept.file_name for kept in case.updates()[0].evidence] == ["IMG_1.jpg"]


def test_files_are_sent_one_by_one_and_removed(case: Case) -> None:
    kept = post(case, "files", data={"file": file("Biên bản.pdf", sample.PDF)}, headers=FETCH)
    bad = post(case, "files", data={"file": file("b.pdf", sample.EXE)}, headers=FETCH)
    none = post(case, "files", data={}, headers=FETCH)
    strangers = case.browsers["stranger"].post(kept.json["remove"], headers=FETCH)
    removed = case.browsers["liaison"].post(kept.json["remove"], headers=FETCH)
    case.session.rollback()

    assert (kept.json["name"], kept.json["notice"]) == ("Biên bản.pdf", "")
    assert (bad.status_code, none.status_code, strangers.status_code, removed.status_code) == (422, 400, 404, 200)
    assert "là chương trình" in bad.json["message"]
    assert case.session.scalars(select(DraftFile)).all() == []


def test_a_file_that_was_handed_in_before_is_noticed(case: Case, make: Factory) -> None:
    case.report(files=[file("cũ.pdf", sample.PDF)])

    again = post(case, "files", data={"file": file("mới.pdf", sample.PDF)}, headers=FETCH)

    assert again.json["notice"].startswith("Tệp này đã gửi ngày 18/03/2026 cho nhiệm vụ “")
    assert again.json["notice"].rstrip("”.")[-5:] in case.now().task.text
    assert "Tệp này đã gửi ngày" in form_of(case)

"""The administrator's agencies: found by other names, corrected, refused."""
from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.web.admin.desk import names
from tracker.models import AgencyKind


def test_agencies_are_found_by_other_names_without_marks(browser: FlaskClient, make: Factory) -> None:
    data = {"name": "Sở Nông nghiệp và Môi trường", "kind": "department", "level": "province", "position": "3",
            "aliases": "Sở TN&MT\r\nSở Tài nguyên và Môi trường\r\n\r\n"}  # fmt: skip
    browser.post("/admin/agencies/new", data=data)

    assert names(browser.get("/admin/agencies?q=tai nguyen").text) == ["Sở Nông nghiệp và Môi trường"]
    assert names(browser.get("/admin/agencies?q=100%25").text) == []
    assert names(browser.get("/admin/agencies?kind=press").text) == []


def test_an_agency_is_corrected_with_its_aliases(browser: FlaskClient, make: Factory, session: Session) -> None:
    agency = make.agency("Toà án tỉnh")
    data = {"name": "Tòa án nhân dân tỉnh", "kind": "court", "level": "province", "position": "7",
            "is_requested": "y", "aliases": "TAND tỉnh"}  # fmt: skip

    answer = browser.post(f"/admin/agencies/{agency.id}", data=data)
    session.rollback()
    session.expire_all()

    assert answer.status_code == 302
    assert (agency.name, agency.fold, agency.kind) == ("Tòa án nhân dân tỉnh", "toa an nhan dan tinh", AgencyKind.COURT)
    assert agency.is_requested
    assert [alias.name for alias in agency.aliases] == ["TAND tỉnh"]


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"name": "Sở Nội vụ"}, "Đã có cơ quan mang tên “Sở Nội vụ”."),
    ({"name": "\x00"}, "Hãy nhập tên cơ quan."),
    ({"name": "\u200b"}, "Chưa nhập tên cơ quan."),
    ({"aliases": "so noi vu"}, "Tên “so noi vu” đã dùng cho “Sở Nội vụ”."),
    ({"position": "chín"}, "Hãy nhập một số."),
    ({"position": "-1"}, "Hãy nhập một số từ 0 đến 100000."),
    ({"kind": "x"}, "Hãy chọn một mục trong danh sách."),
])  # fmt: skip
def test_a_refused_agency_says_why(browser: FlaskClient, make: Factory, wrong: dict[str, str], sentence: str) -> None:
    make.agency("Sở Nội vụ")
    data = {"name": "Sở Y tế", "kind": "department", "level": "province", "position": "1", "aliases": "", **wrong}

    answer = browser.post("/admin/agencies/new", data=data)

    assert answer.status_code == 200
    assert sentence in answer.text

"""Drafts of a report: kept, shown beside what a colleague said, thrown away."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import Factory
from tests.web.assignment_case import FIGURES, Case, form_of, post
from tracker.models import Assignment, ReportDraft

pytestmark = pytest.mark.usefixtures("morning")


def save_draft(case: Case, who: str = "liaison", **values: Any) -> Any:
    return post(case, "draft", who, json={"text": "Nháp của tôi.", "state": "in_progress", **values})


def test_a_draft_is_shown_instead_of_the_last_report_and_goes_with_the_report(case: Case) -> None:
    case.report(text="Báo cáo trước.")
    saved = save_draft(case, document_on="31/02", **FIGURES)

    form = form_of(case)
    assert saved.json["message"] == "Bản nháp lưu lúc 18/03/2026 09:00"
    for words in ("Nháp của tôi.", "Bản nháp lưu lúc 18/03/2026 09:00", "Bỏ bản nháp", 'value="31/02"', "1.250,5"):
        assert words in form
    assert "Báo cáo trước." not in form

    case.report(text="Báo cáo mới.")
    assert case.session.scalars(select(ReportDraft)).all() == []


def test_a_draft_is_thrown_away_without_a_script(case: Case) -> None:
    case.report(text="Báo cáo trước.")
    save_draft(case)

    answer = case.report(press="drop_draft", text="Nháp của tôi.")

    assert answer.location == f"/assignments/{case.id}/progress"
    assert "Báo cáo trước." in form_of(case)


def test_a_draft_from_before_a_colleagues_report_stands_beside_it(case: Case, make: Factory, as_user: Any) -> None:
    save_draft(case, version=case.now().version)
    case.session.rollback()
    case.liaison = make.user(agency=case.session.get_one(Assignment, case.id).agency, name="Lê Văn Bình")
    mine = case.browsers["liaison"]
    case.browsers["liaison"] = as_user(case.liaison)
    case.report(text="Anh Bình báo trước.")
    case.browsers["liaison"] = mine

    form = form_of(case)

    assert "Nháp của tôi." in form
    assert "Lê Văn Bình báo cáo lúc" in form
    assert "Anh Bình báo trước." in form


def test_drafts_are_refused_for_what_they_may_not_hold_and_where_nothing_is_owed(case: Case) -> None:
    persons = save_draft(case, text="Hồ sơ 001085012345")
    nothing = post(case, "draft", json=["x"])
    case.hand_in()
    late = save_draft(case)

    assert (persons.status_code, nothing.status_code, late.status_code) == (422, 400, 409)
    assert "giống số căn cước" in persons.json["message"]
    assert case.session.scalars(select(ReportDraft)).all() == []


def test_reading_any_form_of_it_writes_nothing(case: Case) -> None:
    from tests.counting import counted_statements

    save_draft(case)
    for query in ("", "?inline=1", "?done=1"):
        with counted_statements() as sent:
            form_of(case, query)
        assert [one for one in sent if one.lstrip().split()[0] in {"INSERT", "UPDATE", "DELETE"}] == []

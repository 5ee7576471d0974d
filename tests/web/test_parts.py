"""The helpers on the lead's page, and what the lead may press."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import Factory
from tests.workflow.test_parts import Case
from tracker.rules.states import AssignmentState as State


@pytest.fixture
def case(session: Session, make: Factory, tmp_path: Path) -> Case:
    return Case(session, make, tmp_path)


def test_the_lead_does_without_a_part(session: Session, as_user: Any, case: Case) -> None:
    browser = as_user(case.leader)
    page = browser.get(f"/assignments/{case.lead.id}").text
    assert "Cơ quan phối hợp" in page
    assert case.helper.agency.name in page

    browser.post(f"/assignments/{case.lead.id}/parts/{case.part.id}/waive",
                 data={"reason": "Đã tự làm được.", "version": case.part.version})

    session.expire_all()
    assert case.part.state is State.CANCELLED


def test_a_waiver_without_a_reason_or_of_an_older_page_is_refused(session: Session, as_user: Any, case: Case) -> None:
    browser = as_user(case.leader)
    path = f"/assignments/{case.lead.id}/parts/{case.part.id}/waive"

    assert "Hãy ghi lý do" in browser.post(path, data={"version": case.part.version}).text
    answer = browser.post(path, data={"version": "77", "reason": "Lý do đã gõ."})

    assert (answer.status_code, "Lý do đã gõ." in answer.text) == (409, True)
    session.expire_all()
    assert case.part.state is State.OPEN


def test_the_helper_sees_whom_it_helps_and_nothing_of_the_leads_row(as_user: Any, case: Case) -> None:
    browser = as_user(case.helper)

    assert case.leader.agency.name in browser.get(f"/assignments/{case.part.id}").text
    assert browser.get(f"/assignments/{case.lead.id}").status_code == 404
    assert browser.post(f"/assignments/{case.lead.id}/parts/{case.part.id}/waive").status_code == 404


def test_asking_and_adding_work_from_the_page(session: Session, make: Factory, as_user: Any, case: Case) -> None:
    browser, new = as_user(case.leader), make.agency("Hội Chữ thập đỏ")

    asked = browser.post(f"/assignments/{case.lead.id}/parts/{case.part.id}/ask", data={"text": "Khi nào xong?"},
                         follow_redirects=True)
    added = browser.post(f"/assignments/{case.lead.id}/parts", data={"agency": new.id}, follow_redirects=True)
    nobody = browser.post(f"/assignments/{case.lead.id}/parts", data={"agency": "x"})

    assert "Khi nào xong?" in asked.text
    assert "Hội Chữ thập đỏ" in added.text
    assert nobody.status_code == 400

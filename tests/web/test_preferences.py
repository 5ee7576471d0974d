"""A person's own page of mails: what it offers whom, what it refuses, and the administrator's view of it."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tracker.models import User
from tracker.rules.permissions import Role
from tracker.rules.states import DigestRhythm
from tracker.workflow.preferences import preferences_of

pytestmark = pytest.mark.usefixtures("morning")
PAGE = "/accounts/preferences"


def form(user: User, **values: Any) -> dict[str, Any]:
    return {"digest": "daily", "locale": "vi", "stand_in": 0, "away_from": "", "away_until": "",
            "seen": preferences_of(user).stamp, **values}


def test_a_liaison_names_a_stand_in_for_days_away(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()
    colleague = make.user(agency=user.agency, name="Phạm Văn Bình")
    stranger = make.user(name="Người cơ quan khác")
    browser = as_user(user)

    shown = browser.get(PAGE).text
    saved = browser.post(PAGE, data=form(user, digest="weekly", stand_in=colleague.id, away_from="18/03/2026",
                                         away_until="20/03/2026"), follow_redirects=True).text
    session.rollback()
    theirs = as_user(colleague).get(PAGE).text

    assert colleague.name in shown
    assert stranger.name not in shown
    assert "Đã lưu." in saved
    assert "đang vắng" in saved
    assert (user.stand_in_id, user.away_from, user.digest) == (colleague.id, TODAY, DigestRhythm.WEEKLY)
    assert "Thay cho đồng nghiệp" in theirs
    assert user.name in theirs


def test_the_language_changes_at_once(session: Session, make: Factory, as_user: Any) -> None:
    user = make.user()

    saved = as_user(user).post(PAGE, data=form(user, locale="en"), follow_redirects=True).text

    assert '<html lang="en"' in saved


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR])
def test_whoever_gets_no_digest_chooses_the_language_only(
    session: Session, make: Factory, as_user: Any, role: Role
) -> None:
    user = make.user(role)
    make.user(agency=user.agency)
    browser = as_user(user)

    shown = browser.get(PAGE).text
    browser.post(PAGE, data=form(user, locale="en", digest="weekly", stand_in=1))
    session.rollback()

    assert "Người thay</label>" not in shown
    assert (user.locale, user.digest, user.stand_in_id) == ("en", DigestRhythm.DAILY, None)


@pytest.mark.parametrize(("values", "sentence"), [
    ({"stand_in": 999999}, "Hãy chọn một mục trong danh sách."),
    ({"stand_in": "x"}, "Hãy chọn một mục trong danh sách."),
    ({"away_from": "31/02/2026"}, "Hãy ghi ngày như 02/09/2026."),
    ({"away_from": "18/03/2026"}, "Hãy ghi cả ngày đầu và ngày cuối vắng mặt."),
    ({"away_from": "18/03/2026", "away_until": "20/03/2026"}, "Hãy chọn người thay"),
    ({"seen": ""}, "Người khác vừa sửa các lựa chọn này"),
    ({"locale": "xx"}, "Hãy chọn một mục trong danh sách."),
    ({"digest": "hourly"}, "Chưa lưu được."),
])  # fmt: skip
def test_a_refused_choice_says_why_and_stays_in_the_form(
    session: Session, make: Factory, as_user: Any, values: dict[str, Any], sentence: str
) -> None:
    user = make.user()
    make.user(agency=user.agency)

    page = as_user(user).post(PAGE, data=form(user, **values)).text
    session.rollback()

    assert sentence in page
    assert values.get("away_from", "") in page
    assert preferences_of(user).stand_in_id is None


def test_what_somebody_else_chose_meanwhile_is_shown_beside_what_was_typed(
    session: Session, make: Factory, as_user: Any
) -> None:
    user = make.user()
    colleague = make.user(agency=user.agency, name="Phạm Văn Bình")
    stale = form(user, digest="weekly")
    administrator = as_user(make.user(Role.ADMINISTRATOR))
    administrator.post(f"/admin/users/{user.id}/preferences", data=form(user, stand_in=colleague.id))
    session.rollback()

    lost = as_user(user).post(PAGE, data=stale).text

    assert "Người khác vừa sửa các lựa chọn này" in lost
    assert "<dd>Phạm Văn Bình</dd>" in lost
    assert 'checked class="form-check-input" id="digest-1"' in lost or 'id="digest-1"' in lost.split("checked")[1]


def test_the_administrator_sees_and_sets_it_for_somebody_who_fell_ill(
    session: Session, make: Factory, as_user: Any
) -> None:
    user = make.user()
    colleague = make.user(agency=user.agency, name="Phạm Văn Bình")
    browser = as_user(make.user(Role.ADMINISTRATOR))
    path = f"/admin/users/{user.id}/preferences"

    assert browser.get(path).status_code == 200
    saved = browser.post(path, data=form(user, stand_in=colleague.id, away_from="18/03/2026", away_until="19/03/2026"),
                         follow_redirects=True).text

    assert "Phạm Văn Bình" in saved
    assert "18/03/2026 – 19/03/2026" in saved
    assert browser.get("/admin/users/999999/preferences").status_code == 404


@pytest.mark.parametrize("role", [Role.LIAISON, Role.COORDINATOR, Role.LEADER])
def test_nobody_else_opens_somebody_elses(make: Factory, as_user: Any, role: Role) -> None:
    user = make.user()

    assert as_user(make.user(role)).get(f"/admin/users/{user.id}/preferences").status_code == 403


def test_a_stand_in_who_left_is_told_of(session: Session, make: Factory, as_user: Any) -> None:
    gone = make.user(name="Phạm Văn Bình", is_active=False)
    user = make.user(agency=gone.agency, stand_in_id=gone.id)

    page = as_user(user).get(PAGE).text

    assert "Phạm Văn Bình không còn là đầu mối nhận được thư" in page
    assert "Phạm Văn Bình (không còn thay được)" in page

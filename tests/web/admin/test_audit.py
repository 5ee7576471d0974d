"""The administrator's record of changes: newest first, filtered, paged."""
from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.web.admin.desk import next_page
from tracker.models import Actor
from tracker.models.audit import record

COMMAND = Actor("command", "command")


def test_changes_are_listed_newest_first_and_filtered(browser: FlaskClient, make: Factory, session: Session) -> None:
    one, other = make.user(name="Đỗ Thị Thúy"), make.user(name="Lò Văn Ún")
    record(session, Actor(one.name, "10.0.0.1", one), "account.logged_in", one, now=NOW)
    record(session, Actor(other.name, "10.0.0.2", other), "account.edited", one, now=NOW + timedelta(hours=1),
           before={"name": "<b>cũ</b>"}, after={"name": "mới"})  # fmt: skip
    session.commit()

    whole = browser.get("/admin/audit").text
    by_person = browser.get("/admin/audit?person=do thi thuy").text
    by_action = browser.get("/admin/audit?action=account.edited").text
    by_subject = browser.get(f"/admin/audit?subject=user_account&id={other.id}").text

    assert whole.index("10.0.0.2") < whole.index("10.0.0.1")
    assert "&lt;b&gt;cũ&lt;/b&gt;" in whole
    assert "10.0.0.1" in by_person
    assert "10.0.0.2" not in by_person
    assert "10.0.0.1" not in by_action
    assert "Không có thay đổi nào khớp" in by_subject


def test_the_record_is_paged_to_its_first_row(browser: FlaskClient, make: Factory, session: Session) -> None:
    user = make.user()
    for number in range(60):
        record(session, COMMAND, "account.edited", user, now=NOW, after={"name": f"Tên {number}."})
    session.commit()

    first = browser.get("/admin/audit").text
    second = browser.get(next_page(first)).text

    assert "Tên 59." in first
    assert "Tên 9." in second
    assert "Tên 0." in second
    assert next_page(second) is None

"""Answers by mail on their writer's desk: read, made a draft, laid aside; never a report by themselves."""
from __future__ import annotations

import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tracker.models import (
    Assignment,
    AuditEntry,
    DraftFile,
    IncomingFile,
    IncomingMail,
    OutboxMail,
    ProgressUpdate,
    Reminder,
    ReportDraft,
    User,
)
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState, IncomingKind, IncomingState, MailKind, MailState

pytestmark = pytest.mark.usefixtures("morning")

SAID = "Sở đã mở 7 lớp tập huấn."


class Desk:
    """A liaison with one assignment that a digest told of, another one beside it, and an answer to the digest."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.user: User = make.user()
        self.told: Assignment = make.assignment(self.user.agency)
        self.other: Assignment = make.assignment(self.user.agency)
        self.mail = OutboxMail(recipient=self.user, kind=MailKind.DIGEST, key="2026-03-18", state=MailState.SENT,
                               sent_at=NOW, created_at=NOW, next_attempt_at=NOW, message_id="<1@haduong.example>")
        session.add(self.mail)
        session.add(Reminder(recipient_id=self.user.id, assignment=self.told, step="due", due_version=1,
                             mail=self.mail, decided_on=TODAY))
        session.commit()

    def answer(self, text: str = SAID, *, files: int = 0, **values: Any) -> IncomingMail:
        number = next(self.make.numbers)
        row = IncomingMail(**{
            "message_id": f"<{number}@mail.example>", "received_at": NOW, "kind": IncomingKind.REPLY,
            "state": IncomingState.OFFERED, "sender": self.user.email, "subject": f"Re: 1 việc, thư {number}",
            "text": text, "mail": self.mail, "user_id": self.user.id, **values,
        })  # fmt: skip
        row.files = [IncomingFile(file_name=f"tệp {at}.txt", media_type="text/plain", size=5,
                                  sha256=hashlib.sha256(f"{number} {at}".encode()).hexdigest()) for at in range(files)]
        self.session.add(row)
        self.session.commit()
        return row

    def state(self, reply: IncomingMail) -> IncomingState:
        self.session.rollback()
        return self.session.get_one(IncomingMail, reply.id, populate_existing=True).state


@pytest.fixture
def desk(session: Session, make: Factory) -> Desk:
    return Desk(session, make)


def use(browser: FlaskClient, reply: IncomingMail, assignment: Assignment) -> Any:
    return browser.post(f"/my-work/replies/{reply.id}/use", data={"assignment": assignment.id})


def test_an_answer_becomes_a_draft_and_only_sending_makes_it_a_report(
    session: Session, desk: Desk, as_user: Any
) -> None:
    reply, browser = desk.answer(files=2), as_user(desk.user)
    work, other = desk.told.id, desk.other.id

    page = browser.get(f"/my-work/replies/{reply.id}").text
    answer = use(browser, reply, desk.told)
    form = browser.get(answer.location).text

    assert SAID in page
    assert page.index(f'value="{work}"') < page.index(f'value="{other}"')
    assert answer.location == f"/assignments/{work}/progress"
    assert SAID in form
    assert "Đây chưa phải báo cáo" in form
    session.rollback()
    assert session.scalars(select(ProgressUpdate)).all() == []
    assert session.get_one(Assignment, work).state is AssignmentState.OPEN
    assert [file.assignment_id for file in session.scalars(select(DraftFile))] == [work, work]
    assert desk.state(reply) is IncomingState.USED
    assert session.scalars(select(AuditEntry.action)).all() == ["reply.used"]

    browser.post(answer.location, data={"state": "in_progress", "percent": "30", "text": SAID, "version": "1"})
    session.rollback()
    assert [update.text for update in session.scalars(select(ProgressUpdate))] == [SAID]


def test_what_was_typed_before_stays_above_the_answer(session: Session, desk: Desk, as_user: Any) -> None:
    desk.session.add(ReportDraft(assignment_id=desk.told.id, user_id=desk.user.id, seen_version=1, saved_at=NOW,
                                 values={"text": "Đã gõ dở.", "percent": "40", "difficulties": "Thiếu kinh phí."}))
    reply = desk.answer()

    use(as_user(desk.user), reply, desk.told)

    session.rollback()
    draft = session.scalars(select(ReportDraft)).one()
    assert draft.values == {"text": f"Đã gõ dở.\n\n{SAID}", "percent": "40", "difficulties": "Thiếu kinh phí."}


def test_two_presses_make_one_draft(session: Session, desk: Desk, as_user: Any) -> None:
    reply, browser = desk.answer(), as_user(desk.user)

    first, second = use(browser, reply, desk.told), use(browser, reply, desk.told)

    session.rollback()
    assert (first.status_code, second.status_code) == (302, 409)
    assert "đã được dùng hoặc đã bỏ" in second.text
    assert session.scalars(select(ReportDraft)).one().values["text"] == SAID


def test_files_that_find_no_room_are_told(session: Session, desk: Desk, as_user: Any) -> None:
    browser = as_user(desk.user)
    use(browser, desk.answer(files=4), desk.told)
    answer = use(browser, desk.answer(files=3), desk.told)

    assert "Còn 2 tệp không đưa vào được" in browser.get(answer.location).text
    assert len(session.scalars(select(DraftFile)).all()) == 5


def test_personal_data_come_into_no_draft(session: Session, desk: Desk, as_user: Any) -> None:
    reply = desk.answer("Ông A, căn cước 001085012345.")  # as if a rule had been younger than the mail

    answer = use(as_user(desk.user), reply, desk.told)

    assert answer.status_code == 422
    assert session.scalars(select(ReportDraft)).all() == []
    assert desk.state(reply) is IncomingState.OFFERED


def test_an_answer_whose_words_were_not_kept_says_why(desk: Desk, as_user: Any) -> None:
    reply, browser = desk.answer("", subject=""), as_user(desk.user)

    page = browser.get(f"/my-work/replies/{reply.id}").text

    assert "nội dung không được lưu" in page
    assert "/use" not in page
    assert "không được lưu" in browser.get("/my-work/replies").text


def test_what_is_no_longer_owed_is_refused_and_nothing_chosen_is_asked_for(
    session: Session, desk: Desk, as_user: Any
) -> None:
    reply, browser = desk.answer(), as_user(desk.user)
    desk.told.state, desk.told.submitted_on = AssignmentState.SUBMITTED, TODAY
    session.commit()

    gone, nothing = use(browser, reply, desk.told), browser.post(f"/my-work/replies/{reply.id}/use")

    assert (gone.status_code, nothing.status_code) == (422, 422)
    assert "không nhận thêm báo cáo" in gone.text
    assert "Hãy chọn nhiệm vụ" in nothing.text
    assert desk.state(reply) is IncomingState.OFFERED


def test_another_agencys_work_is_not_there(desk: Desk, make: Factory, as_user: Any) -> None:
    assert use(as_user(desk.user), desk.answer(), make.assignment()).status_code == 404


def test_an_answer_is_its_writers_alone(desk: Desk, make: Factory, as_user: Any) -> None:
    reply, colleague = desk.answer(), make.user(agency=desk.user.agency)
    path = f"/my-work/replies/{reply.id}"

    browser = as_user(colleague)
    assert browser.get(path).status_code == 404
    assert [browser.post(f"{path}/{act}").status_code for act in ("use", "discard", "restore")] == [404, 404, 404]
    assert "Re: 1 việc" not in browser.get("/my-work/replies").text
    assert as_user(make.user(Role.COORDINATOR)).get(path).status_code == 403


@pytest.mark.parametrize("kind", [IncomingKind.AUTO_REPLY, IncomingKind.BOUNCE, IncomingKind.UNKNOWN])
def test_only_answers_of_people_are_shown(desk: Desk, as_user: Any, kind: IncomingKind) -> None:
    reply, browser = desk.answer(kind=kind, state=IncomingState.FILED), as_user(desk.user)

    assert browser.get(f"/my-work/replies/{reply.id}").status_code == 404
    assert "Re: 1 việc" not in browser.get("/my-work/replies?settled=1").text


def test_an_answer_is_laid_aside_and_taken_up_again(session: Session, desk: Desk, as_user: Any) -> None:
    reply, browser = desk.answer(), as_user(desk.user)
    path = f"/my-work/replies/{reply.id}"

    assert browser.post(f"{path}/restore").status_code == 409
    browser.post(f"{path}/discard")
    assert desk.state(reply) is IncomingState.DISCARDED
    assert "Re: 1 việc" not in browser.get("/my-work/replies").text
    assert "Re: 1 việc" in browser.get("/my-work/replies?settled=1").text
    assert use(browser, reply, desk.told).status_code == 409
    browser.post(f"{path}/restore")

    assert desk.state(reply) is IncomingState.OFFERED
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "reply.discarded", "reply.restored"]


def test_the_desk_says_that_answers_wait(desk: Desk, as_user: Any) -> None:
    browser = as_user(desk.user)
    assert "thư bạn đã trả lời" not in browser.get("/my-work/").text

    desk.answer()

    assert "Có 1 thư bạn đã trả lời đang chờ đưa vào báo cáo." in browser.get("/my-work/").text


def test_a_thousand_answers_are_paged_and_cost_what_few_cost(
    app: Flask, session: Session, desk: Desk, as_user: Any
) -> None:
    browser = as_user(desk.user)
    desk.answer(files=1)
    with counted_statements() as few:
        browser.get("/my-work/replies")
    for _number in range(120):
        desk.answer(files=1)
    with counted_statements() as many:
        page = browser.get("/my-work/replies").text

    assert len(many) <= len(few)
    assert "Có 121 dòng." in page
    assert page.count("replies__one") == 50
    assert 'rel="next"' in page


@pytest.mark.parametrize("after", ["", "x", "9" * 40, "-1", "1"])
def test_a_hand_written_address_shows_a_page(desk: Desk, as_user: Any, after: str) -> None:
    desk.answer()

    assert as_user(desk.user).get(f"/my-work/replies?after={after}").status_code == 200


def test_markup_in_a_mail_is_shown_as_text(desk: Desk, as_user: Any) -> None:
    reply = desk.answer("<script>alert(1)</script>", subject="<b>Re</b>")

    page = as_user(desk.user).get(f"/my-work/replies/{reply.id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page

"""The thread: who writes, who is mailed, what waits for an answer and what settles it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.workflow.test_progress import at_once
from tracker.models import Actor, Assignment, Comment, OutboxMail, User
from tracker.reminders.composing import compose
from tracker.reminders.content import NothingToSay
from tracker.reports.thread import SHOWN, thread
from tracker.rules.permissions import Role
from tracker.rules.personal_data import IdentityNumber
from tracker.workflow import discussing
from tracker.workflow.discussing import CommentTooLong, NothingWritten, NotYourThread


class Case:
    """A thread, two liaisons of the agency, two coordinators of the plan."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make, self.keys = session, make, 0
        self.lan = make.user(name="Lan")
        self.mai = make.user(agency=self.lan.agency, name="Mai")
        self.hung = make.coordinator(name="Hùng")
        self.binh = make.coordinator(agency=self.hung.agency, name="Bình")
        self.assignment: Assignment = make.assignment(self.lan.agency, make.plan(self.hung.agency))

    def write(self, who: User, text: str = "Có cần phụ lục không?", key: str | None = None, **values: Any) -> Comment:
        self.keys += 1
        comment = discussing.write(self.session, self.assignment, actor=by(who), text=text, now=NOW,
                                   form_key=key or f"key-{self.keys}", **values)
        self.session.commit()
        return comment

    def mailed(self, comment: Comment) -> set[str]:
        return {mail.recipient.name for mail in self.mails(comment)}

    def mails(self, comment: Comment) -> list[OutboxMail]:
        return list(self.session.scalars(select(OutboxMail).where(OutboxMail.key == f"comment:{comment.id}")
                                         .order_by(OutboxMail.recipient_id)))


def by(user: User) -> Actor:
    return Actor(user.name, "127.0.0.1", user)


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    return Case(session, make)


def test_a_question_goes_to_every_coordinator_of_the_plan(case: Case) -> None:
    case.make.coordinator(name="Kẻ khác")
    case.make.coordinator(agency=case.hung.agency, name="Đã nghỉ", is_active=False)

    assert case.mailed(case.write(case.lan, is_question=True)) == {"Hùng", "Bình"}


def test_an_answer_settles_the_questions_and_goes_to_those_who_wrote(case: Case) -> None:
    question = case.write(case.lan, is_question=True)

    answer = case.write(case.hung, "Có.")

    assert question.answered_at == NOW
    assert case.mailed(answer) == {"Lan"}
    assert not answer.is_question


def test_a_coordinator_who_begins_is_heard_by_the_whole_agency(case: Case) -> None:
    assert case.mailed(case.write(case.hung, "Đề nghị gửi sớm.")) == {"Lan", "Mai"}


def test_what_asks_nobody_and_names_nobody_is_mailed_to_nobody(case: Case) -> None:
    assert case.mailed(case.write(case.lan, "Đã làm việc với các xã.")) == set()


def test_who_is_named_is_mailed_once_and_the_author_never(case: Case) -> None:
    stranger = case.make.user(name="Người ngoài")

    comment = case.write(case.lan, is_question=True, mentioned=[case.hung, case.mai, case.lan, stranger])

    assert case.mailed(comment) == {"Hùng", "Bình", "Mai"}
    assert {mention.user.name for mention in comment.mentions} == {"Hùng", "Mai", "Lan"}
    assert len(case.mails(comment)) == 3


def test_a_coordinators_tick_asks_nothing_and_a_helper_agency_only_asks(case: Case) -> None:
    assert not case.write(case.hung, is_question=True).is_question


def test_a_question_may_need_no_answer(case: Case) -> None:
    question = case.write(case.lan, is_question=True)

    with pytest.raises(NotYourThread):
        discussing.settle(case.session, question, actor=by(case.lan), now=NOW)
    discussing.settle(case.session, question, actor=by(case.binh), now=NOW)
    discussing.settle(case.session, question, actor=by(case.hung), now=NOW)

    assert question.answered_at == NOW
    assert thread(case.session, case.assignment).open_questions == 0


def test_the_same_press_twice_is_one_comment(case: Case) -> None:
    assert case.write(case.lan, key="abc").id == case.write(case.lan, key="abc").id
    assert case.write(case.mai, key="abc").author is case.mai


def test_the_same_press_twice_at_once_is_one_comment(app: Flask, case: Case) -> None:
    assignment_id, user_id = case.assignment.id, case.lan.id
    case.session.rollback()

    def writing() -> Callable[[Session], None]:
        def act(session: Session) -> None:
            discussing.write(session, session.get_one(Assignment, assignment_id), text="Một lần.", form_key="x",
                             actor=by(session.get_one(User, user_id)), is_question=True, now=NOW)
        return act

    assert at_once(app, [writing(), writing()]) == ["saved", "saved"]
    assert len(case.session.scalars(select(Comment)).all()) == 1
    assert len(case.session.scalars(select(OutboxMail)).all()) == 2


@pytest.mark.parametrize(("text", "refusal"), [
    ("   ", NothingWritten), ("a" * 5001, CommentTooLong), ("Ông A, số 001 085 012 345", IdentityNumber),
])
def test_what_can_not_be_written_is_refused(case: Case, text: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        case.write(case.lan, text)
    case.session.rollback()

    assert case.session.scalars(select(Comment)).all() == []


def test_leaders_and_other_agencies_do_not_write(case: Case) -> None:
    for person in (case.make.user(Role.LEADER), case.make.user(), case.make.coordinator()):
        with pytest.raises(NotYourThread):
            case.write(person)


def test_a_mail_says_what_was_written_and_not_to_whom_may_see_it_no_more(case: Case) -> None:
    comment = case.write(case.lan, "Phụ lục <1> gửi\nở đâu?", is_question=True)
    binh, hung = sorted(case.mails(comment), key=lambda mail: mail.recipient.name)
    case.hung.agency_id = case.make.agency().id
    case.session.commit()

    told = compose(case.session, binh, today=TODAY, now=NOW)

    assert told.subject.startswith("Câu hỏi về nhiệm vụ")  # type: ignore[union-attr]
    assert "> Phụ lục <1> gửi\n> ở đâu?" in told.text  # type: ignore[union-attr]
    assert "Phụ lục &lt;1&gt; gửi" in told.html  # type: ignore[union-attr]
    assert isinstance(compose(case.session, hung, today=TODAY, now=NOW), NothingToSay)


def test_a_question_answered_before_the_mail_left_is_not_mailed(case: Case) -> None:
    question = case.write(case.lan, is_question=True, mentioned=[case.binh])
    case.write(case.hung, "Có.")

    told = {mail.recipient.name: compose(case.session, mail, today=TODAY, now=NOW) for mail in case.mails(question)}

    assert isinstance(told["Hùng"], NothingToSay)
    assert "nhắc tên bạn" in told["Bình"].text  # type: ignore[union-attr]


def test_a_long_thread_is_read_a_page_at_a_time(case: Case) -> None:
    written = [case.write(case.lan, f"Lần {number}").id for number in range(SHOWN + 7)]

    last = thread(case.session, case.assignment)
    first = thread(case.session, case.assignment, before=last.comments[0].id)

    assert [comment.id for comment in last.comments] == written[7:]
    assert [comment.id for comment in first.comments] == written[:7]
    assert (last.earlier, last.later, first.earlier, first.later, first.total) == (7, 0, 0, SHOWN, SHOWN + 7)
    assert thread(case.session, case.assignment, before=1).comments == ()

"""The thread on the page of an assignment."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, Factory
from tracker.models import Comment, OutboxMail
from tracker.rules.permissions import Role

pytestmark = pytest.mark.usefixtures("morning")


class Case:
    """An assignment, a liaison, the plan's coordinator, a leader and a stranger with a browser each."""

    def __init__(self, session: Session, make: Factory, as_user: Any) -> None:
        self.session, self.make, self.keys = session, make, 0
        self.liaison, self.coordinator = make.user(name="Nguyễn Thị Lan"), make.coordinator(name="Trần Quốc Hùng")
        self.id = make.assignment(self.liaison.agency, make.plan(self.coordinator.agency)).id
        people = {"liaison": self.liaison, "coordinator": self.coordinator, "leader": make.user(Role.LEADER),
                  "stranger": make.user(), "other_police": make.coordinator()}
        self.browsers = {who: as_user(user) for who, user in people.items()}

    def write(self, text: str, who: str = "liaison", **values: Any) -> Any:
        self.keys += 1
        self.session.rollback()
        return self.browsers[who].post(f"/assignments/{self.id}/thread",
                                       data={"text": text, "form_key": f"k{self.keys}", **values})

    def page(self, who: str = "liaison", query: str = "") -> str:
        self.session.rollback()
        return self.browsers[who].get(f"/assignments/{self.id}{query}").text  # type: ignore[no-any-return]

    def comments(self) -> list[Comment]:
        self.session.rollback()
        return list(self.session.scalars(select(Comment).order_by(Comment.id)))


@pytest.fixture
def case(session: Session, make: Factory, as_user: Any) -> Case:
    return Case(session, make, as_user)


def test_a_question_is_asked_seen_and_answered(case: Case) -> None:
    answer = case.write("Có cần <phụ lục> không?", is_question="y", mentioned=[str(case.coordinator.id)])
    assert answer.location.endswith(f"/assignments/{case.id}#thread")
    page = case.page("coordinator")
    assert "Có cần &lt;phụ lục&gt; không?" in page
    assert "Có 1 câu hỏi chờ bạn trả lời." in page
    assert "Nhắc tên: Trần Quốc Hùng" in page
    assert "khép lại 1 câu hỏi" in page

    case.write("Có.", "coordinator")

    page = case.page()
    assert "Câu hỏi: đã trả lời" in page
    assert page.index("phụ lục") < page.index("<p class=\"said\">Có.</p>")


def test_a_question_can_be_settled_without_an_answer(case: Case) -> None:
    case.write("Có cần phụ lục không?", is_question="y")
    path = f"/assignments/thread/{case.comments()[0].id}/settle"
    case.session.rollback()

    assert case.browsers["liaison"].post(path).status_code == 403
    assert case.browsers["other_police"].post(path).status_code == 404
    assert case.browsers["coordinator"].post(path).status_code == 302

    assert case.comments()[0].answered_at == NOW


def test_the_thread_is_read_by_those_who_see_the_assignment_and_written_by_the_two_sides(case: Case) -> None:
    case.write("Đã họp.")

    assert "Đã họp." in case.page("leader")
    assert "Gửi trao đổi" not in case.page("leader")
    assert case.write("Tôi cũng hỏi.", "leader").status_code == 403
    for who in ("stranger", "other_police"):
        assert case.write("Tôi cũng hỏi.", who).status_code == 404
    assert len(case.comments()) == 1


@pytest.mark.parametrize(("text", "words"), [
    ("", "Chưa ghi nội dung"), ("a" * 5001, "tối đa 5000 ký tự"), ("Số 001 085 012 345", "số căn cước"),
])
def test_what_can_not_be_written_stays_in_the_box_with_the_reason(case: Case, text: str, words: str) -> None:
    answer = case.write(text, is_question="y", mentioned=[str(case.coordinator.id)])

    assert answer.status_code == 400
    assert words in answer.text
    assert text in answer.text
    assert 'value="k1"' in answer.text
    assert f'value="{case.coordinator.id}" data-name="Trần Quốc Hùng" checked' in answer.text
    assert case.comments() == []


def test_the_same_press_twice_is_one_comment_and_one_mail(case: Case) -> None:
    for _ in range(2):
        assert case.write("Có cần phụ lục không?", is_question="y", form_key="once").status_code == 302

    assert len(case.comments()) == 1
    assert len(case.session.scalars(select(OutboxMail)).all()) == 1


def test_a_long_thread_is_paged_and_costs_no_more(case: Case) -> None:
    def grow(number: int) -> int:
        for place in range(number):
            case.session.add(Comment(assignment_id=case.id, author_id=case.liaison.id, written_at=NOW,
                                     text=f"Lần thứ {place}.", form_key=f"{case.id}-{number}-{place}"))
        case.session.commit()
        with counted_statements() as sent:
            case.page()
        return len(sent)

    few, many = grow(3), grow(120)
    page = case.page()

    assert many == few
    assert "Xem 73 trao đổi trước" in page
    oldest = case.comments()[-50].id
    earlier = case.page(query=f"?before={oldest}")
    assert "Xem 23 trao đổi trước" in earlier
    assert "Về các trao đổi mới nhất" in earlier
    assert "Chưa có trao đổi nào" not in case.page(query="?before=nonsense")

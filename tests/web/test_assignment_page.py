"""What the page of an assignment says first, and what its history tells."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tracker.models import Assignment, Chase, ChaseItem, ProgressUpdate, Review
from tracker.rules.permissions import Role
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ChaseChannel, ChaseTone, Decision, ReportChannel

pytestmark = pytest.mark.usefixtures("morning")
DAY = timedelta(days=1)


class Case:
    """An assignment that is two days late, and a browser for each who sees it."""

    def __init__(self, session: Session, make: Factory, as_user: Any) -> None:
        self.session, self.make = session, make
        self.liaison, self.coordinator = make.user(name="Nguyễn Thị Lan"), make.coordinator(name="Trần Quốc Hùng")
        self.row: Assignment = make.assignment(self.liaison.agency, make.plan(self.coordinator.agency),
                                               due_on=TODAY - 2 * DAY)
        self.id = self.row.id
        people = {"liaison": self.liaison, "coordinator": self.coordinator, "leader": make.user(Role.LEADER)}
        self.browsers = {who: as_user(user) for who, user in people.items()}

    def page(self, who: str = "liaison") -> str:
        self.session.commit()
        return self.browsers[who].get(f"/assignments/{self.id}").text  # type: ignore[no-any-return]

    def update(self, state: State = State.SUBMITTED, **values: Any) -> ProgressUpdate:
        update = ProgressUpdate(assignment=self.row, author=self.liaison, created_at=NOW, reported_on=TODAY,
                                state=state, percent=100, text="Đã xong.", **values)
        self.session.add(update)
        self.session.flush()
        return update

    def review(self, update: ProgressUpdate, **values: Any) -> None:
        self.session.add(Review(update=update, reviewer=self.coordinator, decided_at=NOW,
                                **{"decision": Decision.RETURNED, "reason": "Thiếu số liệu.", **values}))


@pytest.fixture
def case(session: Session, make: Factory, as_user: Any) -> Case:
    return Case(session, make, as_user)


def test_who_owes_it_is_led_to_the_report_and_the_others_are_told(case: Case) -> None:
    words = "Quá hạn 2 ngày (hạn 16/03/2026)."
    link = f'class="step__go" href="/assignments/{case.id}/progress"'

    assert words in case.page()
    assert link in case.page()
    for who in ("coordinator", "leader"):
        assert words in case.page(who)
        assert link not in case.page(who)


@pytest.mark.parametrize(("due", "grace", "words"), [
    (-2, None, "Ngày cuối để nộp lại đúng hạn là 16/03/2026, đã qua 2 ngày."),
    (-2, 3, "Sửa và nộp lại chậm nhất ngày 21/03/2026 thì vẫn đúng hạn."),
])
def test_a_returned_report_says_why_and_until_when(case: Case, due: int, grace: int | None, words: str) -> None:
    case.review(case.update())
    case.row.state, case.row.due_on = State.RETURNED, TODAY + due * DAY
    case.row.grace_until = TODAY + grace * DAY if grace else None

    page = case.page()

    assert "Báo cáo bị trả lại: Thiếu số liệu." in page
    assert words in page


def test_what_waits_for_the_coordinator_can_be_taken_back_by_the_agency(case: Case) -> None:
    case.update()
    case.row.state, case.row.submitted_on = State.SUBMITTED, TODAY

    assert "đang chờ bạn xác nhận hoặc trả lại" in case.page("coordinator")
    assert "Rút lại báo cáo" in case.page()
    assert "Rút lại báo cáo" not in case.page("leader")


def test_what_is_accepted_says_by_which_day_it_is_judged(case: Case) -> None:
    case.row.state, case.row.submitted_on = State.ACCEPTED, TODAY

    assert "Đã xác nhận hoàn thành; tính theo ngày nộp 18/03/2026." in case.page()


def test_the_history_tells_of_what_was_taken_back_and_of_every_part_of_a_report(case: Case) -> None:
    case.update(withdrawn_at=NOW)
    case.review(case.update(channel=ReportChannel.MAIL_LINK, proposals="Bổ sung biên chế.",
                            figures={"rows": [{"name": "Số buổi", "value": "12", "unit": "buổi"}]}),
                undone_at=NOW)

    page = case.page()

    assert "rút lại báo cáo nộp lúc" in page
    assert "rút lại quyết định lúc" in page
    assert "(từ liên kết trong thư)" in page
    assert "Số buổi: <strong>12</strong> buổi" in page
    assert "Bổ sung biên chế." in page


@pytest.mark.parametrize(("channel", "words"), [
    (ChaseChannel.PHONE, "đôn đốc qua điện thoại ngày 17/03/2026"),
    (ChaseChannel.MEETING, "đôn đốc tại cuộc họp ngày 17/03/2026"),
    (ChaseChannel.LETTER, "đôn đốc bằng công văn"),
])
def test_the_history_tells_how_it_was_chased(case: Case, channel: ChaseChannel, words: str) -> None:
    chase = Chase(sender=case.coordinator, sent_at=NOW, happened_on=TODAY - DAY, form_key="x", channel=channel,
                  tone=ChaseTone.FIRM)
    chase.items.append(ChaseItem(assignment=case.row, days_late=1, recipients=0))
    case.session.add(chase)

    assert words in case.page()
    assert "(kiên quyết)" in case.page()
    case.row.is_requested = True
    assert "(kiên quyết)" not in case.page()

"""What the reader of an assignment's page can do now, most urgent first, each in one sentence."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.models import Assignment, Extension, Transfer, User
from tracker.models.access import may_answer, may_decide, may_report, may_review
from tracker.reports.history import Event, EventKind
from tracker.rules.standing import last_day_in_time
from tracker.rules.states import OWED, AssignmentState, Decision
from tracker.web.formats import day


@dataclass(frozen=True)
class Step:
    """One sentence, how pressing it is ("late", "wait", "fine", "plain"), and where to go for it."""

    words: str
    tone: str = "plain"
    href: str | None = None
    label: str = ""


def steps(assignment: Assignment, user: User, *, asked: Sequence[Extension | Transfer], events: Sequence[Event],
          open_questions: int, today: date) -> list[Step]:
    """Say what this reader can do now; somebody who only reads is told where it stands."""
    owed = list(_owed(assignment, user, events, today))
    waiting = [
        *_report_waits(assignment, user),
        *_requests_wait(assignment, user, asked),
        *_questions_wait(assignment, user, open_questions),
    ]
    # Each side reads first what it has to do itself.
    both = [*owed, *waiting] if may_report(user, assignment) else [*waiting, *owed]
    return [*both, *_settled(assignment)]


def _report_waits(assignment: Assignment, user: User) -> Iterator[Step]:
    if assignment.state is not AssignmentState.SUBMITTED:
        return
    if may_review(user, assignment):
        yield Step(gettext("Báo cáo nộp ngày %(day)s đang chờ bạn xác nhận hoặc trả lại.",
                           day=day(assignment.submitted_on)), "wait", "#waiting", gettext("Xem báo cáo"))
    else:
        yield Step(gettext("Đã nộp báo cáo hoàn thành ngày %(day)s; %(coordinator)s chưa xác nhận. Thời gian chờ không "
                           "tính vào trễ hạn.", day=day(assignment.submitted_on),
                           coordinator=assignment.plan.coordinator.name), "wait")


def _requests_wait(assignment: Assignment, user: User, asked: Sequence[Extension | Transfer]) -> Iterator[Step]:
    deciding = may_decide(user, assignment)
    for request in asked:
        if not request.is_waiting:
            continue
        if isinstance(request, Extension):
            words = _extension_waits(assignment, request, deciding=deciding)
        elif deciding:
            words = gettext("%(agency)s cho rằng nhiệm vụ này không thuộc mình, đang chờ bạn trả lời.",
                            agency=assignment.agency.name)
        else:
            words = gettext("Đã nêu ý kiến nhiệm vụ này thuộc cơ quan khác, đang chờ trả lời.")
        if deciding:
            kind = "extension" if isinstance(request, Extension) else "transfer"
            yield Step(words, "wait", url_for("inbox.index", open=f"{kind}-{request.id}"), gettext("Trả lời đề nghị"))
        else:
            yield Step(words, "wait", "#requests", gettext("Xem đề nghị"))


def _extension_waits(assignment: Assignment, request: Extension, *, deciding: bool) -> str:
    if deciding:
        return str(gettext("%(agency)s xin gia hạn đến %(day)s, đang chờ bạn trả lời.",
                           agency=assignment.agency.name, day=day(request.wanted_on)))
    return str(gettext("Đã xin gia hạn đến %(day)s, đang chờ trả lời. Trong lúc chờ, thời hạn chưa thay đổi.",
                       day=day(request.wanted_on)))


def _questions_wait(assignment: Assignment, user: User, open_questions: int) -> Iterator[Step]:
    if open_questions and may_answer(user, assignment):
        yield Step(ngettext("Có %(num)d câu hỏi chờ bạn trả lời.", "Có %(num)d câu hỏi chờ bạn trả lời.",
                            open_questions), "wait", "#thread", gettext("Trả lời"))


def _owed(assignment: Assignment, user: User, events: Sequence[Event], today: date) -> Iterator[Step]:
    if assignment.state not in OWED:
        return
    mine = may_report(user, assignment)
    there = url_for("assignments.report_progress", assignment_id=assignment.id) if mine else None
    label = gettext("Báo cáo tiến độ") if mine else ""
    last = last_day_in_time(assignment.due_on, assignment.grace_until)
    late = assignment.days_late(today)
    if assignment.state is AssignmentState.RETURNED:
        words = f"{gettext('Báo cáo bị trả lại: %(reason)s', reason=_return_reason(events))}\n{_to_mend(last, late)}"
        yield Step(words.strip(), "late", there, gettext("Báo cáo lại") if mine else "")
    elif late:
        words = ngettext("Quá hạn %(num)d ngày (hạn %(day)s).", "Quá hạn %(num)d ngày (hạn %(day)s).", late,
                         day=day(last))
        yield Step(words, "late", there, label)
    else:
        yield Step(_in_time(last, today), "plain", there, label)


def _to_mend(last: date | None, late: int) -> str:
    """Say until when a returned report is mended in time, or how long that day is past."""
    if last is None:
        return ""
    if late:
        return str(ngettext("Ngày cuối để nộp lại đúng hạn là %(day)s, đã qua %(num)d ngày.",
                            "Ngày cuối để nộp lại đúng hạn là %(day)s, đã qua %(num)d ngày.", late, day=day(last)))
    return str(gettext("Sửa và nộp lại chậm nhất ngày %(day)s thì vẫn đúng hạn.", day=day(last)))


def _in_time(last: date | None, today: date) -> str:
    if last is None:
        return str(gettext("Không có thời hạn; báo cáo khi có kết quả mới."))
    left = (last - today).days
    if left == 0:
        return str(gettext("Hạn là hôm nay, %(day)s.", day=day(last)))
    return str(ngettext("Hạn %(day)s, còn %(num)d ngày.", "Hạn %(day)s, còn %(num)d ngày.", left, day=day(last)))


def _return_reason(events: Sequence[Event]) -> str:
    for event in events:
        if event.kind is EventKind.DECIDED and event.review and event.review.decision is Decision.RETURNED:
            return event.review.reason or ""
    return ""


def _settled(assignment: Assignment) -> Iterator[Step]:
    if assignment.state is AssignmentState.ACCEPTED:
        yield Step(gettext("Đã xác nhận hoàn thành; tính theo ngày nộp %(day)s.", day=day(assignment.submitted_on)),
                   "fine")

"""Sentences about an assignment that need more than one value: why this due date, what a list is filtered by."""
from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from flask_babel import gettext

from tracker.models import Assignment, Evidence
from tracker.reports.assignment_list import AssignmentFilter, Choices, ListView
from tracker.rules.folding import fold
from tracker.rules.standing import OfficialClass, day_that_counts
from tracker.rules.states import AssignmentState
from tracker.web.formats import day
from tracker.web.words import word


def _(sentence: str, **values: Any) -> str:
    return str(gettext(sentence, **values))


def due_reasons(assignment: Assignment) -> list[str]:
    """Say how the due date came about: the plan's words, the date they give, the last working day before it."""
    said: list[str] = []
    deadline, period = assignment.deadline, assignment.period
    if deadline is not None and deadline.words:
        said.append(_("Kế hoạch ghi: “%(words)s”.", words=deadline.words))
    elif assignment.due_on is not None:
        said.append(_("Kế hoạch không ghi; thời hạn do người rà soát kế hoạch đặt."))
    if period is not None:
        said.append(_("Kỳ báo cáo từ %(first)s đến %(last)s.", first=day(period.first_day), last=day(period.last_day)))
    if assignment.due_on is None:
        return said
    if deadline is not None and fold(deadline.words or "").startswith("truoc"):
        said.append(_("“Trước ngày” không tính chính ngày đó: ngày cuối cùng còn đúng hạn là %(day)s.",
                      day=day(assignment.due_on)))
    else:
        said.append(_("Ngày cuối cùng còn đúng hạn là %(day)s.", day=day(assignment.due_on)))
    if assignment.working_due_on is not None and assignment.working_due_on < assignment.due_on:
        said.append(_("Ngày đó là ngày nghỉ; ngày làm việc cuối cùng trước đó là %(day)s.",
                      day=day(assignment.working_due_on)))
    return said


def class_reason(assignment: Assignment) -> str | None:
    """Say on which day an assignment that was handed in is judged; None while it is judged by today."""
    if assignment.submitted_on is None or assignment.due_on is None:
        return None
    counted = day_that_counts(assignment.state, assignment.submitted_on, assignment.submitted_on)
    return _("Tính theo ngày nộp báo cáo: %(day)s. Thời gian chờ xác nhận không tính vào trễ hạn.", day=day(counted))


def filter_words(wanted: AssignmentFilter, choices: Choices, rows: Sequence[Assignment]) -> list[str]:
    """Say in words what a list is filtered by; nothing when it shows everything.

    A task is named by the rows found, so that nobody learns the words of one they may not see.
    """
    said: list[str] = []
    if wanted.view is not ListView.ALL:
        said.append(word(wanted.view))
    if wanted.official_class is not None:
        said.append(_class_words(wanted.official_class))
    if wanted.state is not None:
        said.append(_("trạng thái “%(state)s”", state=word(wanted.state)))
    if wanted.plan_id is not None:
        said.append(_("kế hoạch %(plan)s", plan=dict(choices.plans).get(wanted.plan_id, _("không có trong danh sách"))))
    if wanted.task_id is not None:
        said.append(_("nội dung “%(task)s”", task=shorten(rows[0].task.text, 100, placeholder="…")) if rows
                    else _("một nội dung không có trong danh sách"))
    if wanted.agency_id is not None:
        name = dict(choices.agencies).get(wanted.agency_id, _("cơ quan không có trong danh sách"))
        said.append(_("của %(agency)s", agency=name))
    if wanted.q:
        said.append(_("có chữ “%(text)s”", text=wanted.q))
    return said


def _class_words(official_class: OfficialClass) -> str:
    return _("xếp loại “%(name)s”", name=word(official_class))


def saved_words(assignment: Assignment) -> str:
    """Say what a report has changed, and what comes next."""
    if assignment.state is AssignmentState.SUBMITTED:
        return _(
            "Đã nộp báo cáo hoàn thành. %(coordinator)s sẽ xác nhận, hoặc trả lại kèm lý do; nếu bị trả lại bạn sẽ "
            "nhận được thư.", coordinator=assignment.plan.coordinator.name,
        )
    if assignment.due_on is None:
        return _("Đã lưu tiến độ %(percent)s%%. Khi làm xong, hãy báo cáo lại và chọn “Đã hoàn thành”.",
                 percent=assignment.percent)
    return _("Đã lưu tiến độ %(percent)s%%. Khi làm xong (hạn %(day)s), hãy báo cáo lại và chọn “Đã hoàn thành”.",
             percent=assignment.percent, day=day(assignment.due_on))


def same_file_words(earlier: Evidence | None) -> str:
    """Say that the same file was handed in before, and for which task; "" when it was not."""
    if earlier is None or earlier.update is None:
        return ""
    return _("Tệp này đã gửi ngày %(day)s cho nhiệm vụ “%(task)s”.", day=day(earlier.update.reported_on),
             task=shorten(earlier.update.assignment.task.text, 80, placeholder="…"))

"""One row of the grid as a form, and the row as the page shows it."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length

from tracker.reports.grid import GridRow, handed_out
from tracker.rules.errors import Refusal
from tracker.rules.filled_rows import LONGEST_NUMBER, LONGEST_TEXT, Said, mark, tidy
from tracker.rules.personal_data import IdentityNumber, PersonList
from tracker.rules.states import OWED, AssignmentState
from tracker.web.assignments.forms import DayField, PercentField
from tracker.web.refusals import explain
from tracker.web.text_fields import TextLine
from tracker.workflow.progress import FutureDocument, HalfDocument, NoEvidence, NothingSaid, PercentUnderWay
from tracker.workflow.reporting_many import Ended, Outcome, RowInput

_TOO_LONG = _l("Không dài quá %(max)d ký tự.")
#: In which cell a refusal is shown; the others stand in the row's first cell.
CELL_OF: dict[type[Refusal], str] = {
    PercentUnderWay: "percent", NothingSaid: "text", IdentityNumber: "text", PersonList: "text",
    HalfDocument: "document_number", NoEvidence: "document_number", FutureDocument: "document_on",
}  # fmt: skip


class RowForm(Form):  # type: ignore[misc]
    """What can be said of one assignment in the grid. It checks shape; the rules stand in the use case."""

    state = SelectField(_l("Tình trạng"), choices=[
        SelectChoice("", _l("Giữ nguyên")),
        SelectChoice(AssignmentState.IN_PROGRESS.value, _l("Đang thực hiện")),
        SelectChoice(AssignmentState.SUBMITTED.value, _l("Đã hoàn thành")),
    ])
    percent = PercentField(_l("Tiến độ (%)"))
    text = TextAreaField(_l("Kết quả đã làm"), filters=[tidy],
                         validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    document_number = TextLine(_l("Số, ký hiệu văn bản"),
                               validators=[Length(max=LONGEST_NUMBER, message=_TOO_LONG)])
    document_on = DayField(_l("Ngày văn bản"))
    difficulties = TextAreaField(_l("Khó khăn, vướng mắc"), filters=[tidy],
                                 validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    version = HiddenField()
    seen = HiddenField()

    def said(self) -> Said:
        """Give what the row says."""
        return Said(
            state=AssignmentState(self.state.data) if self.state.data else None, percent=self.percent.data,
            text=self.text.data, difficulties=self.difficulties.data,
            document_number=self.document_number.data or "", document_on=self.document_on.data,
        )  # fmt: skip

    def row_input(self, assignment_id: int) -> RowInput:
        """Give the row for the use case; a version that can't be read is none at all."""
        raw = str(self.version.data or "")
        version = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0
        return RowInput(assignment_id, version, self.said(), str(self.seen.data or ""))


@dataclass
class Line:
    """One row as the page shows it."""

    row: GridRow
    form: RowForm
    #: What became of it when the page was sent; None on a fresh page.
    ended: Ended | None = None
    errors: list[str] = field(default_factory=list)
    #: The control that the first wrong row puts the cursor into.
    focus: str = ""

    @property
    def is_owed(self) -> bool:
        """Tell whether it can still be filled in."""
        return self.row.assignment.state in OWED

    @property
    def needs_care(self) -> bool:
        """Tell whether what was typed could not be saved."""
        return self.ended in {Ended.REFUSED, Ended.CONFLICT, Ended.NOT_OWED}


def fresh(row: GridRow, ended: Ended | None = None) -> Line:
    """Give a row as it stands now."""
    said = handed_out(row, with_proposals=False)
    form = RowForm(prefix=_prefix(row.assignment.id), data={
        "state": "", "percent": said.percent, "text": said.text, "difficulties": said.difficulties,
        "version": str(row.assignment.version), "seen": mark(said),
    })  # fmt: skip
    return Line(row, form, ended)


def typed(row: GridRow, sent: Mapping[str, Any]) -> Line:
    """Give a row as it was sent; a cell that can't be read makes it refused."""
    form = RowForm(sent, prefix=_prefix(row.assignment.id))
    line = Line(row, form)
    if not form.validate():
        line.ended = Ended.REFUSED
        line.focus = next((name for name in form.errors if name), "text")
    return line


def tell(line: Line, outcome: Outcome) -> None:
    """Note on a row what became of it, in the cell that it is about."""
    line.ended = outcome.ended
    if outcome.ended is Ended.CONFLICT:
        line.errors = [_("Người khác vừa báo cáo nhiệm vụ này. Hãy so với phần họ ghi; lưu lại nếu vẫn cần.")]
    elif outcome.ended is Ended.NOT_OWED:
        line.errors = [_("Nhiệm vụ này đã được nộp, xác nhận hoặc hủy sau khi bạn mở trang, nên không ghi thêm được.")]
    elif outcome.refusal is not None:
        cell = CELL_OF.get(type(outcome.refusal))
        words = explain(outcome.refusal)
        if cell is None:
            line.errors = [words]
        else:
            line.form[cell].errors = [words]
        line.focus = cell or "text"
    line.focus = line.focus or "text"


def over_what_stands(line: Line, row: GridRow) -> None:
    """Put a row that met somebody else's change over what stands now, so that saving it again is meant."""
    line.row = row
    if line.ended is Ended.CONFLICT:
        line.form.version.data = str(row.assignment.version)
        line.form.seen.data = ""


def _prefix(assignment_id: int) -> str:
    return f"r{assignment_id}-"

"""Forms of reporting and of deciding on a report. They check shape; the rules stand in the use cases."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import Field, FieldList, Form, FormField, HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import TextInput

from tracker.config import EVIDENCE_LIMIT, MEGABYTE
from tracker.rules.figures import LONGEST_NAME, LONGEST_UNIT, LONGEST_VALUE, MOST_FIGURES, Figure, is_number
from tracker.rules.states import AssignmentState
from tracker.web.text_fields import TextLine
from tracker.workflow.evidence import MOST_FILES
from tracker.workflow.file_types import ACCEPTED

LONGEST_TEXT = 10_000
#: What an agency can say of its work.
_REPORTED = (AssignmentState.IN_PROGRESS, AssignmentState.SUBMITTED)
_TOO_LONG = _l("Không dài quá %(max)d ký tự.")


class DayField(Field):  # type: ignore[misc]
    """A day as people write it, dd/mm/yyyy; what was typed stays in the field when it is no day."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%d/%m/%Y") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day, or nothing. Raises ValueError, which the form shows."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = _day(raw) if raw else None
        if raw and self.data is None:
            raise ValueError(_("Ngày không đúng. Hãy ghi theo dạng ngày/tháng/năm, ví dụ 05/09/2026."))


def _day(raw: str) -> date | None:
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(raw, form).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
    return None


class PercentField(Field):  # type: ignore[misc]
    """A whole number of per cent; "40%" is taken too."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number, or nothing. Raises ValueError, which the form shows."""
        raw = valuelist[0].strip().removesuffix("%").strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 3 and int(raw) <= 100):
            raise ValueError(_("Tiến độ là số nguyên từ 0 đến 100."))
        self.data = int(raw)


def _plain(text: str | None) -> str:
    """Cut blanks, and drop what no database keeps."""
    return (text or "").replace("\0", "").strip()


class FigureForm(Form):  # type: ignore[misc]
    """One result figure; a row without a value is not told."""

    name = TextLine(_l("Tên số liệu"), validators=[Length(max=LONGEST_NAME, message=_TOO_LONG)])
    value = TextLine(_l("Giá trị"), validators=[Length(max=LONGEST_VALUE, message=_TOO_LONG)])
    unit = TextLine(_l("Đơn vị"), validators=[Length(max=LONGEST_UNIT, message=_TOO_LONG)])

    def validate_value(self, field: Field) -> None:
        """A value is a number as people here write it."""
        if field.data and not is_number(field.data):
            raise ValidationError(_("Hãy ghi một số, như 12 hoặc 1.250 hoặc 12,5."))

    def validate_name(self, field: Field) -> None:
        """A number says what it counts."""
        if self.value.data and not field.data:
            raise ValidationError(_("Hãy ghi đó là số gì."))


class ProgressForm(FlaskForm):  # type: ignore[misc]
    """What was done, how far it is, and what shows it."""

    state = RadioField(
        _l("Tình trạng"), validate_choice=False,
        validators=[AnyOf([state.value for state in _REPORTED], _l("Hãy chọn tình trạng."))],
        choices=[
            SelectChoice(AssignmentState.IN_PROGRESS.value, _l("Đang thực hiện")),
            SelectChoice(AssignmentState.SUBMITTED.value, _l("Đã hoàn thành, đề nghị xác nhận")),
        ],
    )
    percent = PercentField(_l("Tiến độ (%)"), description=_l("Từ 0 đến 99. Khi đã hoàn thành, hệ thống tự ghi 100%."))
    text = TextAreaField(
        _l("Kết quả đã làm"), filters=[_plain],
        validators=[DataRequired(_l("Hãy ghi kết quả đã làm.")), Length(max=LONGEST_TEXT, message=_TOO_LONG)],
        description=_l("Ghi số liệu tổng hợp. Không ghi họ tên, số căn cước của từng người."),
    )
    figures = FieldList(FormField(FigureForm), min_entries=1, max_entries=MOST_FIGURES)
    difficulties = TextAreaField(_l("Khó khăn, vướng mắc"), filters=[_plain],
                                 validators=[Optional(), Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    proposals = TextAreaField(_l("Kiến nghị, đề xuất"), filters=[_plain],
                              validators=[Optional(), Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    files = MultipleFileField(
        _l("Tệp minh chứng"), render_kw={"accept": ACCEPTED},
        description=_l(
            "Tối đa %(most)d tệp, mỗi tệp không quá %(limit)d MB: PDF, Word, Excel, PowerPoint, ảnh, văn bản thường.",
            most=MOST_FILES, limit=EVIDENCE_LIMIT // MEGABYTE,
        ),
    )
    #: A second way to the same: the camera of a phone.
    photos = MultipleFileField(_l("Chụp ảnh"), render_kw={"accept": "image/*", "capture": "environment"})
    document_number = TextLine(_l("Số, ký hiệu văn bản"),
                               validators=[Length(max=100, message=_TOO_LONG)])
    document_on = DayField(
        _l("Ngày văn bản"), render_kw={"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
    )
    version = HiddenField()
    #: False when a press threw away what was typed.
    is_kept = True

    def validate_percent(self, field: Field) -> None:
        """Ask for the percentage of what is still under way; what is done needs none."""
        if self.state.data == AssignmentState.SUBMITTED:
            field.errors.clear()
            raise StopValidation
        if field.data is None and not field.errors:
            raise ValidationError(_("Hãy ghi tiến độ, hoặc chọn “Đã hoàn thành” ở trên."))

    @property
    def seen_version(self) -> int:
        """Give the version of the assignment the form was made from; one that can't be read is none at all."""
        raw = str(self.version.data or "")
        return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0

    @property
    def chosen_files(self) -> list[Any]:
        """Give the files that were sent."""
        return [file for field in (self.files, self.photos) for file in field.data or [] if file and file.filename]

    @property
    def told_figures(self) -> list[Figure]:
        """Give the rows of figures that have a value."""
        rows = (row.data for row in self.figures)
        return [Figure(row["name"] or "", row["value"], row["unit"] or "") for row in rows if row["value"]]


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What the coordinator says of a report: the button that was pressed, and the reason of a return."""

    reason = TextAreaField(_l("Lý do trả lại"), filters=[_plain],
                           validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)],
                           description=_l("Ghi rõ còn thiếu gì. Đầu mối của cơ quan sẽ nhận thư kèm lý do này."))
    version = HiddenField()

    seen_version = ProgressForm.seen_version


class QuickForm(FlaskForm):  # type: ignore[misc]
    """A button that acts on an assignment as it was shown."""

    version = HiddenField()

    seen_version = ProgressForm.seen_version


def state_of(form: ProgressForm) -> AssignmentState:
    """Give the state that a checked form asks for."""
    return AssignmentState(form.state.data)


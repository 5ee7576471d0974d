"""Forms of a plan: put one in, correct its facts, say what a duty is. They check shape; the rules stand elsewhere."""
from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, FieldList, Form, FormField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import TextInput

from tracker.models import Plan, Task
from tracker.models.catalogue import reference
from tracker.reading import SUPPORTED
from tracker.rules.states import DeadlineKind, DutyKind, Every, TaskRole
from tracker.web.assignments.forms import DayField
from tracker.web.text_fields import TextLine
from tracker.web.words import WORDS
from tracker.workflow.reviewing_plan import FactsInput, Seen
from tracker.workflow.task_state import DeadlineInput, OwnerInput, TaskInput, facts, mark, snapshot

LONGEST_LINE = 500
LONGEST_TEXT = 20_000
#: Rows a form takes at most; a hand-made request gets no further.
MOST_OWNERS = 60
MOST_DEADLINES = 20
#: What a span counted from an event can be.
MOST_MONTHS = 600
_TOO_LONG = _l("Không dài quá %(max)d ký tự.")
_DAY = {"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
_LINE = [Optional(), Length(max=LONGEST_LINE, message=_TOO_LONG)]
_MONTH_DAY = re.compile(r"(\d{1,2})(?:\s*[/.\-]\s*(\d{1,2}))?", re.ASCII)
_MONTHLY = {Every.MONTH.value, Every.QUARTER.value}


def _choices(kinds: type[StrEnum]) -> list[SelectChoice]:
    return [SelectChoice(kind.value, word) for kind, word in WORDS[kinds].items()]


def _plain(text: str | None) -> str:
    """Even line ends, cut blanks, drop what no database keeps."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


class MonthDayField(Field):  # type: ignore[misc]
    """A day of every year as people write it, dd/mm; only dd for what comes every month. Gives "MM-DD"."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data or ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day, or nothing. Raises ValueError, which the form shows."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        found = _MONTH_DAY.fullmatch(raw)
        try:
            if found is None:
                raise ValueError
            day, month = int(found[1]), int(found[2] or 1)
            self.data = date(2024, month, day).strftime("%m-%d")
        except ValueError:
            raise ValueError(_("Hãy ghi ngày/tháng, ví dụ 10/12; việc hằng tháng, hằng quý chỉ ghi ngày.")) from None


class CountField(Field):  # type: ignore[misc]
    """A whole number above nothing, or nothing."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number, or nothing. Raises ValueError, which the form shows."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not raw:
            return
        if not (raw.isascii() and raw.isdecimal() and len(raw) < 4 and 0 < int(raw) <= MOST_MONTHS):
            raise ValueError(_("Hãy ghi một số nguyên lớn hơn 0."))
        self.data = int(raw)


class NewPlanForm(FlaskForm):  # type: ignore[misc]
    """A file, or the text itself."""

    file = FileField(_l("Tệp kế hoạch"), render_kw={"accept": ",".join(SUPPORTED)})
    text = TextAreaField(_l("Hoặc dán nội dung kế hoạch"))
    again = BooleanField(_l("Vẫn nhập thêm một bản nữa"))


class _FormWithState(FlaskForm):  # type: ignore[misc]
    """A form that knows beside which state it was filled in."""

    version = HiddenField()
    mark = HiddenField()

    @property
    def seen(self) -> Seen:
        """Give the state the form was filled in beside; what can't be read is none at all."""
        raw = str(self.version.data or "")
        number = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0
        return Seen(number, str(self.mark.data or ""))


class SeenForm(_FormWithState):
    """A button on a duty."""


class SplitForm(_FormWithState):
    """The duty's own words, with line ends where it is cut."""

    text = TextAreaField(_l("Nội dung"), filters=[_plain])


class FactsForm(_FormWithState):
    """What the plan says about itself."""

    number = TextLine(_l("Số, ký hiệu"), validators=_LINE)
    title = TextLine(_l("Tên kế hoạch"), validators=[DataRequired(_l("Hãy ghi tên kế hoạch.")),
                                                     Length(max=LONGEST_LINE, message=_TOO_LONG)])
    issuer = TextLine(_l("Cơ quan ban hành"), validators=_LINE)
    issued_on = DayField(_l("Ngày ban hành"), validators=[Optional()], render_kw=_DAY)
    signed_by = TextLine(_l("Người ký"), validators=_LINE)

    @classmethod
    def of(cls, plan: Plan) -> FactsForm:
        """Make the form of a plan; what was sent wins over what is kept."""
        return cls(obj=plan, data={"version": plan.version, "mark": mark(facts(plan))})

    @property
    def given(self) -> FactsInput:
        """Give what was said."""
        return FactsInput(title=self.title.data or "", number=self.number.data or None,
                          issuer=self.issuer.data or None, issued_on=self.issued_on.data,
                          signed_by=self.signed_by.data or None)


class OwnerForm(Form):  # type: ignore[misc]
    """One body: as typed or picked, and as the plan prints it."""

    name = TextLine(_l("Cơ quan"), validators=_LINE)
    picked = HiddenField()
    printed = HiddenField(filters=[lambda value: (value or "").replace("\0", "")[:LONGEST_LINE]])


class DeadlineForm(Form):  # type: ignore[misc]
    """One deadline; which fields count follows from its kind."""

    deadline_id = HiddenField()
    kind = SelectField(_l("Loại thời hạn"), choices=[
        SelectChoice("", _l("Không đặt thời hạn này")), *_choices(DeadlineKind)])
    starts_on = DayField(_l("Từ ngày"), validators=[Optional()], render_kw=_DAY)
    due_on = DayField(_l("Ngày cuối cùng còn đúng hạn"), render_kw=_DAY)
    every = SelectField(_l("Lặp lại"), choices=[SelectChoice("", _l("Chưa rõ")), *_choices(Every)])
    due_day = MonthDayField(_l("Gửi chậm nhất ngày"), validators=[Optional()],
                            render_kw={"placeholder": "dd/mm", "autocomplete": "off"})
    first_day = MonthDayField(_l("Số liệu từ"), validators=[Optional()],
                              render_kw={"placeholder": "dd/mm", "autocomplete": "off"})
    last_day = MonthDayField(_l("đến"), validators=[Optional()],
                             render_kw={"placeholder": "dd/mm", "autocomplete": "off"})
    months = CountField(_l("Số tháng"), validators=[Optional()], render_kw={"inputmode": "numeric"})
    days = CountField(_l("Số ngày"), validators=[Optional()], render_kw={"inputmode": "numeric"})

    def validate_due_on(self, field: Field) -> None:
        """Ask for the day where the kind is nothing without it, and for the right order."""
        if self._needs_day and field.data is None and not field.errors and not self._is_blank:
            raise ValidationError(_("Hãy ghi ngày."))
        ordered = self.kind.data in {DeadlineKind.RANGE.value, DeadlineKind.PERIOD.value}
        if ordered and self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(_("Ngày cuối phải sau ngày đầu."))

    @property
    def _needs_day(self) -> bool:
        return self.kind.data in {DeadlineKind.DATE.value, DeadlineKind.RANGE.value}

    @property
    def _is_blank(self) -> bool:
        """Tell whether this is a row that was offered and never filled in."""
        return bool(self._needs_day and not self.deadline_id.data and not self.due_on.data
                    and not self.due_on.errors and not self.starts_on.data)

    @property
    def given(self) -> DeadlineInput | None:
        """Give the deadline, or None for an empty row."""
        if not self.kind.data or self._is_blank:
            return None
        number = str(self.deadline_id.data or "")
        return DeadlineInput(
            kind=DeadlineKind(self.kind.data),
            deadline_id=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else None,
            starts_on=self.starts_on.data, due_on=self.due_on.data,
            every=Every(self.every.data) if self.every.data else None,
            due_day=_day_only(self.due_day.data) if self.every.data in _MONTHLY else self.due_day.data,
            first_day=self.first_day.data, last_day=self.last_day.data,
            months=self.months.data, days=self.days.data,
        )


def _day_only(month_day: str | None) -> str | None:
    """Of what comes every month or quarter only the day counts; January has 31 of them."""
    return f"01-{month_day[-2:]}" if month_day else None


def _printed_day(month_day: str | None, *, day_only: bool = False) -> str | None:
    """Write "MM-DD" the way it is typed: dd/mm, or dd."""
    if not month_day:
        return None
    month, day = month_day.split("-")
    return day if day_only else f"{day}/{month}"


class TaskForm(_FormWithState):
    """Everything a person can say of a duty."""

    # The plan's own text has the id "text" on the page.
    text = TextAreaField(_l("Nội dung nhiệm vụ"), id="task-text", filters=[_plain],
                         validators=[DataRequired(_l("Hãy ghi nội dung nhiệm vụ.")),
                                     Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    section = TextLine(_l("Mục trong kế hoạch"), validators=_LINE)
    kind = SelectField(_l("Loại nhiệm vụ"), choices=_choices(DutyKind))
    role = SelectField(_l("Vai trò của cơ quan"), choices=_choices(TaskRole))
    is_requested = BooleanField(_l("Kế hoạch đề nghị, không giao (cơ quan ngoài quyền chỉ đạo của Ủy ban nhân dân)"))
    expected_product = TextLine(_l("Sản phẩm, kết quả phải có"), validators=_LINE)
    owners = FieldList(FormField(OwnerForm), max_entries=MOST_OWNERS)
    deadlines = FieldList(FormField(DeadlineForm), max_entries=MOST_DEADLINES)

    @classmethod
    def sent(cls) -> TaskForm:
        """Read the form that was sent."""
        return cls()

    @classmethod
    def of(cls, plan: Plan, task: Task) -> TaskForm:
        """Make the form of a duty as it stands, with one empty row for another body."""
        return cls(formdata=None, data={
            "version": plan.version, "mark": mark(snapshot(task)), "text": task.text, "section": task.section,
            "kind": task.kind.value, "role": task.role.value, "is_requested": task.is_requested,
            "expected_product": task.expected_product,
            "owners": [_owner_data(owner) for owner in task.owners] + ([] if task.owners else [{}]),
            "deadlines": [_deadline_data(deadline) for deadline in task.deadlines],
        })

    @classmethod
    def empty(cls, plan: Plan, text: str = "", section: str = "") -> TaskForm:
        """Make the form of a duty that is added by hand."""
        return cls(formdata=None, data={"version": plan.version, "text": text, "section": section,
                                        "owners": [{}], "deadlines": [{"kind": DeadlineKind.DATE.value}]})

    def add_owner(self) -> None:
        """Put one more empty row for a body."""
        if len(self.owners) < MOST_OWNERS:
            self.owners.append_entry({})

    def add_deadline(self) -> None:
        """Put one more empty row for a deadline."""
        if len(self.deadlines) < MOST_DEADLINES:
            self.deadlines.append_entry({"kind": DeadlineKind.DATE.value})

    @property
    def given(self) -> TaskInput:
        """Give what was said."""
        deadlines = (row.form.given for row in self.deadlines)
        return TaskInput(
            text=unicodedata.normalize("NFC", self.text.data or ""),
            section=self.section.data or None,
            kind=DutyKind(self.kind.data),
            role=TaskRole(self.role.data),
            is_requested=bool(self.is_requested.data),
            expected_product=self.expected_product.data or None,
            owners=tuple(
                OwnerInput(name=row.form.name.data or "", printed=row.form.printed.data or None,
                           picked=row.form.picked.data or "") for row in self.owners),
            deadlines=tuple(one for one in deadlines if one is not None),
        )


def _owner_data(owner: Any) -> dict[str, Any]:
    body = owner.agency or owner.group
    return {"name": body.name if body else owner.printed, "printed": owner.printed,
            "picked": reference(body) if body else ""}


def _deadline_data(deadline: Any) -> dict[str, Any]:
    monthly = deadline.every in {Every.MONTH, Every.QUARTER}
    return {
        "deadline_id": deadline.id, "kind": deadline.kind.value, "starts_on": deadline.starts_on,
        "due_on": deadline.due_on, "every": deadline.every.value if deadline.every else "",
        "due_day": _printed_day(deadline.due_day, day_only=monthly),
        "first_day": _printed_day(deadline.first_day, day_only=monthly),
        "last_day": _printed_day(deadline.last_day, day_only=monthly),
        "months": deadline.months, "days": deadline.days,
    }

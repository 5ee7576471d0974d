"""Forms of changing a running plan. They check shape; the rules stand in the use cases."""
from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from tracker.models import Plan, Task
from tracker.models.catalogue import reference
from tracker.rules.states import DeadlineKind, Every
from tracker.web.assignments.forms import DayField
from tracker.web.plans.forms import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_DEADLINES,
    MOST_OWNERS,
    MonthDayField,
    OwnerForm,
    SeenForm,
    TaskForm,
)
from tracker.web.text_fields import TextLine
from tracker.workflow.changing_plan import Amendment, Grounds
from tracker.workflow.doubts import comes_round, is_dated
from tracker.workflow.task_state import OwnerInput, mark, snapshot

LONGEST_REASON = 2000
_TOO_LONG = _l("Không dài quá %(max)d ký tự.")
_DAY = {"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"}
_LINE = [Optional(), Length(max=LONGEST_LINE, message=_TOO_LONG)]


def _plain(text: str | None) -> str:
    """Even line ends, composed letters, no blanks around, nothing that a database refuses."""
    return unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\0", "")).strip()


class GroundsForm(SeenForm):
    """Why, by which document, and whether what it does was seen before it is saved."""

    reason = TextAreaField(_l("Lý do thay đổi"), filters=[_plain], render_kw={"rows": 2},
                           description=_l("Các cơ quan liên quan đọc lý do này trong thư và trong lịch sử công việc."),
                           validators=[DataRequired(_l("Hãy ghi lý do để các cơ quan liên quan biết.")),
                                       Length(max=LONGEST_REASON, message=_TOO_LONG)])
    document_number = TextLine(_l("Số văn bản chỉ đạo"), validators=_LINE)
    document_on = DayField(_l("Ngày văn bản"), validators=[Optional()], render_kw=_DAY)
    #: The mark of what was looked at; what was changed since is looked at again.
    previewed = HiddenField()

    def validate_document_on(self, field: DayField) -> None:
        """Ask for the number of a document that has a day."""
        if field.data and not self.document_number.data:
            raise ValidationError(_("Hãy ghi cả số của văn bản."))

    @property
    def grounds(self) -> Grounds:
        """Give why it is changed."""
        return Grounds(self.reason.data or "", self.document_number.data or None, self.document_on.data)

    def print(self) -> str:
        """Give the mark of everything that was said."""
        return mark({"said": repr((self.said(), self.grounds, self.seen))})

    def said(self) -> Any:
        """Give what shall be changed."""
        return None


class AddForm(GroundsForm, TaskForm):
    """A new task, and why."""

    def said(self) -> Any:
        """Give the new task."""
        return self.given

    @classmethod
    def beside(cls, plan: Plan) -> AddForm:
        """Make the empty form."""
        return cls(formdata=None, data={"version": plan.version, "owners": [{}],
                                        "deadlines": [{"kind": DeadlineKind.DATE.value}]})


class DeadlineRow(Form):  # type: ignore[misc]
    """One deadline that the task has: its last day, or of what comes round its send-by day."""

    deadline_id = HiddenField()
    every = HiddenField()
    due_on = DayField(_l("Ngày cuối cùng còn đúng hạn"), render_kw=_DAY)
    due_day = MonthDayField(_l("Gửi chậm nhất ngày"), validators=[Optional()],
                            render_kw={"placeholder": "dd/mm", "autocomplete": "off"})

    @property
    def number(self) -> int:
        """Give the deadline's id; 0 for the first day of a task without any."""
        raw = str(self.deadline_id.data or "")
        return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0

    @property
    def is_monthly(self) -> bool:
        """Tell whether only the day of the month counts."""
        return self.every.data in {Every.MONTH.value, Every.QUARTER.value}

    def validate_due_on(self, field: DayField) -> None:
        """Ask for the day of a deadline that has one."""
        if self.number and not self.every.data and field.data is None and not field.errors:
            raise ValidationError(_("Hãy ghi ngày."))

    def validate_due_day(self, field: MonthDayField) -> None:
        """Ask for the send-by day of what comes round."""
        if self.every.data and field.data is None and not field.errors:
            raise ValidationError(_("Hãy ghi ngày."))


class AmendForm(GroundsForm):
    """What a task shall say from now on, and why."""

    text = TextAreaField(_l("Nội dung nhiệm vụ"), id="task-text", filters=[_plain],
                         validators=[DataRequired(_l("Hãy ghi nội dung nhiệm vụ.")),
                                     Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    expected_product = TextLine(_l("Sản phẩm, kết quả phải có"), validators=_LINE)
    owners = FieldList(FormField(OwnerForm), max_entries=MOST_OWNERS)
    days = FieldList(FormField(DeadlineRow), max_entries=MOST_DEADLINES)

    @classmethod
    def beside(cls, plan: Plan, task: Task) -> AmendForm:
        """Make the form of a task as it stands."""
        owners = [{"name": body.name if (body := owner.agency or owner.group) else owner.printed,
                   "printed": owner.printed, "picked": reference(body) if body else ""} for owner in task.owners]
        days = [_row(deadline) for deadline in task.deadlines if is_dated(deadline) or comes_round(deadline)]
        return cls(formdata=None, data={
            "version": plan.version, "mark": mark(snapshot(task)), "text": task.text,
            "expected_product": task.expected_product, "owners": owners or [{}], "days": days or [{}]})

    def add_owner(self) -> None:
        """Put one more empty row for a body."""
        if len(self.owners) < MOST_OWNERS:
            self.owners.append_entry({})

    def said(self) -> Amendment:
        """Give what the task shall say."""
        rows = [row.form for row in self.days]
        return Amendment(
            text=self.text.data or "", expected_product=self.expected_product.data or None,
            owners=tuple(OwnerInput(name=row.form.name.data or "", printed=row.form.printed.data or None,
                                    picked=row.form.picked.data or "") for row in self.owners),
            days={row.number: row.due_on.data for row in rows if row.number and row.due_on.data},
            send_by={row.number: f"01-{row.due_day.data[-2:]}" if row.is_monthly else row.due_day.data
                     for row in rows if row.number and row.due_day.data},
            first_day=next((row.due_on.data for row in rows if not row.number), None),
        )


def _row(deadline: Any) -> dict[str, Any]:
    if deadline.every is None:
        return {"deadline_id": deadline.id, "due_on": deadline.due_on, "every": "", "due_day": None}
    month, day = deadline.due_day.split("-")
    monthly = deadline.every in {Every.MONTH, Every.QUARTER}
    return {"deadline_id": deadline.id, "every": deadline.every.value, "due_on": None,
            "due_day": day if monthly else f"{day}/{month}"}

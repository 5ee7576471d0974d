"""The form of a reminder policy, for the province's page and for a plan's own, with the sample task beside it."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, Plan
from tracker.reports.reminder_sample import Sample, SampleTask, agencies, coordinator_of, first_task, sample
from tracker.rules.errors import Refusal
from tracker.rules.look_back import LookBackTooShort
from tracker.rules.reminder_policy import (
    LAST_WARNING,
    Audience,
    DaysBeforeNotUnderstood,
    Moment,
    ReminderOutOfBounds,
    ReminderPolicy,
    Told,
    VeryLateBeforeLate,
    may_be_told,
)
from tracker.web.assignments.forms import DayField
from tracker.web.refusals import explain
from tracker.web.words import word
from tracker.workflow.calendar import FIRST_YEAR, LAST_YEAR
from tracker.workflow.policy import NoMorningHour

#: The fields of a reminder policy beside the table, as the page has them.
REMINDERS = ("before", "after_every", "weekly_after", "late_after", "very_late_after")
NUMBER = InputRequired(_l("Hãy ghi một số nguyên."))
#: What people write between the days before: "5, 1", "5; 1", "5 và 1".
_BETWEEN = re.compile(r"[,;\s]+|\s+và\s+")
_MOST_TYPED = 60


def number(raw: object) -> int:
    """Give a version or an id that a form sent; 0 for what is none."""
    text = str(raw or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class WholeNumber(IntegerField):  # type: ignore[misc]
    """A whole number, with our own words when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError, which the form shows."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if raw and not (raw.isascii() and raw.isdecimal() and len(raw) < 6):
            raise ValueError(_("Hãy ghi một số nguyên."))
        self.data = int(raw) if raw else None


class DaysBeforeField(Field):  # type: ignore[misc]
    """The days before a due date as people write them, "5, 1"; empty for none."""

    widget = TextInput()
    data: tuple[int, ...]

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:_MOST_TYPED]
        return ", ".join(str(days) for days in self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the days. Raises ValueError, which the form shows."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = ()
        numbers = [one for one in _BETWEEN.split(raw) if one]
        if any(not (one.isascii() and one.isdecimal() and len(one) < 4) for one in numbers):
            raise ValueError(_("Hãy ghi các số ngày cách nhau bằng dấu phẩy, ví dụ: 5, 1."))
        self.data = tuple(int(one) for one in numbers)


class ToldField(Field):  # type: ignore[misc]
    """Who is told at which moment: boxes in a table. What can't be switched off is always ticked."""

    audiences = tuple(Audience)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the ticked boxes, "moment:audience". Raises ValueError, which the form shows."""
        self.data = frozenset({LAST_WARNING})
        try:
            pairs = [raw.split(":") for raw in valuelist]
            self.data |= {(Moment(moment), Audience(audience)) for moment, audience in pairs}
        except ValueError:
            raise ValueError(_("Hãy chọn các ô trong bảng.")) from None

    @property
    def rows(self) -> Iterable[tuple[Moment, list[tuple[Audience, str, bool, bool]]]]:
        """Give each moment with its boxes: audience, value (none: no box), ticked, can't be switched off."""
        told = self.data or frozenset()
        for moment in Moment:
            yield moment, [(audience, f"{moment}:{audience}" if may_be_told(moment, audience) else "",
                            (moment, audience) in told, (moment, audience) == LAST_WARNING) for audience in Audience]


class Unlike(NamedTuple):
    """One thing that two policies do not agree on: what it is, what holds, what the form says."""

    label: str
    holds: str
    said: str


class ReminderForm(FlaskForm):  # type: ignore[misc]
    """When a due date is reminded of, and who is told."""

    before = DaysBeforeField(
        _l("Trước hạn (ngày làm việc)"),
        description=_l("Các mốc cách nhau bằng dấu phẩy. “5, 1” là nhắc trước hạn 5 ngày và 1 ngày làm việc; để trống "
                       "là không nhắc trước hạn. Ngày đến hạn luôn có lời nhắc cuối."))
    after_every = WholeNumber(
        _l("Quá hạn, nhắc lại sau mỗi (ngày làm việc)"), validators=[NUMBER],
        description=_l("Tính từ ngày làm việc đầu tiên sau hạn."))
    weekly_after = WholeNumber(
        _l("Quá hạn từ (ngày làm việc) thì nhắc mỗi tuần một lần"), validators=[NUMBER],
        description=_l("Để thư không dày lên với việc đã quá hạn từ lâu."))
    late_after = WholeNumber(
        _l("Mốc “quá hạn lâu” (ngày làm việc)"), validators=[NUMBER],
        description=_l("Thường là lúc báo thủ trưởng cơ quan."))
    very_late_after = WholeNumber(
        _l("Mốc “quá hạn rất lâu” (ngày làm việc)"), validators=[NUMBER],
        description=_l("Thường là lúc báo lãnh đạo tỉnh; không sớm hơn mốc trên."))
    told = ToldField(_l("Báo cho ai, vào lúc nào"))
    #: Of the policy that the form was made from.
    version = HiddenField()

    def to_reminders(self) -> ReminderPolicy:
        """Give the policy of a checked form."""
        return ReminderPolicy(**{name: self[name].data for name in (*REMINDERS, "told")})

    @property
    def seen(self) -> int:
        """Give the version that the form was made from."""
        return number(self.version.data)

    def take(self, version: int) -> None:
        """Let the form be saved over a newer version, which was shown beside it."""
        self.version.raw_data, self.version.data = None, version

    def unlike(self, holds: Mapping[str, Any], more: Iterable[str] = ()) -> list[Unlike]:
        """Compare the form with what holds, in the order of the page; `more` names the fields before the reminders."""
        found = [Unlike(str(self[name].label.text), _said(holds[name]), _said(self[name].data))
                 for name in (*more, *REMINDERS) if holds[name] != self[name].data]
        for moment in Moment:
            there, here = (_audiences(told, moment) for told in (holds["told"], self.told.data))
            if there != here:
                found.append(Unlike(_("Báo cho: %(moment)s", moment=word(moment)), there, here))
        return found

    def say(self, refusal: Refusal) -> None:
        """Put a refusal beside the field it is about; at the top when it is about none."""
        match refusal:
            case ReminderOutOfBounds(field=name):
                place = name
            case DaysBeforeNotUnderstood():
                place = "before"
            case VeryLateBeforeLate():
                place = "very_late_after"
            case LookBackTooShort():
                place = "grace_after_return"
            case NoMorningHour():
                place = "send_at"
            case _:
                self.form_errors.append(explain(refusal))
                return
        self[place].errors = [*self[place].errors, explain(refusal)]


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value) or "–"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _audiences(told: Told, moment: Moment) -> str:
    return ", ".join(word(audience) for audience in Audience if (moment, audience) in told) or "–"


class SampleForm(Form):  # type: ignore[misc]
    """The task of the sample. What is wrong with it never keeps a policy from being saved."""

    due_on = DayField(_l("Hạn của việc mẫu"),
                      render_kw={"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"})
    agency = SelectField(_l("Cơ quan thực hiện"), coerce=str, validate_choice=False)


class SampleDesk:
    """The sample beside a policy: its form, and what it shows."""

    def __init__(self, plan: Plan | None = None) -> None:
        session, today = db.session(), clock.today()
        first = first_task(session, today=today, plan=plan)
        self.form = SampleForm(request.form if request.method == "POST" else None, prefix="sample-",
                               data={"due_on": first.due_on, "agency": str(first.agency.id)} if first else None)
        self.form.agency.choices = [
            (str(agency_id), name) for agency_id, name in agencies(session, today=today, plan=plan)
        ]
        self.task = self._task(plan, first)
        self.sample: Sample | None = None

    def _task(self, plan: Plan | None, first: SampleTask | None) -> SampleTask | None:
        """Read the task that is asked for; what makes no sense is said, and gives none."""
        if request.method != "POST" or first is None or "sample-due_on" not in request.form:
            return first
        self.form.validate()
        day: date | None = self.form.due_on.data
        agency = db.session.get(Agency, number(self.form.agency.data))
        if day is None and not self.form.due_on.errors:
            self.form.due_on.errors = [_("Hãy ghi ngày.")]
        elif day and not FIRST_YEAR < day.year < LAST_YEAR:
            self.form.due_on.errors = [_("Hãy chọn một năm từ %(first)s đến %(last)s.", first=FIRST_YEAR + 1,
                                         last=LAST_YEAR - 1)]
            day = None
        if agency is None:
            self.form.agency.errors = [_("Hãy chọn một cơ quan trong danh sách.")]
        if day is None or agency is None:
            return None
        return SampleTask(agency, day, coordinator_of(db.session(), plan))

    def show(self, reminders: ReminderPolicy, *, mails_per_week: int) -> None:
        """Work out what a policy means for the task, when there is one."""
        if self.task is not None:
            self.sample = sample(db.session(), self.task, reminders, mails_per_week=mails_per_week)


def is_trying() -> bool:
    """Tell whether the form is only to be tried, not saved."""
    return "try" in request.form


def step_words(step: str) -> str:
    """Say a step of a due date in words: "before_5", "due", "after_3", "late", "very_late"."""
    name, _dash, days = step.rpartition("_")
    if name == "before":
        return str(ngettext("Trước hạn %(num)d ngày làm việc", "Trước hạn %(num)d ngày làm việc", int(days)))
    if name == "after":
        return str(ngettext("Quá hạn %(num)d ngày làm việc", "Quá hạn %(num)d ngày làm việc", int(days)))
    plain = {"due": _("Đến hạn: lời nhắc cuối"), "late": word(Moment.LATE), "very_late": word(Moment.VERY_LATE)}
    return str(plain.get(step, step))

"""The forms of the inbox: one for each kind of thing that waits. They check shape; the rules stand in the use cases."""
from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length

from tracker.reports.inbox import InboxKind
from tracker.web.assignments.forms import DayField
from tracker.web.text_fields import OneTimeKey

LONGEST_TEXT = 5_000
_TOO_LONG = _l("Không dài quá %(max)d ký tự.")


def _plain(text: str | None) -> str:
    """Cut blanks, and drop what no database keeps."""
    return (text or "").replace("\0", "").strip()


class InboxForm(FlaskForm):  # type: ignore[misc]
    """What every decision has: the words to the agency, and the version that was looked at."""

    words = TextAreaField(_l("Lời gửi cơ quan"), filters=[_plain],
                          validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)])
    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """Give the version the form was made from; one that can't be read is none at all."""
        raw = str(self.version.data or "")
        return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0


class ReportDecisionForm(InboxForm):
    """Accept, or return with a reason."""

    words = TextAreaField(_l("Lý do trả lại"), filters=[_plain],
                          validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)],
                          description=_l("Chỉ cần khi trả lại: ghi rõ còn thiếu gì. Cơ quan nhận thư kèm lý do này."))


class ExtensionDecisionForm(InboxForm):
    """Grant up to a day, or refuse with an answer."""

    granted_on = DayField(_l("Gia hạn đến ngày"), render_kw={"placeholder": "dd/mm/yyyy", "inputmode": "numeric",
                                                             "autocomplete": "off"})
    words = TextAreaField(_l("Trả lời cơ quan"), filters=[_plain],
                          validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)],
                          description=_l("Bắt buộc khi không đồng ý."))


class TransferDecisionForm(InboxForm):
    """Give the work to another agency, or refuse with an answer."""

    #: Named apart from the filter's own "agency", which goes along in the same form.
    agency = SelectField(_l("Giao cho cơ quan"), name="given_to", validate_choice=False)
    words = TextAreaField(_l("Trả lời cơ quan"), filters=[_plain],
                          validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)],
                          description=_l("Bắt buộc khi không đồng ý."))

    def offer(self, agencies: Sequence[tuple[str, str]], proposed: int | None) -> None:
        """List the agencies it can be given to; the proposed one is chosen."""
        self.agency.choices = [SelectChoice("", _l("Chọn cơ quan")),
                               *(SelectChoice(value, name) for value, name in agencies)]
        if proposed is not None:
            self.agency.data = str(proposed)

    @property
    def agency_id(self) -> int:
        """Give the chosen agency's id; 0 when none was chosen."""
        raw = str(self.agency.data or "")
        return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0


class QuestionForm(InboxForm):
    """Answer a question."""

    words = TextAreaField(_l("Trả lời"), filters=[_plain],
                          validators=[Length(max=LONGEST_TEXT, message=_TOO_LONG)],
                          description=_l("Người hỏi nhận thư kèm câu trả lời."))
    form_key = OneTimeKey(validators=[Length(max=64)])

    def begin(self) -> None:
        """Give the form its one-time key."""
        self.form_key.data = secrets.token_urlsafe(24)


DECISION_FORMS: dict[InboxKind, type[InboxForm]] = {
    InboxKind.REPORT: ReportDecisionForm, InboxKind.EXTENSION: ExtensionDecisionForm,
    InboxKind.TRANSFER: TransferDecisionForm, InboxKind.QUESTION: QuestionForm,
}

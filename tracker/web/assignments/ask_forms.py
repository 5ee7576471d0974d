"""Forms of what an agency asks, of naming a colleague and of the thread. They check shape, not rules."""
from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, Field, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from tracker.config import EVIDENCE_LIMIT, MEGABYTE
from tracker.web.assignments.forms import DayField
from tracker.web.text_fields import OneTimeKey, TextLine
from tracker.workflow.evidence import MOST_FILES
from tracker.workflow.file_types import ACCEPTED

LONGEST_REASON = 5000
LONGEST_NAME = 500
_TOO_LONG = _l("Không dài quá %(max)d ký tự.")


def _words(text: str | None) -> str:
    """Compose letters, cut blanks, and drop what no database keeps; a line end counts as one character."""
    composed = unicodedata.normalize("NFC", text or "").replace("\0", "").replace("\r\n", "\n")
    return composed.strip()


def number(raw: str | None) -> int:
    """Give a number that a form sent; what can't be read is none at all: 0."""
    raw = raw or ""
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 10 else 0


class ExtensionForm(FlaskForm):  # type: ignore[misc]
    """Until when, why, and what shows it."""

    wanted_on = DayField(
        _l("Xin gia hạn đến ngày"),
        render_kw={"placeholder": "dd/mm/yyyy", "inputmode": "numeric", "autocomplete": "off"},
    )
    reason = TextAreaField(
        _l("Lý do"), filters=[_words],
        validators=[DataRequired(_l("Hãy ghi lý do.")), Length(max=LONGEST_REASON, message=_TOO_LONG)],
        description=_l("Vì sao chưa xong và đến ngày đó sẽ xong bằng cách nào. Không ghi họ tên, số căn cước của từng "
                       "người."),
    )
    files = MultipleFileField(
        _l("Tệp kèm theo (không bắt buộc)"), render_kw={"accept": ACCEPTED},
        description=_l(
            "Tối đa %(most)d tệp, mỗi tệp không quá %(limit)d MB: PDF, Word, Excel, PowerPoint, ảnh, văn bản thường.",
            most=MOST_FILES, limit=EVIDENCE_LIMIT // MEGABYTE,
        ),
    )
    version = HiddenField()

    def validate_wanted_on(self, field: Field) -> None:
        """Ask for a day; one that can't be read has said so itself. Raises ValidationError, which the form shows."""
        if field.data is None and not field.errors:
            raise ValidationError(_("Hãy ghi ngày, ví dụ 05/09/2026."))

    @property
    def chosen_files(self) -> list[Any]:
        """Give the files that were sent."""
        return [file for file in self.files.data or [] if file and file.filename]


class TransferForm(FlaskForm):  # type: ignore[misc]
    """Whose it is, or that nobody here knows; and why it is not ours."""

    agency = TextLine(_l("Theo cơ quan bạn, nhiệm vụ này thuộc về"),
                      validators=[Length(max=LONGEST_NAME, message=_TOO_LONG)])
    picked = HiddenField()
    unknown = BooleanField(_l("Chưa rõ là cơ quan nào"))
    reason = TextAreaField(
        _l("Vì sao không thuộc cơ quan bạn"), filters=[_words],
        validators=[DataRequired(_l("Hãy ghi lý do.")), Length(max=LONGEST_REASON, message=_TOO_LONG)],
        description=_l("Ví dụ: chức năng đã chuyển theo văn bản nào, kế hoạch nêu cơ quan nào."),
    )
    version = HiddenField()

    def validate_agency(self, field: Field) -> None:
        """Ask for a name, or for the tick that nobody here knows. Raises ValidationError, which the form shows."""
        if not field.data and not self.picked.data and not self.unknown.data:
            raise ValidationError(_("Hãy chọn cơ quan, hoặc đánh dấu “Chưa rõ là cơ quan nào”."))


class CommentForm(FlaskForm):  # type: ignore[misc]
    """What is said, whether it asks the coordinator, and who is named. How long it may be, the use case says."""

    text = TextAreaField(_l("Nội dung trao đổi"), filters=[_words])
    is_question = BooleanField(_l("Hỏi cơ quan thường trực (cần trả lời)"))
    form_key = OneTimeKey()

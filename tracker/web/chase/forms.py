"""The form of a chase."""
from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from tracker.workflow.chasing import LONGEST_FORM_KEY, LONGEST_NOTE


class ChaseForm(FlaskForm):  # type: ignore[misc]
    """The coordinator's own line, and the key that makes two presses one chase."""

    note = TextAreaField(
        _l("Lời nhắn"),
        validators=[Optional(), Length(max=LONGEST_NOTE, message=_l("Lời nhắn dài quá %(max)d ký tự."))],
        description=_l("Đứng đầu mỗi thư, trước danh sách việc quá hạn. Có thể để trống."),
    )
    form_key = HiddenField(validators=[InputRequired(), Length(max=LONGEST_FORM_KEY)])

    def begin(self) -> None:
        """Give the form its one-time key."""
        self.form_key.data = secrets.token_urlsafe(24)

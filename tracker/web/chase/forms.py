"""The forms of chasing: what a mail says besides its list, and what is noted of a call or a meeting."""
from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from tracker import clock
from tracker.rules.states import ChaseChannel, ChaseTone
from tracker.web.admin.forms import Day
from tracker.web.text_fields import OneTimeKey, without_nul
from tracker.web.words import WORDS
from tracker.workflow.chasing import LONGEST_FORM_KEY, LONGEST_NOTE

_TOO_LONG = _l("Lời nhắn dài quá %(max)d ký tự.")
#: What can be noted: a mail is sent, never noted.
NOTED = (ChaseChannel.PHONE, ChaseChannel.MEETING, ChaseChannel.LETTER)


class _Keyed(FlaskForm):  # type: ignore[misc]
    """A form whose one-time key makes two presses one chase."""

    form_key = OneTimeKey(validators=[InputRequired(), Length(max=LONGEST_FORM_KEY)])

    def begin(self) -> None:
        """Give the form its one-time key, unless it has one already."""
        self.form_key.data = self.form_key.data or secrets.token_urlsafe(24)


class ChaseForm(_Keyed):
    """The tone, the coordinator's own line, and whether to mail a second time on one day."""

    tone = RadioField(
        _l("Giọng văn"), coerce=ChaseTone, default=ChaseTone.GENTLE,
        choices=[SelectChoice(tone.value, words) for tone, words in WORDS[ChaseTone].items()],
        description=_l("Cơ quan được đề nghị phối hợp luôn nhận lời đề nghị, dù chọn giọng nào."),
    )
    note = TextAreaField(
        _l("Lời nhắn"), filters=[without_nul],
        validators=[Optional(), Length(max=LONGEST_NOTE, message=_TOO_LONG)],
        description=_l("Đứng đầu mỗi thư, trước danh sách việc quá hạn. Có thể để trống."),
    )
    insist = BooleanField(_l("Vẫn gửi lại hôm nay"))


class NoteForm(_Keyed):
    """That agencies were called, met or written to."""

    channel = RadioField(
        _l("Cách đôn đốc"), coerce=ChaseChannel, default=ChaseChannel.PHONE,
        choices=[SelectChoice(channel.value, WORDS[ChaseChannel][channel]) for channel in NOTED],
    )
    happened_on = Day(_l("Ngày"), [InputRequired(_l("Hãy ghi ngày."))])
    note = TextAreaField(
        _l("Đã làm việc với ai, nội dung"),
        [DataRequired(_l("Hãy ghi đã làm việc với ai và nội dung trao đổi.")),
         Length(max=LONGEST_NOTE, message=_l("Nội dung dài quá %(max)d ký tự."))],
        description=_l("Không ghi số định danh, danh sách người nghiện."), filters=[without_nul],
    )

    def begin(self) -> None:
        """Give the form its key, and today."""
        super().begin()
        self.happened_on.data = self.happened_on.data or clock.today()

"""The forms of official letters: what is to be written, and what the registry made of it."""
from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from tracker.reports.letters import Order, Signing
from tracker.web.admin.forms import Day
from tracker.web.text_fields import OneTimeKey, TextLine, several_lines
from tracker.workflow.chasing import LONGEST_FORM_KEY
from tracker.workflow.lettering import LONGEST_NUMBER

_TOO_LONG = _l("Không dài quá %(max)d ký tự.")
_SYMBOL = Regexp(r"^[0-9A-ZĐ&]+$", message=_l("Chỉ dùng chữ in hoa và số, viết liền: CAT, PC04."))
_BY_PLAN = _l("Để trống thì mỗi công văn tự ghi theo kế hoạch của mình.")
#: How long an agency has for its answer, unless the coordinator says otherwise.
REPLY_WITHIN = timedelta(days=7)


def _capitals(text: str | None) -> str:
    return (text or "").upper()


class LetterForm(FlaskForm):  # type: ignore[misc]
    """What the letters say besides the late work, and who signs."""

    one_each = RadioField(_l("Số công văn"), choices=[
        SelectChoice("yes", _l("Mỗi cơ quan một công văn")),
        SelectChoice("no", _l("Một công văn chung (cơ quan được đề nghị phối hợp vẫn có công văn riêng)")),
    ], default="yes")
    subject = TextLine(_l("Trích yếu: V/v"), [Optional(), Length(max=200, message=_TOO_LONG)], description=_BY_PLAN)
    request_subject = TextLine(_l("Trích yếu gửi cơ quan được đề nghị: V/v"),
                               [Optional(), Length(max=200, message=_TOO_LONG)], description=_BY_PLAN)
    reply_by = Day(_l("Hạn báo cáo kết quả"), [InputRequired(_l("Hãy ghi hạn báo cáo."))],
                   description=_l("Công văn ghi “chậm nhất ngày …”."))
    extra = TextAreaField(_l("Đoạn viết thêm"), [Optional(), Length(max=2000, message=_TOO_LONG)],
                          description=_l("Mỗi dòng là một đoạn, đứng trước câu kết."))
    parent = TextLine(_l("Cơ quan chủ quản"), [Optional(), Length(max=100, message=_TOO_LONG)], filters=[_capitals])
    heading = TextLine(_l("Cơ quan ban hành"), [DataRequired(_l("Hãy ghi tên cơ quan ban hành.")),
                                                Length(max=120, message=_TOO_LONG)], filters=[_capitals])
    abbreviation = TextLine(_l("Chữ viết tắt cơ quan"), [DataRequired(_l("Hãy ghi chữ viết tắt, ví dụ CAT.")),
                                                         Length(max=20, message=_TOO_LONG), _SYMBOL],
                            filters=[_capitals])
    unit = TextLine(_l("Đơn vị soạn thảo"), [DataRequired(_l("Hãy ghi đơn vị soạn thảo, ví dụ PC04.")),
                                             Length(max=20, message=_TOO_LONG), _SYMBOL], filters=[_capitals],
                    description=_l("Đứng trong ký hiệu và ở dòng “Lưu: VT, …”."))
    place = TextLine(_l("Địa danh"), [DataRequired(_l("Hãy ghi địa danh.")), Length(max=60, message=_TOO_LONG)])
    authority = TextAreaField(_l("Quyền hạn, chức vụ người ký"), [DataRequired(_l("Hãy ghi quyền hạn, chức vụ.")),
                                                                  Length(max=200, message=_TOO_LONG)],
                              description=_l("Mỗi dòng một ý: KT. GIÁM ĐỐC, dòng dưới PHÓ GIÁM ĐỐC."))
    signer = TextLine(_l("Cấp bậc, họ tên người ký"), [Optional(), Length(max=80, message=_TOO_LONG)],
                      description=_l("Để trống thì chừa chỗ. Lực lượng vũ trang được ghi cấp bậc."))
    copies = TextAreaField(_l("Nơi nhận khác"), [Optional(), Length(max=500, message=_TOO_LONG)],
                           description=_l("Mỗi dòng một nơi; “Như trên” và “Lưu: VT” tự có."))
    form_key = OneTimeKey(validators=[InputRequired(), Length(max=LONGEST_FORM_KEY)])

    def begin(self, signing: Signing, *, today: date) -> None:
        """Fill the form for a first look: as the last letter was signed."""
        self.form_key.data = secrets.token_urlsafe(24)
        self.reply_by.data = today + REPLY_WITHIN
        for name in ("parent", "heading", "abbreviation", "unit", "place", "signer"):
            self[name].data = getattr(signing, name)
        self.authority.data, self.copies.data = "\n".join(signing.authority), "\n".join(signing.copies)

    def order(self) -> Order:
        """Give what is to be written."""
        said: dict[str, Any] = {name: self[name].data or "" for name in
                                ("parent", "heading", "abbreviation", "unit", "place", "signer")}
        signing = Signing(authority=tuple(line.upper() for line in several_lines(self.authority.data)),
                          copies=tuple(several_lines(self.copies.data or "")), **said)
        return Order(signing=signing, subject=self.subject.data or "", request_subject=self.request_subject.data or "",
                     reply_by=self.reply_by.data, extra=tuple(several_lines(self.extra.data or "")))


class LetterNumberForm(FlaskForm):  # type: ignore[misc]
    """Number and date as the registry gave them."""

    number = TextLine(_l("Số, ký hiệu"), [DataRequired(_l("Hãy ghi số và ký hiệu.")),
                                          Length(max=LONGEST_NUMBER, message=_TOO_LONG)],
                      description=_l("Như văn thư cấp, ví dụ 152/CAT-PC04."))
    issued_on = Day(_l("Ngày ban hành"), [InputRequired(_l("Hãy ghi ngày ban hành."))])
    #: The number this person had before them.
    seen = HiddenField()

"""Forms of the administrator's desk."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, DateField, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import TextInput

from tracker.extensions import db
from tracker.models import Agency, AgencyKind, AgencyLevel
from tracker.rules.addresses import LONGEST
from tracker.rules.permissions import Role
from tracker.rules.working_days import DayKind
from tracker.web.text_fields import TextLine, several_lines
from tracker.web.words import WORDS

_TOO_LONG = _l("Không dài quá %(max)d ký tự.")


def _choices(kind: type[Any]) -> list[tuple[str, Any]]:
    return [(value.value, words) for value, words in WORDS[kind].items()]


class Day(DateField):  # type: ignore[misc]
    """A day as people write it, dd/mm/yyyy; what was typed stays in the field when it is no day."""

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=["%d/%m/%Y", "%Y-%m-%d"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date that was sent."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Hãy ghi ngày như 02/09/2026.")) from error


class WholeNumber(IntegerField):  # type: ignore[misc]
    """A whole number; what is none is told in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number that was sent."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Hãy nhập một số.")) from error


class ChoiceSelectField(SelectField):  # type: ignore[misc]
    """One of a list; what is not on it is told in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the choice that was sent."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Hãy chọn một mục trong danh sách.")) from error

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not on the list."""
        try:
            super().pre_validate(form)
        except ValueError as error:
            raise ValidationError(_("Hãy chọn một mục trong danh sách.")) from error


class UserForm(FlaskForm):  # type: ignore[misc]
    """A person with an account."""

    name = TextLine(_l("Họ và tên"), [DataRequired(_l("Hãy nhập họ và tên.")), Length(max=100, message=_TOO_LONG)])
    email = TextLine(
        _l("Địa chỉ thư điện tử"),
        [DataRequired(_l("Hãy nhập địa chỉ thư điện tử.")), Length(max=LONGEST, message=_TOO_LONG)],
        description=_l("Dùng để đăng nhập và nhận thư nhắc việc."),
    )
    role = ChoiceSelectField(_l("Vai trò"), coerce=Role)
    agency = ChoiceSelectField(_l("Cơ quan"), coerce=int)
    post = TextLine(_l("Cấp bậc, chức vụ"), [MayBeEmpty(), Length(max=150, message=_TOO_LONG)])
    phone = TextLine(_l("Điện thoại"), [MayBeEmpty(), Length(max=40, message=_TOO_LONG)])
    is_agency_head = BooleanField(
        _l("Thủ trưởng cơ quan (nhận báo cáo quá hạn)"),
        description=_l("Nhận thư khi việc của cơ quan quá hạn đã lâu mà chưa báo cáo, chưa xin gia hạn."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = _choices(Role)
        rows = db.session.execute(select(Agency.id, Agency.name).order_by(Agency.position, Agency.id))
        self.agency.choices = [(agency_id, name) for agency_id, name in rows]


class NewUserForm(UserForm):
    """A person who gets an account."""

    invite = BooleanField(_l("Gửi thư mời kèm liên kết đặt mật khẩu"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.agency.choices:  # nobody lands in the first agency of the list by not looking
            self.agency.choices = [(0, _("Chọn cơ quan")), *self.agency.choices]

    def validate_agency(self, field: Any) -> None:
        """Refuse the line that is no agency."""
        if field.data == 0:
            raise ValidationError(_("Hãy chọn cơ quan."))


class AgencyForm(FlaskForm):  # type: ignore[misc]
    """A body that can be given work."""

    name = TextLine(_l("Tên cơ quan"), [DataRequired(_l("Hãy nhập tên cơ quan.")), Length(max=200, message=_TOO_LONG)])
    short_name = TextLine(_l("Tên viết tắt"), [MayBeEmpty(), Length(max=60, message=_TOO_LONG)])
    kind = ChoiceSelectField(_l("Loại"), coerce=AgencyKind)
    level = ChoiceSelectField(_l("Cấp"), coerce=AgencyLevel)
    position = WholeNumber(
        _l("Thứ tự trong danh sách"),
        [InputRequired(_l("Hãy nhập một số.")),
         NumberRange(0, 100_000, _l("Hãy nhập một số từ %(min)d đến %(max)d."))],
        default=0,
    )
    is_requested = BooleanField(
        _l("Đề nghị phối hợp"),
        description=_l("UBND không giao việc trực tiếp (viện kiểm sát, tòa án, Mặt trận, báo chí): "
                       "thư và văn bản dùng lời đề nghị, không xếp hạng."),
    )
    aliases = TextAreaField(
        _l("Tên gọi khác"),
        [MayBeEmpty(), Length(max=4000, message=_TOO_LONG)],
        description=_l("Mỗi dòng một tên mà kế hoạch có thể dùng: tên viết tắt, tên cũ trước khi sáp nhập."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = _choices(AgencyKind)
        self.level.choices = _choices(AgencyLevel)

    @property
    def given(self) -> dict[str, Any]:
        """Give what was said, as the use cases take it."""
        return {
            "name": self.name.data, "kind": self.kind.data, "level": self.level.data,
            "short_name": self.short_name.data, "is_requested": self.is_requested.data,
            "position": self.position.data, "aliases": several_lines(self.aliases.data or ""),
        }  # fmt: skip


class DayForm(FlaskForm):  # type: ignore[misc]
    """One day that differs from the ordinary week: in the whole province (agency 0), or in one agency."""

    agency = ChoiceSelectField(_l("Áp dụng cho"), coerce=int, default=0)
    day = Day(_l("Ngày"), [InputRequired(_l("Hãy ghi ngày."))])
    kind = ChoiceSelectField(_l("Loại ngày"), coerce=DayKind)
    name = TextLine(_l("Tên"), [DataRequired(_l("Hãy nhập tên ngày.")), Length(max=100, message=_TOO_LONG)])
    source = TextLine(
        _l("Căn cứ"),
        [DataRequired(_l("Hãy nhập số, ngày của văn bản.")), Length(max=200, message=_TOO_LONG)],
        description=_l("Số, ngày của văn bản cho nghỉ hoặc làm bù."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = _choices(DayKind)
        rows = db.session.execute(select(Agency.id, Agency.name).order_by(Agency.position, Agency.id))
        self.agency.choices = [(0, _("Toàn tỉnh")), *((agency_id, name) for agency_id, name in rows)]

"""Forms of the door."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from tracker.rules.addresses import LONGEST
from tracker.web.text_fields import TextLine

_EMAIL_NEEDED = DataRequired(_l("Hãy nhập địa chỉ thư điện tử."))
_EMAIL_LENGTH = Length(max=LONGEST, message=_l("Địa chỉ thư điện tử không dài quá %(max)d ký tự."))


class LogInForm(FlaskForm):  # type: ignore[misc]
    """Who is at the door."""

    email = TextLine(_l("Địa chỉ thư điện tử"), validators=[_EMAIL_NEEDED, _EMAIL_LENGTH])
    password = PasswordField(_l("Mật khẩu"), validators=[InputRequired(_l("Hãy nhập mật khẩu."))])


class ForgotPasswordForm(FlaskForm):  # type: ignore[misc]
    """Where to mail the link."""

    email = TextLine(_l("Địa chỉ thư điện tử"), validators=[_EMAIL_NEEDED, _EMAIL_LENGTH])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password, typed twice; what it must be is a rule."""

    new = PasswordField(_l("Mật khẩu mới"), validators=[InputRequired(_l("Hãy nhập mật khẩu mới."))])
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        validators=[
            InputRequired(_l("Hãy nhập lại mật khẩu mới.")),
            EqualTo("new", _l("Hai lần nhập không giống nhau.")),
        ],
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password, and the one that takes its place."""

    old = PasswordField(_l("Mật khẩu hiện tại"), validators=[InputRequired(_l("Hãy nhập mật khẩu hiện tại."))])

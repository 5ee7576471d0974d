"""The province's own periods, on one page."""
from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.extensions import db
from tracker.models.policy import load_policy
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.policy import Policy
from tracker.web.admin import bp
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow import policy as use_cases
from tracker.workflow.policy import LeadersBeforeHead, PolicyOutOfBounds

_NUMBER = InputRequired(_l("Hãy ghi một số nguyên."))


class WholeNumber(IntegerField):  # type: ignore[misc]
    """A whole number, with our own words when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError, which the form shows."""
        raw = valuelist[0].strip() if valuelist else ""
        self.data = None
        if raw and not (raw.isascii() and raw.isdecimal() and len(raw) < 6):
            raise ValueError(_("Hãy ghi một số nguyên."))
        self.data = int(raw) if raw else None


class PolicyForm(FlaskForm):  # type: ignore[misc]
    """The periods, each with what it does."""

    grace_after_return = WholeNumber(
        _l("Thời gian sửa báo cáo bị trả lại (ngày làm việc)"), validators=[_NUMBER],
        description=_l("Báo cáo nộp đúng hạn mà bị trả lại thì cơ quan có thêm chừng này ngày, chưa tính là quá hạn."))
    escalate_to_head_after = WholeNumber(
        _l("Báo thủ trưởng cơ quan khi quá hạn (ngày làm việc)"), validators=[_NUMBER],
        description=_l("Từ ngày này, thủ trưởng cơ quan nhận thư về việc quá hạn của cơ quan mình."))
    escalate_to_leaders_after = WholeNumber(
        _l("Báo lãnh đạo tỉnh khi quá hạn (ngày làm việc)"), validators=[_NUMBER],
        description=_l("Từ ngày này, lãnh đạo nhận một thư tổng hợp. Việc đang chờ trả lời xin gia hạn thì chưa báo."))
    answer_within = WholeNumber(
        _l("Cơ quan thường trực trả lời trong (ngày làm việc)"), validators=[_NUMBER],
        description=_l("Báo cáo, đề nghị, câu hỏi chờ lâu hơn sẽ hiện màu đỏ với cơ quan thường trực; không tính cho "
                       "cơ quan thực hiện."))
    link_days = WholeNumber(
        _l("Liên kết báo cáo trong thư dùng được trong (ngày)"), validators=[_NUMBER],
        description=_l("Liên kết mở thẳng các việc đến hạn của cơ quan, không cần đăng nhập."))

    def to_policy(self) -> Policy:
        """Give the periods of a checked form."""
        return Policy(**{name: self[name].data for name in asdict(Policy())})


@bp.route("/policy", methods=["GET", "POST"])
@needs(Permission.POLICY_MANAGE)
def policy() -> ResponseReturnValue:
    """Show the province's periods and set them."""
    form = PolicyForm(data=asdict(load_policy(db.session())))
    if form.validate_on_submit():
        try:
            changed = use_cases.change(db.session(), form.to_policy(), actor=actor(), now=clock.now())
        except PolicyOutOfBounds as refusal:
            form[refusal.field].errors = [explain(refusal)]
        except LeadersBeforeHead as refusal:
            form.escalate_to_leaders_after.errors = [explain(refusal)]
        except Refusal as refusal:
            form.form_errors.append(explain(refusal))
        else:
            db.session.commit()
            flash(_("Đã lưu quy định chung; áp dụng từ bây giờ.") if changed else _("Không có gì thay đổi."))
            return redirect(url_for("admin.policy"))
        db.session.rollback()
    return render_template("admin/policy.html", form=form, default=Policy())

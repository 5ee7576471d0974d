"""The province's own periods, the hour and the limits of its mails, its usual reminders: one page, with a sample."""
from __future__ import annotations

import re
from dataclasses import asdict
from datetime import time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import Field
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from tracker import clock
from tracker.extensions import db
from tracker.models import ProvincePolicy
from tracker.models.policy import ONLY, load_policy, load_reminder_policy
from tracker.reports.reminder_ways import own_ways
from tracker.rules import reminder_policy
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.policy import Policy
from tracker.rules.reminder_policy import ReminderPolicy
from tracker.web.admin import bp
from tracker.web.guard import actor, needs
from tracker.web.reminder_forms import NUMBER, ReminderForm, SampleDesk, Unlike, WholeNumber, is_trying, step_words
from tracker.workflow import policy as use_cases
from tracker.workflow.reminder_policies import NO_ROW, PolicyChangedMeanwhile

_HOUR = re.compile(r"(\d{1,2})(?:\s*(?:[:hg.]|giờ)\s*(\d{2})?)?", re.IGNORECASE | re.ASCII)
#: The fields of the periods, those of the mails, and those of the reminders, as the page has them.
PERIODS = ("grace_after_return", "answer_within", "link_days")
MAILS = ("send_at", "mails_per_week", "mails_per_minute")

bp.add_app_template_filter(step_words, "reminder_step")


class HourField(Field):  # type: ignore[misc]
    """An hour of the day as people write it: 7:30, 07h30, 7 giờ."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:20]
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the hour. Raises ValueError, which the form shows."""
        found = _HOUR.fullmatch(valuelist[0].strip()) if valuelist else None
        self.data = None
        try:
            if found is None:
                raise ValueError
            self.data = time(int(found[1]), int(found[2] or 0))
        except ValueError:
            raise ValueError(_("Hãy ghi giờ và phút, ví dụ 07:30.")) from None


class PolicyForm(ReminderForm):
    """The periods, each with what it does; the mails; the reminders."""

    grace_after_return = WholeNumber(
        _l("Thời gian sửa báo cáo bị trả lại (ngày làm việc)"), validators=[NUMBER],
        description=_l("Báo cáo nộp đúng hạn mà bị trả lại thì cơ quan có thêm chừng này ngày, chưa tính là quá hạn."))
    answer_within = WholeNumber(
        _l("Cơ quan thường trực trả lời trong (ngày làm việc)"), validators=[NUMBER],
        description=_l("Báo cáo, đề nghị, câu hỏi chờ lâu hơn sẽ hiện màu đỏ với cơ quan thường trực; không tính cho "
                       "cơ quan thực hiện."))
    link_days = WholeNumber(
        _l("Liên kết báo cáo trong thư dùng được trong (ngày)"), validators=[NUMBER],
        description=_l("Liên kết mở thẳng các việc đến hạn của cơ quan, không cần đăng nhập."))
    send_at = HourField(
        _l("Giờ gửi thư mỗi sáng làm việc"), validators=[InputRequired(_l("Hãy ghi giờ và phút, ví dụ 07:30."))],
        description=_l("Mỗi người nhận nhiều nhất một thư nhắc việc một sáng. Máy chủ ngừng thì thư được gửi bù trong "
                       "ngày, muộn nhất 17:00; sau đó để sang ngày làm việc kế tiếp."))
    mails_per_week = WholeNumber(
        _l("Mỗi người nhận nhiều nhất (thư nhắc việc một tuần)"), validators=[NUMBER],
        description=_l("Đủ số thì những lời nhắc khác dồn sang tuần sau; lời nhắc cuối vào ngày đến hạn vẫn gửi."))
    mails_per_minute = WholeNumber(
        _l("Gửi đến mỗi máy chủ thư nhiều nhất (thư một phút)"), validators=[NUMBER],
        description=_l("Gửi nhanh hơn, máy chủ thư của người nhận có thể tạm chặn."))

    @classmethod
    def saved(cls, session: Session) -> PolicyForm:
        """Make the form of what holds today; what was sent stays in it."""
        row = session.get(ProvincePolicy, ONLY)
        return cls(data={**asdict(load_policy(session)), **vars(load_reminder_policy(session)),
                         "version": row.version if row else NO_ROW})

    def to_policy(self) -> Policy:
        """Give the periods of a checked form."""
        return Policy(**{name: self[name].data for name in asdict(Policy())})


@bp.route("/policy", methods=["GET", "POST"])
@needs(Permission.POLICY_MANAGE)
def policy() -> ResponseReturnValue:
    """Show the province's policy with a sample; try another one, and set it."""
    session = db.session()
    form, desk = PolicyForm.saved(session), SampleDesk()
    newer: list[Unlike] | None = None
    if form.validate_on_submit():
        try:
            wanted = form.to_policy(), form.to_reminders()
            if is_trying():
                _try(session, desk, *wanted)
            else:
                changed = use_cases.change(session, *wanted, seen=form.seen, actor=actor(), now=clock.now())
                session.commit()
                flash(_("Đã lưu quy định chung; áp dụng từ bây giờ.") if changed else _("Không có gì thay đổi."))
                return redirect(url_for("admin.policy"))
        except Refusal as refusal:
            session.rollback()
            form.say(refusal)
            if isinstance(refusal, PolicyChangedMeanwhile):
                newer = _newer(session, form)
    elif request.method == "GET":
        _try(session, desk, load_policy(session), load_reminder_policy(session))
    return render_template("admin/policy.html", form=form, desk=desk, is_trying=is_trying(), newer=newer,
                           periods=PERIODS, mails=MAILS, own_ways=own_ways(session))


def _try(session: Session, desk: SampleDesk, wanted: Policy, reminders: ReminderPolicy) -> None:
    """Show what a policy would mean. Raises what saving it would raise, but for what others did meanwhile."""
    use_cases.check(session, wanted)
    desk.show(reminder_policy.check(reminders), mails_per_week=wanted.mails_per_week)


def _newer(session: Session, form: PolicyForm) -> list[Unlike]:
    """Give what somebody else saved where the form says something else; it may be saved over that now."""
    row = session.get_one(ProvincePolicy, ONLY)
    form.take(row.version)
    return form.unlike({**asdict(row.to_policy()), **vars(row.to_reminder_policy())}, [*PERIODS, *MAILS])

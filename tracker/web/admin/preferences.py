"""What a person chooses about the own mails: the form, on the person's own page and on the administrator's."""
from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tracker import clock
from tracker.extensions import db
from tracker.models import User
from tracker.models.policy import load_policy
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import DigestRhythm
from tracker.web.admin import bp
from tracker.web.admin.forms import ChoiceSelectField, Day
from tracker.web.admin.users import account_for
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.web.words import WORDS
from tracker.workflow import preferences as use_cases
from tracker.workflow.preferences import Preferences, PreferencesChanged

_LANGUAGES = (SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English"))
_FIELD_OF = {
    "no_stand_in": "stand_in", "not_a_stand_in": "stand_in", "stand_in_away": "stand_in",
    "half_absence": "away_until", "absence_backwards": "away_until", "absence_over": "away_until",
    "absence_too_long": "away_until",
}  # fmt: skip


class PreferencesForm(FlaskForm):  # type: ignore[misc]
    """Rhythm, language, and who stands in; the parts about reminders only for liaisons, who get them."""

    digest = RadioField(
        _l("Thư nhắc việc đến"), coerce=DigestRhythm,
        choices=[SelectChoice(rhythm.value, words) for rhythm, words in WORDS[DigestRhythm].items()],
        description=_l("Lời nhắc cuối cùng của mỗi việc, vào ngày đến hạn, luôn được gửi đúng sáng hôm đó."),
    )
    locale = ChoiceSelectField(_l("Ngôn ngữ của trang và thư"), choices=[*_LANGUAGES])
    stand_in = ChoiceSelectField(
        _l("Người thay"), coerce=int,
        description=_l("Trong những ngày vắng mặt, thư nhắc việc đến người này; lời nhắc cuối cùng đến cả hai người."),
    )
    away_from = Day(_l("Vắng mặt từ ngày"), [Optional()])
    away_until = Day(_l("Đến hết ngày"), [Optional()])
    seen = HiddenField()

    @classmethod
    def of(cls, user: User) -> PreferencesForm:
        """Give the form as this person's choices fill it; an absence that is over is not shown again."""
        is_over = user.away_until is not None and user.away_until < clock.today()
        form = cls(digest=user.digest, locale=user.locale, stand_in=user.stand_in_id or 0,
                   away_from=None if is_over else user.away_from, away_until=None if is_over else user.away_until,
                   seen=use_cases.preferences_of(user).stamp)
        if not use_cases.has_stand_in(user):
            del form.digest, form.stand_in, form.away_from, form.away_until
            return form
        names = {0: _("Không có người thay"),
                 **{one.id: one.name for one in use_cases.possible_stand_ins(db.session(), user)}}
        if user.stand_in is not None and user.stand_in_id not in names:
            names[user.stand_in.id] = _("%(name)s (không còn thay được)", name=user.stand_in.name)
        form.stand_in.choices = list(names.items())
        return form

    def chosen(self, user: User) -> Preferences:
        """Give what was chosen, as the use case takes it."""
        if self.stand_in is None:
            return Preferences(user.digest, self.locale.data, user.stand_in_id, user.away_from, user.away_until)
        return Preferences(self.digest.data, self.locale.data, self.stand_in.data or None, self.away_from.data,
                           self.away_until.data)


def save(form: PreferencesForm, user: User) -> bool:
    """Keep a form that was sent; False when it has to be shown again, with why."""
    if not form.validate_on_submit():
        return False
    try:
        changed = use_cases.choose(db.session(), user, form.chosen(user), seen=form.seen.data or "", actor=actor(),
                                   today=clock.today(), now=clock.now())
    except Refusal as refusal:
        field = form[_FIELD_OF[refusal.key]] if refusal.key in _FIELD_OF else None
        if field is not None:
            field.errors = [*field.errors, explain(refusal)]
        else:
            form.form_errors.append(explain(refusal))
        if isinstance(refusal, PreferencesChanged):
            form.seen.data = use_cases.preferences_of(user).stamp
        return False
    db.session.commit()
    flash(_("Đã lưu.") if changed else _("Không có gì thay đổi."))
    return True


def page(template: str, form: PreferencesForm, user: User) -> str:
    """Show the form, with what is kept now and whom this person stands in for."""
    today = clock.today()
    stand_in_lost = user.stand_in is not None and user.stand_in_id not in {
        one.id for one in use_cases.possible_stand_ins(db.session(), user)}
    return render_template(
        template, form=form, user=user, is_away=use_cases.is_away(user, today), stand_in_lost=stand_in_lost,
        stands_in_for=use_cases.stands_in_for(db.session(), user, today=today),
        policy=load_policy(db.session()), has_stand_in=use_cases.has_stand_in(user),
    )  # fmt: skip


@bp.route("/users/<int:user_id>/preferences", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE)
def user_preferences(user_id: int) -> ResponseReturnValue:
    """Show what somebody chose about the own mails, and set it for who can't: somebody fell ill."""
    user = account_for(user_id)
    form = PreferencesForm.of(user)
    if save(form, user):
        return redirect(url_for("admin.edit_user", user_id=user.id))
    return page("admin/preferences.html", form, user)

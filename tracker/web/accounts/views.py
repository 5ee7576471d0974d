"""Logging in and out, passwords, language."""
from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import User
from tracker.models.account import reset_for_token
from tracker.rules.errors import Refusal
from tracker.rules.passwords import MIN_LENGTH
from tracker.rules.permissions import Permission, Role
from tracker.web.accounts import bp
from tracker.web.accounts.forms import ChangePasswordForm, ForgotPasswordForm, LogInForm, NewPasswordForm
from tracker.web.accounts.kept_form import kept_fields, restore
from tracker.web.accounts.next_page import next_page
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import passwords
from tracker.workflow.accounts import LOCALES, choose_locale
from tracker.workflow.logging_in import TooManyAttempts, authenticate
from tracker.workflow.passwords import LINK_VALID, LinkNotValid, SamePassword, WrongPassword


def _begin_session(user: User) -> None:
    """Start a session that holds nothing from before but the language: a planted cookie is worth nothing."""
    locale = session.get("locale")
    session.clear()
    if locale is not None:
        session["locale"] = locale
    session.permanent = True
    login_user(user)


@bp.route("/log-in", methods=["GET", "POST"])
@needs(Permission.ANYONE)
def log_in() -> ResponseReturnValue:
    """Let somebody in, and send them where they wanted to go."""
    wanted = request.args.get("next")
    if current_user.is_authenticated:
        return redirect(next_page(wanted))
    form = LogInForm()
    status = 200
    if form.validate_on_submit():
        try:
            user = authenticate(db.session(), email=form.email.data, password=form.password.data,
                                address=request.remote_addr or "?", now=clock.now())
        except Refusal as refusal:
            form.form_errors.append(explain(refusal))
            status = 429 if isinstance(refusal, TooManyAttempts) else 200
        else:
            _begin_session(user)
            restore(user, wanted)
            return redirect(next_page(wanted))
    return render_template("accounts/log_in.html", form=form, next=wanted, demo=_demo_accounts(),
                           kept=kept_fields()), status


def _demo_accounts() -> tuple[list[User], str] | None:
    """Give one account for each role and their common password; in the demo only."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.demo:
        return None
    from tracker.demo import DEMO_PASSWORD

    first = select(func.min(User.id)).where(User.is_active).group_by(User.role)
    rows = db.session.scalars(select(User).where(User.id.in_(first)).options(joinedload(User.agency)).order_by(User.id))
    found = {user.role: user for user in rows}
    return [found[role] for role in Role if role in found], DEMO_PASSWORD


@bp.route("/log-out", methods=["POST"])
@needs(Permission.SELF)
def log_out() -> ResponseReturnValue:
    """End this session; the language stays."""
    locale = session.get("locale", person().locale)
    logout_user()
    session.clear()
    session["locale"] = locale
    flash(_("Đã đăng xuất."))
    return redirect(url_for("accounts.log_in"))


@bp.route("/password", methods=["GET", "POST"])
@needs(Permission.SELF)
def change_password() -> ResponseReturnValue:
    """Show one's own account, and change its password."""
    user = person()
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            passwords.change_password(db.session(), user, old=form.old.data, new=form.new.data,
                                      actor=actor(), now=clock.now())
        except WrongPassword as refusal:
            form.old.errors = [*form.old.errors, explain(refusal)]
        except (SamePassword, Refusal) as refusal:
            form.new.errors = [*form.new.errors, explain(refusal)]
        else:
            db.session.commit()
            _begin_session(user)
            flash(_("Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc."))
            return redirect(url_for("front.home"))
    return render_template("accounts/change_password.html", form=form, user=user, least=MIN_LENGTH)


@bp.route("/forgot", methods=["GET", "POST"])
@needs(Permission.ANYONE)
def forgot_password() -> ResponseReturnValue:
    """Mail a link to set a new password; the answer is the same whoever asks for whomever."""
    form = ForgotPasswordForm(email=request.args.get("email", "")[:254])
    if form.validate_on_submit():
        passwords.request_reset(db.session(), email=form.email.data, actor=actor(), now=clock.now())
        db.session.commit()
        flash(_("Nếu địa chỉ này có tài khoản, thư chứa liên kết đặt lại mật khẩu sẽ đến trong ít phút. "
                "Liên kết dùng được một lần, trong %(minutes)s phút.", minutes=LINK_VALID.seconds // 60))
        return redirect(url_for("accounts.log_in"))
    return render_template("accounts/forgot_password.html", form=form)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@needs(Permission.ANYONE)
def reset_password(token: str) -> ResponseReturnValue:
    """Set a password by a mailed link. Opening it uses nothing up: mail scanners open every link."""
    reset = reset_for_token(db.session(), token, now=clock.now())
    if reset is None:
        return render_template("accounts/link_not_valid.html"), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            passwords.use_link(db.session(), token, password=form.new.data,
                               address=request.remote_addr or "?", now=clock.now())
        except LinkNotValid:
            return render_template("accounts/link_not_valid.html"), 410
        except Refusal as refusal:
            form.new.errors = [*form.new.errors, explain(refusal)]
        else:
            db.session.commit()
            flash(_("Đã đặt mật khẩu mới. Hãy đăng nhập."))
            return redirect(url_for("accounts.log_in"))
    return render_template("accounts/reset_password.html", form=form, user=reset.user, least=MIN_LENGTH)


@bp.route("/language", methods=["POST"])
@needs(Permission.ANYONE)
def set_language() -> ResponseReturnValue:
    """Choose the language: for this browser, and for the account when somebody is logged in."""
    locale = request.form.get("locale", "")
    if locale in LOCALES:
        session["locale"] = locale
        if current_user.is_authenticated:
            choose_locale(db.session(), person(), locale=locale, actor=actor(), now=clock.now())
            db.session.commit()
    return redirect(next_page(request.form.get("next")))

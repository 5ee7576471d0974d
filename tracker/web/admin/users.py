"""Accounts, as an administrator keeps them."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, User
from tracker.models.access import NotVisible
from tracker.reports.admin_lists import PeopleFilter, people
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission, Role
from tracker.web.admin import bp
from tracker.web.admin.forms import NewUserForm, UserForm
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow import accounts
from tracker.workflow.passwords import INVITATION_VALID, LINK_VALID, mail_link


def account_for(user_id: int) -> User:
    """Fetch an account: whoever manages accounts sees all of them. Raises NotVisible."""
    user = db.session.scalar(select(User).where(User.id == user_id).options(joinedload(User.agency)))
    if user is None:
        raise NotVisible
    return user


@bp.route("/users")
@needs(Permission.ACCOUNT_MANAGE)
def users() -> ResponseReturnValue:
    """List accounts, searched without diacritics."""
    wanted = PeopleFilter.from_args(request.args)
    page = people(db.session(), wanted, after=request.args.get("after"))
    agency = db.session.get(Agency, wanted.agency_id) if wanted.agency_id else None
    return render_template("admin/users.html", page=page, wanted=wanted, agency=agency, roles=Role)


@bp.route("/users/new", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE)
def new_user() -> ResponseReturnValue:
    """Make an account, and invite its owner to set a password."""
    form = NewUserForm(agency=request.args.get("agency", type=int))
    if form.validate_on_submit():
        try:
            user = accounts.create_user(
                db.session(), email=form.email.data, name=form.name.data, role=form.role.data,
                agency=db.session.get_one(Agency, form.agency.data), post=form.post.data, phone=form.phone.data,
                is_agency_head=form.is_agency_head.data, actor=actor(), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            _show(form, refusal)
        else:
            if form.invite.data:
                mail_link(db.session(), user, actor=actor(), now=clock.now(), valid=INVITATION_VALID)
            db.session.commit()
            if form.invite.data:
                flash(_("Đã lập tài khoản cho %(name)s. Thư mời sẽ đến %(email)s trong ít phút.",
                        name=user.name, email=user.email))
            else:
                flash(_("Đã lập tài khoản cho %(name)s. Người này chưa có mật khẩu.", name=user.name))
            return redirect(url_for("admin.users"))
    return render_template("admin/new_user.html", form=form)


@bp.route("/users/<int:user_id>", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE)
def edit_user(user_id: int) -> ResponseReturnValue:
    """Correct an account."""
    user = account_for(user_id)
    form = UserForm(name=user.name, email=user.email, role=user.role, agency=user.agency_id,
                    post=user.post, phone=user.phone, is_agency_head=user.is_agency_head)
    if form.validate_on_submit():
        try:
            accounts.edit_user(
                db.session(), user, email=form.email.data, name=form.name.data, role=form.role.data,
                agency=db.session.get_one(Agency, form.agency.data), post=form.post.data, phone=form.phone.data,
                is_agency_head=form.is_agency_head.data, actor=actor(), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            _show(form, refusal)
        else:
            db.session.commit()
            flash(_("Đã lưu tài khoản của %(name)s.", name=user.name))
            return redirect(url_for("admin.users"))
    return render_template("admin/edit_user.html", form=form, user=user)


def _show(form: UserForm, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about."""
    sentence = explain(refusal)
    if isinstance(refusal, accounts.EmailNotValid | accounts.EmailTaken):
        form.email.errors = [*form.email.errors, sentence]
    elif isinstance(refusal, accounts.OwnAccount | accounts.LastAdministrator):
        form.role.errors = [*form.role.errors, sentence]
    else:
        form.form_errors.append(sentence)


@bp.route("/users/<int:user_id>/deactivate", methods=["POST"])
@needs(Permission.ACCOUNT_MANAGE)
def deactivate_user(user_id: int) -> ResponseReturnValue:
    """Close an account; it can be opened again."""
    user = account_for(user_id)
    try:
        accounts.deactivate(db.session(), user, actor=actor(), now=clock.now())
    except Refusal as refusal:
        flash(explain(refusal), "error")
    else:
        db.session.commit()
        flash(_("Đã khóa tài khoản của %(name)s; mọi phiên đăng nhập đã kết thúc.", name=user.name))
    return redirect(url_for("admin.edit_user", user_id=user_id))


@bp.route("/users/<int:user_id>/reactivate", methods=["POST"])
@needs(Permission.ACCOUNT_MANAGE)
def reactivate_user(user_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    user = account_for(user_id)
    accounts.reactivate(db.session(), user, actor=actor(), now=clock.now())
    db.session.commit()
    flash(_("Đã mở lại tài khoản của %(name)s.", name=user.name))
    return redirect(url_for("admin.edit_user", user_id=user_id))


@bp.route("/users/<int:user_id>/link", methods=["POST"])
@needs(Permission.ACCOUNT_MANAGE)
def mail_user_link(user_id: int) -> ResponseReturnValue:
    """Mail somebody a link to set a password; an administrator never sees or sets it."""
    user = account_for(user_id)
    if user.is_active:
        valid = LINK_VALID if user.password_hash else INVITATION_VALID
        mail_link(db.session(), user, actor=actor(), now=clock.now(), valid=valid)
        db.session.commit()
        flash(_("Liên kết đặt mật khẩu sẽ đến %(email)s trong ít phút.", email=user.email))
    return redirect(url_for("admin.edit_user", user_id=user_id))

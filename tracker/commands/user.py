"""Accounts from the command line: the first administrator, and help when nobody can log in."""
from __future__ import annotations

import difflib
import sys
from typing import NoReturn

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import Actor, Agency, User
from tracker.rules.addresses import typed_address
from tracker.rules.errors import Refusal
from tracker.rules.folding import fold
from tracker.rules.permissions import Role
from tracker.workflow import accounts
from tracker.workflow.passwords import INVITATION_VALID, hand_out_link, mail_link

group = AppGroup("user", help="Tài khoản / accounts.")

NEAR_NAMES = 5


def _actor() -> Actor:
    return Actor("command", "command")


def _fail(message: str) -> NoReturn:
    raise click.ClickException(message)


def _refuse(refusal: Refusal) -> NoReturn:
    with force_locale("vi"):
        _fail(current_app.extensions["explain"](refusal))


def _agency(name: str) -> Agency:
    """Find an agency by its name without diacritics; an unknown one names those that look like it."""
    key = fold(name)
    known = {row.fold: row for row in db.session.scalars(select(Agency).order_by(Agency.id.desc()))}
    if not known:
        _fail("Chưa có cơ quan nào. / There are no agencies yet; --new-agency adds this one.")
    same = db.session.scalars(select(Agency).where(Agency.fold == key).order_by(Agency.id)).all()
    exact = [row for row in same if row.name == name]
    if len(exact or same) == 1:
        return (exact or same)[0]
    if same:
        _fail("Nhiều cơ quan trùng tên không dấu, hãy viết đủ dấu / several agencies match: "
              + "; ".join(row.name for row in same))
    near = [known[k].name for k in known if key and key in k][:NEAR_NAMES]
    near += [known[k].name for k in difflib.get_close_matches(key, known, NEAR_NAMES, 0.5) if known[k].name not in near]
    hint = "; ".join(near[:NEAR_NAMES])
    _fail(f"Không có cơ quan “{name}” / unknown agency." + (f" Gần giống / near: {hint}" if hint else ""))


def _account(email: str) -> User:
    user = db.session.scalar(
        select(User).where(User.email == typed_address(email)).options(joinedload(User.agency))
    )
    if user is None:
        _fail(f"Không có tài khoản {email} / no such account. `user list` lists them.")
    return user


@group.command("create")
@click.argument("email")
@click.option("--name", required=True, help="Họ và tên / the person's name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="Vai trò / role.")
@click.option("--agency", required=True, help="Tên cơ quan, có thể không dấu / agency's name, marks not needed.")
@click.option("--new-agency", is_flag=True, help="Thêm cơ quan nếu chưa có / add the agency when it is new.")
@click.option("--password-stdin", is_flag=True, help="Đọc mật khẩu từ stdin / read the password from standard input.")
@click.option("--mail", "by_mail", is_flag=True, help="Gửi liên kết bằng thư / mail the link instead of printing it.")
def create(
    email: str, name: str, role: str, agency: str, new_agency: bool, password_stdin: bool, by_mail: bool
) -> None:
    """Lập tài khoản / make an account.

    Without --password-stdin it prints a link that sets the password once, good for seven days.
    """
    if password_stdin and by_mail:
        _fail("--password-stdin hoặc --mail, không dùng cả hai / not both.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    now = clock.now()
    try:
        owner = _new_agency(agency) if new_agency else _agency(agency)
        user = accounts.create_user(db.session(), email=email, name=name, role=Role(role), agency=owner,
                                    password=password, actor=_actor(), now=now)
    except Refusal as refusal:
        _refuse(refusal)
    token = None
    if by_mail:
        mail_link(db.session(), user, actor=_actor(), now=now, valid=INVITATION_VALID)
    elif password is None:
        token = hand_out_link(db.session(), user, actor=_actor(), now=now, valid=INVITATION_VALID)
    db.session.commit()
    click.echo(f"Đã lập tài khoản / created: {user.email} ({role}, {owner.name})")
    if by_mail:
        click.echo("Liên kết đặt mật khẩu sẽ được gửi bằng thư / the link will be mailed.")
    elif token is not None:
        click.echo("Mở liên kết này để đặt mật khẩu (một lần, trong 7 ngày) / open once, within 7 days:")
        click.echo(_address_of(token))


def _new_agency(name: str) -> Agency:
    """Give the agency, added when it is new: an empty system needs one before its first account."""
    from tracker.models import AgencyKind, AgencyLevel
    from tracker.workflow.agencies import create_agency

    known = db.session.scalar(select(Agency).where(Agency.fold == fold(name)).order_by(Agency.id).limit(1))
    return known or create_agency(db.session(), name=name, kind=AgencyKind.OTHER, level=AgencyLevel.PROVINCE,
                                  actor=_actor(), now=clock.now())


def _address_of(token: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    with current_app.test_request_context(base_url=settings.base_url or "http://127.0.0.1:5000"):
        return url_for("accounts.reset_password", token=token, _external=True)


@group.command("list")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Chỉ vai trò này / only this role.")
def list_users(role: str | None) -> None:
    """Liệt kê tài khoản / list accounts, one a line with tabs between."""
    wanted = select(User).join(User.agency).options(joinedload(User.agency))
    if role:
        wanted = wanted.where(User.role == Role(role))
    rows = db.session.scalars(wanted.order_by(Agency.position, Agency.id, User.id)).all()
    for user in rows:
        state = "active" if user.is_active else "closed"
        click.echo("\t".join((user.email, user.name, user.role.value, user.agency.name, state)))
    if not rows:
        click.echo("Chưa có tài khoản nào. / No accounts yet: `user create`.", err=True)


@group.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """Khóa tài khoản / close an account; its log-ins end at once."""
    user = _account(email)
    if not user.is_active:
        click.echo(f"{user.email}: đã khóa từ trước / closed already.")
        return
    try:
        accounts.deactivate(db.session(), user, actor=_actor(), now=clock.now())
    except Refusal as refusal:
        _refuse(refusal)
    db.session.commit()
    click.echo(f"Đã khóa / closed: {user.email}")

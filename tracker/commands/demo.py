"""`flask --app app demo …`: run, load and reset the demo. `make run` and `make demo-reset` call these."""
from __future__ import annotations

import os
import shutil
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import downgrade, upgrade

from tracker import clock
from tracker.config import DEMO_PORT, Settings
from tracker.demo import DEMO_PASSWORD, loading, serving
from tracker.demo.people import SHOWN
from tracker.extensions import db
from tracker.rules.permissions import Role

group = AppGroup("demo", help="The demo: an invented province with half a year of work (only with TRACKER_DEMO=on).")

_ROLES = {
    Role.COORDINATOR: "Cơ quan thường trực / coordinator",
    Role.LIAISON: "Đầu mối Sở Y tế / liaison",
    Role.LEADER: "Lãnh đạo UBND tỉnh / leader",
    Role.ADMINISTRATOR: "Quản trị / administrator",
}


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


def _demo_settings() -> Settings:
    """Give the settings, and refuse to touch anything that is not a demo."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.demo:
        raise click.ClickException(
            "Chỉ dùng cho bản trình diễn (TRACKER_DEMO=on). / Only for the demo (TRACKER_DEMO=on)."
        )
    return settings


@group.command("run")
def run() -> None:
    """Migrate, load the demo once, and serve it with the clock and the mail catcher until Ctrl-C."""
    settings = _demo_settings()
    port = _port()
    serving.heed_interrupts()
    try:
        with serving.only_demo(settings.instance), serving.take_port(port) as listener:
            serving.settle(settings)
            with serving.catching_mail(settings.maildir, settings.mail_port):
                _prepare(settings)
                with serving.noting_port(settings.instance, port):
                    _say_how_to_log_in(settings, port)
                    serving.serve(_app(), listener)
    except serving.DemoRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    except KeyboardInterrupt:  # while it was loading; what was half loaded is gone again
        pass
    click.echo("\nĐã dừng. / Stopped.")


@group.command("load")
def load() -> None:
    """Migrate and load the demo into an empty database; an existing one keeps its data."""
    settings = _demo_settings()
    try:
        with serving.only_demo(settings.instance):
            serving.settle(settings)
            _prepare(settings)
    except serving.DemoRefused as refusal:
        raise click.ClickException(str(refusal)) from None


@group.command("reset")
@click.option("--yes", is_flag=True, help="Don't ask.")
def reset(yes: bool) -> None:
    """Throw everything in the demo away, and load it afresh."""
    settings = _demo_settings()
    try:
        with serving.only_demo(settings.instance):
            if not yes:
                click.confirm(
                    "Xóa toàn bộ dữ liệu trình diễn và nạp lại? / Throw the demo's data away and start over?",
                    abort=True,
                )
            _throw_away(settings)
            serving.settle(settings)
            _prepare(settings)
    except serving.DemoRefused as refusal:
        raise click.ClickException(str(refusal)) from None


def _port() -> int:
    try:
        return int(os.environ.get("PORT") or DEMO_PORT)
    except ValueError:
        raise click.ClickException("PORT: cần một con số. / PORT: a number is needed.") from None


def _prepare(settings: Settings) -> None:
    upgrade()
    if loading.is_empty(db.session()):
        click.echo("Đang nạp dữ liệu trình diễn… / Loading the demo…")
        try:
            loading.load(db.session(), today=clock.today(), now=clock.now())
        except KeyboardInterrupt:
            # It may have come in the middle of a commit: nothing can be undone in that database any more.
            if _sqlite_file() is not None:
                _throw_away(settings)
            raise
        click.echo("Đã nạp xong. / Loaded.")
    elif not loading.is_complete(db.session()):
        click.echo("Dữ liệu có sẵn không phải bản trình diễn đầy đủ; được giữ nguyên. `make demo-reset` nạp lại. / "
                   "The data found here are no complete demo; they are kept. `make demo-reset` starts over.")
    db.session.remove()


def _sqlite_file() -> Path | None:
    url = db.engine.url
    return Path(url.database) if db.engine.dialect.name == "sqlite" and url.database else None


def _throw_away(settings: Settings) -> None:
    file = _sqlite_file()
    if file is not None:
        db.engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
    else:
        downgrade(revision="base")
    for folder in (settings.evidence_folder, settings.maildir):
        shutil.rmtree(folder, ignore_errors=True)


def _say_how_to_log_in(settings: Settings, port: int) -> None:
    address = settings.base_url or f"http://{serving.LOOPBACK}:{port}"
    click.echo(f"\n  Đôn Đốc: {address}\n\n  Mật khẩu chung / password for everybody: {DEMO_PASSWORD}")
    for role, email in SHOWN.items():
        click.echo(f"    {_ROLES[role]:<36}{email}")
    click.echo(f"\n  Thư bắt được / caught e-mails: {address}/demo/mails\n  Ctrl-C để dừng / to stop.")

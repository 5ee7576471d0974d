"""Settings: read once, complete before serving, never unsafe by default."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.config import DEMO_NOTE, MissingSetting, Settings, read_settings, settings_beside_demo

ROOT = Path(__file__).resolve().parents[1]
COMPLETE = {
    "TRACKER_SECRET_KEY": "a long secret", "TRACKER_BASE_URL": "https://dondoc.example",
    "TRACKER_MAIL_SERVER": "127.0.0.1", "TRACKER_MAIL_SENDER": "dondoc@dondoc.example",
}  # fmt: skip


@pytest.mark.parametrize("variable", sorted(COMPLETE))
def test_a_missing_setting_stops_the_start_and_is_named(variable: str) -> None:
    given = {name: value for name, value in COMPLETE.items() if name != variable}

    with pytest.raises(MissingSetting, match=variable):
        read_settings(given).check_complete()

    read_settings(COMPLETE).check_complete()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TRACKER_MAIL_PORT", "smtp"), ("TRACKER_MAIL_SECURITY", "ssl"), ("TRACKER_SCHEDULER", "maybe")],
)
def test_a_value_that_makes_no_sense_is_named(variable: str, value: str) -> None:
    with pytest.raises(MissingSetting, match=variable):
        read_settings({**COMPLETE, variable: value})


def test_a_postgresql_address_gets_the_driver_this_project_uses() -> None:
    for url in ("postgres://u@h/n", "postgresql://u@h/n"):
        assert Settings(database_url=url).sqlalchemy_url == "postgresql+psycopg://u@h/n"


def test_the_demo_needs_no_setting_and_keeps_its_secret(tmp_path: Path) -> None:
    environ = {"TRACKER_DEMO": "on", "TRACKER_INSTANCE": str(tmp_path), "PORT": "5055"}

    first, second = read_settings(environ), read_settings(environ)

    first.check_complete()
    assert first.secret_key
    assert first == second
    assert first.base_url == "http://127.0.0.1:5055"


def test_a_command_beside_a_demo_talks_to_the_demo_and_nothing_else_does(tmp_path: Path) -> None:
    environ = {"TRACKER_INSTANCE": str(tmp_path)}
    assert not settings_beside_demo(environ).demo
    (tmp_path / DEMO_NOTE).write_text("5066")

    beside = settings_beside_demo(environ)

    assert (beside.demo, beside.base_url) == (True, "http://127.0.0.1:5066")
    assert not settings_beside_demo({**environ, "TRACKER_SECRET_KEY": "real"}).demo


def test_a_web_server_without_a_secret_key_refuses_to_start_and_says_so(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environ |= {"TRACKER_INSTANCE": str(tmp_path), **COMPLETE}
    environ.pop("TRACKER_SECRET_KEY")

    server = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "app:create_app()"],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert server.returncode != 0
    assert "TRACKER_SECRET_KEY" in server.stderr

"""`demo run` as a process of its own, as `make run` starts it."""
from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tracker.config import DEMO_NOTE, ROOT, demo_mail_port
from tracker.demo import DEMO_PASSWORD
from tracker.demo.people import SHOWN

#: Generous: a busy machine may take minutes to load the demo.
PATIENCE = 300


def free_port() -> int:
    """Find a port that is free together with the mail catcher's that goes with it."""
    for port in range(20000 + os.getpid() % 9000, 40000):
        try:
            with ExitStack() as stack:
                for number in (port, demo_mail_port(port)):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", number))
        except OSError:
            continue
        return port
    raise AssertionError("no free port")


@dataclass
class Demo:
    """A demo that is running."""

    process: subprocess.Popen[str]
    port: int
    instance: Path
    log: Path

    @property
    def said(self) -> str:
        """Everything it has printed so far."""
        return self.log.read_text("utf-8")

    def open(self, path: str, form: dict[str, str] | None = None, browser: OpenerDirector | None = None) -> str:
        """Fetch a page, or send a form."""
        data = urlencode(form).encode() if form is not None else None
        with (browser or build_opener()).open(f"http://127.0.0.1:{self.port}{path}", data, timeout=60) as answer:
            return str(answer.read().decode("utf-8"))

    def log_in(self, email: str) -> tuple[OpenerDirector, str]:
        """Log in by the form; give the browser and the page it lands on."""
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        page = self.open("/accounts/log-in", browser=browser)
        form = {"email": email, "password": DEMO_PASSWORD, "csrf_token": token_in(page)}
        return browser, self.open("/accounts/log-in", form, browser)


def token_in(page: str) -> str:
    """Find the token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def environment(instance: Path, port: int, **more: str) -> dict[str, str]:
    """Give a clean environment for a command of the demo."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("TRACKER_", "PYTEST_")) and name != "DATABASE_URL"}
    return kept | {"TRACKER_DEMO": "on", "TRACKER_INSTANCE": str(instance), "PORT": str(port)} | more


def flask(words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run([sys.executable, "-m", "flask", "--app", "app", *words.split()], cwd=ROOT, env=environ,
                          capture_output=True, text=True, timeout=PATIENCE, check=False, stdin=subprocess.DEVNULL)


@contextmanager
def running(instance: Path, port: int, log: Path) -> Iterator[Demo]:
    """Start a demo, wait until it answers, and end it."""
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "demo", "run"], cwd=ROOT,
                                   env=environment(instance, port), stdout=out, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, text=True)
    demo = Demo(process, port, instance, log)
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None, demo.said
            assert time.monotonic() < deadline, demo.said
            try:
                demo.open("/accounts/log-in")
                break
            except (URLError, OSError):
                process_ended = process.poll() is not None
                assert not process_ended, demo.said
                time.sleep(0.2)
        yield demo
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all the tests that don't end it."""
    folder = tmp_path_factory.mktemp("running")
    with running(folder / "instance", free_port(), folder / "log") as found:
        yield found


def test_it_prints_its_address_and_a_log_in_for_each_role_that_works(demo: Demo) -> None:
    assert f"http://127.0.0.1:{demo.port}" in demo.said
    assert DEMO_PASSWORD in demo.said
    for email in SHOWN.values():
        assert email in demo.said
        _browser, page = demo.log_in(email)
        assert 'href="/accounts/password"' in page


def test_its_caught_mails_can_be_read_in_the_browser(demo: Demo) -> None:
    browser, _page = demo.log_in(next(iter(SHOWN.values())))

    page = demo.open("/demo/mails", browser=browser)
    first = re.search(r'href="(/demo/mails/[^"]+)"', page)

    assert first is not None
    assert "<iframe" in demo.open(first[1], browser=browser)
    assert "<html" in demo.open(first[1] + "/html", browser=browser)


def test_a_command_in_the_next_terminal_reaches_it(demo: Demo) -> None:
    assert (demo.instance / DEMO_NOTE).read_text() == str(demo.port)

    environ = environment(demo.instance, demo.port)
    del environ["TRACKER_DEMO"], environ["PORT"]
    listed = flask("user list", **environ)

    assert listed.returncode == 0, listed.stderr
    assert SHOWN[next(iter(SHOWN))] in listed.stdout


def test_a_busy_port_is_said_in_one_plain_line(demo: Demo, tmp_path: Path) -> None:
    refused = flask("demo run", **environment(tmp_path, demo.port))

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert len(refused.stderr.strip().splitlines()) == 1
    assert f"Cổng {demo.port}" in refused.stderr
    assert f"Port {demo.port} is busy" in refused.stderr


def test_a_busy_mail_port_is_said_as_plainly(tmp_path: Path) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", demo_mail_port(port)))
        taken.listen()

        refused = flask("demo run", **environment(tmp_path, port))

    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 1
    assert str(demo_mail_port(port)) in refused.stderr


def test_a_running_demo_is_not_reset(demo: Demo) -> None:
    refused = flask("demo reset --yes", **environment(demo.instance, demo.port))

    assert refused.returncode == 1
    assert "stop it first" in refused.stderr
    assert (demo.instance / "tracker.db").exists()


def has_agencies(database: Path) -> bool:
    """Tell whether the loading has put its first rows in."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("SELECT count(*) FROM agency").fetchone()[0])


def test_ctrl_c_while_it_loads_leaves_nothing_half_loaded(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "demo", "run"], cwd=ROOT,
                                   env=environment(tmp_path / "instance", free_port()), stdout=out,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    while "Loading" not in log.read_text("utf-8"):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    while not has_agencies(tmp_path / "instance" / "tracker.db"):
        assert time.monotonic() < deadline
        time.sleep(0.1)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=PATIENCE) == 0
    assert "Traceback" not in log.read_text("utf-8")
    assert not (tmp_path / "instance" / "tracker.db").exists()


def test_nothing_of_it_runs_outside_the_demo(tmp_path: Path) -> None:
    for words in ("demo run", "demo load", "demo reset --yes"):
        refused = flask(words, **environment(tmp_path, 20000, TRACKER_DEMO="off"))

        assert refused.returncode == 1
        assert "TRACKER_DEMO" in refused.stderr


def test_ctrl_c_ends_it_cleanly_and_the_next_run_keeps_the_data(demo: Demo) -> None:
    email = SHOWN[next(iter(SHOWN))]
    browser, page = demo.log_in(email)
    demo.open("/accounts/language", {"locale": "en", "next": "/", "csrf_token": token_in(page)}, browser)

    demo.process.send_signal(signal.SIGINT)

    assert demo.process.wait(timeout=30) == 0
    assert "Traceback" not in demo.said
    assert not (demo.instance / DEMO_NOTE).exists()
    with running(demo.instance, demo.port, demo.log.with_name("second")) as second:
        _browser, page = second.log_in(email)
        assert '<html lang="en"' in page
        assert "Loading" not in second.said

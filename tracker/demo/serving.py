"""How the demo runs: one process with the web server, the clock and a mail catcher, all on loopback."""
from __future__ import annotations

import fcntl
import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tracker.config import DEMO_NOTE, Settings
from tracker.demo.caught_mail import open_maildir
from tracker.reminders import scheduler

LOOPBACK = "127.0.0.1"
LOCK = "demo.lock"
#: Connections that may wait while the demo is still loading.
WAITING = 64


class DemoRefused(Exception):
    """The demo can't run or be reset now; the message says why, in both languages."""


class _QuietHandler(WSGIRequestHandler):
    """Answers without writing a line for each request, so that the log-ins stay on the screen."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def only_demo(instance: Path) -> Iterator[None]:
    """Hold this instance's lock, so that nobody else runs or resets its demo.

    The system lets go of it when the process dies, however it dies. Raises DemoRefused.
    """
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DemoRefused(
                f"Bản trình diễn trong {instance} đang chạy; hãy dừng nó trước. / "
                f"A demo is running on {instance}; stop it first."
            ) from None
        yield


def take_port(port: int) -> socket.socket:
    """Listen on a loopback port. Raises DemoRefused when somebody else does."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(WAITING)
    except (OSError, OverflowError):
        listener.close()
        raise DemoRefused(
            f"Cổng {port} không dùng được (có chương trình khác đang dùng); hãy chọn cổng khác: PORT=5001 make run. / "
            f"Port {port} is busy; choose another: PORT=5001 make run."
        ) from None
    return listener


@contextmanager
def catching_mail(maildir: Path, port: int) -> Iterator[None]:
    """Catch every mail sent to a loopback port and keep it in a Maildir. Raises DemoRefused."""
    take_port(port).close()
    controller = Controller(Mailbox(maildir), hostname=LOOPBACK, port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@contextmanager
def noting_port(instance: Path, port: int) -> Iterator[None]:
    """Leave the port in the instance folder while the demo runs, for commands in the next terminal."""
    note = instance / DEMO_NOTE
    note.write_text(str(port), "ascii")
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


#: Set by the first Ctrl-C or polite kill.
_stop_asked = Event()


def heed_interrupts() -> None:
    """Let Ctrl-C and a polite kill raise KeyboardInterrupt, also where the shell started us without them.

    Python drops an exception that is raised inside a finaliser, so that the wish is kept as well.
    """
    for polite in (signal.SIGINT, signal.SIGTERM):
        signal.signal(polite, _interrupt)
    if logging.lastResort is not None:
        logging.lastResort.addFilter(_is_worth_telling)


def _is_worth_telling(record: logging.LogRecord) -> bool:
    """Tell apart what SQLAlchemy logs of a statement that the stop cut off: all of it is rolled back anyway."""
    return not (_stop_asked.is_set() and record.name.startswith("sqlalchemy"))


def _interrupt(*_signal: object) -> None:
    _stop_asked.set()
    raise KeyboardInterrupt


def serve(app: Flask, listener: socket.socket) -> None:
    """Answer requests, with the clock running beside, until Ctrl-C or a polite kill (even one that came before)."""
    if _stop_asked.is_set():
        return
    server = make_server(LOOPBACK, listener.getsockname()[1], app, threaded=True, request_handler=_QuietHandler,
                         fd=listener.fileno())  # fmt: skip
    clock = scheduler.start(app)
    with suppress(KeyboardInterrupt):
        server.serve_forever()  # werkzeug ends it, and closes the server, on KeyboardInterrupt
    clock.shutdown(wait=False)


def settle(settings: Settings) -> None:
    """Make the instance folder and an empty Maildir in it."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    open_maildir(settings.maildir)

"""How fast one sender delivers 5,000 digests, against a bare smtplib loop that sends the same bytes to the same sink.

    python -m bench.sending [digests]

The real pipeline: claimed in batches from the outbox, read from the tables, written in Vietnamese as text and HTML,
marked as sent and copied, one commit a mail. The loop: `smtplib.SMTP.sendmail` of ready bytes, the very letters that
the pipeline had just sent, over one connection. They take turns; the ratio is that of the medians.

Two sinks (`bench.sink`), each in a process of its own, and a table for each. aiosmtpd is Python's own mail server: how
near the pipeline comes to the loop there is how near it comes when somebody at the other end really speaks SMTP, and
what the pipeline does while the server works costs nothing. The bare sink answers at once, as no mail server does: the
ratio there is what making, noting and copying a mail costs beside moving its bytes. A real mail server takes a
millisecond or more for each mail, and both sides then wait for it. On SQLite, and on a PostgreSQL of its own with all
its promises.
"""
from __future__ import annotations

import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import create_app
from bench.sink import AIOSMTPD, BARE
from tests.factories import NOW, TODAY, Factory
from tests.postgres import running_postgres
from tests.reminders.crowd import crowd
from tracker.config import ROOT, Settings
from tracker.extensions import db
from tracker.mail import delivery
from tracker.mail.letter import letter
from tracker.models import OutboxMail, ProvincePolicy
from tracker.models.policy import ONLY
from tracker.reminders.delivering import deliver_due
from tracker.rules.policy import Policy
from tracker.rules.states import MailState

DIGESTS = 5000
ITEMS = 3
RUNS = 3


@contextmanager
def sink(kind: str) -> Iterator[int]:
    """Start a sink in a process of its own, and give its port."""
    command = [sys.executable, "-m", "bench.sink", kind]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def pipeline(session: Session, count: int) -> float:
    """Deliver what waits, and give the seconds."""
    session.execute(update(OutboxMail).values(state=MailState.PENDING, attempts=0, next_attempt_at=NOW, sent_at=None))
    session.commit()
    began = time.perf_counter()
    counts = deliver_due(session, now=NOW, today=TODAY)
    took = time.perf_counter() - began
    if counts.sent != count:
        raise SystemExit(f"{counts} of {count}")
    return took


def bare(port: int, letters: list[tuple[str, bytes]]) -> float:
    """Send ready bytes in a loop, and give the seconds."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as host:
        for to, data in letters:
            host.sendmail("dondoc@haduong.example", [to], data)
    return time.perf_counter() - began


@contextmanager
def noted(settings: Settings) -> Iterator[list[tuple[str, bytes]]]:
    """Note the letters that go over the wire in this block."""
    letters: list[tuple[str, bytes]] = []

    def note(message: delivery.Message, _settings: Settings) -> bytes:
        letters.append((message.to, letter(message, settings)))
        return letters[-1][1]

    delivery.letter, kept = note, delivery.letter  # type: ignore[assignment]
    yield letters
    delivery.letter = kept


def run(app: Flask, settings: Settings, count: int, sinks: dict[str, int]) -> dict[str, tuple[float, float]]:
    """Give the median rates of the pipeline and of the loop, for each sink."""
    rates: dict[str, tuple[float, float]] = {}
    with app.app_context():
        upgrade()
        session = db.session()
        session.add(ProvincePolicy(id=ONLY, changed_at=NOW, **{**vars(Policy()), "mails_per_minute": 10 * count}))
        crowd(session, Factory(session), count, items=ITEMS)
        with noted(settings) as letters:
            pipeline(session, count)  # warm, and the bytes for the loop
        for kind, port in sinks.items():
            app.extensions["mail"].port = port
            ours, loops = [], []
            for _ in range(RUNS):
                loops.append(bare(port, letters))
                ours.append(pipeline(session, count))
            rates[kind] = count / statistics.median(ours), count / statistics.median(loops)
        db.session.remove()
        db.engine.dispose()
    return rates


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DIGESTS
    found: dict[str, dict[str, tuple[float, float]]] = {}
    with (sink(AIOSMTPD) as usual, sink(BARE) as quick, running_postgres() as new,
          tempfile.TemporaryDirectory() as folder):
        for name in ("SQLite", "PostgreSQL"):
            settings = Settings(secret_key="bench", base_url="https://dondoc.example", mail_server="127.0.0.1",
                                mail_port=usual, mail_sender="dondoc@haduong.example", instance=Path(folder) / name,
                                database_url=new("bench_sending") if name == "PostgreSQL" else "")
            found[name] = run(create_app(settings), settings, count, {AIOSMTPD: usual, BARE: quick})
    for kind in (AIOSMTPD, BARE):
        print(f"\nsink {kind}: {count} digests of {ITEMS} items, a second")
        print(f"{'':<12}{'pipeline':>9}{'loop':>9}{'ratio':>9}")
        for name, rates in found.items():
            us, loop = rates[kind]
            print(f"{name:<12}{us:>9.0f}{loop:>9.0f}{us / loop:>9.0%}", flush=True)


if __name__ == "__main__":
    main()

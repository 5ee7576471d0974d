"""How fast one sender delivers 5,000 digests, against a bare smtplib loop that sends the same bytes to the same sink.

    python -m bench.sending [digests]

The real pipeline: claimed in batches from the outbox, read from the tables, written in Vietnamese as text and HTML,
marked as sent and copied, one commit a mail. Two loops: `smtplib.SMTP.sendmail` of ready bytes, the very letters that
the pipeline had just sent, and `send_message` of ready `EmailMessage`s with the same texts, which smtplib then writes
out; each over one connection. All speak to `bench.sink` in a process of its own. They take turns; the ratios are those
of the medians. On SQLite, and on a PostgreSQL of its own with all its promises.
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
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import create_app
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
def sink() -> Iterator[int]:
    """Start the sink in a process of its own, and give its port."""
    with subprocess.Popen([sys.executable, "-m", "bench.sink"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
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


def bare_messages(port: int, messages: list[EmailMessage]) -> float:
    """Send ready messages in a loop, and give the seconds."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench") as host:
        for message in messages:
            host.send_message(message)
    return time.perf_counter() - began


def parsed(data: bytes) -> EmailMessage:
    """Make a message of the same texts as a letter's, as somebody would who writes to smtplib by hand."""
    read = message_from_bytes(data, policy=default)
    message = EmailMessage()
    for name in ("Subject", "From", "To", "Message-ID"):
        message[name] = str(read[name])
    message.set_content(read.get_body(("plain",)).get_content())
    message.add_alternative(read.get_body(("html",)).get_content(), subtype="html")
    return message


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


def run(app: Flask, settings: Settings, count: int) -> tuple[list[float], list[float], list[float], int]:
    with app.app_context():
        upgrade()
        session = db.session()
        session.add(ProvincePolicy(id=ONLY, changed_at=NOW, **{**vars(Policy()), "mails_per_minute": 10 * count}))
        crowd(session, Factory(session), count, items=ITEMS)
        with noted(settings) as letters:
            pipeline(session, count)  # warm, and the bytes for the loop
        messages = [parsed(data) for _to, data in letters]
        ours, bytes_, written = [], [], []
        for _ in range(RUNS):
            bytes_.append(bare(settings.mail_port, letters))
            written.append(bare_messages(settings.mail_port, messages))
            ours.append(pipeline(session, count))
        db.session.remove()
        db.engine.dispose()
    return ours, bytes_, written, sum(len(data) for _to, data in letters) // count


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DIGESTS
    with sink() as port, running_postgres() as new, tempfile.TemporaryDirectory() as folder:
        for name in ("SQLite", "PostgreSQL"):
            settings = Settings(secret_key="bench", base_url="https://dondoc.example", mail_server="127.0.0.1",
                                mail_port=port, mail_sender="dondoc@haduong.example", instance=Path(folder) / name,
                                database_url=new("bench_sending") if name == "PostgreSQL" else "")
            *times, size = run(create_app(settings), settings, count)
            us, ready, written = (count / statistics.median(seconds) for seconds in times)
            print(f"{name:<11} {count} digests of {ITEMS} items, {size} bytes: {us:.0f} a second; bare smtplib "
                  f"with ready bytes {ready:.0f} ({us / ready:.0%} of it), with ready messages {written:.0f} "
                  f"({us / written:.0%} of it)", flush=True)


if __name__ == "__main__":
    main()

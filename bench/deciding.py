"""How long the day's reminders take to be decided, against a bare select of the same rows; and how much memory.

    python -m bench.deciding [number of open assignments …]

For 10,000, 100,000 and 1,000,000 open assignments of 400 agencies with two liaisons each, their due dates spread over
a year, on SQLite and on a PostgreSQL of its own as an operator would start one. Each size is measured in a process of
its own: a first morning is decided to have a past, then the three working mornings after it. Of each are timed: a bare
select, in SQL by hand, of the very rows that are decided; finding what whom is owed (`owed`), which reads the same rows
and leaves out what was told; and all of deciding, with everything written down. Medians of the three mornings.
"""
from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from tests.factories import Factory
from tests.postgres import running_postgres
from tracker.config import Settings
from tracker.extensions import db
from tracker.models.calendar import load_calendars
from tracker.reminders.deciding import decide
from tracker.reminders.owed import owed

SIZES = (10_000, 100_000, 1_000_000)
AGENCIES = 400
LIAISONS = 2
#: A Monday's evening is the past; these are the three mornings after.
FIRST = date(2026, 3, 16)
MORNINGS = [FIRST + timedelta(days=days) for days in (1, 2, 3)]
#: Due dates lie on so many days around the mornings.
SPREAD = 365
NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :rows)",
    "postgresql": "WITH numbers AS (SELECT generate_series(0, :rows - 1) AS n)",
}
ASSIGNMENTS = """
    INSERT INTO assignment (plan_id, task_id, agency_id, occurrence, role, is_requested, state, due_on, first_due_on,
                            working_due_on, due_version, percent, is_part, created_at, version)
    {numbers}
    SELECT :plan, :task, :agency + n % :agencies, CAST(n AS VARCHAR), 'lead', :no, 'open', {day}, {day}, {day}, 1, 0,
           :no, :now, 1
    FROM numbers
"""
DAYS = {"sqlite": "date(:first, '+' || ((n % :spread * 7919) % :spread) || ' days')",
        "postgresql": "CAST(CAST(:first AS date) + (n % :spread * 7919) % :spread AS date)"}
#: What a person would write who knew beforehand what is to be told.
SAME_ROWS = text("""
    SELECT reminder.recipient_id, reminder.assignment_id, reminder.step, reminder.due_version, assignment.due_on
    FROM reminder JOIN assignment ON assignment.id = reminder.assignment_id
    WHERE reminder.mail_id IN (SELECT id FROM outbox_mail WHERE kind = 'digest' AND key = :day)
""")


def fill(session: Session, rows: int) -> None:
    """Make the agencies, their people and so many open assignments."""
    make = Factory(session)
    plan = make.plan()
    task = make.task(plan)
    agencies = [make.agency() for _ in range(AGENCIES)]
    for agency in agencies:
        for _ in range(LIAISONS):
            make.user(agency=agency)
    dialect = session.get_bind().dialect.name
    session.execute(text(ASSIGNMENTS.format(numbers=NUMBERS[dialect], day=DAYS[dialect])), {
        "plan": plan.id, "task": task.id, "agency": agencies[0].id, "agencies": AGENCIES, "rows": rows, "no": False,
        "first": (FIRST - timedelta(days=60)).isoformat(), "spread": SPREAD, "now": datetime(2026, 1, 5, tzinfo=UTC),
    })
    session.commit()
    session.execute(text("ANALYZE"))  # as both databases do of themselves, or by `PRAGMA optimize`, after such a load
    session.commit()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def peak() -> float:
    """Give the most memory this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(rows: int, url: str, instance: str) -> None:
    app = create_app(Settings(secret_key="bench", base_url="https://dondoc.haduong.example", mail_server="127.0.0.1",
                              mail_sender="dondoc@haduong.example", instance=Path(instance), database_url=url))
    with app.app_context():
        upgrade()
        session = db.session()
        fill(session, rows)
        decide(session, today=FIRST, now=datetime(2026, 3, 16, 0, 30, tzinfo=UTC))
        # All of that first morning's mails have left, or the next would carry them along.
        session.execute(text("UPDATE outbox_mail SET state = 'sent', sent_at = created_at"))
        session.commit()
        before = peak()
        times: dict[str, list[float]] = {"select": [], "owed": [], "decide": []}
        told = []
        for day in MORNINGS:
            calendars = load_calendars(session)
            seconds, found = timed(lambda day=day, calendars=calendars: len(
                list(owed(session, today=day, calendars=calendars))))
            times["owed"].append(seconds)
            session.rollback()
            seconds, mails = timed(lambda day=day: decide(
                session, today=day, now=datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)))
            times["decide"].append(seconds)
            seconds, same = timed(lambda day=day: len(session.execute(SAME_ROWS, {"day": day.isoformat()}).all()))
            times["select"].append(seconds)
            session.execute(text("UPDATE outbox_mail SET state = 'sent', sent_at = created_at WHERE state = 'pending'"))
            session.commit()
            assert found == same, (found, same)
            told.append(f"{same:,} in {mails.total():,} mails")
        select, reading, deciding = (statistics.median(times[name]) for name in ("select", "owed", "decide"))
        print(f"{rows:>9,} open: {told[1]:>26}; select {select * 1000:8.1f} ms, owed {reading * 1000:8.1f} ms "
              f"({reading / select:5.1f} ×), decide {deciding * 1000:8.1f} ms ({deciding / select:6.1f} ×); "
              f"{peak():5.0f} MB at most ({peak() - before:+.0f} while deciding)", flush=True)


def main(sizes: list[int]) -> None:
    with running_postgres() as new:
        for name in ("SQLite", "PostgreSQL"):
            print(name)
            for rows in sizes:
                url = "" if name == "SQLite" else new(f"deciding_{rows}")
                with tempfile.TemporaryDirectory() as instance:
                    subprocess.run([sys.executable, "-m", "bench.deciding", "--one", str(rows), url, instance],
                                   check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]), sys.argv[3], sys.argv[4])
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))

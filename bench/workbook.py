"""How long a filled workbook of 2,000 rows takes to be compared and saved, and how many statements each row costs.

    python -m bench.workbook

On SQLite, and on a PostgreSQL of its own as an operator would start one: nothing is analysed, no promise is turned
off. Each figure is the median of three runs of this process, every one on an empty database.
"""
from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app import create_app
from tests.factories import NOW, TODAY, Factory
from tests.postgres import running_postgres
from tests.workbooks import PLACE, SECRET, made_for, opened, read_for, saved
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import Actor, Assignment, User
from tracker.reports.workbook import HEADER_ROW, MOST_ROWS
from tracker.workflow.workbook_import import Compared, compare, fetch, keep, save
from tracker.workflow.workbook_reading import FilledRow

RUNS = 3


@dataclass
class Taken:
    """Seconds and statements of one act, one entry a run."""

    seconds: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        return (f"{statistics.median(self.seconds):6.1f} s {statistics.median(self.statements):8.0f} statements, "
                f"{statistics.median(self.statements) / MOST_ROWS:5.2f} a row")


@contextmanager
def measured(engine: Engine, taken: Taken) -> Iterator[None]:
    """Time what is done, and count what it says to the database."""
    count = 0

    def counting(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", counting)
    began = time.perf_counter()
    yield
    taken.seconds.append(time.perf_counter() - began)
    taken.statements.append(count)
    event.remove(engine, "before_cursor_execute", counting)


def filled_for(session: Session, user: User) -> list[FilledRow]:
    """Give an agency as much work as a workbook holds, and read the workbook in which all of it is reported on."""
    task = Factory(session).task()
    session.add_all(Assignment(plan_id=task.plan_id, task_id=task.id, agency_id=user.agency_id, occurrence=str(number),
                               due_on=TODAY, created_at=NOW) for number in range(MOST_ROWS))
    session.commit()
    sheet = opened(made_for(session, user))
    for number in range(HEADER_ROW + 1, HEADER_ROW + 1 + MOST_ROWS):
        sheet.cell(number, PLACE["text"]).value = f"Đã mở lớp tập huấn số {number} cho cán bộ xã."
    return read_for(user, saved(sheet))


def run(app: Flask, folder: Path, comparing: Taken, saving: Taken) -> None:
    with app.app_context():
        upgrade()
        session = db.session()
        user = Factory(session).user()
        rows = filled_for(session, user)
        given: dict[str, Any] = {"today": TODAY, "now": NOW}
        waits: dict[str, Any] = {"user_id": user.id, "secret": SECRET, "folder": folder / "imports", "now": NOW}
        db.session.remove()
        with measured(db.engine, comparing):
            found: Compared = compare(db.session(), rows, actor=person(user.id), **given)
            kept = keep(found, **waits)
            db.session.remove()
        with measured(db.engine, saving):
            count, left = save(db.session(), fetch(kept, **waits).chosen(()), actor=person(user.id), **given)
            db.session.commit()
        if (count, left) != (MOST_ROWS, []):
            raise SystemExit(f"only {count} rows were saved")
        db.session.remove()
        db.engine.dispose()


def person(user_id: int) -> Actor:
    user = db.session().get_one(User, user_id)
    return Actor(user.name, "127.0.0.1", user)


def main() -> None:
    with running_postgres() as new, tempfile.TemporaryDirectory() as held:
        for name in ("SQLite", "PostgreSQL"):
            comparing, saving = Taken(), Taken()
            for number in range(RUNS):
                folder = Path(held) / f"{name}-{number}"
                folder.mkdir()
                url = new(f"bench_{number}") if name == "PostgreSQL" else ""
                settings = Settings(secret_key=SECRET, instance=folder, database_url=url)
                run(create_app(settings), folder, comparing, saving)
            print(f"{name:<11} compare {comparing}\n{name:<11} save    {saving}", flush=True)


if __name__ == "__main__":
    main()

"""The tables: up from nothing, the same as the models, down again, up once more; empty and full, on both databases."""
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import create_engine, func, inspect, make_url, select, text
from sqlalchemy.orm import Session

from app import create_app
from tests.conftest import worker
from tests.factories import NOW, TODAY
from tests.guards.world import World
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import (
    Agency,
    AgencyAlias,
    Assignment,
    AuditEntry,
    Base,
    Chase,
    Deadline,
    LoginAttempt,
    Plan,
    ProgressUpdate,
    ReportingPeriod,
    Review,
    Task,
    TaskOwner,
    User,
)
from tracker.rules.states import AssignmentState, Decision, PlanState

#: Each test has a database of its own on the run's server, which goes when the run ends.
NUMBERS = count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_app(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database that holds nothing at all yet."""
    settings = replace(settings, instance=tmp_path, demo=True)
    name = f"migrations_{worker()}_{next(NUMBERS)}"
    if request.param == "postgres":
        url = make_url(request.getfixturevalue("postgres_url"))
        _on_server(url.render_as_string(hide_password=False), f"CREATE DATABASE {name}")
        # The socket's folder stands in the query as it is; SQLAlchemy would escape its slashes.
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url").replace(
            f"/{url.database}?", f"/{name}?"))
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_the_migrations_give_the_tables_that_the_models_describe(empty_app: Flask) -> None:
    upgrade()

    check()  # ends the process when a model differs from its table
    assert _tables() == set(Base.metadata.tables)


def test_what_goes_up_comes_down_and_goes_up_again(empty_app: Flask) -> None:
    upgrade()

    downgrade(revision="base")
    assert _tables() == set()

    upgrade()
    assert _tables() == set(Base.metadata.tables)


def test_a_full_database_comes_down_and_goes_up_again(empty_app: Flask) -> None:
    upgrade()
    World(empty_app, db.session())
    _fill_what_no_page_shows(db.session())
    assert _empty_tables() == []
    db.session.remove()

    downgrade(revision="base")
    upgrade()

    check()
    assert set(_empty_tables()) == set(Base.metadata.tables)


def test_a_full_database_keeps_its_rows_through_the_reviews_tables_and_back(empty_app: Flask) -> None:
    upgrade()
    World(empty_app, db.session())
    kept = (Plan, Task, TaskOwner, Assignment, AuditEntry)
    before = _rows(kept)
    db.session.remove()

    downgrade(revision="0001_first_tables")
    upgrade()

    check()
    assert _rows(kept) == before
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []


def _rows(models: Sequence[type[Base]]) -> list[tuple[int, int]]:
    """Count the rows of some tables, and sum up their ids."""
    return [tuple(db.session.execute(select(func.count(model.id), func.sum(model.id))).one()) for model in models]


def test_what_reading_noted_moves_out_of_the_extract_and_back(empty_app: Flask) -> None:
    upgrade(revision="0001_first_tables")
    notes = [{"key": "read_by_content", "count": 1}]
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO agency (id, name, fold, kind, level, is_requested, position) VALUES "
                                "(1, 'Công an', 'cong an', 'police', 'province', :no, 0)"), {"no": False})
        connection.execute(
            text("INSERT INTO plan (id, kind, title, fold, coordinator_id, state, text, source_name, source_kind, "
                 "source_sha256, extract, created_at, version) VALUES "
                 "(1, 'Kế hoạch', 'T', 't', 1, 'review', 'x', '', 'txt', '0', :extract, :now, 1)"),
            {"extract": json.dumps({"notes": notes, "is_news": False}), "now": NOW})

    upgrade()
    plan = db.session.scalars(select(Plan)).one()
    assert (plan.reading, plan.extract) == ({"notes": notes, "removed": []}, {"is_news": False})
    assert (plan.text_unchecked, plan.replaces_id) == (False, None)
    db.session.remove()
    downgrade(revision="0001_first_tables")

    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT extract FROM plan")).scalar_one()
    assert (json.loads(kept) if isinstance(kept, str) else kept) == {"is_news": False, "notes": notes}


def _fill_what_no_page_shows(session: Session) -> None:
    agency = session.scalars(select(Agency).order_by(Agency.id)).first()
    deadline = session.scalars(select(Deadline).order_by(Deadline.id)).first()
    assert agency is not None
    assert deadline is not None
    session.add_all([
        AgencyAlias(agency=agency, name="Sở", fold="so"),
        LoginAttempt(email="a@haduong.example", address="127.0.0.1", attempted_at=NOW, succeeded=False),
        ReportingPeriod(deadline_id=deadline.id, label="2026", first_day=TODAY, last_day=TODAY, due_on=TODAY),
    ])  # fmt: skip
    session.commit()


def _empty_tables() -> list[str]:
    return [table.name for table in Base.metadata.sorted_tables
            if db.session.scalar(select(func.count()).select_from(table)) == 0]


def test_the_desks_columns_are_filled_from_what_was_there_and_go_back(empty_app: Flask) -> None:
    upgrade()
    World(empty_app, db.session())
    with db.engine.begin() as connection:
        # Twenty past one in the morning in Vietnam is the evening before in UTC.
        connection.execute(Chase.__table__.update().values(sent_at=datetime(2026, 3, 17, 18, 20, tzinfo=UTC)))
        connection.execute(Assignment.__table__.update().values(first_due_on=None))
        connection.execute(ProgressUpdate.__table__.update().values(figures={"rows": [{"name": "x"}]}))
    db.session.remove()

    downgrade(revision="0002_review")
    upgrade()

    assert set(db.session.scalars(select(Chase.happened_on))) == {date(2026, 3, 18)}
    assert {row.first_due_on == row.due_on for row in db.session.scalars(select(Assignment))} == {True}
    assert [row.figures for row in db.session.scalars(select(ProgressUpdate)) if row.figures != {"rows": []}] == []
    assert db.session.scalars(select(Assignment.id).where(Assignment.is_part)).all() == []


def test_what_the_tables_before_can_not_hold_is_taken_away(empty_app: Flask) -> None:
    upgrade()
    World(empty_app, db.session())
    session = db.session()
    row = session.scalars(select(Assignment).order_by(Assignment.id)).first()
    person = session.scalars(select(User).order_by(User.id)).first()
    assert row is not None
    assert person is not None
    row.is_part, row.state, row.submitted_on = True, AssignmentState.ACCEPTED, TODAY
    update = ProgressUpdate(assignment=row, author=person, created_at=NOW, reported_on=TODAY, percent=100, text="Xong.",
                            state=AssignmentState.ACCEPTED)
    session.add(update)
    session.flush()
    for undone_at in (NOW, NOW, None):
        session.add(Review(update_id=update.id, reviewer=person, decision=Decision.ACCEPTED, decided_at=NOW,
                           undone_at=undone_at))
    session.scalars(select(Plan).order_by(Plan.id)).all()[0].state = PlanState.SUPERSEDED
    session.commit()
    part_id, update_id = row.id, update.id
    db.session.remove()

    downgrade(revision="0002_review")

    with db.engine.connect() as connection:
        def one(question: str, number: int) -> list[object]:
            return list(connection.execute(text(question), {"id": number}).scalars())
        assert one("SELECT state FROM assignment WHERE id = :id", part_id) == ["cancelled"]
        assert one("SELECT state FROM progress_update WHERE id = :id", update_id) == ["submitted"]
        assert len(one("SELECT id FROM review WHERE update_id = :id", update_id)) == 1
        assert one("SELECT id FROM plan WHERE state = 'superseded' AND id > :id", 0) == []
    upgrade()
    check()

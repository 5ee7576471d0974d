"""The tables: up from nothing, the same as the models, down again, up once more; empty and full, on both databases."""
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
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
    Deadline,
    LoginAttempt,
    Plan,
    ReportingPeriod,
    Task,
    TaskOwner,
)

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

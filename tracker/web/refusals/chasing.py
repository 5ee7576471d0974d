"""Refusals of chasing, of noting calls and meetings, of official letters and their templates."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l  # noqa: F401

SENTENCES: dict[str, Any] = {
}

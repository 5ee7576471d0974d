"""Refusals of changing a plan that is running, and of the province's policy."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l  # noqa: F401

SENTENCES: dict[str, Any] = {
}

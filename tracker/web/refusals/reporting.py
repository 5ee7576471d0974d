"""Refusals of drafts, uploads, the grid, the workbook and the link of a mail."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l  # noqa: F401

SENTENCES: dict[str, Any] = {
}

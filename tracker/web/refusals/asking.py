"""Refusals of asking for more time, of "not ours", of handing over, of threads and of helpers' parts."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l  # noqa: F401

SENTENCES: dict[str, Any] = {
}

"""Refusals of changing a plan that is running, and of the province's policy."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "policy_out_of_bounds": _l("Số này phải từ %(least)s đến %(most)s."),
    "leaders_before_head": _l(
        "Lãnh đạo tỉnh không thể được báo trước thủ trưởng cơ quan: hãy ghi số bằng hoặc lớn hơn."
    ),
}

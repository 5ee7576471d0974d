"""Refusals of what people choose about their own mails."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "preferences_changed": _l(
        "Người khác vừa sửa các lựa chọn này sau khi bạn mở trang. Những gì bạn chọn vẫn còn bên dưới; lựa chọn đã lưu "
        "ghi ở mục “Đang áp dụng”. Hãy xem lại rồi lưu lần nữa."
    ),
    "no_stand_in": _l("Hãy chọn người thay cho những ngày vắng mặt, để không ai bỏ lỡ thời hạn của cơ quan."),
    "not_a_stand_in": _l("Người thay phải là đầu mối khác của cùng cơ quan và nhận được thư. Hãy chọn lại."),
    "stand_in_away": _l(
        "%(name)s cũng vắng mặt từ %(first)s đến %(last)s. Hãy chọn người khác, hoặc ngày khác."
    ),
    "half_absence": _l("Hãy ghi cả ngày đầu và ngày cuối vắng mặt."),
    "absence_backwards": _l("Ngày cuối vắng mặt phải từ ngày đầu trở đi."),
    "absence_over": _l("Những ngày vắng mặt này đã qua. Hãy xóa, hoặc ghi ngày mới."),
    "absence_too_long": _l(
        "Chỉ ghi được vắng mặt trong %(most)s ngày tới. Vắng lâu hơn, hãy nhờ quản trị của tỉnh đổi đầu mối."
    ),
}

"""Refusals of sending mails again."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "mail_not_at_rest": _l("Thư này đang chờ gửi hoặc không còn cần gửi nên không gửi lại được."),
    "mail_moved": _l("Thư vừa thay đổi trạng thái sau khi bạn mở trang này. Hãy xem lại rồi bấm gửi lại nếu vẫn cần."),
    "mail_address_refused": _l(
        "Địa chỉ %(email)s đang bị đánh dấu từ chối. Hãy sửa địa chỉ của tài khoản, hoặc xác nhận địa chỉ dùng lại "
        "được, rồi gửi lại."
    ),
    "mail_recipient_closed": _l("Tài khoản của người nhận đã khóa nên không gửi thư nữa."),
    "mail_only_once": _l(
        "Thư đặt mật khẩu chỉ gửi một lần. Hãy gửi liên kết mới từ trang tài khoản, hoặc để người dùng tự yêu cầu."
    ),
    "mail_nothing_left": _l(
        "Nội dung thư này đã qua nên không gửi lại nữa. Việc còn phải làm sẽ có trong thư nhắc việc của sáng làm việc "
        "tới."
    ),
}

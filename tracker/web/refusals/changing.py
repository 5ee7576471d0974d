"""Refusals of changing a plan that is running, and of the province's policy."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "plan_not_running": _l(
        "Kế hoạch chưa giao việc, đã rút hoặc đã được thay thế nên không thay đổi được. Hãy mở lại trang kế hoạch."
    ),
    "change_stale": _l(
        "Người khác vừa thay đổi kế hoạch này. Nội dung bạn nhập vẫn còn bên dưới: hãy đọc phần họ đã làm, sửa nếu cần "
        "rồi xem lại và lưu."
    ),
    "task_withdrawn": _l("Nhiệm vụ này đã thôi giao nên không sửa được nữa."),
    "change_without_reason": _l("Hãy ghi lý do để các cơ quan liên quan biết."),
    "change_half_document": _l("Văn bản chỉ đạo cần có số khi đã ghi ngày."),
    "day_gone_by": _l("Ngày %(day)s đã qua. Hãy chọn thời hạn từ hôm nay trở đi."),
    "nobody_gets_it": _l(
        "Không cơ quan nào trong danh mục nhận nhiệm vụ này. Hãy chọn ít nhất một cơ quan trong danh sách gợi ý."
    ),
    "task_report_without_day": _l("Báo cáo định kỳ phải có kỳ báo cáo và ngày gửi."),
    "nothing_changed": _l("Nội dung, cơ quan và thời hạn đều như cũ nên không có gì để thay đổi."),
    "already_told": _l("Thư báo thôi giao đã gửi hoặc đang gửi nên không rút lại được. Hãy thêm nhiệm vụ mới."),
    "earlier_replaced": _l(
        "Kế hoạch %(title)s đã được một kế hoạch khác thay thế. Hãy chọn kế hoạch đang thực hiện ở trang so sánh."
    ),
    "policy_out_of_bounds": _l("Số này phải từ %(least)s đến %(most)s."),
    "leaders_before_head": _l(
        "Lãnh đạo tỉnh không thể được báo trước thủ trưởng cơ quan: hãy ghi số bằng hoặc lớn hơn."
    ),
}

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
    "very_late_before_late": _l("Mốc quá hạn rất lâu không được sớm hơn mốc quá hạn lâu."),
    "days_before_not_understood": _l(
        "Hãy ghi nhiều nhất %(times)s mốc trước hạn khác nhau, mỗi mốc từ 1 đến %(most)s ngày làm việc, ví dụ: 5, 1."
    ),
    "no_morning_hour": _l("Giờ gửi phải từ %(earliest)s đến %(latest)s."),
    "policy_changed_meanwhile": _l(
        "Người khác vừa sửa quy định này sau khi bạn mở trang. Những gì bạn ghi vẫn còn bên dưới: hãy đối chiếu với "
        "bản đang áp dụng, rồi lưu lại nếu vẫn muốn đổi."
    ),
    "plan_not_reminded": _l("Kế hoạch đã rút hoặc đã được thay thế nên không còn nhắc việc."),
    "look_back_too_short": _l(
        "Thời gian sửa báo cáo cộng kỳ nghỉ dài nhất là %(needed)s ngày, dài hơn %(days)s ngày mà hệ thống nhìn lại. "
        "Hãy giảm thời gian sửa báo cáo."
    ),
}

"""Refusals of asking for more time, of "not ours", of handing over, of threads and of helpers' parts."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "not_your_agency": _l("Chỉ đầu mối của cơ quan được giao nhiệm vụ mới làm được việc này."),
    "request_already_waits": _l(
        "Cơ quan bạn đã gửi một đề nghị cùng loại về nhiệm vụ này và đang chờ trả lời. Muốn sửa, hãy rút đề nghị đó "
        "rồi gửi lại."
    ),
    "request_without_reason": _l("Chưa ghi lý do. Cơ quan thường trực cần lý do để xem xét."),
    "refusal_without_answer": _l("Chưa ghi lý do không đồng ý. Cơ quan đề nghị cần biết vì sao."),
    "request_already_decided": _l(
        "Đề nghị này vừa được người khác trả lời, hoặc cơ quan đã rút lại. Nội dung bạn nhập chưa được gửi; hãy xem "
        "kết quả ở dưới."
    ),
    "no_due_date": _l("Nhiệm vụ này không có thời hạn nên không có gì để gia hạn."),
    "day_not_later": _l("Ngày gia hạn phải sau ngày %(day)s."),
    "day_too_far": _l("Ngày gia hạn xa quá (sau ngày %(day)s). Hãy kiểm tra lại năm."),
    "transfer_to_same_agency": _l("%(agency)s đang được giao chính nhiệm vụ này. Hãy chọn cơ quan khác."),
    "transfer_to_ended_agency": _l("%(agency)s đã kết thúc hoạt động. Hãy chọn cơ quan khác."),
    "not_a_colleague": _l("Chỉ chọn được đầu mối đang hoạt động của cơ quan bạn. Hãy tải lại trang rồi chọn lại."),
    "comment_without_text": _l("Chưa ghi nội dung trao đổi."),
    "comment_too_long": _l(
        "Nội dung dài %(length)s ký tự; mỗi lần trao đổi tối đa %(most)s ký tự. Hãy chia làm nhiều lần."
    ),
    "not_your_thread": _l("Chỉ cơ quan được giao nhiệm vụ và cơ quan thường trực mới trao đổi ở đây."),
    "not_your_part": _l("Chỉ cơ quan chủ trì hoặc cơ quan thường trực làm được việc này với phần việc phối hợp."),
    "waiver_without_reason": _l("Hãy ghi lý do không cần phần việc phối hợp này nữa."),
    "agency_already_there": _l("%(agency)s đã có nhiệm vụ này rồi."),
}

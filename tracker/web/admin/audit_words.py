"""Words for what the audit holds: actions, what they were done to, and the fields before and after.

A code without a word is shown as it is: the record is complete before its words are.
"""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

ACTIONS: dict[str, Any] = {
    "account.created": _l("Lập tài khoản"),
    "account.edited": _l("Sửa tài khoản"),
    "account.deactivated": _l("Khóa tài khoản"),
    "account.reactivated": _l("Mở lại tài khoản"),
    "account.logged_in": _l("Đăng nhập"),
    "account.password_changed": _l("Đổi mật khẩu"),
    "account.link_requested": _l("Yêu cầu liên kết đặt mật khẩu"),
    "account.password_reset": _l("Đặt mật khẩu bằng liên kết"),
    "account.locale_chosen": _l("Chọn ngôn ngữ"),
    "agency.created": _l("Thêm cơ quan"),
    "group.created": _l("Lập nhóm cơ quan"),
    "agency.edited": _l("Sửa cơ quan"),
    "calendar.day_added": _l("Thêm ngày vào lịch"),
    "calendar.day_deleted": _l("Xóa ngày khỏi lịch"),
    "mail.resent": _l("Gửi lại thư"),
    "plan.imported": _l("Nạp kế hoạch"),
    "plan.version_set": _l("Ghi kế hoạch được sửa đổi"),
    "plan.facts_changed": _l("Sửa thông tin kế hoạch"),
    "plan.published": _l("Giao việc theo kế hoạch"),
    "plan.withdrawn": _l("Bỏ kế hoạch"),
    "plan.text_checked": _l("Xác nhận chữ đúng với bản gốc"),
    "plan.text_unchecked": _l("Bỏ xác nhận chữ đúng với bản gốc"),
    "plan.facts_undone": _l("Hoàn tác sửa thông tin kế hoạch"),
    "plan.facts_redone": _l("Làm lại việc sửa thông tin kế hoạch"),
    "task.added": _l("Thêm nhiệm vụ"),
    "task.changed": _l("Sửa nhiệm vụ"),
    "task.split": _l("Tách nhiệm vụ"),
    "task.merged": _l("Gộp nhiệm vụ"),
    "task.dropped": _l("Bỏ nhiệm vụ"),
    "task.put_back": _l("Đưa lại nhiệm vụ"),
    "task.checked": _l("Đánh dấu nhiệm vụ đã rà soát"),
    "task.undone": _l("Hoàn tác một thao tác rà soát"),
    "task.redone": _l("Làm lại một thao tác rà soát"),
    "task.owner_linked": _l("Gắn cơ quan cho tên in trong kế hoạch"),
    "task.unchecked": _l("Bỏ dấu đã rà soát"),
    "period.opened": _l("Mở kỳ báo cáo"),
    "progress.reported": _l("Báo cáo tiến độ"),
    "progress.accepted": _l("Xác nhận báo cáo"),
    "progress.returned": _l("Trả lại báo cáo"),
    "chase.sent": _l("Gửi đôn đốc"),
}

SUBJECTS: dict[str, Any] = {
    "user_account": _l("Tài khoản"),
    "agency": _l("Cơ quan"),
    "calendar_day": _l("Ngày trong lịch"),
    "outbox_mail": _l("Thư"),
    "plan": _l("Kế hoạch"),
    "task": _l("Nhiệm vụ của kế hoạch"),
    "assignment": _l("Nhiệm vụ được giao"),
    "progress_update": _l("Báo cáo tiến độ"),
    "reporting_period": _l("Kỳ báo cáo"),
    "chase": _l("Lần đôn đốc"),
}

FIELDS: dict[str, Any] = {
    "email": _l("Thư điện tử"),
    "name": _l("Tên"),
    "short_name": _l("Tên viết tắt"),
    "post": _l("Cấp bậc, chức vụ"),
    "phone": _l("Điện thoại"),
    "role": _l("Vai trò"),
    "agency_id": _l("Cơ quan số"),
    "is_active": _l("Đang hoạt động"),
    "locale": _l("Ngôn ngữ"),
    "expires_at": _l("Hết hạn lúc"),
    "kind": _l("Loại"),
    "level": _l("Cấp"),
    "is_requested": _l("Đề nghị phối hợp"),
    "position": _l("Thứ tự"),
    "aliases": _l("Tên gọi khác"),
    "day": _l("Ngày"),
    "source": _l("Căn cứ"),
    "state": _l("Trạng thái"),
    "attempts": _l("Số lần gửi"),
    "percent": _l("Phần trăm"),
    "due_on": _l("Hạn"),
    "submitted_on": _l("Ngày nộp báo cáo"),
    "title": _l("Tên kế hoạch"),
    "number": _l("Số"),
    "reason": _l("Lý do"),
    "text": _l("Nội dung"),
}

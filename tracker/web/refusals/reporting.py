"""Refusals of drafts, uploads, the grid, the workbook and the link of a mail."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "person_list": _l(
        "Nội dung giống danh sách từng người (%(count)s người; dòng %(line)s, “%(hint)s”). Hệ thống chỉ nhận số liệu "
        "tổng hợp: hãy thay danh sách bằng số người rồi gửi lại."
    ),
    "personal_file": _l(
        "Tệp “%(name)s” có danh sách hoặc số giấy tờ của từng người (“%(hint)s”) nên không được nhận và không được lưu "
        "lại. Hãy gửi bản chỉ có số liệu tổng hợp, hoặc ghi số và ngày của văn bản."
    ),
    "reply_settled": _l("Thư trả lời này đã được dùng hoặc đã bỏ. Trang hiện tình trạng mới nhất."),
    "reply_not_owed": _l("Nhiệm vụ này không nhận thêm báo cáo. Hãy chọn nhiệm vụ khác."),
    "draft_too_long": _l("Bản nháp dài quá nên không lưu được. Hãy rút gọn."),
    "figure_not_number": _l("Số liệu “%(name)s”: “%(value)s” không phải là số. Ghi như 12 hoặc 1.250 hoặc 12,5."),
    "figure_without_name": _l("Số liệu “%(value)s” chưa có tên. Hãy ghi đó là số gì."),
    "too_many_figures": _l("Mỗi báo cáo ghi tối đa %(most)s số liệu."),
    "workbook_too_large": _l("Tệp lớn hơn %(limit)s MB. Hãy dùng đúng tệp tải về từ trang này, không chèn ảnh."),
    "workbook_not_xlsx": _l(
        "Không đọc được tệp “%(name)s”. Hãy mở tệp bằng Excel hoặc LibreOffice, lưu dạng .xlsx, không đặt mật khẩu, "
        "rồi tải lên lại."
    ),
    "workbook_packed": _l("Tệp “%(name)s” bung ra quá lớn nên không đọc. Hãy tải tệp mới từ trang này rồi ghi lại."),
    "workbook_too_long": _l("Tệp có hơn %(most)s dòng. Hãy chỉ giữ các dòng của tệp tải về từ trang này."),
    "workbook_without_columns": _l(
        "Trong tệp không có trang tính nào đủ các cột của mẫu; còn thiếu: %(names)s. Đừng xóa hoặc đổi tên cột (kể cả "
        "cột ẩn); hãy tải tệp mới từ trang này rồi chép số liệu sang."
    ),
    "workbook_cell": _l("Cột “%(column)s”: ô này không đọc được. Hãy ghi lại."),
    "workbook_cell_state": _l(
        "Cột “%(column)s”: hãy chọn “Giữ nguyên”, “Đang thực hiện” hoặc “Đã hoàn thành” trong danh sách."
    ),
    "workbook_cell_percent": _l("Cột “%(column)s”: hãy ghi số nguyên từ 0 đến 100."),
    "workbook_cell_day": _l("Cột “%(column)s”: hãy ghi ngày/tháng/năm đủ bốn chữ số của năm, ví dụ 05/09/2026."),
    "workbook_cell_turned_day": _l(
        "Cột “%(column)s”: bảng tính đã đổi nội dung thành ngày. Hãy gõ dấu nháy đơn (') trước số văn bản rồi ghi lại."
    ),
    "workbook_cell_formula": _l("Cột “%(column)s”: công thức chưa có kết quả hoặc bị lỗi. Hãy thay bằng chữ hoặc số."),
    "workbook_cell_too_long": _l("Cột “%(column)s”: dài hơn %(most)s ký tự. Hãy rút gọn."),
    "workbook_row_unknown": _l(
        "Dòng này không có mã của hệ thống, hoặc mã không phải của cơ quan bạn. Không thêm dòng mới vào tệp; nếu thiếu "
        "nhiệm vụ, hãy tải tệp mới."
    ),
    "workbook_row_twice": _l("Nhiệm vụ này đã có ở một dòng phía trên trong tệp. Hãy giữ một dòng."),
    "workbook_no_longer_waiting": _l(
        "Danh sách thay đổi đã quá một giờ hoặc không còn. Chưa lưu gì; hãy tải tệp lên lại để xem và xác nhận."
    ),
}

"""Refusals of chasing, of noting calls and meetings, of official letters and their templates."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "chased_today": _l("Mọi việc đã chọn đều đã gửi thư đôn đốc trong hôm nay. Nếu vẫn cần gửi, đánh dấu “Vẫn gửi lại "
                       "hôm nay”."),
    "chase_note_missing": _l("Hãy ghi đã làm việc với ai và nội dung trao đổi."),
    "chase_not_yet_happened": _l("Ngày thực hiện không được sau hôm nay."),
    "chase_note_stands": _l("Chỉ người ghi mới bỏ được ghi nhận này, trong ngày ghi và khi chưa có thư hay công văn."),
    "too_many_letters": _l("Mỗi lần tạo tối đa %(most)s công văn. Hãy chọn ít cơ quan hơn, hoặc một công văn chung."),
    "letter_reply_too_early": _l("Hạn báo cáo kết quả phải sau hôm nay."),
    "letter_number_bad": _l("Hãy ghi số và ký hiệu như văn thư cấp, ví dụ 152/CAT-PC04."),
    "letter_issued_in_future": _l("Ngày ban hành không được sau hôm nay."),
    "letter_issued_before_made": _l("Ngày ban hành không được trước ngày soạn công văn."),
    "letter_number_changed": _l("Người khác vừa ghi số %(number)s cho công văn này. Hãy xem lại rồi lưu."),
    "letter_template_broken": _l("Không điền được mẫu này, chỗ “%(mark)s”. Hãy mở tệp trong Word, kiểm tra các dấu "
                                 "{{ }} và {%% %%} rồi lưu lại."),
    "letter_template_unknown_place": _l("Mẫu có chỗ điền không biết: “%(place)s”. Xem các chỗ điền dùng được ở cuối "
                                        "trang."),
    "letter_template_forbidden": _l("Mẫu dùng lệnh không được phép: “%(mark)s”. Mẫu chỉ được điền chữ, lặp danh sách "
                                    "và bỏ chỗ trống."),
    "letter_template_active": _l("Mẫu có phần tự chạy hoặc lấy dữ liệu từ nơi khác (%(part)s) nên không nhận. Hãy bỏ "
                                 "phần đó trong Word rồi lưu lại."),
}

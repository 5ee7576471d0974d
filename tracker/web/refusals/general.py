"""Refusals of importing, reviewing, reporting, accounts and the catalogues."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

#: Refusal.key -> sentence. A test walks every subclass of Refusal and finds its sentence here.
SENTENCES: dict[str, Any] = {
    "not_allowed_now": _l("Nhiệm vụ này đã sang trạng thái khác nên không làm được việc đó nữa. Hãy tải lại trang."),
    "password_too_short": _l("Mật khẩu cần ít nhất %(least)s ký tự. Một câu dễ nhớ gồm vài từ là tốt nhất."),
    "password_too_long": _l("Mật khẩu dài quá %(most)s ký tự."),
    "password_too_plain": _l("Mật khẩu chỉ lặp lại vài ký tự nên dễ đoán. Hãy chọn mật khẩu khác."),
    "password_holds_name": _l("Mật khẩu không được chứa tên trong địa chỉ thư điện tử. Hãy chọn mật khẩu khác."),
    "wrong_password": _l("Mật khẩu hiện tại không đúng."),
    "same_password": _l("Mật khẩu mới trùng với mật khẩu hiện tại. Hãy chọn mật khẩu khác."),
    "link_not_valid": _l("Liên kết đã được dùng hoặc đã hết hạn. Hãy yêu cầu liên kết mới."),
    "bad_credentials": _l("Địa chỉ thư điện tử hoặc mật khẩu không đúng."),
    "account_closed": _l("Tài khoản này đã bị khóa. Hãy liên hệ quản trị của tỉnh."),
    "too_many_attempts": _l("Đã nhập sai quá nhiều lần. Hãy thử lại sau %(minutes)s phút, hoặc đặt lại mật khẩu."),
    "email_not_valid": _l(
        "“%(email)s” không phải địa chỉ thư dùng được. Địa chỉ viết không dấu, không khoảng "
        "trắng."
    ),
    "email_taken": _l("Địa chỉ %(email)s đã có tài khoản."),
    "name_missing": _l("Chưa nhập họ và tên."),
    "own_account": _l("Không thể tự khóa hoặc tự đổi vai trò của mình. Hãy nhờ một quản trị khác."),
    "last_administrator": _l("Đây là quản trị cuối cùng đang hoạt động. Hãy thêm một quản trị khác trước."),
    "agency_name_missing": _l("Chưa nhập tên cơ quan."),
    "agency_name_taken": _l("Đã có cơ quan mang tên “%(name)s”."),
    "alias_taken": _l("Tên “%(alias)s” đã dùng cho “%(name)s”. Một tên chỉ được chỉ một cơ quan hoặc một nhóm."),
    "day_taken": _l("Ngày %(day)s đã có trong lịch. Hãy xóa dòng đó trước rồi thêm lại."),
    "year_not_known": _l("Chỉ nạp được ngày nghỉ lễ từ năm %(first)s đến năm %(last)s."),
    "nothing_to_chase": _l("Các việc đã chọn không còn quá hạn nên không có gì để đôn đốc."),
    "view_without_name": _l("Chưa đặt tên cho bộ lọc. Hãy nhập một tên ngắn, ví dụ: Quá hạn quý này."),
    "view_name_too_long": _l("Tên bộ lọc dài quá %(most)s ký tự. Hãy đặt tên ngắn hơn."),
    "view_name_taken": _l("Bạn đã có bộ lọc tên “%(name)s”. Hãy đặt tên khác, hoặc xóa bộ lọc cũ trước."),
    "view_of_nothing": _l("Chưa chọn điều kiện lọc nào nên không có gì để lưu."),
    "too_many_views": _l("Mỗi người lưu được tối đa %(most)s bộ lọc. Hãy xóa bớt bộ lọc không dùng nữa."),
    "parts_open": _l(
        "Còn %(count)s cơ quan phối hợp chưa xác nhận phần việc: %(names)s. Nhiệm vụ chỉ khép lại khi các cơ quan này "
        "xác nhận, hoặc được ghi nhận là không cần."
    ),
    "too_late_to_undo": _l(
        "Không rút lại được nữa: quyết định đã quá 24 giờ, hoặc thư đã gửi đi. Hãy trao đổi trực tiếp với cơ quan ở "
        "mục Trao đổi."
    ),
    "changed_meanwhile": _l(
        "Người khác vừa cập nhật nhiệm vụ này sau khi bạn mở biểu mẫu. Nội dung bạn nhập vẫn còn; hãy đọc phần mới rồi "
        "gửi lại nếu vẫn cần."
    ),
    "report_without_text": _l("Chưa nhập kết quả đã làm."),
    "no_evidence": _l("Báo cáo hoàn thành cần minh chứng: đính kèm ít nhất một tệp, hoặc ghi số và ngày văn bản."),
    "half_document": _l("Văn bản minh chứng cần cả số và ngày ban hành."),
    "future_document": _l("Ngày văn bản không được sau hôm nay."),
    "percent_under_way": _l("Việc đang làm có tiến độ từ 0 đến 99%. Nếu đã xong, hãy chọn “Đã hoàn thành”."),
    "identity_number": _l(
        "Có dãy số giống số căn cước công dân (%(hint)s). Hệ thống chỉ nhận số liệu, không nhận thông tin của từng "
        "người: hãy bỏ dãy số đó rồi gửi lại."
    ),
    "too_many_files": _l("Mỗi lần báo cáo đính kèm tối đa %(most)s tệp."),
    "bad_files": _l("Có tệp không nhận được; chi tiết ghi ở ô chọn tệp."),
    "file_empty": _l("Tệp “%(name)s” rỗng, không có nội dung."),
    "file_too_large": _l("Tệp “%(name)s” lớn hơn %(limit)s MB. Hãy nén hoặc chia nhỏ, hoặc ghi số và ngày văn bản."),
    "file_program": _l("Tệp “%(name)s” là chương trình hoặc có chứa chương trình nên không được nhận."),
    "file_macros": _l("Tệp “%(name)s” có macro nên không được nhận. Hãy lưu lại dạng không có macro hoặc PDF."),
    "file_web_page": _l("Tệp “%(name)s” là trang web hoặc hình có mã lệnh nên không được nhận. Hãy lưu thành PDF."),
    "file_wrong_ending": _l("Tệp “%(name)s” có tên không đúng với nội dung: nội dung là tệp %(right)s."),
    "file_unknown": _l(
        "Không nhận được tệp “%(name)s” (nội dung giống: %(likeness)s). Chỉ nhận PDF, Word, Excel, PowerPoint (.pptx), "
        "OpenDocument, ảnh và văn bản thường, không đặt mật khẩu."
    ),
    "not_your_plan": _l("Chỉ cơ quan thường trực của kế hoạch mới xác nhận hoặc trả lại được báo cáo này."),
    "return_without_reason": _l("Chưa ghi lý do trả lại. Cơ quan báo cáo cần biết còn thiếu gì."),
    "plan_already_imported": _l(
        "Tệp này đã được nhập trước đây: %(title)s. Nếu đúng là cần một bản nữa, hãy đánh dấu “Vẫn nhập thêm một "
        "bản nữa” rồi nhập lại."
    ),
    "nothing_given": _l("Hãy chọn tệp, hoặc dán nội dung kế hoạch."),
    "plan_not_under_review": _l(
        "Kế hoạch đã giao việc hoặc đã rút nên không sửa được nữa. Hãy mở lại trang kế "
        "hoạch."
    ),
    "review_stale": _l(
        "Người khác vừa sửa mục này. Nội dung bạn nhập vẫn còn bên dưới: hãy so với bản họ đã lưu rồi lưu "
        "lại."
    ),
    "nothing_to_undo": _l("Không còn thao tác nào của bạn để hoàn tác hoặc làm lại."),
    "changed_since": _l(
        "Chưa hoàn tác được: người khác đã sửa nhiệm vụ ở mục %(section)s sau thao tác của bạn. Hãy mở nhiệm vụ đó và "
        "sửa trực tiếp."
    ),
    "nobody_prints_it": _l("Không còn nhiệm vụ nào có cơ quan chưa rõ mang tên “%(name)s”."),
    "class_is_no_agency": _l(
        "“%(name)s” chỉ nhiều cơ quan nên không thêm thành một cơ quan được. Hãy chọn hoặc lập nhóm."
    ),
    "group_without_members": _l("Nhóm phải có ít nhất một cơ quan. Hãy chọn các cơ quan của nhóm “%(name)s”."),
    "body_not_found": _l("Không tìm thấy “%(name)s” trong danh mục. Hãy chọn một dòng trong danh sách gợi ý."),
    "text_not_checked": _l(
        "Chữ trong văn bản do máy nhận dạng hoặc chuyển đổi, chưa có người đối chiếu với bản gốc. Hãy đối chiếu và xác "
        "nhận ở trang rà soát trước khi giao việc."
    ),
    "task_without_text": _l("Nhiệm vụ phải có nội dung."),
    "split_nowhere": _l(
        "Chưa tách được: hãy chỉ xuống dòng tại chỗ cần tách, giữ nguyên câu chữ, và để chữ ở cả hai "
        "phía."
    ),
    "nothing_to_merge": _l("Không còn nhiệm vụ nào đứng sau để gộp."),
    "title_missing": _l("Hãy ghi tên kế hoạch."),
    "nothing_to_assign": _l(
        "Chưa nhiệm vụ nào có cơ quan trong danh mục nên không có gì để giao. Hãy chọn cơ quan cho ít nhất một "
        "nhiệm vụ."
    ),
    "owner_not_confirmed": _l(
        "Có %(count)s nhiệm vụ mà cơ quan do hệ thống suy ra, chưa có người kiểm tra. Hãy mở từng nhiệm vụ để xác nhận."
    ),
    "report_without_day": _l(
        "Còn %(count)s báo cáo định kỳ chưa có ngày gửi. Kế hoạch không nêu thì cơ quan thường trực phải chọn "
        "ngày."
    ),
    "news_not_plan": _l(
        "Đây là bài báo về kế hoạch, không phải văn bản kế hoạch. Hãy nhập văn bản gốc để giao "
        "việc."
    ),
    "amends_itself": _l("Một kế hoạch không thể sửa đổi chính nó hoặc bản sửa đổi của nó. Hãy chọn kế hoạch khác."),
    "unreadable": _l("Không đọc được tệp này."),
    "unreadable_empty": _l(
        "Không có chữ nào để đọc: tệp rỗng, là bản chụp, hoặc chỉ chứa ảnh. Hãy dán nội dung văn "
        "bản."
    ),
    "unreadable_too_large": _l("Tệp lớn hơn %(limit_mb)s MB. Hãy bỏ ảnh, hoặc dán nội dung văn bản."),
    "unreadable_too_wordy": _l(
        "Văn bản dài hơn %(most)s ký tự nên không đọc. Hãy chỉ giữ phần kế hoạch rồi tải lên lại."
    ),
    "unreadable_packed_too_tight": _l(
        "Tệp “%(name)s” bung ra quá lớn nên không đọc. Hãy lưu lại bằng Word, hoặc dán nội "
        "dung."
    ),
    "unreadable_wrong_content": _l(
        "Tệp “%(name)s” có tên dạng %(expected)s nhưng nội dung là dạng khác (%(found)s). Hãy mở tệp gốc, lưu lại đúng "
        "dạng rồi tải lên."
    ),
    "unreadable_wrong_ending": _l(
        "Tệp “%(name)s” có tên dạng %(expected)s nhưng nội dung là %(found)s. Nếu đúng là tệp cần nhập, hãy đổi đuôi "
        "tên tệp thành %(right)s rồi tải lên lại."
    ),
    "unreadable_too_tangled": _l(
        "Tệp “%(name)s” có quá nhiều phần lồng nhau hoặc lặp lại nên không đọc. Hãy dán nội dung văn bản."
    ),
    "unreadable_encrypted": _l("Tệp “%(name)s” đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại."),
    "unreadable_damaged": _l("Tệp “%(name)s” bị hỏng hoặc tải chưa đủ. Hãy mở bằng Word, lưu lại rồi tải lên."),
    "unreadable_encoding": _l(
        "Không nhận ra được bảng mã của tệp “%(name)s”. Hãy mở tệp, lưu lại với bảng mã UTF-8, hoặc dán nội dung từ "
        "Word."
    ),
    "unreadable_too_many_pages": _l(
        "Tệp “%(name)s” có %(pages)s trang; mỗi tệp chỉ đọc tối đa %(limit)s trang. Hãy tách riêng phần kế hoạch rồi "
        "tải lên."
    ),
    "unreadable_too_many_scans": _l(
        "Tệp “%(name)s” có %(pages)s trang là ảnh chụp; mỗi lần chỉ nhận dạng chữ được tối đa %(limit)s trang. Hãy "
        "tách tệp, hoặc xin bản có chữ (.docx)."
    ),
    "unreadable_too_long": _l(
        "Đọc tệp “%(name)s” quá %(seconds)s giây nên đã dừng. Hãy tách bớt trang, lưu lại từ Word, hoặc dán nội dung."
    ),
    "unreadable_busy": _l(
        "Máy chủ đang bận đọc tệp khác nên chưa đọc được tệp “%(name)s”. Hãy thử lại sau ít phút, hoặc dán nội dung."
    ),
    "unreadable_no_recognition": _l(
        "Tệp “%(name)s” là bản chụp, chưa có chữ, mà máy chủ chưa cài phần nhận dạng chữ tiếng Việt (Tesseract). Hãy "
        "tải tệp .docx, hoặc dán nội dung; quản trị hệ thống có thể cài thêm."
    ),
    "unreadable_no_office": _l(
        "Máy chủ chưa cài LibreOffice nên không đọc được tệp cũ “%(name)s”. Hãy mở bằng Word, lưu thành .docx rồi tải "
        "lên."
    ),
    "unreadable_type": _l(
        "Chưa đọc được loại tệp của “%(name)s”. Hiện đọc được: %(supported)s. Có thể dán nội dung thay cho "
        "tệp."
    ),
    "unreadable_secret": _l(
        "Tài liệu có dấu chỉ độ mật %(mark)s nên không được nhập vào hệ thống này. Nội dung không được lưu "
        "lại."
    ),
}

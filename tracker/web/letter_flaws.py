"""Words for what the check of a letter may find against the form."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.rules.letter_form import LetterFlaw

FLAWS: dict[LetterFlaw, Any] = {
    LetterFlaw.UNREADABLE: _l("Không mở được tệp"),
    LetterFlaw.PAPER: _l("Khổ giấy"),
    LetterFlaw.MARGIN: _l("Lề trang"),
    LetterFlaw.FONT: _l("Phông chữ"),
    LetterFlaw.COLOUR: _l("Màu chữ"),
    LetterFlaw.SIZE: _l("Cỡ chữ"),
    LetterFlaw.WEIGHT: _l("Chữ đậm"),
    LetterFlaw.SLOPE: _l("Chữ nghiêng"),
    LetterFlaw.CAPITALS: _l("Chữ in hoa"),
    LetterFlaw.NO_NATION: _l("Thiếu Quốc hiệu"),
    LetterFlaw.NO_MOTTO: _l("Thiếu Tiêu ngữ"),
    LetterFlaw.NO_RULE: _l("Thiếu đường kẻ dưới tên cơ quan hoặc Tiêu ngữ"),
    LetterFlaw.NO_AGENCY: _l("Thiếu tên cơ quan ban hành"),
    LetterFlaw.NUMBER_LINE: _l("Dòng số, ký hiệu"),
    LetterFlaw.DATE_LINE: _l("Dòng địa danh, thời gian"),
    LetterFlaw.NO_SUBJECT: _l("Thiếu trích yếu “V/v”"),
    LetterFlaw.SUBJECT_GAP: _l("Khoảng cách trên dòng “V/v”"),
    LetterFlaw.NO_ADDRESSEES: _l("Thiếu “Kính gửi”"),
    LetterFlaw.ADDRESSEE_LIST: _l("Cách liệt kê nơi kính gửi"),
    LetterFlaw.NOT_JUSTIFIED: _l("Đoạn văn chưa canh đều hai lề"),
    LetterFlaw.INDENT: _l("Lùi đầu dòng"),
    LetterFlaw.LINE_SPACING: _l("Giãn dòng"),
    LetterFlaw.PARAGRAPH_GAP: _l("Khoảng cách giữa các đoạn"),
    LetterFlaw.NO_END_MARK: _l("Thiếu dấu kết thúc “./.”"),
    LetterFlaw.NO_AUTHORITY: _l("Thiếu quyền hạn, chức vụ người ký"),
    LetterFlaw.NO_RECIPIENTS: _l("Thiếu “Nơi nhận”"),
    LetterFlaw.FIRST_RECIPIENT: _l("Dòng đầu của “Nơi nhận”"),
    LetterFlaw.LAST_RECIPIENT: _l("Dòng cuối của “Nơi nhận”"),
    LetterFlaw.NO_PAGE_NUMBER: _l("Số trang ở giữa lề trên"),
    LetterFlaw.NUMBER_ON_FIRST_PAGE: _l("Trang đầu không hiển thị số trang"),
    LetterFlaw.ANNEX_NUMBER: _l("Số thứ tự phụ lục"),
    LetterFlaw.ANNEX_SOURCE: _l("Dòng “Kèm theo Công văn” của phụ lục"),
    LetterFlaw.ANNEX_NOT_NAMED: _l("Nội dung chưa dẫn đến phụ lục"),
    LetterFlaw.TABLE_HEAD: _l("Hàng đầu của bảng chưa lặp lại ở trang sau"),
    LetterFlaw.ROW_SPLITS: _l("Hàng của bảng bị ngắt giữa hai trang"),
    LetterFlaw.LEFT_OVER: _l("Còn sót chỗ điền"),
    LetterFlaw.AUTOMATIC_LIST: _l("Đánh số, gạch đầu dòng tự động của Word"),
}

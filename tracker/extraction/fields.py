"""Fields by which departments, ministries and offices are named, before and after the reforms of 2008, 2016 and 2025.

Source: the decrees on specialised bodies of the People's Committees (13/2008, 24/2014, 107/2020, 45/2025, 150/2025) and
the laws on the organisation of the Government.
"""

from __future__ import annotations

import re

#: "~" stands for any joiner (", ", " và ", " - ", "&"), "_" for any but the comma, which would part two bodies.
_FIELDS = """
Văn hóa~Thể thao~Du lịch | Văn hóa~TT~DL | Văn hóa~Thể thao | Văn hóa~Thông tin~Thể thao~Du lịch | Văn hóa_Thông tin |
Văn hóa~Thông tin~Thể thao | Văn hóa~Khoa học~Thông tin | Văn hóa_Xã hội | Thể dục thể thao |
Lao động~Thương binh~Xã hội | Lao động~TBXH | Lao động~TB~XH | Lao động~Thương binh~XH | Lao động_Xã hội |
Nông nghiệp~Phát triển nông thôn | Nông nghiệp~PTNT | Nông nghiệp~Phát triển NT | Nông nghiệp_Môi trường |
Nông nghiệp_MT | Tài nguyên~Môi trường | Tài nguyên~MT | Giáo dục~Đào tạo | Giáo dục~ĐT | Khoa học~Công nghệ |
Khoa học~Công nghệ~Môi trường | Khoa học~CN | Thông tin~Truyền thông | Thông tin~TT | Bưu chính~Viễn thông |
Kế hoạch~Đầu tư | Kế hoạch~ĐT | Giao thông_vận tải | Giao thông vận tải_Xây dựng | Giao thông công chánh |
Quy hoạch~Kiến trúc | Dân tộc~Tôn giáo | Dân tộc | Tôn giáo | Công Thương | Công nghiệp | Thương mại |
Thương mại~Du lịch | Thủy sản | Tài chính | Tài chính_Vật giá | Tài chính_Kế hoạch | Tư pháp | Tư pháp_Hộ tịch |
Nội vụ | Nội vụ~Lao động~Thương binh~Xã hội | Ngoại vụ | Xây dựng | Y tế | Du lịch | An toàn thực phẩm | Kinh tế |
Kinh tế~Hạ tầng | Kinh tế~Hạ tầng~Đô thị | Quản lý đô thị | Ngoại giao | Quốc phòng | Công an |
Cảnh sát phòng cháy~chữa cháy | Giao thông | Giáo dục | Nông nghiệp | Hải quan | Thuế | Kiểm lâm | Biên phòng |
Quân đội | Thống kê | Bảo hiểm xã hội | Kho bạc | Ngân hàng | Viện kiểm sát | Tòa án | Thanh tra | Văn hóa | Phụ nữ |
Liên hiệp Phụ nữ | Nông dân | Cựu chiến binh | Chữ thập đỏ | Người cao tuổi | Khuyến học | Thanh niên | Truyền thông |
Lâm nghiệp | Chuyển đổi số | Môi trường | Đất đai | Thú y | Dân vận | Tuyên giáo | Văn phòng_Thống kê |
Tài chính_Kế toán | Địa chính | Địa chính_Xây dựng | Quân sự |
Đường sắt | Hàng không | Điện lực | Bưu điện | Kiểm sát | Thi hành án | Vận tải
"""
_ANY = r"(?:\s*[,&–-]\s*(?:và\s+)?|\s+(?:(?:và|&)\s*)?)"
_NO_COMMA = r"(?:\s*[&–-]\s*|\s+(?:và\s+)?)"


def _pattern(field: str) -> str:
    return field.replace(" ", r"\s+").replace("~", _ANY).replace("_", _NO_COMMA)


_KNOWN = "|".join(
    _pattern(field) for field in sorted((" ".join(word.split()) for word in _FIELDS.split("|")), key=len, reverse=True)
)
#: One field of a department, in any case, as a piece of a pattern.
KNOWN_FIELD = rf"(?i:{_KNOWN})(?!\w)"
#: "GD&ĐT", "LĐ-TB&XH", "NN&PTNT", "YT".
SHORT_FIELD = r"[A-ZĐ]{1,8}(?:\s?[&-]\s?[A-ZĐ]{1,6}){0,4}(?![\w])"
#: One field of a department where a list of fields is read ("Các ngành Công an, Tư pháp, Y tế").
FIELD = re.compile(rf"{KNOWN_FIELD}|{SHORT_FIELD}")

"""How bodies of the Vietnamese state are named: one pattern, built from the kinds of body that plans give work to.

The names are those of the laws on the organisation of local government, before and after the mergers of 2025; an
abbreviation stands beside the full name. A body not listed is still found when it stands as a heading among others.
"""

from __future__ import annotations

import re

from tracker.extraction.letters import CAPITALISED, PLACE_NAME

#: Fields of provincial departments, old and new; "," "-" and "và" vary from plan to plan.
_DEPARTMENTS = (
    "Văn hóa Thể thao và Du lịch",
    "Văn hóa và Thể thao",
    "Văn hóa Thông tin Thể thao và Du lịch",
    "Lao động Thương binh và Xã hội",
    "Nông nghiệp và Phát triển nông thôn",
    "Nông nghiệp và Môi trường",
    "Tài nguyên và Môi trường",
    "Giáo dục và Đào tạo",
    "Khoa học và Công nghệ",
    "Thông tin và Truyền thông",
    "Kế hoạch và Đầu tư",
    "Giao thông vận tải",
    "Giao thông công chánh",
    "Quy hoạch Kiến trúc",
    "Dân tộc và Tôn giáo",
    "Công Thương",
    "Công nghiệp",
    "Thương mại",
    "Tài chính",
    "Tư pháp",
    "Nội vụ",
    "Ngoại vụ",
    "Xây dựng",
    "Y tế",
    "Du lịch",
    "An toàn thực phẩm",
)
_SHORT_DEPARTMENTS = r"(?:[A-ZĐ]{1,5}(?:[&-][A-ZĐ]{1,6}){0,3})"
_AREA = r"(?:huyện|quận|thị xã|thành phố|xã|phường|thị trấn|đặc khu|thôn|khu phố)"
_AREAS = rf"(?:(?:các|mỗi|từng|\d{{1,3}}) )?{_AREA}(?:(?:,| và|, và| -|/) ?(?:các )?{_AREA}\b){{0,4}}"
_LEVEL = (
    rf"(?: (?:(?i:tỉnh|thành phố)(?: {PLACE_NAME})?(?!,? (?:huyện|xã)\b)|cùng cấp|các cấp|hai cấp|cấp trên"
    rf"|cấp (?:tỉnh|huyện|xã|cơ sở)(?:(?:,| và) (?:cấp )?(?:tỉnh|huyện|xã))*|(?i:{_AREAS})(?: {PLACE_NAME}"
    rf"| trong danh sách)?))"
)
_PROVINCE = rf"(?: (?:(?i:tỉnh|thành phố)(?: {PLACE_NAME})?|{PLACE_NAME}))"
_TITLES = r"(?:(?:(?i:chánh|chủ tịch|phó chủ tịch|giám đốc|thủ trưởng|lãnh đạo|người đứng đầu|thường trực))\s)?"


def _field(name: str) -> str:
    return r"(?:[ ,–-]|\bvà\b)+".join(word for word in name.split() if word != "và")


_DEPARTMENT = "|".join(sorted(map(_field, _DEPARTMENTS), key=len, reverse=True))
_UNITS = (
    r"(?:ban ngành|cơ quan|đơn vị|địa phương|sở|ban|ngành|cấp|đoàn thể|hội|tổ chức|phòng|trường|lực lượng|doanh nghiệp)"
)
_WHICH = (
    r"(?: (?:có liên quan|liên quan|chức năng|có chức năng|thành viên|chính trị ?[-–] ?xã hội|chính trị xã hội|đoàn thể"
    r"|cấp tỉnh|của tỉnh|thuộc tỉnh|trực thuộc|tỉnh|địa phương|các cấp|nghề nghiệp|quần chúng|ở địa phương))"
)
_CLASSES = (
    rf"(?:(?:các|những|mọi|tất cả các) {_UNITS}(?:(?:,| và|,? và) (?:các )?{_UNITS}\b){{0,6}}{_WHICH}{{0,3}}"
    rf"|{_UNITS}(?:(?:,| và) (?:các )?{_UNITS}\b){{1,6}}{_WHICH}{{0,3}})"
)
_SPECIFIC = (
    rf"(?i:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân){_LEVEL}?",
    rf"(?i:các )?Sở (?:(?i:{_DEPARTMENT})|{_SHORT_DEPARTMENTS}\b)",
    rf"(?:(?i:lực lượng) )?Công an(?: nhân dân(?! )|(?: các)? đơn vị, địa phương|{_LEVEL})?",
    rf"(?i:Bộ (?:Chỉ huy|CH) ?(?:Quân sự|QS)|BCHQS){_PROVINCE}?",
    rf"(?i:(?:Bộ|Ban) Chỉ huy )?(?i:Bộ đội Biên phòng|BĐBP){_PROVINCE}?(?: thuộc (?i:Bộ chỉ huy Quân sự){_PROVINCE}?)?",
    r"(?i:(?:các )?Đồn Biên phòng)|(?:(?i:lực lượng) )?(?:Biên phòng|Hải quan|Quân sự|Cảnh sát biển|Kiểm lâm)\b",
    rf"(?i:(?:Chi )?cục) (?:(?i:Hải quan|Thuế|Thống kê|Quản lý thị trường|Thi hành án dân sự)|{PLACE_NAME})"
    rf"(?: khu vực (?:[IVX]+|\d+)\b|{_PROVINCE})?",
    rf"(?i:Thanh tra){_PROVINCE}",
    rf"(?i:Văn phòng (?:UBND|Ủy ban nhân dân|Tỉnh ủy|Đoàn ĐBQH và HĐND|HĐND|Hội đồng nhân dân)){_PROVINCE}?",
    rf"(?i:Viện (?:kiểm sát(?: nhân dân)?|KSND)|VKSND|Tòa án(?: nhân dân)?|TAND){_LEVEL}?",
    rf"(?i:(?:Ban Thường trực )?(?:(?:Ủy ban |UB)?Mặt trận Tổ quốc|(?:Ủy ban |UB)?MTTQ)(?: Việt Nam)?){_LEVEL}?",
    rf"(?:(?i:Tỉnh đoàn|Thành đoàn)(?: {PLACE_NAME})?|(?i:Đoàn (?:Thanh niên|TNCS)(?: (?:Cộng sản )?(?:Hồ Chí Minh"
    rf"|HCM))?){_LEVEL}?)",
    rf"Hội (?:(?i:Liên hiệp phụ nữ|LHPN|phụ nữ|nông dân|cựu chiến binh|CCB|chữ thập đỏ|luật gia|người cao tuổi"
    rf"|cựu giáo chức|cựu thanh niên xung phong|khuyến học)|{PLACE_NAME}){_LEVEL}?",
    rf"(?i:Liên đoàn Lao động|LĐLĐ|Liên minh Hợp tác xã|Hiệp hội Doanh nghiệp){_PROVINCE}?",
    rf"(?:Báo và )?(?i:Đài) (?i:phát thanh|PT)(?:,| và| ?[-–&]) ?(?i:truyền hình|TH){_PROVINCE}?|Báo {PLACE_NAME}",
    r"(?i:Ban (?:Tuyên giáo(?: và Dân vận)?|Dân vận|Nội chính|Tổ chức|Thường vụ)) (?i:Tỉnh ủy|Thành ủy)",
    rf"Ban (?i:Dân tộc|Tôn giáo|An toàn giao thông){_PROVINCE}?|(?i:Ban Quản lý) [^.;:\n]{{0,60}}?{_PROVINCE}",
    rf"(?i:Ban Chỉ đạo)(?: \d+)?{_PROVINCE}?",
    rf"(?i:Tỉnh ủy|Thành ủy|Huyện ủy)(?: {PLACE_NAME})?|(?i:Đảng ủy|cấp ủy){_LEVEL}?",
    rf"(?i:Kho bạc Nhà nước|Ngân hàng Nhà nước|Bảo hiểm xã hội|Bưu điện|Ngân hàng Chính sách xã hội)"
    rf"(?: (?:khu vực|chi nhánh)(?: (?:[IVX]+|\d+)\b)?)?{_PROVINCE}?",
    rf"(?i:Thi hành án dân sự){_PROVINCE}?",
    rf"(?i:cơ quan (?:Cảnh sát )?điều tra)(?:, Công an tỉnh| các cấp| {_LEVEL})?",
    rf"(?i:Trường|Học viện) (?:(?i:Đại học|Cao đẳng|Trung cấp|Chính trị)) (?:{CAPITALISED} ?){{1,6}}{_PROVINCE}?",
    r"Bộ (?:Công an|Quốc phòng|Y tế|Tư pháp|Tài chính|Nội vụ|Giáo dục và Đào tạo)|Chính phủ",
)
_BODY = rf"{_TITLES}(?:{'|'.join(_SPECIFIC)}|(?i:{_CLASSES}))(?!\w)"
_LEADERLESS_AREAS = rf"(?i:(?:các|mỗi|từng) {_AREA}(?:(?:,| và) ?{_AREA}\b){{0,4}})(?!\w)"

#: One named body, at a place in the text.
BODY = re.compile(_BODY)
#: Whole areas as those who must act ("Mỗi huyện, thị xã, thành phố phải …").
AREAS = re.compile(_LEADERLESS_AREAS)
#: What stands between two bodies of one list.
JOINER = re.compile(r"\s*(?:,\s+và\s+|;\s+|,\s+|\s+và\s+|\s+&\s+)")
#: "Các ngành Công an, Tư pháp, Y tế …": members by their field, without a head word.
FIELD_LIST = re.compile(
    rf"(?i:các) (?i:ngành|lực lượng)(?: (?i:chức năng))?:?\s+(?=(?:{CAPITALISED}[^,;.()]{{0,40}}, ){{1,}})"
)
FIELD = re.compile(rf"{CAPITALISED}(?: (?!và\b)[\w]+){{0,5}}")
#: "Các lực lượng chức năng (Công an, Hải quan, Biên phòng)".
BRACKET_LIST = re.compile(r"(?i:các) (?i:ngành|lực lượng|cơ quan|đơn vị|sở, ngành)[^().;:]{0,40}\(([^()]{3,200})\)")

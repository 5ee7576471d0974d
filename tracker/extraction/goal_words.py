"""The words around a measurable goal: what is counted, what sets a goal, and what only reports the past.

All patterns match text in small letters.
"""

from __future__ import annotations

import re

from tracker.extraction.letters import LOWER

#: What plans count.
_THINGS = (
    "câu lạc bộ|đường dây|tụ điểm|địa bàn|mô hình|hội nghị"
    "|chuyên mục"
    "|giáo viên|cán bộ|cơ sở|đơn vị|vụ án|vụ việc|phóng sự|buổi|đợt|điểm trường|điểm|lớp|đội|tổ đội|tổ"
    "|vụ|xã|phường|thị trấn|huyện|thôn|bản|buôn|khu phố|khu dân cư|phiên tòa|phiên toà|phiên|tin, bài"
    "|tin bài|tin"
    "|bài viết|bài|lượt|lần|cuộc thi|cuộc|trường học|trường|người|mẫu|hồ sơ|chuyên án|kế hoạch|công trình"
    "|trạm y tế"
    "|trạm|chốt|tỉnh|đối tượng|hộ gia đình|hộ|gia đình|doanh nghiệp|hợp tác xã|cụm|tuyến|sản phẩm"
    "|tài liệu|video"
    "|diễn đàn|dự án|nhóm|căn hộ|căn nhà|ngôi nhà|nhà văn hóa|nhà|lao động|học viên|học sinh|sinh viên"
    "|đoàn viên"
    "|hội viên|thành viên|tờ rơi|tờ gấp|cuốn|quyển|bộ|pa-nô|pa nô|băng rôn|khẩu hiệu|áp phích|km|ha|m2|hồ chứa"
    "|khu công nghiệp|cụm công nghiệp|vị trí|tiêu chí|chỉ tiêu|chỉ số|đoàn|chiến sỹ|chiến sĩ|đảng viên"
    "|triệu đồng"
    "|tỷ đồng|triệu lượt khách|triệu lượt|triệu người|lượt khách|phút|giờ|chương trình|hoạt động|sự kiện"
    "|chuyên đề"
    "|mô đun|phần mềm|hệ thống|camera|trang|kênh|bến|cầu|chợ|giường bệnh|bác sĩ|bệnh nhân|nạn nhân"
    "|trẻ em|phụ nữ"
    "|thanh niên|nông dân|tiểu phẩm|bản tin|cây|con|tấn|tạ|hộp thư|đường dây nóng|văn bản|thủ tục|dịch vụ công"
    "|lượt người|lượt hộ|điểm tư vấn|điểm đen|điểm nóng|bể bơi|địa chỉ tin cậy|địa phương|chuỗi|em|tổ dân phố"
    "|quận|thị xã|thành phố|ấp|khóm|làng|sở|cơ quan|tập thể|cá nhân|tuyến đường|cửa hàng|siêu thị|nhà máy"
    "|ổ dịch|chi bộ|chi hội|thủ tục hành chính|bể|máy|hợp đồng|giấy chứng nhận|nhân viên|công chức|viên chức"
    "|tình nguyện viên|cộng tác viên|báo cáo viên|tuyên truyền viên|nghệ nhân|di tích|làng nghề|vườn|trang trại"
    "|bé trai|triệu cây|nghìn cây|nghìn lượt khách|nghìn lượt|nghìn người|nghìn lao động|nghìn hộ|nghìn tấn|triệu tấn"
    "|nghìn ha|triệu usd|tỷ usd|trăm hộ|km2|mét|m3|suất quà|suất|phần quà|thẻ|tài khoản|ứng dụng|nền tảng"
)
#: "tổ" alone says too little: "tổ tư vấn", "tổ công nghệ số".
_TEAM = (
    r"tổ (?!(?:chức|có|do|và|là|được|với|để|tham|trên|tại|ở|đã)\b)"
    rf"[{LOWER}]+ [{LOWER}]+(?: số(?! \d))?(?![{LOWER}])"
)
#: Longer names first. A noun that isn't here is read as one word; of a class of areas ("xã, phường") the first noun.
THINGS = frozenset(_THINGS.split("|"))
NOUNS = "|".join((*sorted(THINGS - {"tổ"}, key=len, reverse=True), _TEAM, "tổ"))
#: Words after a figure that are no thing counted.
_NO_THINGS = (
    "tháng ngày năm quý tuổi là và cấp trong của đến khi ở tại thì hoặc khoản điều mục giai theo từ rõ "
    "không tốt nội dung"
    " nhiệm loại bước mức phần kỳ lên tầng giảm tăng cho với sao nhất số trên dưới đồng triệu tỷ tuần"
)
NO_THING = frozenset(_NO_THINGS.split())
#: Verbs that set a figure as a goal when it follows them.
SETS_GOAL = re.compile(
    r"\b(?:xây dựng|mở|thành lập|tổ chức|có|được|duy trì|đạt|phấn đấu|chuyển hóa|triệt xóa|triệt phá|bố trí|lắp đặt"
    r"|phát hiện|chọn|lựa chọn|thực hiện|hoàn thành|khởi công|công nhận|tập huấn|đào tạo|bồi dưỡng"
    r"|phát hành|in ấn|sản xuất"
    r"|biên soạn|kiểm tra|thanh tra|xử lý|hỗ trợ|tư vấn|trồng|sửa chữa|nâng cấp|làm mới|tu sửa|tu bổ|khắc phục|mua sắm"
    r"|trang bị|cắm|dạy|giải quyết|tiếp nhận|cai nghiện|vận động|thu hút|đón|huy động|tuyển|nhân rộng|ra mắt|phát sóng"
    r"|phát|đăng|lấy|xét nghiệm|khám|điều tra|xét xử|giảm|tăng|nâng|phát triển|quy mô|kết nạp|đưa|thí điểm|hình thành"
    r"|củng cố|di dời|tặng|trao|xóa|cấp|lập|làm|rào|tuyên truyền|biểu dương|giúp đỡ|ban hành|diễn tập"
    r"|huấn luyện|thẩm định"
    r"|nghiệm thu|khánh thành|bàn giao|số hóa|sẵn sàng|viết|treo|phun|tiêm|nuôi|cải tạo|bảo trì|giữ vững"
    r"|điều trị|phủ sóng|thu hồi|cấp phát|chăm sóc|đỡ đầu|trợ giúp|giúp|phục hồi"
    r"|bảo vệ|sáp nhập|sắp xếp|tinh giản|ký kết|khai thác|đóng mới|cứng hóa|bê tông hóa|kiên cố hóa"
    r"|nhận|in|mật độ|cung cấp)\b"
)
#: Right before a figure these make it part of a name or a place in a text, not a count.
NAMES_FIGURE = re.compile(
    r"(?:công an|điều|khoản|mục|(?<!thí )(?<!dứt )điểm|danh sách|trong số|trên địa bàn|thuộc|giữa|chương"
    r"|đề án|số|nhóm|mức độ"
    r"|mức|cấp độ|giai đoạn|bước|loại|lớp|khóa|tổ|khu|đội|ban chỉ đạo"
    r"|dự án|tiểu dự án|quý|tháng|năm|ngày|phụ lục|mẫu|biểu|quốc lộ|tỉnh lộ|đường|phòng|tiêu chí|trong|sau"
    r"|từ đủ|dưới|khoảng"
    r"|chương trình|nội dung|tuổi|cả|lên mức|phiên họp|kỳ họp|hợp phần|thứ) $"
)
#: The clause tells what was, or a condition, not what shall be.
_PAST = re.compile(
    r"\bđã\b(?! (?:đề ra|được (?:giao|duyệt|phê duyệt|phân công)|có|đăng ký|ban hành|giao))[^;]{0,120}\d"
    r"|\b(?:trong|qua) \d{1,2} năm qua"
    r"|tính đến (?:ngày|tháng|hết|cuối|nay)|(?<!thực )(?<!thể )(?<!phát )\bhiện (?:nay|tại|toàn|có \d)"
    r"|\bmới đạt\b|\bcòn chậm\b|^tuy nhiên|\btuy nhiên,|kết quả đạt được"
    r"|chiếm \d[^;]{0,60}(?:dân số|tổng số đối tượng|số vụ)"
)
#: Outside the objectives, what is compared with an earlier time was reached.
#: One of them stands in whatever _PAST reads.
_PAST_WORDS = ("đã", " năm qua", "tính đến", "hiện ", "mới đạt", "còn chậm", "tuy nhiên", "kết quả đạt", "chiếm")
_COMPARED = re.compile(r"\bso với giai đoạn\b|\bgiai đoạn trước\b")
_THAN = re.compile(r"so với [^,;.\d]{0,30}\d{4}(?: ?[-–] ?\d{4})?")
CONDITION = re.compile(
    r"\b(?:nếu|nơi có|trường hợp|khi có|những địa bàn có|địa bàn có|trở lên thì|có diện tích"
    r"|làm chết|bị thương)\b[^,;]{0,60}$"
)
#: From here on an article tells the plan's goals.
ANNOUNCES = re.compile(r"(?:mục tiêu|chỉ tiêu)[^.;:]{0,40}?(?:\blà\b|:|\bgồm\b|đặt ra|đề ra)")
AIMS = re.compile(
    r"phấn đấu|mục tiêu|chỉ tiêu|quyết tâm|\bít nhất|tối thiểu|không dưới|bảo đảm|đảm bảo|đến (?:hết |cuối )?năm \d{4}"
    r"|không để|\b100\s?%"
)
QUALIFIED = re.compile(
    r"\b(?:(?P<gte>ít nhất|tối thiểu|không dưới|không ít hơn|trên|hơn|từ)|(?P<lte>không quá|không vượt quá"
    r"|không lớn hơn|tối đa"
    r"|dưới|quá|vượt quá))(?: là| được| mức| còn| từ| có| đạt| mỗi (?:tuần|tháng|quý|năm))* $"
)
DOWN = re.compile(
    r"\b(?:giảm|kéo giảm)(?: (?:bình quân|hằng năm|hàng năm|mỗi năm|ít nhất|tối thiểu|trên|từ|được|khoảng"
    r"|bình quân hằng năm|thêm|hơn))* $"
)
#: "kéo giảm tai nạn giao thông từ 5 đến 10%"
DOWN_BY = re.compile(
    r"\bgiảm (?:(?!xuống|còn|đạt|dưới|lên|tỷ lệ)[^,;%\d]){2,60}?\b(?:từ|ít nhất|tối thiểu|trên)(?: là)? $"
)
OR_MORE = re.compile(r"^[^,;\d]{0,70}?\btrở lên\b|^[^;\d]{0,40}?, [^,;\d]{0,20}\btrở lên\b")
ZERO = re.compile(
    r"không để|không xảy ra|không có (?=\w+ \w+ (?:gia tăng|phát sinh|xảy ra)|địa bàn)"
    r"|(?:^\W*|, |: |\bvà |phấn đấu |bảo đảm |đảm bảo |cơ bản )không (?:có|còn|phát sinh|xuất hiện) (?!dưới|ít|quá)"
)
YEAR = re.compile(
    r"(?P<than>so với [^,;.\d]{0,25})?(?P<limit>(?:tháng|quý) \w{1,3} )?(?:(?:năm|hè) |(?P<slash>/))"
    r"(?P<year>20\d\d)(?!\d| ?[-–] ?\d)"
)
#: "Đến năm 2030: …; …": a year that opens the provision or one of its clauses holds for those that follow.
OPENS_YEAR = re.compile(
    r"\W*(?:mục tiêu |phấn đấu |chỉ tiêu )?(?P<until>(?:(?:đến|tới|hết|cuối) )+)?(?:(?:trong|vào) )?"
    r"năm (?P<year>20\d\d)"
    r"(?:\s?[,:]| phấn đấu|(?(until) (?=[^\W\d]|\d)|(?!)))"
)
EACH_YEAR = re.compile(r"(?:mỗi|hằng|hàng|bình quân) năm|bình quân/năm")
#: A class that was named before, or the condition of an order, is no goal of its own.
NO_GOAL = re.compile(
    r"[^,;.:]{0,60}?\btrở lên (?:thì|phải|được|bắt buộc)\b"
    r"|(?:, (?:phường|thị trấn|xã)){0,2} (?:đăng ký|nêu trên|này|đã|đó)\b"
)


_CLAUSE_END = re.compile(
    r";\s*|\.(?:\.\.)?(?=\s|$)\s*|…\s+|,\s+(?=không để|đến (?:hết )?năm \d{4}|điểm (?=[^,;.]{0,60}quá \d))|\n(?=[-+*•])"
)


def clauses(text: str) -> list[tuple[int, int]]:
    """Give where each clause begins and ends; a goal is read inside one clause."""
    found, start = [], 0
    for match in _CLAUSE_END.finditer(text):
        if match.start() > start:
            found.append((start, match.start()))
        start = match.end()
    if start < len(text):
        found.append((start, len(text)))
    return found


def reports_the_past(clause: str, plan_year: int | None, *, objective: bool = False) -> bool:
    """Tell whether a clause reports what was done; a year before the plan's own shows it too."""
    past = _PAST.search(clause) if any(word in clause for word in _PAST_WORDS) else None
    if (past and "không để" not in clause[: past.start()]) or (not objective and _COMPARED.search(clause)):
        return True
    own = _THAN.sub("", clause) if "so với" in clause else clause
    years = [int(year) for year in re.findall(r"(?:năm|giai đoạn \d{4} ?[-–]) (\d{4})", own)]
    return bool(plan_year and years and max(years) < plan_year)

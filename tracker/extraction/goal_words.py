"""The words around a measurable goal: what is counted, what sets a goal, and what only reports the past.

All patterns match text in small letters.
"""

from __future__ import annotations

import re

#: What plans count.
_THINGS = (
    "xã, phường, thị trấn|xã, phường|xã, thị trấn|câu lạc bộ|đường dây|tụ điểm|địa bàn|mô hình|hội nghị"
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
)
#: Longer names first. A noun that isn't here is read as one word.
NOUNS = "|".join(sorted(_THINGS.split("|"), key=len, reverse=True))
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
    r"|nghiệm thu|khánh thành|bàn giao|số hóa|sẵn sàng|viết|treo|phun|tiêm|nuôi|cải tạo|bảo trì)\b"
)
#: Right before a figure these make it part of a name or a place in a text, not a count.
NAMES_FIGURE = re.compile(
    r"(?:công an|điều|khoản|mục|(?<!thí )điểm|danh sách|trong số|thuộc|giữa|chương|đề án|số|nhóm|mức độ"
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
    r"|\bso với giai đoạn\b|\bgiai đoạn trước\b|chiếm \d[^;]{0,60}(?:dân số|tổng số đối tượng|số vụ)"
)
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


def reports_the_past(clause: str, plan_year: int | None) -> bool:
    """Tell whether a clause reports what was done; a year before the plan's own shows it too."""
    if _PAST.search(clause):
        return True
    years = [int(year) for year in re.findall(r"(?<!so với )(?:năm|giai đoạn \d{4} ?[-–]) (\d{4})", clause)]
    return bool(plan_year and years and max(years) < plan_year)

"""Words with which an order begins: the verbs of administration, and the adverbs and clauses that lead up to a verb.

They tell where a name without a fixed form ends ("các cơ quan chuyên trách | tăng cường …") and that a body at the
opening of a provision is told to act.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Verbs of which the first word is never the second half of a body's name when it is written small.
_VERBS = """
ban hành | bao gồm | biên soạn | biên tập | biểu diễn | biểu dương | bàn giao | bám sát | báo cáo | bình xét |
bảo quản | bảo trì | bảo tồn | bảo vệ | bảo đảm | bắn | bố trí | bồi dưỡng | bổ sung | bổ trợ | cam kết | chi trả |
chi viện | chia sẻ | chiếu | cho phép | cho vay | cho ý kiến | chuyển giao | chuyển tải | chuyển đổi | chuẩn bị |
chuẩn hóa | chú trọng | chăm lo | chăm sóc | chấm dứt | chấn chỉnh | chấp hành | chằng chống | chỉ huy | chỉ đạo |
chỉnh sửa | chỉnh trang | chịu | chọn | chống | chốt chặn | chủ trì | chủ yếu | chủ động | chứng nhận | cung cấp |
cung ứng | cài đặt | cách ly | cân đối | có biện pháp | có giải pháp | có hình thức | có kế hoạch | có nhiệm vụ |
có phương án | có trách nhiệm | có văn bản | công bố | công khai | công nhận | cùng nhau | căn cứ | cưỡng chế |
cải cách | cải thiện | cải tạo | cảnh báo | cấm | cấp cứu | cấp giấy | cấp mới | cấp phát | cấp đổi | cần | cập nhật |
cắm | cắt giảm | cụ thể hóa | củng cố | cứu chữa | cứu trợ | cử | di chuyển | di dời | diễn tập | diệt | duy trì |
duy tu | dành | dạy | dẫn dắt | dự báo | dự kiến | dự trù | dự trữ | ghi hình | ghi nhận | ghép | gia cố | gia hạn |
giao | gieo | giám sát | giám định | giáo dục | giúp | giải ngân | giải phóng | giải quyết | giải thể | giải tỏa |
giải đáp | giới thiệu | giữ gìn | giữ vai trò | giữ vững | góp phần | góp ý | gương mẫu | gắn | gặp gỡ | gửi |
hiện đại hóa | hiệp đồng | hoàn chỉnh | hoàn thiện | hoàn thành | hoạt động | huy động | huấn luyện | hàng năm |
hàng quý | hàng tháng | hàng tuần | hình thành | hòa giải | hướng dẫn | hưởng ứng | hạch toán | hạn chế | hậu kiểm |
hằng | hỗ trợ | hợp tác | hủy bỏ | in | khai báo | khai thác | khen | khoanh vùng | khuyến cáo | khuyến khích |
khuyến nghị | khám | khám sàng lọc | khôi phục | không ngừng | không tổ chức | không được | không để | khơi dậy |
khơi thông | khảo sát | khẩn trương | khắc phục | khống chế | khởi công | khởi tố | khởi động | khử trùng | kiên quyết
| kiên trì | kiến nghị | kiểm duyệt | kiểm kê | kiểm soát | kiểm tra | kiểm điểm | kiểm đếm | kiểm định | kiện toàn |
kéo giảm | kê khai | kêu gọi | kích hoạt | ký | ký kết | kế thừa | kết hợp | kết nạp | kết nối | kịp thời | lan tỏa |
liên hệ | liên kết | loại bỏ | luân chuyển | là | làm công tác | làm cơ sở | làm nòng cốt | làm rõ | làm tốt |
làm việc | làm đầu mối | lãnh đạo | lên kế hoạch | lên phương án | lưu trữ | lưu ý | lấy | lấy mẫu | lấy ý kiến | lập
| lắng nghe | lắp | lồng | lồng ghép | lựa chọn | miễn giảm | mua | mua sắm | mời | mở | neo đậu | nghiêm chỉnh |
nghiêm cấm | nghiêm túc | nghiên cứu | nghiệm thu | ngăn chặn | ngăn ngừa | nhanh chóng | nhân bản | nhân rộng | nhận
| nhận diện | nhập | nhắc nhở | nhắn tin | niêm yết | nâng | nâng cao | nâng cấp | nêu | nêu cao | nêu gương | nạo vét
| nắm | nỗ lực | nộp | nới | phong tỏa | phun | phát | phát hiện | phát huy | phát hành | phát phiếu | phát quang |
phát sóng | phát thanh | phát triển | phát động | phân bổ | phân công | phân cấp | phân loại | phân luồng | phân tích
| phân định | phê duyệt | phòng ngừa | phòng tránh | phải | phản biện | phản hồi | phản ánh | phối hợp | phối kết hợp
| phổ biến | phụ trách | phục hồi | phục vụ | phủ | quan tâm | quay | quy hoạch | quy định | quyên góp | quyết liệt |
quyết toán | quyết tâm | quyết định | quán triệt | quản lý | quảng bá | ra quân | ra soát | rà soát | rèn luyện | rút
| rút kinh nghiệm | rải | san lấp | sao gửi | sao lưu | siết chặt | soạn | soạn thảo | sàng lọc | sáng tác | sáp nhập
| sát sao | sơ cứu | sơ kết | sơ tán | sưu tầm | sắp xếp | sẵn sàng | số hóa | sớm | sử dụng | sửa | sửa chữa |
tham dự | tham gia | tham mưu | tham vấn | thanh lý | thanh quyết toán | thanh toán | thanh tra | thay thế | thay đổi
| theo chức năng | theo dõi | theo lĩnh vực | theo nhiệm vụ | theo phạm vi | theo thẩm quyền | thi công | thiết kế |
thiết lập | thu dung | thu gom | thu hoạch | thu hút | thu hồi | thu nộp | thu thập | thành lập | tháo dỡ | tháo gỡ |
thí điểm | thông báo | thông tin | thúc đẩy | thăm | thường xuyên | thẩm tra | thẩm vấn | thẩm định | thắt chặt |
thống kê | thống nhất | thực hiện | thực hành | tinh giản | tiêm | tiêu hủy | tiêu úng | tiến hành | tiếp cận |
tiếp nhận | tiếp sóng | tiếp thu | tiếp tế | tiếp tục | tiết kiệm | tra cứu | trang bị | trang trí | tranh thủ | trao
| trao đổi | treo | trinh sát | triển khai | triệt | trong phạm vi | truy | truy quét | truy tố | truy vết |
truyền thông | truyền tải | tránh | trình | trích | trích lập | trưng dụng | trả | trả lời | trồng | trợ giúp | trực |
trực tiếp | tu bổ | tu sửa | tuyên dương | tuyên truyền | tuyển | tuyển chọn | tuyển dụng | tuyển sinh | tuyệt đối |
tuân thủ | tuần tra | tái lập | tìm | tìm kiếm | tích cực | tích hợp | tích trữ | tính | tính toán | tôn trọng |
tôn tạo | tôn vinh | tùy theo | tùy tình hình | tùy vào | tùy điều kiện | tăng | tư vấn | tạm dừng | tạm đình chỉ |
tạm ứng | tạo | tạo lập | tập huấn | tập hợp | tập kết | tập trung | tặng | tịch thu | tố giác | tổ chức | tổng duyệt
| tổng hợp | tổng kết | tổng rà soát | tự kiểm tra | vinh danh | viết | viết bài | vận chuyển | vận dụng | vận hành |
vận động | vớt | xem xét | xuất bản | xuất cấp | xác lập | xác minh | xác nhận | xác định | xây dựng | xét | xét duyệt
| xét nghiệm | xét xử | xóa | xúc tiến | xả | xếp loại | xử lý | xử phạt | xử trí | yêu cầu | áp dụng | ôn tập |
ý thức | đa dạng | đem | đi sâu | đi đầu | điều chỉnh | điều hành | điều phối | điều tra | điều trị | điều động | đo |
đo đạc | đào tạo | đánh giá | đình chỉ | đón tiếp | đóng góp | đôn đốc | đăng ký | đăng tin | đăng tải | đưa |
được giao | được phân công | đảm bảo | đảm nhận | đấu nối | đấu thầu | đấu tranh | đầu tư | đẩy mạnh | đẩy nhanh |
đặc biệt | đặt | đề cao | đề nghị | đề ra | đề xuất | định hướng | định kỳ | đọc | đốc thúc | đối chiếu | đối thoại |
đồng hành | đồng loạt | đồng thời | đổi mới | động viên | ưu tiên | ổn định | ủng hộ | ứng cứu | ứng dụng | ứng phó |
ứng trực
"""
#: The same words as nouns inside a name ("các đơn vị quản lý đường bộ"), by what stands behind them.
_NOUNS = (
    "quản lý (?:nhà nước|thị trường|dự án|bảo trì|đường|hồ|rừng|khu|chợ|đê|vận hành|xuất nhập cảnh|chuyên ngành"
    "|đô thị)",
    "kiểm tra (?:liên ngành|đảng|tỉnh|thành|huyện|quận|trung ương)",
    "bảo vệ (?:pháp luật|dân phố|rừng|môi trường|thực vật|biên giới|an ninh|chính trị)",
    "tiến hành tố tụng",
    "giáo dục(?:,? và| nghề| mầm| phổ| thường| đại| quốc| cộng| trên|, đào)",
    "chuyển đổi số",
    "phòng ngừa tội phạm",
    "cung cấp (?:dịch vụ|hàng|nước)",
    "truyền thông(?:$|[,.;:)]| (?:tỉnh|trên|và|cơ sở|đại chúng|giáo dục))",
    "thông tin(?:,| (?:đại chúng|cơ sở|và|truyền|đối ngoại|điện tử))",
    "đào tạo(?:,| (?:nghề|lái|nguồn|trên|và|cán))",
    "thống kê (?:tỉnh|cấp|huyện)",
    "phát thanh,? (?:và )?(?:[-–] )?truyền hình",
    "tuyên truyền (?:viên|miệng)",
    "hòa giải (?:viên|ở)",
    "thi công (?:công trình|trên)",
    "tìm kiếm cứu",
    "ứng phó sự cố",
    "tư vấn (?:thiết|giám|pháp)",
    "dự báo khí",
    "trợ giúp (?:pháp|xã)",
    "trực thuộc",
    "lãnh đạo (?:UBND|Ủy|Công|Sở|các|đơn|cơ|tỉnh|chủ chốt)",
    "hỗ trợ (?:nông dân|phát triển|phụ nữ)",
    "xúc tiến (?:đầu|thương|du)",
    "kiểm soát (?:bệnh|thủ tục|liên|giết)",
    "điều tra(?:$|[.;:)]| (?:các|tội|hình|viên|tỉnh|cấp))",
    "điều phối (?:nông|liên|về)",
    "vận hành (?:hồ|đập|công|lưới)",
    "phát triển (?:quỹ|nông|đô|rừng)",
    "xây dựng (?:cơ bản|công trình|các công trình|dân dụng)",
    "đầu tư (?:xây dựng|phát triển|công|xúc)",
    "giao (?:thông|dịch|thương)",
    "khai thác (?:công|thủy|khoáng)",
    "bảo trì đường",
    "xét nghiệm (?:trên|y)",
    "điều trị (?:nghiện|methadone|bệnh)",
    "đăng ký (?:đất|kinh)",
    "vận chuyển (?:hàng|hành)",
    "khám(?: bệnh|, chữa| chữa)",
    "đánh giá (?:sự|tác)",
    "phục vụ (?:hành|trên)",
    "chăm sóc (?:sức|người|và nuôi)",
    "báo cáo viên",
    "tổ chức (?:hữu nghị|đảng|chính trị|xã hội)",
)


def _pattern(words: Iterable[str]) -> str:
    return "|".join(sorted((word.replace(" ", r"\s+") for word in words), key=len, reverse=True))


_WORDS = frozenset(" ".join(word.split()) for word in _VERBS.split("|"))
_FIRST = frozenset(word.split()[0] for word in _WORDS)
_ORGANISATION = (
    "thành viên|chính trị|đoàn thể|xã hội|kinh tế|tín dụng|tôn giáo|quốc tế|hội(?! (?:thi|thảo|nghị"
    "|chợ|diễn|đàm))|phi chính|nghề|đảng|cá nhân"
)
#: An order begins here ("tổ chức tập huấn"; not "tổ chức thành viên").
ACT = re.compile(
    rf"(?i:(?!tổ\s+chức,?\s+(?:{_ORGANISATION}|có liên|liên quan)\b)(?:{_pattern(_WORDS)}))(?!\w)",
)
_NOUN = re.compile(rf"(?i:{_pattern(_NOUNS)})")


#: Second halves of nouns that look like verbs of their own ("công trình", "sự nghiệp công lập").
_PAIRS = frozenset(
    (
        "công trình",
        "chương trình",
        "quy trình",
        "lộ trình",
        "công lập",
        "độc lập",
        "dân lập",
        "vũ trang",
        "chế xuất",
        "cá nhân",
        "chuyển phát",
    )
)


def ends_name(text: str, at: int, word: str, before: str = "") -> bool:
    """Tell whether the word at a place begins an order, so that a name that has no fixed form is over before it.

    `before` is the word before it, which may make it the second half of a noun.
    """
    pair = f"{before} {word}".casefold()
    if pair in _PAIRS or (before[:1].isupper() and pair in _WORDS):
        return False
    return word.casefold() in _FIRST and ACT.match(text, at) is not None and _NOUN.match(text, at) is None

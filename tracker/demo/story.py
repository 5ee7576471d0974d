"""What happened in the demo: how each body did with each of its duties, in the words of its reports."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.demo.catalogue import COORDINATOR
from tracker.demo.plan_texts import PLACES_PLAN, YOUTH_PLAN


class Outcome(StrEnum):
    """How far a duty got."""

    #: Handed in and accepted; with `returned_first`, only at the second try.
    ACCEPTED = "accepted"
    #: Handed in; the coordinator has not decided.
    WAITING = "waiting"
    #: Handed in and returned; nothing since.
    RETURNED = "returned"
    #: Reported once or twice, not done.
    GOING = "going"
    SILENT = "silent"


@dataclass(frozen=True)
class Chapter:
    """One duty of one body. `shift` says how many days after the due date it was handed in (before: negative)."""

    outcome: Outcome
    text: str = ""
    shift: int = 0
    percent: int = 0
    difficulties: str = ""
    reason: str = ""
    #: An evidence file by its kind ("pdf", "docx", "png", "txt"); several go together.
    files: tuple[str, ...] = ()


def accepted(text: str, shift: int = -2, *files: str, reason: str = "") -> Chapter:
    """A duty done, `shift` days from its due date; with a reason it was returned first."""
    return Chapter(Outcome.ACCEPTED, text, shift, 100, files=files, reason=reason)


def waiting(text: str, shift: int, *files: str) -> Chapter:
    """A duty handed in that nobody has decided on."""
    return Chapter(Outcome.WAITING, text, shift, 100, files=files)


def returned(text: str, reason: str, shift: int, *files: str) -> Chapter:
    """A duty handed in and returned."""
    return Chapter(Outcome.RETURNED, text, shift, 100, reason=reason, files=files)


def going(text: str, percent: int, difficulties: str = "") -> Chapter:
    """A duty under way."""
    return Chapter(Outcome.GOING, text, 0, percent, difficulties)


SILENT = Chapter(Outcome.SILENT)

Y_TE, GIAO_DUC, NOI_VU = "Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Nội vụ"
VAN_HOA, TAI_CHINH, TU_PHAP = "Sở Văn hóa, Thể thao và Du lịch", "Sở Tài chính", "Sở Tư pháp"
MOI_TRUONG, CONG_THUONG = "Sở Nông nghiệp và Môi trường", "Sở Công Thương"
KHOA_HOC, XAY_DUNG, DAN_TOC = "Sở Khoa học và Công nghệ", "Sở Xây dựng", "Sở Dân tộc và Tôn giáo"
QUAN_SU, BIEN_PHONG = "Bộ Chỉ huy Quân sự tỉnh", "Ban Chỉ huy Bộ đội Biên phòng tỉnh"
HAI_QUAN, THANH_TRA = "Chi cục Hải quan khu vực XXI", "Thanh tra tỉnh"
KIEM_SAT, TOA_AN = "Viện kiểm sát nhân dân tỉnh", "Tòa án nhân dân tỉnh"
MAT_TRAN, TINH_DOAN = "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "Tỉnh đoàn"
PHU_NU, BAO_DAI = "Hội Liên hiệp Phụ nữ tỉnh", "Báo và Đài Phát thanh, Truyền hình Hà Dương"
VAN_PHONG = "Văn phòng Ủy ban nhân dân tỉnh"

#: (plan, body) -> its duties in the order of the plan. What is not here has not been reported on.
BODIES_STORY: dict[tuple[str, str], tuple[Chapter, ...]] = {
    (YOUTH_PLAN, GIAO_DUC): (
        accepted("Đã ban hành quy chế phối hợp giữa nhà trường, gia đình và Công an cấp xã; 186 trường đã triển khai.",
                 -4, "pdf"),
        accepted("Tất cả 186 trường đã tổ chức ký cam kết; 96,2% phụ huynh đã ký, số còn lại đi làm xa.", -1, "docx"),
        accepted("Đã khảo sát 14.320 học sinh lớp 8 và lớp 11; báo cáo phân tích gửi kèm, không nêu tên học sinh.",
                 6, "docx", reason="Báo cáo mới nêu số phiếu thu về, chưa có phân tích theo địa bàn. Đề nghị bổ sung."),
    ),
    (YOUTH_PLAN, COORDINATOR): (
        accepted("Đã triệt xóa 07 điểm bán thuốc lá điện tử tẩm ma túy quanh trường học, xử lý 11 vụ.", -3, "pdf"),
        accepted("Đã in và phát 3.200 cuốn cẩm nang tới giáo viên chủ nhiệm; bản điện tử gửi kèm.", -5, "png", "txt"),
        going("Đã có dự thảo báo cáo tổng kết; đang lấy số liệu của các đơn vị còn chậm.", 60),
    ),
    (YOUTH_PLAN, Y_TE): (
        accepted("Đã ban hành hướng dẫn sàng lọc, can thiệp sớm và tập huấn cho 212 nhân viên y tế trường học.", -6,
                 "pdf"),
    ),
    (YOUTH_PLAN, KHOA_HOC): (
        accepted("Chuyên trang hỏi đáp đã hoạt động, có 4.100 lượt truy cập trong tuần đầu.", 9, "png"),
    ),
    (YOUTH_PLAN, TU_PHAP): (
        going("Đã tổ chức 06 phiên tòa giả định; còn 04 trường đề nghị lùi lịch do trùng kỳ thi.", 60,
              "Chưa thống nhất được lịch với Tòa án cho 04 trường ở xã xa."),
    ),
    (YOUTH_PLAN, CONG_THUONG): (
        accepted("Đã kiểm tra 264 cửa hàng quanh cổng trường, xử phạt 17 trường hợp, tạm giữ 1.150 sản phẩm.", -2,
                 "txt"),
    ),
    (YOUTH_PLAN, VAN_HOA): (
        accepted("Giải có 32 đội tham gia, 5.000 lượt khán giả; đã lồng ghép thi tìm hiểu về tác hại của ma túy.", 0,
                 "png"),
    ),
    (YOUTH_PLAN, TINH_DOAN): (
        accepted("Đã tổ chức ngày hội cho 640 thiếu niên, trong đó có 120 em có hoàn cảnh khó khăn.", -3, "png"),
    ),
    (YOUTH_PLAN, PHU_NU): (
        accepted("Đã mở 30 lớp kỹ năng làm bạn cùng con với 1.240 phụ huynh tham gia.", 3, "docx"),
    ),
    (PLACES_PLAN, COORDINATOR): (
        accepted("Đã hoàn thành tổng rà soát tại 30 xã, phường, đặc khu; số liệu tổng hợp gửi kèm.", -3, "txt", "pdf"),
        accepted("Đã trình UBND tỉnh danh sách 18 xã, phường đăng ký phấn đấu đạt tiêu chí không ma túy.", -1, "pdf"),
        going("Đã tập huấn cho 22 trong số 30 đơn vị Công an cấp xã.", 70),
    ),
    (PLACES_PLAN, Y_TE): (
        going("Đã tập huấn cho 64 trong số 92 bác sĩ, y sĩ trạm y tế; lớp cuối dự kiến mở trong tháng.", 70,
              "Giảng viên của bệnh viện tâm thần bận lịch trực nên lớp thứ ba phải lùi."),
        going("Đã sửa xong phòng cấp phát tại 02 xã; điểm thứ ba đang chờ nghiệm thu.", 55),
        returned("Đã kiểm tra 38 nhà thuốc, phát hiện 04 nhà thuốc bán thuốc hướng thần không theo đơn.",
                 "Chưa nêu hình thức xử lý đối với 04 nhà thuốc vi phạm. Đề nghị bổ sung rồi báo cáo lại.", -1, "docx"),
    ),
    (PLACES_PLAN, GIAO_DUC): (
        waiting("Tất cả các trường trung học đã đưa bài học vào sinh hoạt đầu tuần; giáo án mẫu gửi kèm.", 2, "docx"),
        going("31 trong số 34 trường trung học phổ thông đã bố trí giáo viên tư vấn.", 90),
    ),
    (PLACES_PLAN, NOI_VU): (SILENT,),
    (PLACES_PLAN, VAN_HOA): (
        accepted("Đã kiểm tra 73 cơ sở karaoke, 02 vũ trường; đình chỉ 03 cơ sở, xử phạt 08 cơ sở.", 4, "pdf"),
        going("Đã dựng xong 03 phim ngắn, 02 phim đang quay.", 60, "Kinh phí thuê phát sóng chưa được cấp."),
    ),
    (PLACES_PLAN, TAI_CHINH): (
        accepted("Đã tham mưu bổ sung 2,4 tỷ đồng; quyết định phân bổ đã ban hành.", -2),
    ),
    (PLACES_PLAN, TU_PHAP): (
        going("Bản tiếng phổ thông đã in xong; bản tiếng Mông đang hiệu đính lần cuối.", 90),
    ),
    (PLACES_PLAN, MOI_TRUONG): (
        accepted("Đã rà soát 4.800 ha rừng giáp ranh tại 06 xã, không phát hiện cây có chứa chất ma túy.", 3, "txt",
                 "png"),
        SILENT,
    ),
    (PLACES_PLAN, CONG_THUONG): (
        going("Đã lập danh mục được 41 cơ sở; còn thiếu số liệu của cụm công nghiệp phía nam.", 40,
              "Một số doanh nghiệp chưa kê khai sản lượng hóa chất nhập khẩu."),
        SILENT,
    ),
    (PLACES_PLAN, KHOA_HOC): (going("Đã kết nối thử nghiệm; đang rà soát an toàn thông tin trước khi vận hành.", 80),),
    (PLACES_PLAN, XAY_DUNG): (
        waiting("Đã xét nghiệm cho 1.870 lái xe của 24 doanh nghiệp; 03 trường hợp dương tính đã bàn giao Công an.", 2,
                "pdf"),
    ),
    (PLACES_PLAN, DAN_TOC): (going("Đã vận động ký cam kết tại 41 trong số 96 thôn, bản.", 40),),
    (PLACES_PLAN, BIEN_PHONG): (
        waiting("Đã duy trì 05 chốt liên ngành, bắt giữ 03 vụ vận chuyển trái phép chất ma túy.", -1, "docx"),
    ),
    (PLACES_PLAN, HAI_QUAN): (
        accepted("Đã soi chiếu 12.460 bưu phẩm quốc tế, phối hợp bắt giữ 02 vụ.", -1, "txt"),
    ),
    (PLACES_PLAN, THANH_TRA): (going("Đã ban hành quyết định thanh tra tại 02 địa bàn.", 15),),
    (PLACES_PLAN, KIEM_SAT): (
        accepted("Đã thống nhất danh sách 05 vụ án trọng điểm với Công an tỉnh và Tòa án.", -3),
    ),
    (PLACES_PLAN, TOA_AN): (going("Đã chỉ đạo các Tòa án khu vực rút ngắn thời gian xem xét hồ sơ.", 50),),
    (PLACES_PLAN, MAT_TRAN): (
        going("Dự thảo hướng dẫn đã gửi xin ý kiến các tổ chức thành viên.", 65),
    ),
    (PLACES_PLAN, TINH_DOAN): (going("Đã thành lập đội tình nguyện tại 28 trường.", 75),),
    (PLACES_PLAN, PHU_NU): (going("Đã có 17 xã, phường thành lập câu lạc bộ.", 55),),
    (PLACES_PLAN, BAO_DAI): (accepted("Số đầu tiên của chuyên mục đã phát sóng và đăng trên báo điện tử.", -1, "png"),),
    (PLACES_PLAN, VAN_PHONG): (accepted("Đã bố trí lịch họp giao ban chuyên đề cho 05 địa bàn trọng điểm.", -4),),
}  # fmt: skip

#: (plan, place of the duty among those of the communes) -> what communes write of it.
COMMUNES_STORY: dict[tuple[str, int], tuple[str, ...]] = {
    (YOUTH_PLAN, 0): (
        "Đã lắp hòm thư tố giác tại các khu nhà trọ và nhà văn hóa trên địa bàn; có phân công người mở hằng tuần.",
        "Đã lắp đặt đủ hòm thư theo kế hoạch, niêm yết số điện thoại đường dây nóng.",
        "Hòm thư đã đặt tại các điểm đông dân cư; biên bản lắp đặt gửi kèm.",
    ),
    (YOUTH_PLAN, 1): (
        "Nhà văn hóa và sân chơi đã mở cửa tối thứ Sáu đến hết Chủ nhật; có người trông coi.",
        "Đã sửa mái che và hệ thống chiếu sáng sân chơi trung tâm, đưa vào sử dụng.",
        "Đã huy động xã hội hóa 85 triệu đồng để sửa chữa 02 sân chơi.",
    ),
    (PLACES_PLAN, 0): (
        "Đã ban hành kế hoạch của địa phương, phân công rõ người phụ trách từng tổ dân phố.",
        "Kế hoạch đã được ban hành và phổ biến tới các thôn, bản.",
        "Đã ban hành kế hoạch kèm phụ lục phân công; gửi kèm bản ký số.",
    ),
    (PLACES_PLAN, 1): (
        "Đã thành lập tổ công tác gồm 07 thành viên, có quy chế hoạt động.",
        "Tổ công tác cai nghiện tại cộng đồng đã ra mắt và họp phiên đầu tiên.",
        "Đã thành lập tổ công tác; trạm y tế cử 02 cán bộ tham gia.",
    ),
    (PLACES_PLAN, 2): (
        "Đang tổ chức ký cam kết theo từng tổ dân phố, dự kiến xong trong tuần tới.",
        "Đã phát bản cam kết tới các hộ; một số hộ đi làm xa chưa ký.",
        "Đã ký cam kết tại phần lớn các thôn, còn lại các thôn vùng cao.",
    ),
}  # fmt: skip

COMMUNE_DIFFICULTIES = (
    "", "", "", "Địa bàn rộng, nhiều thôn cách trung tâm trên 20 km.",
    "Cán bộ phụ trách kiêm nhiệm nhiều việc sau sắp xếp đơn vị hành chính.", "Chưa được bố trí kinh phí riêng.",
)  # fmt: skip
RETURN_REASONS = (
    "Chưa có văn bản kèm theo. Đề nghị gửi bản ký.",
    "Số liệu chưa khớp với số đã báo cáo kỳ trước. Đề nghị kiểm tra lại.",
    "Báo cáo chưa nêu kết quả cụ thể theo từng thôn, tổ dân phố.",
)
CHASE_NOTES = (
    "Đề nghị các đơn vị khẩn trương hoàn thành và báo cáo trước khi UBND tỉnh họp giao ban.",
    "Nhiệm vụ đã quá hạn. Đề nghị cho biết vướng mắc và ngày hoàn thành dự kiến.",
)

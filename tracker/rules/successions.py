"""Which body took over from one that reorganisations ended: suggestions for a person, never an assignment.

The functions of one old body may have gone to several; a text's date and subject decide, and so does a person. Sources
are the decrees and resolutions of 2025 on the reorganisation of provincial bodies as practice applied them; a province
may have decided otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Succession:
    """What one body handed on to another; `what` is empty when it was everything."""

    old: str
    new: str
    since: date
    source: str
    what: str = ""


_MARCH = date(2025, 3, 1)
_JULY = date(2025, 7, 1)
_DEPARTMENTS = "Nghị định 45/2025/NĐ-CP, 150/2025/NĐ-CP"
_TIERS = "Luật Tổ chức chính quyền địa phương 72/2025/QH15"
SUCCESSIONS = (
    Succession("Sở Nông nghiệp và Phát triển nông thôn", "Sở Nông nghiệp và Môi trường", _MARCH, _DEPARTMENTS),
    Succession("Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường", _MARCH, _DEPARTMENTS),
    Succession("Sở Kế hoạch và Đầu tư", "Sở Tài chính", _MARCH, _DEPARTMENTS),
    Succession("Sở Giao thông vận tải", "Sở Xây dựng", _MARCH, _DEPARTMENTS),
    Succession("Ban Dân tộc", "Sở Dân tộc và Tôn giáo", _MARCH, _DEPARTMENTS),
    Succession("Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ", _MARCH, _DEPARTMENTS,
               "công nghệ thông tin, viễn thông, chuyển đổi số"),
    Succession("Sở Thông tin và Truyền thông", "Sở Văn hóa, Thể thao và Du lịch", _MARCH, _DEPARTMENTS,
               "báo chí, xuất bản, thông tin cơ sở"),
    Succession("Sở Lao động, Thương binh và Xã hội", "Sở Nội vụ", _MARCH, _DEPARTMENTS,
               "lao động, việc làm, người có công"),
    Succession("Sở Lao động, Thương binh và Xã hội", "Công an tỉnh", _MARCH, _DEPARTMENTS,
               "cai nghiện và quản lý sau cai nghiện ma túy"),
    Succession("Sở Lao động, Thương binh và Xã hội", "Sở Y tế", _MARCH, _DEPARTMENTS, "trợ giúp xã hội, trẻ em"),
    Succession("Sở Lao động, Thương binh và Xã hội", "Sở Giáo dục và Đào tạo", _MARCH, _DEPARTMENTS,
               "giáo dục nghề nghiệp"),
    Succession("Sở Lao động, Thương binh và Xã hội", "Sở Nông nghiệp và Môi trường", _MARCH, _DEPARTMENTS,
               "giảm nghèo"),
    Succession("Bộ Chỉ huy Bộ đội Biên phòng tỉnh", "Ban Chỉ huy Bộ đội Biên phòng tỉnh", _JULY, _TIERS),
    Succession("Chi cục Quản lý thị trường tỉnh", "Sở Công Thương", _MARCH, _DEPARTMENTS),
    Succession("Cục Quản lý thị trường tỉnh", "Sở Công Thương", _MARCH, _DEPARTMENTS),
)  # fmt: skip

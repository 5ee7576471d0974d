"""The bodies of tỉnh Hà Dương, a province that does not exist, with the names usual since the reform of 2025."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.demo import LOADER
from tracker.models import Agency, AgencyGroup, AgencyKind, AgencyLevel
from tracker.rules.folding import fold
from tracker.workflow.agencies import create_agency

PROVINCE = "Hà Dương"
#: The People's Committee itself: nobody gives it work, its leaders read everything.
COMMITTEE = "Ủy ban nhân dân tỉnh Hà Dương"
#: The standing agency of the demo's plans.
COORDINATOR = "Công an tỉnh"


@dataclass(frozen=True)
class Body:
    """One body as the catalogue prints it; `address` becomes the part of its e-mail addresses after the name."""

    name: str
    short_name: str
    address: str
    kind: AgencyKind = AgencyKind.DEPARTMENT
    aliases: tuple[str, ...] = ()
    #: The People's Committee asks it and can't order it.
    is_requested: bool = False
    level: AgencyLevel = AgencyLevel.PROVINCE


_K = AgencyKind
BODIES = (
    Body(COMMITTEE, "UBND tỉnh", "ubnd", _K.PEOPLES_COMMITTEE, ("Ủy ban nhân dân tỉnh", "UBND tỉnh Hà Dương")),
    Body(COORDINATOR, "Công an", "congan", _K.POLICE, ("Công an tỉnh Hà Dương", "CA tỉnh")),
    Body("Văn phòng Ủy ban nhân dân tỉnh", "VP UBND tỉnh", "vpubnd", aliases=("Văn phòng UBND tỉnh",)),
    Body("Sở Nội vụ", "SNV", "snv"),
    Body("Sở Tư pháp", "STP", "stp"),
    Body("Sở Tài chính", "STC", "stc", aliases=("Sở Kế hoạch và Đầu tư",)),
    Body("Sở Công Thương", "SCT", "sct", aliases=("Chi cục Quản lý thị trường",)),
    Body("Sở Nông nghiệp và Môi trường", "SNNMT", "snnmt",
         aliases=("Sở NN&MT", "Sở Nông nghiệp và Phát triển nông thôn", "Sở Tài nguyên và Môi trường")),
    Body("Sở Xây dựng", "SXD", "sxd", aliases=("Sở Giao thông vận tải",)),
    Body("Sở Khoa học và Công nghệ", "SKHCN", "skhcn", aliases=("Sở KH&CN", "Sở KHCN")),
    Body("Sở Giáo dục và Đào tạo", "SGDĐT", "sgddt", aliases=("Sở GD&ĐT", "Sở GDĐT")),
    Body("Sở Y tế", "SYT", "syt"),
    Body("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", "svhttdl",
         aliases=("Sở VHTT&DL", "Sở VH,TT&DL", "Sở VHTTDL", "Sở Văn hóa Thể thao và Du lịch")),
    Body("Sở Dân tộc và Tôn giáo", "SDTTG", "sdttg", aliases=("Ban Dân tộc", "Sở DT&TG")),
    Body("Thanh tra tỉnh", "TTT", "thanhtra"),
    Body("Bộ Chỉ huy Quân sự tỉnh", "BCHQS tỉnh", "bchqs", _K.MILITARY, ("Bộ CHQS tỉnh",)),
    Body("Ban Chỉ huy Bộ đội Biên phòng tỉnh", "BĐBP tỉnh", "bdbp", _K.BORDER_GUARD,
         ("Ban Chỉ huy BĐBP tỉnh", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh", "Bộ đội Biên phòng tỉnh")),
    Body("Chi cục Hải quan khu vực XXI", "HQKV XXI", "haiquan", _K.CENTRAL_OFFICE, ("Cục Hải quan tỉnh",)),
    Body("Viện kiểm sát nhân dân tỉnh", "VKSND tỉnh", "vksnd", _K.PROCURACY, ("VKSND tỉnh",), is_requested=True),
    Body("Tòa án nhân dân tỉnh", "TAND tỉnh", "tand", _K.COURT, ("TAND tỉnh",), is_requested=True),
    Body("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "MTTQ tỉnh", "mttq", _K.MASS_ORGANISATION,
         ("Ủy ban MTTQ Việt Nam tỉnh", "Ủy ban Mặt trận Tổ quốc tỉnh", "MTTQ Việt Nam tỉnh"), is_requested=True),
    Body("Tỉnh đoàn", "Tỉnh đoàn", "tinhdoan", _K.MASS_ORGANISATION,
         ("Tỉnh đoàn Hà Dương", "Đoàn Thanh niên Cộng sản Hồ Chí Minh tỉnh"), is_requested=True),
    Body("Hội Liên hiệp Phụ nữ tỉnh", "HLHPN tỉnh", "phunu", _K.MASS_ORGANISATION,
         ("Hội LHPN tỉnh", "Hội Phụ nữ tỉnh"), is_requested=True),
    Body("Báo và Đài Phát thanh, Truyền hình Hà Dương", "Báo và Đài", "baodai", _K.PRESS,
         ("Báo và Đài PTTH Hà Dương", "Báo Hà Dương", "Đài Phát thanh và Truyền hình tỉnh"), is_requested=True),
)  # fmt: skip

#: Communes, wards and the one special zone, in the province's order.
PLACES = (
    "phường Bến Thuyền", "phường Chợ Mới", "phường Nam Thành", "phường Trần Hưng Đạo", "phường Đông Ngạc",
    "phường Cầu Ngỗng", "phường Tây Hoàng Diệu", "xã An Lạc", "xã Bình Khê", "xã Đồng Tâm", "xã Hưng Thạnh",
    "xã Khánh Sơn", "xã Mỹ Lộc", "xã Phú Nham", "xã Tân Việt", "xã Vĩnh Hòa", "xã Nghĩa Lộ", "xã Quỳnh Giao",
    "xã Thượng Quới", "xã Mường Khoa", "xã Pắc Ngà", "xã Nậm Chảy", "xã Đức Huệ", "xã Thạch Bằng",
    "xã Ngũ Phụng", "xã Cẩm Thủy", "xã Yên Dưỡng", "xã Kỳ Thượng Sơn", "xã Nguyễn Úy Đông Hưng Phú",
    "đặc khu Hòn Nhạn",
)  # fmt: skip


def commune(place: str) -> Body:
    """Give the body that governs a place."""
    address = "".join(word for word in fold(place).split() if word not in {"xa", "phuong", "dac", "khu"})
    short = "UBND " + place
    return Body("Ủy ban nhân dân " + place, short, address, _K.PEOPLES_COMMITTEE, (short,),
                level=AgencyLevel.COMMUNE)  # fmt: skip


COMMUNES = tuple(commune(place) for place in PLACES)

COMMUNES_GROUP = "Ủy ban nhân dân các xã, phường, đặc khu"
DEPARTMENTS_GROUP = "Các sở, ban, ngành"
EVERYBODY_GROUP = "Các cơ quan, đơn vị, địa phương"

_COMMUNES_ALIASES = (
    "UBND các xã, phường", "UBND các xã, phường, đặc khu", "UBND cấp xã", "Ủy ban nhân dân cấp xã",
    "Ủy ban nhân dân các xã, phường", "Các xã, phường", "Các xã, phường, đặc khu",
)  # fmt: skip
_DEPARTMENTS_ALIASES = (
    "Các sở, ban, ngành tỉnh", "Các sở, ngành", "Các sở, ban, ngành, đoàn thể", "Các sở, ban, ngành của tỉnh",
)  # fmt: skip
_EVERYBODY_ALIASES = (
    "Các cơ quan, đơn vị, địa phương được giao nhiệm vụ", "Các đơn vị, địa phương", "Các cơ quan, địa phương",
    "Các sở, ban, ngành và UBND các xã, phường", "Các cơ quan, đơn vị và địa phương",
    "Các sở, ban, ngành, UBND các xã, phường",
)  # fmt: skip


def add_bodies(session: Session, *, now: datetime) -> dict[str, Agency]:
    """Add every body and group of the catalogue, and give the agencies by name. The caller commits."""
    agencies = {
        body.name: create_agency(
            session, name=body.name, kind=body.kind, level=body.level, short_name=body.short_name,
            is_requested=body.is_requested, position=position * 10, aliases=body.aliases, actor=LOADER, now=now,
        )
        for position, body in enumerate((*BODIES, *COMMUNES))
    }  # fmt: skip
    _add_groups(session, agencies)
    return agencies


def _add_groups(session: Session, agencies: dict[str, Agency]) -> None:
    communes = [agencies[body.name] for body in COMMUNES]
    ordered = [agencies[body.name] for body in BODIES if not body.is_requested]
    outside = {COMMITTEE, COORDINATOR}
    departments = [agency for agency in ordered if agency.name not in outside]
    for position, (name, aliases, members) in enumerate((
        (COMMUNES_GROUP, _COMMUNES_ALIASES, communes),
        (DEPARTMENTS_GROUP, _DEPARTMENTS_ALIASES, departments),
        (EVERYBODY_GROUP, _EVERYBODY_ALIASES, [*departments, *communes]),
    )):  # fmt: skip
        session.add(AgencyGroup(name=name, fold=fold(name), alias_folds="\n".join(fold(alias) for alias in aliases),
                                members=members, position=position * 10))  # fmt: skip
    session.flush()

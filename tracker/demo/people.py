"""The sixty-three people of the demo, and two who have left. All of them are invented."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.demo import DEMO_PASSWORD, LOADER
from tracker.demo.catalogue import BODIES, COMMITTEE, COMMUNES, COORDINATOR, PROVINCE
from tracker.models import Agency, User
from tracker.rules.folding import fold
from tracker.rules.permissions import Role
from tracker.workflow.accounts import create_user
from tracker.workflow.passwords import hash_password

MAIL_HOST = fold(PROVINCE).replace(" ", "") + ".example"

#: The log-in that is printed for each role: easy to type.
SHOWN = {
    Role.COORDINATOR: f"dieuphoi@congan.{MAIL_HOST}",
    Role.LIAISON: f"daumoi@syt.{MAIL_HOST}",
    Role.LEADER: f"lanhdao@ubnd.{MAIL_HOST}",
    Role.ADMINISTRATOR: f"quantri@skhcn.{MAIL_HOST}",
}


#: How many of the communes' people have left; the last ones of the list.
LEFT = 2


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and the body they work for."""

    name: str
    post: str
    role: Role
    agency: str
    #: The part of the address before the @; made from the name when it is not given.
    mailbox: str = ""
    #: Is told what is too late at the body.
    is_head: bool = False


_HEADS = (
    Person("Lương Đình Khải", "Phó Chủ tịch UBND tỉnh", Role.LEADER, COMMITTEE, "lanhdao"),
    Person("Phan Thị Thu Hằng", "Phó Chủ tịch UBND tỉnh", Role.LEADER, COMMITTEE),
    Person("Vũ Quốc Trưởng", "Thiếu tá, Phó Trưởng phòng Cảnh sát điều tra tội phạm về ma túy", Role.COORDINATOR,
           COORDINATOR, "dieuphoi"),
    Person("Đặng Thị Ngọc Ánh", "Đại úy, cán bộ Phòng Tham mưu", Role.COORDINATOR, COORDINATOR),
    Person("Hoàng Nghĩa Dũng", "Thượng úy, cán bộ Phòng Cảnh sát điều tra tội phạm về ma túy", Role.COORDINATOR,
           COORDINATOR),
    Person("Bùi Khánh Huyền", "Trung úy, cán bộ Phòng Tham mưu", Role.COORDINATOR, COORDINATOR),
    Person("Trịnh Công Thuận", "Trưởng phòng, Trung tâm Công nghệ thông tin", Role.ADMINISTRATOR,
           "Sở Khoa học và Công nghệ", "quantri"),
    Person("Nguyễn Thị Tường Vy", "Chuyên viên, Trung tâm Công nghệ thông tin", Role.ADMINISTRATOR,
           "Sở Khoa học và Công nghệ"),
)  # fmt: skip

#: One liaison for each provincial body, in the catalogue's order without the Committee; the second of Y tế at the end.
_LIAISONS = (
    "Phạm Hữu Nghị", "Lê Thị Bích Thủy", "Đỗ Minh Quân", "Nguyễn Hoài Thương", "Trần Đức Lương", "Ngô Thị Kim Oanh",
    "Hà Văn Tuyển", "Dương Thế Vinh", "Phùng Thanh Tú", "Nguyễn Thị Hồng Nhung", "Trần Thị Mai Lan",
    "Đinh Quang Hưởng", "Giàng A Sử", "Mai Xuân Thưởng", "Cao Bá Lộc", "Lý Văn Ngọ", "Tạ Thị Quỳnh Như",
    "Vương Đình Hòa", "Nguyễn Khắc Nhượng", "Thái Thị Lệ Hằng", "Nguyễn Trọng Nghĩa", "Hồ Thị Diễm Phúc",
    "Đoàn Thị Tuyết Nga",
)  # fmt: skip
_SECOND_AT_HEALTH = "Quách Thị Ngân Giang"
#: Heads of bodies with an account of their own.
_BODY_HEADS = (
    ("Đậu Thế Vịnh", "Giám đốc Sở Nội vụ", "Sở Nội vụ"),
    ("Tống Thị Minh Nguyệt", "Giám đốc Sở Y tế", "Sở Y tế"),
    ("Khuất Hữu Toàn", "Giám đốc Sở Công Thương", "Sở Công Thương"),
)
#: One for each commune. The last two have left: what is chased there reaches no one, and the page must say so.
_COMMUNE_LIAISONS = (
    "Nguyễn Văn Đức", "Trần Thị Hường", "Lê Quang Thịnh", "Phạm Thị Ngọc Trâm", "Võ Thành Đạt", "Đặng Văn Quyết",
    "Nguyễn Thị Út Mười", "Bùi Xuân Trường", "Hoàng Thị Thắm", "Lò Văn Ún", "Trương Thị Phượng", "Nông Đức Thiện",
    "Vi Thị Nguyệt", "Phan Đăng Khoa", "Đào Thị Yến", "Nguyễn Bá Ngọc", "Lương Thị Bưởi", "Tô Hữu Phước",
    "Hứa Văn Rộng", "Lầu Thị Dở", "Cà Văn Ỏm", "Thào A Páo", "Đỗ Thị Nhàn", "Kiều Văn Hưng", "Lâm Thị Thùy Dương",
    "Chu Văn Tiệp", "Nguyễn Đình Ước", "Triệu Thị Mẩy", "Đàm Quang Ngũ", "Phạm Thị Hải Yến",
)  # fmt: skip


def people() -> list[Person]:
    """List everybody, those who will leave at the end.

    First come those whose log-in is printed: the log-in page of the demo shows the first of each role.
    """
    found = list(_HEADS)
    bodies = [body for body in BODIES if body.name != COMMITTEE]
    for body, name in zip(bodies, _LIAISONS, strict=True):
        mailbox = "daumoi" if body.address == "syt" else ""
        found.append(Person(name, "Chuyên viên tổng hợp", Role.LIAISON, body.name, mailbox))
    found += [Person(name, post, Role.LIAISON, body, is_head=True) for name, post, body in _BODY_HEADS]
    found.append(Person(_SECOND_AT_HEALTH, "Phó Chánh Văn phòng", Role.LIAISON, "Sở Y tế"))
    for body, name in zip(COMMUNES, _COMMUNE_LIAISONS, strict=True):
        found.append(Person(name, "Công chức văn hóa - xã hội", Role.LIAISON, body.name))
    return sorted(found, key=lambda person: not person.mailbox)


def address_of(person: Person) -> str:
    """Give the e-mail address: given name first, as Vietnamese offices do, then the body."""
    *family, given = fold(person.name).split()
    mailbox = person.mailbox or given + "".join(part[0] for part in family)
    body = next(body for body in (*BODIES, *COMMUNES) if body.name == person.agency)
    return f"{mailbox}@{body.address}.{MAIL_HOST}"


def add_people(session: Session, agencies: dict[str, Agency], *, now: datetime) -> dict[str, list[User]]:
    """Add everybody with the demo's password, and give them by agency. The caller commits."""
    # One hash for all: one of their own for each would cost a slow machine half a minute.
    password_hash = hash_password(DEMO_PASSWORD)
    by_agency: dict[str, list[User]] = {}
    for person in people():
        user = create_user(session, email=address_of(person), name=person.name, role=person.role, post=person.post,
                           agency=agencies[person.agency], is_agency_head=person.is_head, actor=LOADER, now=now)
        user.password_hash = password_hash
        by_agency.setdefault(person.agency, []).append(user)
    session.flush()
    return by_agency

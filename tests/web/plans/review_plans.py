"""A plan at its review, read from text, for the tests of the review screen."""
from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.models import Actor, Plan, Task, User
from tracker.reading.document import Document, Note, Removed
from tracker.workflow import importing

TEXT = """ỦY BAN NHÂN DÂN
TỈNH HÀ DƯƠNG
Số: 15/KH-UBND
Hà Dương, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Phòng, chống ma túy trong trường học năm 2026

I. MỤC ĐÍCH, YÊU CẦU
- Nâng cao nhận thức của học sinh về tác hại của ma túy.
II. PHÂN CÔNG NHIỆM VỤ
1. Sở Y tế
- Tập huấn kỹ năng sàng lọc cho cán bộ y tế trường học, hoàn thành trước ngày 31/8/2026.
- Rà soát tủ thuốc của các trường. Lập danh mục thuốc phải quản lý trước ngày 15/9/2026.
2. Hiệp hội Vận tải tỉnh
- Vận động lái xe ký cam kết không sử dụng ma túy trước ngày 30/6/2026.
- Dán thông điệp phòng ngừa trên xe khách trước ngày 15/7/2026.
"""


def bring_in(session: Session, user: User, text: str = TEXT, *, unchecked: bool = False,
             removed: tuple[Removed, ...] = (), notes: tuple[Note, ...] = ()) -> Plan:
    """Read a plan for a coordinator's agency."""
    document = Document(text, "scan" if unchecked else "txt", "0" * 64, notes=notes, removed=removed,
                        unchecked=unchecked)
    plan = importing.import_plan(session, document, coordinator=user.agency, now=NOW,
                                 actor=Actor(user.name, "127.0.0.1", user))
    session.commit()
    return plan


def about(session: Session, words: str) -> Task:
    """Find a duty by some of its words."""
    return session.scalars(select(Task).where(Task.text.contains(words)).order_by(Task.id)).first()  # type: ignore[return-value]

"""A plan at its review, read from text, for the tests of the review screen."""
from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.models import Actor, Plan, Task, User
from tracker.reading.document import Document, Note, Removed
from tracker.workflow import importing
from tracker.workflow.task_state import mark, snapshot

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


def pressed(plan: Plan, *tasks: Task, **more: Any) -> dict[str, Any]:
    """What a button on a duty sends."""
    return {"version": plan.version, "mark": mark(*(snapshot(task) for task in tasks)), **more}


def form_of(plan: Plan, task: Task, **changes: Any) -> dict[str, Any]:
    """What the form of a duty sends."""
    values: dict[str, Any] = {**pressed(plan, task), "text": task.text, "section": task.section or "",
                              "kind": task.kind.value, "role": task.role.value, "then": "stay"}
    for number, owner in enumerate(task.owners):
        values |= {f"owners-{number}-name": owner.agency.name if owner.agency else owner.printed,
                   f"owners-{number}-printed": owner.printed}
    for number, deadline in enumerate(task.deadlines):
        values |= {f"deadlines-{number}-deadline_id": deadline.id, f"deadlines-{number}-kind": deadline.kind.value,
                   f"deadlines-{number}-due_on": f"{deadline.due_on:%d/%m/%Y}", f"deadlines-{number}-every": ""}
    return {**values, **changes}

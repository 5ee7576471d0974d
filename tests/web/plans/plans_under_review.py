"""A plan under review with two duties, and the words of its pages."""
from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker.models import Deadline, Plan, Provision, Task, User
from tracker.rules.states import DeadlineKind, PlanState

TEXT = """KẾ HOẠCH
Phòng, chống ma túy trong trường học năm 2026
II. PHÂN CÔNG NHIỆM VỤ
1. Sở Y tế
- Tập huấn kỹ năng sàng lọc, hoàn thành trước ngày 31/8/2026.
2. Sở Giáo dục và Đào tạo
- Tổ chức ngoại khóa về tác hại của ma túy.
"""


def plan_with_two_duties(make: Factory, session: Session, police: User) -> Plan:
    """A plan under review with two duties, the second one without owner and date."""
    plan = make.plan(police.agency, state=PlanState.REVIEW, text=TEXT)
    for words, owner in (("Tập huấn kỹ năng sàng lọc, hoàn thành trước ngày 31/8/2026.", make.agency("Sở Y tế")),
                         ("Tổ chức ngoại khóa về tác hại của ma túy.", None)):
        task = make.task(plan, owner, text=words)
        start = TEXT.index(words)
        task.provision = Provision(plan_id=plan.id, start=start, end=start + len(words), heading="Đề mục")
    first = tasks_of(session, plan)[0]
    start = TEXT.index("trước ngày")
    first.deadlines.append(Deadline(kind=DeadlineKind.DATE, due_on=date(2026, 8, 30), words="trước ngày 31/8/2026",
                                    start=start, end=start + len("trước ngày 31/8/2026")))
    session.commit()
    return plan


def tasks_of(session: Session, plan: Plan) -> list[Task]:
    return list(session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.position, Task.id)))


def words_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())

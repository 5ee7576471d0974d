"""Invented letters with which an uploaded form is tried: to one agency, to several, and to one that is only asked."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tracker.models import Agency, AgencyKind, Assignment, Plan, Task
from tracker.reports.letter_words import EarlierChase, default_subject
from tracker.reports.letters import Addressed, Order, Signing, plans_of_items, values
from tracker.rules.states import AssignmentState, ChaseChannel

_TODAY = date(2026, 9, 23)
_SIGNING = Signing(
    parent="BỘ CÔNG AN", heading="CÔNG AN TỈNH HÀ DƯƠNG", abbreviation="CAT", unit="PC04", place="Hà Dương",
    authority=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), signer="Đại tá Nguyễn Văn An",
    copies=("Đồng chí Giám đốc (để báo cáo)",),
)  # fmt: skip


def samples() -> list[dict[str, Any]]:
    """Give what a form has to be able to hold."""
    one, two = _addressed(1, "Sở Y tế"), _addressed(4, "Ủy ban nhân dân xã An Lạc & vùng ven <thử>")
    asked = _addressed(7, "Tòa án nhân dân tỉnh", is_requested=True)
    return [_filled((one,)), _filled((one, two)), _filled((asked,))]


def _addressed(first: int, name: str, *, is_requested: bool = False) -> Addressed:
    agency = Agency(id=first, name=name, kind=AgencyKind.DEPARTMENT, is_requested=is_requested)
    plan = Plan(id=1, kind="Kế hoạch", number="148/KH-UBND", issued_on=date(2026, 2, 5), title="Phòng, chống ma túy",
                issuer="Ủy ban nhân dân tỉnh Hà Dương")
    items = tuple(
        Assignment(id=first + step, plan=plan, plan_id=1, agency=agency, state=AssignmentState.OPEN,
                   due_on=_TODAY - timedelta(days=9 * (step + 1)),
                   task=Task(text=f"Rà soát, thống kê đợt {step + 1} & báo cáo kết quả."))
        for step in range(2)
    )  # fmt: skip
    return Addressed(agency, items)


def _filled(addressed: tuple[Addressed, ...]) -> dict[str, Any]:
    plans = plans_of_items(item for one in addressed for item in one.items)
    order = Order(_SIGNING, default_subject(plans, is_request=False), default_subject(plans, is_request=True),
                  _TODAY + timedelta(days=10))
    chased = [EarlierChase(ChaseChannel.LETTER, date(2026, 9, 2), "152/CAT-PC04", date(2026, 9, 3))]
    earlier = {addressed[0].items[0].id: chased}
    return values(Agency(name="Công an tỉnh", kind=AgencyKind.POLICE), addressed, order, earlier, today=_TODAY)

"""Letters of every kind, for the tests of writing them and of checking them."""
from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

from tracker.models import Agency, AgencyKind, Assignment, Plan, Task
from tracker.reports.letter_words import EarlierChase, default_subject
from tracker.reports.letters import Addressed, Order, Signing, plans_of_items, proposed_signing, values
from tracker.rules.states import AssignmentState, ChaseChannel

TODAY = date(2026, 9, 23)
ISSUER = Agency(name="Công an tỉnh", kind=AgencyKind.POLICE, short_name="Công an")
SIGNING: Signing = replace(proposed_signing(ISSUER, "Tỉnh Hà Dương"), unit="PC04", signer="Đại tá Nguyễn Văn An",
                           copies=("Đồng chí Giám đốc (để báo cáo)",))
BY_MAIL = EarlierChase(ChaseChannel.MAIL, date(2026, 9, 5))
BY_LETTER = EarlierChase(ChaseChannel.LETTER, date(2026, 9, 10), "152/CAT-PC04", date(2026, 9, 11))
_NUMBERS = count(1)


def plan(number: str | None = "148/KH-UBND", **facts: Any) -> Plan:
    return Plan(**{"id": next(_NUMBERS), "kind": "Kế hoạch", "number": number, "issued_on": date(2026, 1, 9),
                   "issuer": "Ủy ban nhân dân tỉnh Hà Dương", "title": "Xây dựng xã, phường không ma túy năm 2026",
                   **facts})


PLAN = plan()


def item(days: int = 5, of: Plan = PLAN, text: str = "Rà soát, thống kê và báo cáo kết quả.") -> Assignment:
    return Assignment(id=next(_NUMBERS), plan=of, plan_id=of.id, state=AssignmentState.OPEN,
                      due_on=TODAY - timedelta(days=days), task=Task(text=text))


def addressed(name: str = "Sở Y tế", *items: Assignment, is_requested: bool = False) -> Addressed:
    agency = Agency(id=next(_NUMBERS), name=name, kind=AgencyKind.DEPARTMENT, is_requested=is_requested)
    return Addressed(agency, items or (item(),))


def letter(*to: Addressed, earlier: dict[int, list[EarlierChase]] | None = None, signing: Signing = SIGNING,
           **changes: Any) -> dict[str, Any]:
    plans = plans_of_items(one for who in to for one in who.items)
    order = Order(signing, default_subject(plans, is_request=False), default_subject(plans, is_request=True),
                  TODAY + timedelta(days=9))
    return values(ISSUER, to, replace(order, **changes), earlier or {}, today=TODAY)


def _chased() -> dict[str, Any]:
    late = item(20)
    return letter(addressed("Sở Y tế", late, item(3, plan("73/KH-UBND"))), earlier={late.id: [BY_MAIL, BY_LETTER]})


#: Kind of letter -> everything its form has places for.
KINDS: dict[str, dict[str, Any]] = {
    "to one": letter(addressed()),
    "to one, chased before, two plans": _chased(),
    "to several": letter(addressed("Sở Y tế"), addressed("Sở Nội vụ", item(), item(2))),
    "to one that is only asked": letter(addressed("Tòa án nhân dân tỉnh", is_requested=True)),
    "with names in separate marks": letter(addressed(unicodedata.normalize("NFD", "Sở Giáo dục và Đào tạo"))),
    "with letters of markup": letter(addressed("Sở A & B <thử> \"C\"", item(text="Kiểm tra <1> & \"2\" 'ba'\x0b"))),
    "long": letter(*(addressed(f"Ủy ban nhân dân xã Số {number}", *(item(day) for day in range(1, 4)))
                     for number in range(40))),
    "unsigned, nobody above": letter(addressed(), signing=replace(SIGNING, parent="", signer="", copies=())),
    "of an agency with a long name": letter(addressed(), signing=replace(
        SIGNING, parent="UBND TỈNH HÀ DƯƠNG", heading="SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG")),
    "under a plan without number": letter(addressed("Sở Y tế", item(of=plan(None, issued_on=None, issuer=None)))),
    "with paragraphs of one's own": letter(addressed(), extra=("Đoạn thêm thứ nhất.", "Đoạn thêm & thứ hai.")),
}

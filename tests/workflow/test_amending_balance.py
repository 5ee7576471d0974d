"""The numbers stated of an amending plan: they add up to the work of both plans, and what is shown happens."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import TODAY, Factory
from tests.workflow.published_plans import S, go_live, recurring, report, rows, set_state
from tracker.models import Assignment, Plan, User
from tracker.rules.plan_changes import Balance
from tracker.rules.states import Every, PlanState
from tracker.workflow import amending

DUE, MOVED = date(2026, 6, 30), date(2026, 9, 30)
TRAIN = "Tập huấn cho cán bộ y tế cấp xã về sàng lọc, xác định tình trạng nghiện"
HIRE = "Mở phiên giao dịch việc làm dành riêng cho người sau cai nghiện"
CHECK = "Kiểm tra các cơ sở kinh doanh thuốc có điều kiện trên địa bàn"
LIST = "Lập danh sách doanh nghiệp nhận người sau cai vào học nghề"


class Case:
    """A plan that runs and one that amends it, with three agencies."""

    def __init__(self, session: Session, make: Factory) -> None:
        self.session, self.make = session, make
        self.police = make.coordinator()
        self.earlier = make.plan(self.police.agency, state=PlanState.REVIEW, number="15/KH-UBND")
        self.plan = make.plan(self.police.agency, state=PlanState.REVIEW, number="98/KH-UBND",
                              replaces_id=self.earlier.id, issued_on=date(2026, 3, 10))
        self.health, self.labour, self.trade = make.agency("Sở Y tế"), make.agency("Sở Nội vụ"), make.agency()

    def start(self, **states: Any) -> None:
        """Give the earlier plan out; `states` are those of its rows by place, "row0=S.ACCEPTED"."""
        go_live(self.session, self.earlier)
        given = rows(self.session, self.earlier)
        for name, state in states.items():
            set_state(given[int(name[3:])], state)
        self.session.commit()

    def work(self, plan: Plan) -> int:
        return self.session.scalar(
            select(func.count()).select_from(Assignment).where(Assignment.plan_id == plan.id, Assignment.is_counted())
        ) or 0


def whole(case: Case) -> None:
    make = case.make
    make.task(case.earlier, case.health, DUE, text=TRAIN)
    make.task(case.earlier, make.group(case.labour, case.trade), DUE, text=HIRE)
    make.task(case.earlier, make.group(case.health, case.labour), DUE, text=CHECK)
    make.task(case.plan, case.health, MOVED, text=TRAIN)
    make.task(case.plan, case.labour, DUE, text=HIRE)
    make.task(case.plan, make.group(case.trade, case.health), DUE, text=LIST)
    case.start(row3=S.ACCEPTED, row4=S.SUBMITTED)


def accepted_and_reworded(case: Case) -> None:
    group = case.make.group(case.health, case.labour, case.trade)
    case.make.task(case.earlier, group, DUE, text=TRAIN)
    case.make.task(case.plan, group, DUE, text=TRAIN.replace("cán bộ", "toàn bộ cán bộ"))
    case.start(row0=S.ACCEPTED, row1=S.CANCELLED)


def in_part(case: Case) -> None:
    case.make.task(case.earlier, case.health, DUE, text=TRAIN)
    case.make.task(case.earlier, case.make.group(case.labour, case.trade), DUE, text=HIRE)
    case.make.task(case.plan, case.health, MOVED, text=TRAIN)
    case.make.task(case.plan, case.trade, DUE, text=LIST)
    case.plan.amends_partly = True
    case.start(row1=S.ACCEPTED)


def helpers(case: Case) -> None:
    names = {"names": ["Sở Nội vụ"]}
    case.make.task(case.earlier, case.health, DUE, text=TRAIN, partners=names)
    case.make.task(case.earlier, case.labour, DUE, text=HIRE)
    case.make.task(case.plan, case.health, MOVED, text=TRAIN, partners=names)
    case.make.task(case.plan, case.health, DUE, text=HIRE, partners=names)
    case.start()


def a_helper_that_leads(case: Case) -> None:
    case.make.task(case.earlier, case.health, DUE, text=TRAIN, partners={"names": ["Sở Nội vụ"]})
    case.make.task(case.plan, case.labour, DUE, text=TRAIN)
    case.start()


def a_helper_confirmed_that_leads(case: Case) -> None:
    case.make.task(case.earlier, case.health, DUE, text=TRAIN, partners={"names": ["Sở Nội vụ"]})
    case.make.task(case.plan, case.labour, DUE, text=TRAIN)
    case.start(row1=S.ACCEPTED)


def handed_on(case: Case) -> None:
    case.make.task(case.earlier, case.health, DUE, text=TRAIN)
    case.make.task(case.plan, case.health, DUE, text=TRAIN)
    case.start()
    [old] = rows(case.session, case.earlier)
    new = case.make.assignment(case.trade, task=old.task, due_on=DUE, deadline_id=old.deadline_id)
    old.state, old.replaced_by = S.CANCELLED, new
    case.session.commit()


def reports_that_come_round(case: Case) -> None:
    group = case.make.group(case.health, case.labour)
    report(case.make, case.earlier, group, recurring(Every.QUARTER, "01-20"))
    report(case.make, case.plan, group, recurring(Every.MONTH, "01-20"))
    case.start(row0=S.ACCEPTED)


CASES: list[Callable[[Case], None]] = [
    whole, accepted_and_reworded, in_part, helpers, a_helper_that_leads, a_helper_confirmed_that_leads, handed_on,
    reports_that_come_round,
]  # fmt: skip


@pytest.fixture
def case(session: Session, make: Factory) -> Case:
    return Case(session, make)


@pytest.mark.parametrize("begin", CASES, ids=lambda one: one.__name__)
def test_the_numbers_add_up_before_and_after(session: Session, case: Case, begin: Callable[[Case], None]) -> None:
    begin(case)
    before = case.work(case.earlier)
    foreseen = amending.preview(session, case.earlier, case.plan, today=TODAY)

    done = go_live(session, case.plan)

    sums = foreseen.balance
    assert sums is not None
    assert sums == done.amended.balance  # what was shown is what happened
    assert sums.kept + sums.settled + sums.moved + sums.reworded + sums.given == sums.after == case.work(case.plan)
    assert (sums.taken_over + sums.ended + sums.settled_before + sums.left_running + sums.made_parts
            == sums.before == before)
    assert sums.settled_before + sums.left_running == case.work(case.earlier)
    live = [row for row in rows(session, case.plan) if row.state is not S.CANCELLED]
    assert sums.parts == sum(row.is_part for row in live)
    assert sums.agencies == len({row.agency_id for row in live if not row.is_part})
    assert (done.assignments, done.agencies, done.parts) == (sums.after, sums.agencies, sums.parts)


def test_each_kind_of_work_stands_in_its_own_number(session: Session, case: Case) -> None:
    whole(case)

    sums = amending.preview(session, case.earlier, case.plan, today=TODAY).balance

    assert sums == Balance(kept=1, settled=0, moved=1, reworded=0, given=2, ended=2, settled_before=1, left_running=0,
                           made_parts=0, agencies=3, parts=0)


def stated(page: str, heading: str) -> tuple[int, list[int]]:
    """Read a plan's total and the numbers under it off the page."""
    found = re.search(rf"<h3>([^<]*{heading}[^<]*)</h3>\s*<dl class=\"pairs\">(.*?)</dl>", page, re.DOTALL)
    assert found, heading
    return (int(re.findall(r"(\d+) việc", found[1])[0]), [int(one) for one in re.findall(r"<dd>(\d+)</dd>", found[2])])


@pytest.mark.parametrize("begin", CASES, ids=lambda one: one.__name__)
def test_the_page_that_asks_states_one_set_that_adds_up(
    session: Session, case: Case, begin: Callable[[Case], None], as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.clock.today", lambda: TODAY)
    begin(case)
    police: User = case.police
    browser = as_user(police)

    for page in (browser.get(f"/plans/{case.plan.id}/{name}").text for name in ("publish", "difference")):
        after, of_this = stated(page, "Kế hoạch này sẽ có")
        before, of_earlier = stated(page, "đang có")
        assert after == sum(of_this)
        assert before == sum(of_earlier)
    asked = browser.get(f"/plans/{case.plan.id}/publish").text
    assert re.findall(r'plan-counts__number">(\d+)</span> việc', asked) == [str(after)]

    said = browser.post(f"/plans/{case.plan.id}/publish", follow_redirects=True).text
    told = re.search(r"Đã áp dụng kế hoạch: (\d+) việc, trong đó (\d+) giữ nguyên, (\d+) sửa, (\d+) mới", said)
    assert told
    assert int(told[1]) == after == sum(int(one) for one in told.groups()[1:])
    assert re.search(rf">{after}</a> tất cả việc đã giao", said)

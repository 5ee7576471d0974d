"""Classes of bodies that a plan names: read at the import, made groups of the catalogue by a coordinator."""
from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import NOW, TODAY, Factory
from tests.web.plans.review_plans import about, bring_in
from tracker.models import (
    Actor,
    Agency,
    AgencyAlias,
    AgencyGroup,
    AgencyKind,
    AgencyLevel,
    AuditEntry,
    Plan,
    Task,
    User,
)
from tracker.models.catalogue import load_catalogue
from tracker.models.proposals import is_class
from tracker.rules.folding import fold
from tracker.workflow import reviewing_plan
from tracker.workflow.body_groups import (
    GroupWithoutMembers,
    Listed,
    agencies_of,
    group_and_link,
    listed_members,
)
from tracker.workflow.review_log import last_step
from tracker.workflow.unknown_bodies import ClassIsNoAgency, NobodyPrintsIt, add_and_link

NAME = "Công an 03 xã"
TEXT = """ỦY BAN NHÂN DÂN
TỈNH HÀ DƯƠNG
Số: 21/KH-UBND
Hà Dương, ngày 05 tháng 01 năm 2026

KẾ HOẠCH
Xây dựng xã an toàn về cháy, nổ năm 2026

I. MỤC TIÊU
- Chọn xây dựng điểm: 3/30 xã trên địa bàn tỉnh[1].
II. PHÂN CÔNG NHIỆM VỤ
1. Sở Giao thông vận tải
- Kiểm tra bến xe trước ngày 31/5/2026.
2. Công an 03 xã
- Thành lập đội chữa cháy của thôn trước ngày 30/6/2026.
- Tập huấn cho đội chữa cháy trước ngày 30/9/2026.
3. Công an các xã, phường
- Tuyên truyền về an toàn điện trước ngày 30/11/2026.
TM. ỦY BAN NHÂN DÂN
[1] Gồm các xã: An Khê, Đông Lĩnh, Tân Hòa.
"""


def police(make: Factory, name: str, **more: object) -> Agency:
    return make.agency(name, kind=AgencyKind.POLICE, level=AgencyLevel.COMMUNE, **more)


@pytest.fixture
def me(make: Factory) -> User:
    police(make, "Công an xã An Khê")
    police(make, "Công an xã Đông Lĩnh")
    return make.coordinator()


@pytest.fixture
def plan(session: Session, me: User) -> Plan:
    return bring_in(session, me, TEXT)


def actor(me: User) -> Actor:
    return Actor(me.name, "127.0.0.1", me)


def listed(session: Session, plan: Plan, printed: str = NAME) -> Listed:
    found = listed_members(session, plan, printed, load_catalogue(session))
    assert found is not None
    return found


def group(session: Session, plan: Plan, me: User) -> tuple[AgencyGroup, int]:
    found = listed(session, plan)
    made = group_and_link(session, plan, NAME, found.there, found.missing, actor=actor(me), now=NOW, today=TODAY)
    session.commit()
    return made


def owners(session: Session, words: str) -> list[tuple[int | None, int | None]]:
    return [(owner.agency_id, owner.group_id) for owner in about(session, words).owners]


def test_the_plan_says_who_the_class_is_and_what_the_catalogue_lacks(session: Session, plan: Plan) -> None:
    found = listed(session, plan, "công an 03  xã")

    assert [member.name for member in found.members] == ["Công an xã An Khê", "Công an xã Đông Lĩnh",
                                                         "Công an xã Tân Hòa"]
    assert [agency.name for agency in found.there] == ["Công an xã An Khê", "Công an xã Đông Lĩnh"]
    assert [(one.name, one.kind, one.level) for one in found.missing] == [
        ("Công an xã Tân Hòa", AgencyKind.POLICE, AgencyLevel.COMMUNE)]
    assert "An Khê, Đông Lĩnh" in plan.text[found.start : found.end]
    assert listed_members(session, plan, "Công an các xã, phường", load_catalogue(session)) is None


def test_one_act_adds_who_is_missing_makes_the_group_and_ties_every_duty(
    session: Session, plan: Plan, me: User
) -> None:
    made, duties = group(session, plan, me)

    assert sorted(agency.name for agency in made.members) == [
        "Công an xã An Khê", "Công an xã Tân Hòa", "Công an xã Đông Lĩnh"]
    assert (duties, owners(session, "của thôn"), owners(session, "Tập huấn")) == (
        2, [(None, made.id)], [(None, made.id)])
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-4:] == ["agency.created", "group.created", "task.owner_linked", "task.owner_linked"]


def test_a_group_of_one_plans_communes_is_not_taken_for_the_next_plans(
    session: Session, plan: Plan, me: User
) -> None:
    made, _duties = group(session, plan, me)

    assert made.name == "Công an 03 xã (21/KH-UBND, 05/01/2026)"
    assert load_catalogue(session).match(NAME) is None


def test_it_is_undone_at_once_and_done_again_with_the_same_group(session: Session, plan: Plan, me: User) -> None:
    made, _duties = group(session, plan, me)
    step = last_step(session, plan, me)
    assert step is not None

    reviewing_plan.undo(session, plan, user=me, step_id=step.id, actor=actor(me), now=NOW)
    session.commit()
    undone = owners(session, "của thôn")
    again, _duties = group(session, plan, me)

    assert (undone, again.id) == ([(None, None)], made.id)
    assert session.scalar(select(func.count()).select_from(AgencyGroup)) == 1


def test_other_members_are_another_group(session: Session, plan: Plan, me: User) -> None:
    made, _duties = group(session, plan, me)
    step = last_step(session, plan, me)
    assert step is not None
    reviewing_plan.undo(session, plan, user=me, step_id=step.id, actor=actor(me), now=NOW)

    other, _duties = group_and_link(session, plan, NAME, made.members[:2], actor=actor(me), now=NOW, today=TODAY)

    assert (other.name, len(other.members)) == ("Công an 03 xã (21/KH-UBND, 05/01/2026) – 2", 2)


def test_a_class_that_says_who_belongs_has_its_own_name_when_all_of_them_do(
    session: Session, make: Factory, plan: Plan, me: User
) -> None:
    police(make, "Công an xã Cũ", ended_on=TODAY.replace(year=2025))
    everybody = agencies_of(session, [AgencyKind.POLICE], [AgencyLevel.COMMUNE], today=TODAY)
    printed = "Công an các xã, phường"

    some, _duties = group_and_link(session, plan, printed, everybody[:1], actor=actor(me), now=NOW, today=TODAY)
    session.rollback()
    made, duties = group_and_link(session, plan, printed, everybody, actor=actor(me), now=NOW, today=TODAY)
    session.commit()

    assert [agency.name for agency in everybody] == ["Công an xã An Khê", "Công an xã Đông Lĩnh"]
    assert (made.name, duties) == (printed, 1)
    assert load_catalogue(session).match("CA các xã, phường") is None
    assert load_catalogue(session).match("Công an các phường, xã") is None
    assert load_catalogue(session).match(printed) is made
    assert some is not made


def test_a_refused_group_leaves_nothing(session: Session, plan: Plan, me: User) -> None:
    found = listed(session, plan)

    with pytest.raises(GroupWithoutMembers):
        group_and_link(session, plan, NAME, [], actor=actor(me), now=NOW, today=TODAY)
    with pytest.raises(NobodyPrintsIt):
        group_and_link(session, plan, "Công an 9 xã", found.there, found.missing, actor=actor(me), now=NOW,
                       today=TODAY)
    session.commit()

    assert session.scalars(select(AgencyGroup)).all() == []
    assert session.scalars(select(Agency).where(Agency.name == "Công an xã Tân Hòa")).all() == []


@pytest.mark.parametrize("name", [NAME, "các cơ quan, đơn vị, địa phương", "Sở, ban, ngành", "UBND xã",
                                  "Thủ trưởng các đơn vị liên quan", "Công an cấp xã"])
def test_a_class_never_becomes_an_agency(session: Session, plan: Plan, me: User, name: str) -> None:
    with pytest.raises(ClassIsNoAgency):
        add_and_link(session, plan, NAME, name=name, kind=AgencyKind.POLICE, level=AgencyLevel.COMMUNE,
                     is_requested=False, actor=actor(me), now=NOW)
    assert session.scalars(select(Agency).where(Agency.name == name)).all() == []


@pytest.mark.parametrize("name", ["Sở Y tế", "UBND xã An Khê", "Trạm Y tế số 2 xã An Khê", "Hợp tác xã Đồng Tiến",
                                  "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh", "Bảo hiểm xã hội tỉnh",
                                  "Ủy ban nhân dân thành phố Hà Dương", "Sở Văn hóa, Thể thao và Du lịch"])
def test_one_body_is_no_class(name: str) -> None:
    assert not is_class(name)


def test_a_list_that_differs_from_the_number_is_doubtful_and_offers_no_members(session: Session, me: User) -> None:
    plan = bring_in(session, me, TEXT.replace(", Tân Hòa", ""))

    assert "members_differ" in about(session, "của thôn").reasons["keys"]
    assert listed_members(session, plan, NAME, load_catalogue(session)) is None


def test_a_former_name_is_tied_with_a_doubt_and_an_unknown_one_remembers_who_took_over(
    session: Session, make: Factory, me: User
) -> None:
    building = make.agency("Sở Xây dựng")
    suggested = bring_in(session, me, TEXT)
    unknown: Task = about(session, "bến xe")
    assert unknown.owners[0].agency_id is None
    assert suggested.extract["owners"] == [
        {"printed": "Sở Giao thông vận tải", "basis": "successor", "confidence": 0.6, "body": "Sở Xây dựng"}]

    name = "Sở Giao thông vận tải"
    session.add(AgencyAlias(agency_id=building.id, name=name, fold=fold(name)))
    linked = bring_in(session, make.coordinator(), TEXT)
    task = session.scalars(select(Task).where(Task.plan_id == linked.id, Task.text.contains("bến xe"))).one()

    assert (task.owners[0].agency_id, "owner_unsure" in task.reasons["keys"]) == (building.id, True)
    assert linked.extract["owners"][0]["basis"] == "former"


def test_a_short_form_means_what_the_text_says(session: Session, make: Factory, me: User) -> None:
    make.agency("Cục Sở hữu công nghệ", short_name="CSCN")
    centre = make.agency("Cơ sở cai nghiện")
    text = TEXT.replace("- Chọn", "- Mở rộng Cơ sở cai nghiện (CSCN).\n- Chọn")

    plan = bring_in(session, me, text.replace("1. Sở Giao thông vận tải", "1. CSCN"))

    assert about(session, "bến xe").owners[0].agency_id == centre.id
    assert {"printed": "CSCN", "basis": "defined", "confidence": 0.9, "body": centre.name} in plan.extract["owners"]
    assert "owner_unsure" not in about(session, "của thôn").reasons["keys"]

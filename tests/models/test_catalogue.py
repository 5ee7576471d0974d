"""Matching printed names of bodies, and the type-ahead."""
from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import TODAY, Factory
from tracker.models import AgencyAlias, AgencyKind, AgencyLevel
from tracker.models.catalogue import Basis, load_catalogue, propose, search
from tracker.rules.folding import fold


@pytest.fixture
def province(make: Factory, session: Session) -> dict[str, Any]:
    """A small province with the two tiers that make names ambiguous."""
    bodies = {
        "committee": make.agency("Ủy ban nhân dân tỉnh Hà Dương", kind=AgencyKind.PEOPLES_COMMITTEE),
        "police": make.agency("Công an tỉnh Hà Dương", kind=AgencyKind.POLICE, short_name="CAT"),
        "health": make.agency("Sở Y tế"),
        "culture": make.agency("Sở Văn hóa, Thể thao và Du lịch"),
        "inspectors": make.agency("Thanh tra tỉnh"),
        "commune": make.agency("Ủy ban nhân dân xã An Khê", kind=AgencyKind.PEOPLES_COMMITTEE,
                               level=AgencyLevel.COMMUNE),
        "commune_police": make.agency("Công an xã An Khê", kind=AgencyKind.POLICE, level=AgencyLevel.COMMUNE),
    }
    session.add(AgencyAlias(agency_id=bodies["health"].id, name="SYT Hà Dương", fold=fold("SYT Hà Dương")))
    communes = make.group(bodies["commune"], name="Ủy ban nhân dân các xã, phường")
    communes.alias_folds = "\n".join([fold("UBND cấp xã"), fold("Các địa phương")])
    session.commit()
    return {**bodies, "communes": communes}


CASES = [
    pytest.param("Sở Y tế", "health", id="the name itself"),
    pytest.param("SỞ Y TẾ", "health", id="in capitals"),
    pytest.param(unicodedata.normalize("NFD", "Sở Y tế"), "health", id="in decomposed letters"),
    pytest.param("Sở Y tế tỉnh", "health", id="with the tier behind it"),
    pytest.param("Sở Y tế tỉnh Hà Dương", "health", id="with the province behind it"),
    pytest.param("syt hà dương", "health", id="by its alias"),
    pytest.param("CAT", "police", id="by its short name"),
    pytest.param("Công an tỉnh", "police", id="without the province"),
    pytest.param("Giám đốc Công an tỉnh", "police", id="the head stands for the body"),
    pytest.param("Sở Văn hóa Thể thao và Du lịch", "culture", id="without the comma"),
    pytest.param("Thanh tra", "inspectors", id="without the tier where there is only one"),
    pytest.param("UBND tỉnh", "committee", id="abbreviated"),
    pytest.param("UBND các xã, phường", "communes", id="a group, abbreviated"),
    pytest.param("Các Ủy ban nhân dân xã, phường", "communes", id="a group with the plural in front"),
    pytest.param("Các địa phương", "communes", id="a group by another printed form"),
    pytest.param("Y tế", "health", id="by its field, as a list of departments prints it"),
    pytest.param("Công an", None, id="which of the two tiers is not said"),
    pytest.param("Ủy ban nhân dân", None, id="which committee is not said"),
    pytest.param("Công an tỉnh Hà Giang", None, id="another province"),
    pytest.param("Sở Y", None, id="half a name"),
    pytest.param("Sở Công Thương", None, id="not in the catalogue"),
    pytest.param(" ,. ", None, id="nothing but marks"),
]


@pytest.mark.parametrize(("printed", "expected"), CASES)
def test_a_printed_name_means_this_body_or_none(
    session: Session, province: dict[str, Any], printed: str, expected: str | None
) -> None:
    found = load_catalogue(session).match(printed)

    assert found is (province[expected] if expected else None)


def test_a_name_that_two_bodies_bear_means_neither(session: Session, make: Factory, province: dict[str, Any]) -> None:
    other = make.agency("Sở Ngoại vụ")
    session.add(AgencyAlias(agency_id=other.id, name="SYT Hà Dương", fold=fold("SYT Hà Dương")))
    session.commit()

    assert load_catalogue(session).match("SYT Hà Dương") is None
    assert load_catalogue(session).match("Sở Y tế") is province["health"]


def test_a_body_that_ended_gives_its_name_up_to_the_living(session: Session, make: Factory) -> None:
    old = make.agency("Sở Lao động", ended_on=date(2025, 2, 28))
    new = make.agency("Sở Nội vụ")
    session.add(AgencyAlias(agency_id=new.id, name="Sở Lao động", fold=fold("Sở Lao động")))
    session.commit()

    assert load_catalogue(session).match("Sở Lao động") is new
    assert old.ended_on is not None


def test_matching_many_names_asks_the_database_only_once(session: Session, province: dict[str, Any]) -> None:
    catalogue = load_catalogue(session)

    with counted_statements() as asked:
        for _ in range(50):
            catalogue.match("Công an tỉnh")

    assert asked == []


def test_the_type_ahead_takes_words_without_diacritics_and_puts_prefixes_first(
    session: Session, make: Factory, province: dict[str, Any]
) -> None:
    make.agency("Trung tâm Y tế Công an")

    names = [body.name for body in search(session, "cong an", 10)]

    assert names[0] == "Công an tỉnh Hà Dương"
    assert names[-1] == "Trung tâm Y tế Công an"


def test_the_type_ahead_knows_abbreviations_groups_and_aliases(session: Session, province: dict[str, Any]) -> None:
    assert province["communes"] in search(session, "ubnd cac xa", 10)
    assert province["communes"] in search(session, "các địa phương", 10)
    assert province["health"] in search(session, "syt", 10)
    assert province["police"] in search(session, "cat", 10)


def test_the_type_ahead_gives_no_more_than_asked_and_nothing_for_nothing(
    session: Session, province: dict[str, Any]
) -> None:
    assert len(search(session, "a", 2)) == 2
    assert search(session, "  ", 10) == []
    assert search(session, "100%_", 10) == []


def test_the_type_ahead_leaves_out_what_has_ended(session: Session, make: Factory) -> None:
    make.agency("Sở Lao động", ended_on=date(2025, 2, 28))

    assert search(session, "lao dong", 10, today=TODAY) == []
    assert len(search(session, "lao dong", 10)) == 1


LINKS = [
    pytest.param("Sở Y tế", "health", Basis.NAME, id="the name itself"),
    pytest.param("SYT Hà Dương", "health", Basis.ALIAS, id="an alias"),
    pytest.param("Công an tỉnh", "police", Basis.SHORTENED, id="without the province"),
    pytest.param("Giám đốc Sở Y tế", "health", Basis.HEAD, id="the head stands for it"),
    pytest.param("Chánh Thanh tra tỉnh", "inspectors", Basis.HEAD, id="the chief inspector"),
    pytest.param("Sở VH,TT&DL", "culture", Basis.NAME, id="a field in capitals"),
    pytest.param("Sở VHTTDL", "culture", Basis.NAME, id="a field in one word"),
]


@pytest.mark.parametrize(("printed", "expected", "basis"), LINKS)
def test_a_link_says_why_the_name_means_the_body(
    session: Session, province: dict[str, Any], printed: str, expected: str, basis: Basis
) -> None:
    link = load_catalogue(session).link(printed)

    assert link is not None
    assert (link.body, link.basis, link.is_certain) == (province[expected], basis, True)
    assert 0.9 <= link.confidence <= 1


def test_a_body_goes_by_its_usual_names(session: Session, make: Factory) -> None:
    youth = make.agency("Tỉnh đoàn", kind=AgencyKind.MASS_ORGANISATION)
    women = make.agency("Hội Liên hiệp Phụ nữ tỉnh", kind=AgencyKind.MASS_ORGANISATION)
    front = make.agency("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", kind=AgencyKind.MASS_ORGANISATION)
    catalogue = load_catalogue(session)

    assert catalogue.match("Đoàn TNCS Hồ Chí Minh tỉnh") is youth
    assert catalogue.match("Hội Phụ nữ tỉnh") is women
    assert catalogue.match("Hội LHPN tỉnh") is women
    assert catalogue.match("Ủy ban MTTQ tỉnh") is front
    assert catalogue.match("Hội Phụ nữ xã An Khê") is None


def test_a_bare_word_is_no_name_even_where_somebody_wrote_it_down_as_one(session: Session, make: Factory) -> None:
    make.agency("Công an tỉnh Hà Dương", kind=AgencyKind.POLICE, short_name="Công an")
    catalogue = load_catalogue(session)

    assert catalogue.match("Công an") is None
    assert catalogue.match("Công an tỉnh") is not None


def test_an_old_name_is_suggested_its_one_successor_with_the_reason(
    session: Session, make: Factory, province: dict[str, Any]
) -> None:
    building = make.agency("Sở Xây dựng")
    catalogue = load_catalogue(session)

    assert catalogue.match("Sở Giao thông vận tải") is None
    link = catalogue.suggest("Sở Giao thông vận tải tỉnh Hà Dương")[0]

    assert (link.body, link.basis, link.is_certain) == (building, Basis.SUCCESSOR, False)
    assert link.succession is not None
    assert link.succession.since == date(2025, 3, 1)
    assert link.succession.source


def test_an_old_name_whose_work_was_divided_has_a_suggestion_for_each_part(
    session: Session, make: Factory, province: dict[str, Any]
) -> None:
    interior = make.agency("Sở Nội vụ")
    suggestions = load_catalogue(session).suggest("Sở Lao động - Thương binh và Xã hội")

    by_succession = [link for link in suggestions if link.basis is Basis.SUCCESSOR]
    assert {link.body for link in by_succession} == {interior, province["police"], province["health"]}
    assert all(link.succession is not None and link.succession.what for link in by_succession)


def test_likeness_suggests_and_never_decides(session: Session, province: dict[str, Any]) -> None:
    catalogue = load_catalogue(session)

    assert catalogue.match("Sở Y tê") is province["health"]  # a slip of the tone mark is spelling
    assert catalogue.match("Sở Văn hóa, Thể thao Du lịch và Gia đình") is None
    assert catalogue.suggest("Sở Văn hóa, Thể thao Du lịch và Gia đình")[0].body is province["culture"]
    assert catalogue.suggest("Câu lạc bộ bóng bàn") == []
    assert catalogue.suggest("") == []


PROPOSALS = [
    pytest.param("Sở GD&ĐT", AgencyKind.DEPARTMENT, AgencyLevel.PROVINCE, "Ủy ban nhân dân tỉnh", id="a department"),
    pytest.param("Công an xã An Khê", AgencyKind.POLICE, AgencyLevel.COMMUNE, "Công an tỉnh", id="police of a commune"),
    pytest.param("UBND phường Bến Đá", AgencyKind.PEOPLES_COMMITTEE, AgencyLevel.COMMUNE, "Ủy ban nhân dân tỉnh",
                 id="a committee"),
    pytest.param("Phòng Kinh tế xã An Khê", AgencyKind.OTHER, AgencyLevel.COMMUNE, "Ủy ban nhân dân xã An Khê",
                 id="a room of a commune"),
    pytest.param("Tòa án nhân dân khu vực 2", AgencyKind.COURT, AgencyLevel.PROVINCE, None, id="a court"),
    pytest.param("Giám đốc Bảo hiểm xã hội tỉnh", AgencyKind.CENTRAL_OFFICE, AgencyLevel.PROVINCE, None,
                 id="an office"),
    pytest.param("Báo Hà Dương", AgencyKind.PRESS, AgencyLevel.PROVINCE, None, id="a newspaper"),
    pytest.param("Công ty Điện lực Hà Dương", AgencyKind.OTHER, AgencyLevel.PROVINCE, None, id="an enterprise"),
]


@pytest.mark.parametrize(("printed", "kind", "level", "parent"), PROPOSALS)
def test_an_unknown_body_is_proposed_with_its_kind_and_place(
    printed: str, kind: AgencyKind, level: AgencyLevel, parent: str | None
) -> None:
    proposal = propose(printed)

    assert proposal is not None
    assert (proposal.kind, proposal.level, proposal.parent, proposal.is_group) == (kind, level, parent, False)


def test_a_proposed_name_is_the_body_s_and_spelt_out() -> None:
    committee, asked, group = propose("UBND xã An Khê"), propose("VKSND tỉnh"), propose("UBND các xã, phường")

    assert committee is not None
    assert committee.name == "Ủy ban nhân dân xã An Khê"
    assert asked is not None
    assert asked.is_requested
    assert group is not None
    assert (group.is_group, group.level) == (True, AgencyLevel.COMMUNE)


@pytest.mark.parametrize("printed", ["", "Công an", "UBND", "các đơn vị liên quan", "UBND huyện Mường Khoa", "UBND xã"])
def test_what_does_not_say_which_body_it_is_gives_no_proposal(printed: str) -> None:
    assert propose(printed) is None

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
from tracker.models.catalogue import load_catalogue, search
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

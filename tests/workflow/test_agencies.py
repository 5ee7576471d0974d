"""Agencies and their other names."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, Agency, AgencyKind, AgencyLevel, AuditEntry
from tracker.workflow import agencies

COMMAND = Actor("command", "command")


def create(session: Session, name: str, *aliases: str) -> Agency:
    agency = agencies.create_agency(session, name=name, kind=AgencyKind.DEPARTMENT, level=AgencyLevel.PROVINCE,
                                    aliases=aliases, actor=COMMAND, now=NOW)
    session.commit()
    return agency


def edit(session: Session, agency: Agency, **values: Any) -> None:
    facts = {"name": agency.name, "kind": agency.kind, "level": agency.level, "short_name": agency.short_name,
             "is_requested": agency.is_requested, "position": agency.position,
             "aliases": [alias.name for alias in agency.aliases], **values}
    agencies.edit_agency(session, agency, **facts, actor=COMMAND, now=NOW)


def test_blank_and_double_aliases_are_left_out(session: Session) -> None:
    agency = create(session, "Sở Y tế", "SYT", "syt", " ", "Sở y tế", "Ngành Y tế")

    assert [alias.name for alias in agency.aliases] == ["SYT", "Ngành Y tế"]


def test_an_alias_may_mean_one_agency_only(session: Session, make: Factory) -> None:
    create(session, "Sở Nông nghiệp và Môi trường", "Sở Tài nguyên và Môi trường")
    make.group(name="Các sở, ban, ngành")

    for alias in ("so tai nguyen va moi truong", "Sở Nông nghiệp và Môi trường", "các Sở, ban, ngành"):
        with pytest.raises(agencies.AliasTaken):
            create(session, "Sở Xây dựng", alias)
        session.rollback()


def test_a_name_that_is_anothers_alias_is_refused(session: Session) -> None:
    create(session, "Sở Nội vụ", "Sở Lao động")

    with pytest.raises(agencies.AliasTaken):
        create(session, "Sở Lao động")


def test_names_that_differ_only_by_a_mark_are_two_agencies(session: Session) -> None:
    create(session, "Ủy ban nhân dân xã Tân Tiến")

    create(session, "Ủy ban nhân dân xã Tấn Tiến")

    assert len(session.scalars(select(Agency)).all()) == 2


@pytest.mark.parametrize(("name", "refusal"), [
    ("Sở Y tế", agencies.AgencyNameTaken), ("  ", agencies.AgencyNameMissing), ("\u200b", agencies.AgencyNameMissing),
])  # fmt: skip
def test_a_taken_or_missing_name_is_refused(session: Session, name: str, refusal: type[Exception]) -> None:
    create(session, "Sở Y tế")

    with pytest.raises(refusal):
        create(session, name)


def test_an_edit_changes_aliases_and_audits_before_and_after(session: Session) -> None:
    agency = create(session, "Sở Y tế", "SYT", "Ngành Y tế")

    edit(session, agency, is_requested=True, aliases=["Ngành y tế", "Y tế tỉnh"])
    session.commit()

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "agency.edited")).one()
    assert sorted(alias.name for alias in agency.aliases) == ["Ngành y tế", "Y tế tỉnh"]
    assert entry.before == {"is_requested": False, "aliases": ["Ngành Y tế", "SYT"]}
    assert entry.after == {"is_requested": True, "aliases": ["Ngành y tế", "Y tế tỉnh"]}


def test_a_refused_edit_changes_nothing(session: Session) -> None:
    create(session, "Sở Nội vụ")
    agency = create(session, "Sở Y tế", "SYT")

    with pytest.raises(agencies.AgencyNameTaken):
        edit(session, agency, name="Sở Nội vụ", aliases=[])
    session.commit()

    assert agency.name == "Sở Y tế"
    assert [alias.name for alias in agency.aliases] == ["SYT"]

"""Bodies that can be given work, their other names, and the groups that plans address."""
from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.models.base import Base


class AgencyKind(StrEnum):
    """What sort of body an agency is."""

    PEOPLES_COMMITTEE = "peoples_committee"
    DEPARTMENT = "department"
    POLICE = "police"
    MILITARY = "military"
    BORDER_GUARD = "border_guard"
    COURT = "court"
    PROCURACY = "procuracy"
    PARTY = "party"
    MASS_ORGANISATION = "mass_organisation"
    CENTRAL_OFFICE = "central_office"
    PRESS = "press"
    OTHER = "other"


class AgencyLevel(StrEnum):
    """At which of the two tiers of local government a body stands (since 1/7/2025)."""

    PROVINCE = "province"
    COMMUNE = "commune"


class Agency(Base):
    """A body that can be given work. Its life is bounded: reorganisations end it, never delete it."""

    __tablename__ = "agency"
    __table_args__ = (Index(None, "level", "position", "id"),)  # every list of agencies

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    #: For search and matching only; the name is shown as written.
    fold: Mapped[str] = mapped_column(index=True)
    short_name: Mapped[str | None]
    kind: Mapped[AgencyKind]
    level: Mapped[AgencyLevel] = mapped_column(default=AgencyLevel.PROVINCE)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    #: The People's Committee asks it, it can't order it: request wording, no ranking.
    is_requested: Mapped[bool] = mapped_column(default=False)
    #: The order of the province's own lists (departments before communes).
    position: Mapped[int] = mapped_column(default=0)
    began_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    aliases: Mapped[list[AgencyAlias]] = relationship(
        back_populates="agency", cascade="all, delete-orphan", order_by="AgencyAlias.id"
    )


class AgencyAlias(Base):
    """Another way a plan may print an agency's name (abbreviation, old name)."""

    __tablename__ = "agency_alias"
    __table_args__ = (UniqueConstraint("agency_id", "fold"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    name: Mapped[str]
    fold: Mapped[str] = mapped_column(index=True)
    agency: Mapped[Agency] = relationship(back_populates="aliases")


class AgencyGroup(Base):
    """A class of agencies ("UBND các xã, phường"): work given to it is given to each member."""

    __tablename__ = "agency_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    fold: Mapped[str] = mapped_column(index=True)
    #: Other printed forms, one a line, folded.
    alias_folds: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    members: Mapped[list[Agency]] = relationship(secondary="agency_group_member", order_by=Agency.position)


class AgencyGroupMember(Base):
    """That an agency belongs to a group today; publishing freezes it into assignments."""

    __tablename__ = "agency_group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("agency_group.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)

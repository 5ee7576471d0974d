"""Half-written reports: kept for their writer alone, replaced by the newer, gone with the report."""
from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tests.workflow.test_progress import at_once
from tracker.models import Assignment, ReportDraft, User
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import IdentityNumber, PersonList
from tracker.workflow import drafts
from tracker.workflow.drafts import DraftTooLong


def test_the_newer_draft_takes_the_older_ones_place(session: Session, make: Factory) -> None:
    user = make.user()
    assignment = make.assignment(user.agency)

    drafts.keep(session, assignment, user, values={"text": "Một"}, seen_version=1, now=NOW)
    drafts.keep(session, assignment, user, values={"text": "Hai"}, seen_version=2, now=NOW)
    session.commit()

    kept = session.scalars(select(ReportDraft)).one()
    assert (kept.values, kept.seen_version) == ({"text": "Hai"}, 2)


def test_a_colleagues_draft_is_its_writers_alone(session: Session, make: Factory) -> None:
    mine, colleague = make.user(), make.user()
    assignment = make.assignment(mine.agency)
    drafts.keep(session, assignment, colleague, values={"text": "Của tôi"}, seen_version=1, now=NOW)

    drafts.forget(session, assignment, mine)

    assert drafts.find(session, assignment, mine) is None
    assert drafts.find(session, assignment, colleague) is not None


@pytest.mark.parametrize(("text", "refusal"), [
    ("Hồ sơ 001085012345", IdentityNumber),
    ("Nguyễn Văn An, sinh năm 1990\nTrần Thị Bình, sinh năm 1985", PersonList),
    ("a" * 60_001, DraftTooLong),
])  # fmt: skip
def test_what_no_report_may_hold_is_no_draft_either(
    session: Session, make: Factory, text: str, refusal: type[Refusal]
) -> None:
    user = make.user()
    assignment = make.assignment(user.agency)

    with pytest.raises(refusal):
        drafts.keep(session, assignment, user, values={"text": text}, seen_version=1, now=NOW)

    assert session.scalars(select(ReportDraft)).all() == []


def test_two_windows_of_one_person_save_at_the_same_moment(app, session: Session, make: Factory) -> None:  # type: ignore[no-untyped-def]
    user = make.user()
    assignment = make.assignment(user.agency)
    key, who = assignment.id, user.id
    session.rollback()

    def keep(text: str):  # type: ignore[no-untyped-def]
        return lambda own: drafts.keep(own, own.get_one(Assignment, key), own.get_one(User, who),
                                       values={"text": text}, seen_version=1, now=NOW)

    ended = at_once(app, [keep("Một"), keep("Hai")])

    assert ended == ["saved", "saved"]
    assert session.scalars(select(ReportDraft)).one().values["text"] in {"Một", "Hai"}

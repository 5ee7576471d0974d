"""Named filters of the own desk."""
from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models.access import NotVisible
from tracker.reports.my_work import WorkFilter, WorkGroup
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.states import TaskRole
from tracker.workflow.saved_views import (
    LONGEST_NAME,
    MOST_VIEWS,
    TooManyViews,
    ViewNameTaken,
    ViewNameTooLong,
    ViewOfNothing,
    ViewWithoutName,
    delete,
    save,
    view_for,
    views_of,
)

LATE = WorkFilter(group=WorkGroup.LATE)


def test_a_filter_is_kept_under_its_name_and_found_again(session: Session, make: Factory) -> None:
    user, other = make.user(), make.user()
    wanted = WorkFilter(WorkGroup.SOON, 7, "ma túy", mine=True, parts=TaskRole.COORDINATE)

    view = save(session, user, "  Việc   của Hoa ", wanted, now=NOW)
    save(session, other, "Việc của Hoa", LATE, now=NOW)

    assert [kept.name for kept in views_of(session, user)] == ["Việc của Hoa"]
    assert WorkFilter.from_args(view_for(session, user, view.id).args) == wanted


@pytest.mark.parametrize("name", ["Quá hạn", "quá  HẠN", "qua han", "Qua\u0301 ha\u0323n"])
def test_a_name_is_given_once_however_it_is_spelt(session: Session, make: Factory, name: str) -> None:
    user = make.user()
    save(session, user, "Quá hạn", LATE, now=NOW)

    with pytest.raises(ViewNameTaken) as refused:
        save(session, user, name, WorkFilter(mine=True), now=NOW)

    assert refused.value.values["name"] == "Quá hạn"
    assert len(views_of(session, user)) == 1


@pytest.mark.parametrize(("name", "wanted", "refusal"), [
    ("", LATE, ViewWithoutName),
    (" \u200b\u0301 ", LATE, ViewWithoutName),
    ("x" * (LONGEST_NAME + 1), LATE, ViewNameTooLong),
    ("Mọi việc", WorkFilter(), ViewOfNothing),
    ("Hồ sơ 001085012345", LATE, IdentityNumber),
    ("Hồ sơ", WorkFilter(q="001085012345"), IdentityNumber),
])  # fmt: skip
def test_what_is_no_view_is_refused(
    session: Session, make: Factory, name: str, wanted: WorkFilter, refusal: type[Refusal]
) -> None:
    user = make.user()

    with pytest.raises(refusal):
        save(session, user, name, wanted, now=NOW)

    assert not views_of(session, user)


def test_there_is_room_for_so_many_and_deleting_makes_room(session: Session, make: Factory) -> None:
    user = make.user()
    for number in range(MOST_VIEWS):
        save(session, user, f"Bộ lọc {number}", LATE, now=NOW)

    with pytest.raises(TooManyViews):
        save(session, user, "Thêm nữa", LATE, now=NOW)
    delete(session, views_of(session, user)[0])

    assert save(session, user, "Thêm nữa", LATE, now=NOW).id


def test_another_persons_view_does_not_exist(session: Session, make: Factory) -> None:
    user = make.user()
    view = save(session, user, "Quá hạn", LATE, now=NOW)

    with pytest.raises(NotVisible):
        view_for(session, make.user(agency=user.agency), view.id)

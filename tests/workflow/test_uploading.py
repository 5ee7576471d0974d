"""Files sent ahead of their report: each by itself, the same once, swept when nobody came back."""
from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.factories import NOW, TODAY, Factory
from tracker.models import Actor, Assignment, DraftFile, User
from tracker.models.access import NotVisible
from tracker.rules.states import AssignmentState as State
from tracker.workflow import evidence, progress, uploading
from tracker.workflow.evidence import TooManyFiles, Upload
from tracker.workflow.file_types import ProgramFile

DAY = timedelta(days=1)


def upload(name: str = "Biên bản.pdf", content: bytes = sample.PDF) -> Upload:
    return Upload(name, BytesIO(content))


class Desk:
    def __init__(self, session: Session, make: Factory, folder: Path) -> None:
        self.session, self.folder, self.user = session, folder, make.user()
        self.assignment: Assignment = make.assignment(self.user.agency)

    def stage(self, one: Upload, user: User | None = None) -> DraftFile:
        return uploading.stage(self.session, self.assignment, user or self.user, one, evidence_folder=self.folder,
                               now=NOW)

    def staged(self) -> list[str]:
        return [file.file_name for file in uploading.staged(self.session, self.assignment, self.user)]


@pytest.fixture
def desk(session: Session, make: Factory, tmp_path: Path) -> Desk:
    return Desk(session, make, tmp_path)


def test_a_bad_file_costs_none_of_the_others(desk: Desk) -> None:
    desk.stage(upload("một.pdf"))
    with pytest.raises(ProgramFile):
        desk.stage(upload("hai.pdf", sample.EXE))
    desk.stage(upload("ba.png", sample.PNG))

    assert desk.staged() == ["một.pdf", "ba.png"]


def test_the_same_file_twice_is_kept_once(desk: Desk) -> None:
    assert desk.stage(upload("một.pdf")) is desk.stage(upload("bản sao.pdf"))
    assert desk.staged() == ["một.pdf"]


def test_the_sixth_file_is_one_too_many(desk: Desk) -> None:
    for number in range(5):
        desk.stage(upload(f"{number}.txt", f"Số {number}".encode()))

    with pytest.raises(TooManyFiles):
        desk.stage(upload("6.txt", b"Sau"))
    desk.stage(upload("lại.txt", "Số 1".encode()))  # one that is there already


def test_files_sent_ahead_become_evidence_of_the_report(desk: Desk) -> None:
    desk.stage(upload())

    update = progress.report(
        desk.session, desk.assignment, actor=Actor("a", "127.0.0.1", desk.user), state=State.SUBMITTED, text="Xong.",
        draft_files=uploading.staged(desk.session, desk.assignment, desk.user), evidence_folder=desk.folder,
        today=TODAY, now=NOW,
    )  # fmt: skip
    desk.session.commit()

    assert [file.file_name for file in update.evidence] == ["Biên bản.pdf"]
    assert evidence.path_of(desk.folder, update.evidence[0]).read_bytes() == sample.PDF
    assert desk.staged() == []


def test_a_colleague_neither_sees_nor_removes_my_files(desk: Desk, make: Factory) -> None:
    colleague = make.user(agency=desk.user.agency)
    mine = desk.stage(upload())

    assert uploading.staged(desk.session, desk.assignment, colleague) == []
    with pytest.raises(NotVisible):
        uploading.draft_file_for(desk.session, colleague, mine.id)


def test_the_same_file_is_noticed_only_among_what_a_person_may_see(desk: Desk, make: Factory) -> None:
    stranger = make.user()
    sha256 = desk.stage(upload()).sha256
    assert uploading.earlier_use(desk.session, desk.user, sha256) is None
    test_files_sent_ahead_become_evidence_of_the_report(desk)

    found = uploading.earlier_use(desk.session, desk.user, sha256)

    assert found is not None
    assert found.update is not None
    assert found.update.assignment is desk.assignment
    assert uploading.earlier_use(desk.session, stranger, sha256) is None


def _age(folder: Path, file: DraftFile, days: int) -> Path:
    place = evidence.path_of(folder, file)  # type: ignore[arg-type]
    moment = (NOW - DAY * days).timestamp()
    os.utime(place, (moment, moment))
    return place


def test_what_nobody_came_back_for_is_swept_with_its_bytes(desk: Desk) -> None:
    old, new = desk.stage(upload()), desk.stage(upload("mới.png", sample.PNG))
    old.created_at = NOW - 31 * DAY
    places = [_age(desk.folder, old, 31), _age(desk.folder, new, 1)]
    desk.session.commit()

    assert uploading.sweep(desk.session, evidence_folder=desk.folder, now=NOW) == 1
    assert uploading.sweep(desk.session, evidence_folder=desk.folder, now=NOW) == 0

    assert [place.exists() for place in places] == [False, True]
    assert desk.staged() == ["mới.png"]


@pytest.mark.parametrize("how", ["evidence", "just sent again"])
def test_bytes_that_somebody_needs_are_not_swept(desk: Desk, make: Factory, how: str) -> None:
    old = desk.stage(upload())
    old.created_at = NOW - 31 * DAY
    place = _age(desk.folder, old, 31)
    if how == "evidence":
        other = make.user(agency=desk.user.agency)
        progress.report(desk.session, desk.assignment, actor=Actor("a", "127.0.0.1", other), state=State.SUBMITTED,
                        text="Xong.", files=[upload("khác.pdf")], evidence_folder=desk.folder, today=TODAY, now=NOW)
        _age(desk.folder, old, 31)
    else:
        evidence.keep(desk.folder, evidence.check([upload("khác.pdf")]), now=NOW)
    desk.session.commit()

    uploading.sweep(desk.session, evidence_folder=desk.folder, now=NOW)

    assert place.exists()
    assert desk.session.scalars(select(DraftFile)).all() == []

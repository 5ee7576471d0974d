"""Reporting progress: what is recorded, what is refused, and two people at once."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.factories import NOW, TODAY, Factory
from tracker.extensions import db
from tracker.models import Actor, Assignment, AuditEntry, ProgressUpdate, User
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.standing import OfficialClass
from tracker.rules.states import OWED, NotAllowedNow
from tracker.rules.states import AssignmentState as State
from tracker.workflow.acceptance import accept
from tracker.workflow.evidence import BadFiles, Upload
from tracker.workflow.progress import (
    ChangedMeanwhile,
    FutureDocument,
    HalfDocument,
    NoEvidence,
    NothingSaid,
    PercentUnderWay,
    QuickAnswer,
    quick_answer,
    report,
    withdraw,
)

DAY = timedelta(days=1)
Report = Callable[..., ProgressUpdate]


@pytest.fixture
def liaison(make: Factory) -> User:
    return make.user()


@pytest.fixture
def say(session: Session, liaison: User, tmp_path: Path) -> Report:
    """Report as the liaison, with everything a report needs."""

    def said(assignment: Assignment, **values: Any) -> ProgressUpdate:
        given = {"actor": Actor(liaison.name, "127.0.0.1", liaison), "state": State.IN_PROGRESS, "percent": 40,
                 "text": "Đã tổ chức 12 buổi tuyên truyền.", "evidence_folder": tmp_path, "today": TODAY, "now": NOW}
        return report(session, assignment, **{**given, **values})

    return said


def pdf(name: str = "Báo cáo.pdf") -> Upload:
    return Upload(name, BytesIO(sample.PDF))


DONE: dict[str, Any] = {"state": State.SUBMITTED, "document_number": "12/BC-SYT", "document_on": TODAY}


@pytest.mark.parametrize("before", sorted(OWED))
def test_progress_is_recorded_and_audited(
    session: Session, make: Factory, liaison: User, say: Report, before: State
) -> None:
    assignment = make.assignment(liaison.agency, state=before)

    update = say(assignment, percent=40, difficulties="  Thiếu kinh phí. ")
    session.commit()

    assert (assignment.state, assignment.percent, assignment.submitted_on) == (State.IN_PROGRESS, 40, None)
    assert (update.author, update.reported_on, update.percent) == (liaison, TODAY, 40)
    assert update.difficulties == "Thiếu kinh phí."
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_id, entry.user_id) == ("progress.reported", assignment.id, liaison.id)
    assert entry.before is not None
    assert entry.before["state"] == before
    assert entry.after is not None
    assert entry.after["percent"] == 40


def test_handing_in_is_wholly_done_on_that_day(make: Factory, liaison: User, say: Report) -> None:
    assignment = make.assignment(liaison.agency, due_on=TODAY)

    update = say(assignment, **DONE, percent=10)

    assert (assignment.state, assignment.percent, assignment.submitted_on) == (State.SUBMITTED, 100, TODAY)
    assert (update.state, update.percent) == (State.SUBMITTED, 100)
    assert assignment.official_class(TODAY + 30 * DAY) is OfficialClass.PENDING_IN_TIME


def test_a_file_is_evidence_and_is_on_the_disk_before_the_commit(
    session: Session, make: Factory, liaison: User, say: Report, tmp_path: Path
) -> None:
    assignment = make.assignment(liaison.agency)

    update = say(assignment, state=State.SUBMITTED, files=[pdf()])

    assert [file.file_name for file in update.evidence] == ["Báo cáo.pdf"]
    on_disk = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in on_disk] == [update.evidence[0].sha256]
    session.rollback()
    assert on_disk[0].exists()


REFUSALS: list[tuple[type[Refusal], dict[str, Any]]] = [
    (NoEvidence, {"state": State.SUBMITTED}),
    (HalfDocument, {"state": State.SUBMITTED, "document_number": "12/BC-SYT"}),
    (HalfDocument, {"document_on": TODAY}),
    (FutureDocument, {**DONE, "document_on": TODAY + DAY}),
    (PercentUnderWay, {"percent": 100}),
    (PercentUnderWay, {"percent": -1}),
    (NothingSaid, {"text": " \n "}),
    (IdentityNumber, {"text": "Đã lập hồ sơ 001085012345."}),
    (IdentityNumber, {"difficulties": "Không tìm thấy 001 085 012 345."}),
    (BadFiles, {"files": [Upload("trống.pdf", BytesIO())]}),
    (BadFiles, {**DONE, "files": [Upload("bao cao.pdf", BytesIO(sample.EXE)), pdf()]}),
    (NotAllowedNow, {"state": State.ACCEPTED}),
]


@pytest.mark.parametrize(("refusal", "values"), REFUSALS)
def test_a_refused_report_leaves_nothing_behind(
    session: Session, make: Factory, liaison: User, say: Report, tmp_path: Path, refusal: type[Refusal],
    values: dict[str, Any],
) -> None:  # fmt: skip
    assignment = make.assignment(liaison.agency)

    with pytest.raises(refusal):
        say(assignment, **values)

    session.commit()
    assert session.scalars(select(ProgressUpdate)).all() == []
    assert session.scalars(select(AuditEntry)).all() == []
    assert assignment.state is State.OPEN
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED, State.CANCELLED])
def test_what_is_handed_in_or_closed_takes_no_report(
    make: Factory, liaison: User, say: Report, state: State
) -> None:
    assignment = make.assignment(liaison.agency, state=state)

    with pytest.raises(NotAllowedNow):
        say(assignment)


def test_a_form_opened_before_another_report_is_told_so(
    session: Session, make: Factory, liaison: User, say: Report
) -> None:
    assignment = make.assignment(liaison.agency, state=State.IN_PROGRESS, percent=40)
    opened = assignment.version
    say(assignment, percent=40, expected_version=opened)
    session.commit()

    with pytest.raises(ChangedMeanwhile):
        say(assignment, percent=60, expected_version=opened)

    say(assignment, percent=60, expected_version=assignment.version)


def at_once(app: Flask, acts: list[Callable[[Session], None]]) -> list[str]:
    """Do several things at the same moment, each in a thread and session of its own; say how each ended."""
    ready = threading.Barrier(len(acts))
    ended = ["?"] * len(acts)

    def run(number: int) -> None:
        with app.app_context():
            ready.wait()
            try:
                acts[number](db.session())
                db.session.commit()
                ended[number] = "saved"
            except Refusal as refusal:
                db.session.rollback()
                ended[number] = refusal.key
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


@pytest.mark.parametrize("knows_version", [True, False])
def test_of_two_who_hand_in_at_once_one_is_told(
    app: Flask, session: Session, make: Factory, liaison: User, tmp_path: Path, knows_version: bool
) -> None:
    assignment = make.assignment(liaison.agency)
    other = make.user(agency=liaison.agency)
    key, version = assignment.id, assignment.version if knows_version else None
    people = [liaison.id, other.id]
    session.rollback()

    def hand_in(user_id: int) -> Callable[[Session], None]:
        def act(own: Session) -> None:
            user = own.get_one(User, user_id)
            report(own, own.get_one(Assignment, key), actor=Actor(user.name, "127.0.0.1", user),
                   state=State.SUBMITTED, text="Đã xong.", files=[pdf(f"{user_id}.pdf")], evidence_folder=tmp_path,
                   expected_version=version, today=TODAY, now=NOW)

        return act

    ended = at_once(app, [hand_in(user_id) for user_id in people])

    assert sorted(ended) == sorted(["saved", "changed_meanwhile" if knows_version else "not_allowed_now"])
    update = session.scalars(select(ProgressUpdate)).one()
    assert update.author_id == people[ended.index("saved")]


def test_a_report_is_taken_back_or_accepted_never_both(
    app: Flask, session: Session, make: Factory, liaison: User, say: Report
) -> None:
    assignment = make.assignment(liaison.agency)
    coordinator = make.coordinator(agency=assignment.plan.coordinator)
    say(assignment, **DONE)
    session.commit()
    key, version, people = assignment.id, assignment.version, (liaison.id, coordinator.id)
    session.rollback()

    def take_back(own: Session) -> None:
        user = own.get_one(User, people[0])
        withdraw(own, own.get_one(Assignment, key), actor=Actor(user.name, "127.0.0.1", user),
                 expected_version=version, now=NOW)

    def decide(own: Session) -> None:
        user = own.get_one(User, people[1])
        accept(own, own.get_one(Assignment, key), actor=Actor(user.name, "127.0.0.1", user),
               expected_version=version, now=NOW)

    ended = at_once(app, [take_back, decide])

    assert sorted(ended) == ["changed_meanwhile", "saved"]
    session.rollback()
    update, state = session.scalars(select(ProgressUpdate)).one(), session.get_one(Assignment, key).state
    assert (update.withdrawn_at is not None) == (ended[0] == "saved") == (state is State.IN_PROGRESS)


@pytest.mark.parametrize("state", [State.OPEN, State.IN_PROGRESS, State.RETURNED, State.ACCEPTED, State.CANCELLED])
def test_only_a_report_that_waits_is_taken_back(
    session: Session, make: Factory, liaison: User, state: State
) -> None:
    assignment = make.assignment(liaison.agency, state=state)

    with pytest.raises(NotAllowedNow):
        withdraw(session, assignment, actor=Actor("a", "127.0.0.1", liaison), now=NOW)


def test_two_presses_of_nothing_changed_from_one_page_are_one_report(
    app: Flask, session: Session, make: Factory, liaison: User, tmp_path: Path
) -> None:
    assignment = make.assignment(liaison.agency, percent=40, state=State.IN_PROGRESS)
    key, version, who = assignment.id, assignment.version, liaison.id
    session.rollback()

    def press(own: Session) -> None:
        user = own.get_one(User, who)
        quick_answer(own, own.get_one(Assignment, key), QuickAnswer.NO_CHANGE, today=TODAY, now=NOW,
                     actor=Actor(user.name, "127.0.0.1", user), expected_version=version, evidence_folder=tmp_path)

    assert sorted(at_once(app, [press, press])) == ["changed_meanwhile", "saved"]
    assert [update.percent for update in session.scalars(select(ProgressUpdate))] == [40]


def test_the_day_of_the_report_decides_not_the_day_of_the_form(make: Factory, liaison: User, say: Report) -> None:
    due_on = date(2026, 3, 17)
    assignment = make.assignment(liaison.agency, due_on=due_on)

    say(assignment, **DONE, today=TODAY)

    assert assignment.days_late(TODAY + 10 * DAY) == 1

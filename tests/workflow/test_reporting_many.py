"""Many reports in one go: each row for itself."""
from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import sample_files as sample
from tests.factories import NOW, TODAY, Factory
from tests.workflow.test_progress import at_once
from tracker.models import Actor, Assignment, AuditEntry, ProgressUpdate, User
from tracker.reports.grid import handed_out, rows_of
from tracker.rules.filled_rows import Said, mark, tidy
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ReportChannel
from tracker.workflow import progress
from tracker.workflow.evidence import Upload
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
from tracker.workflow.reporting_many import Ended, Outcome, RowInput, report_many

DAY = timedelta(days=1)


@pytest.fixture
def user(make: Factory) -> User:
    return make.user()


def row_of(session: Session, user: User, assignment: Assignment, **said: Any) -> RowInput:
    """Fill a row as it is handed out, with something else in it."""
    given = handed_out(rows_of(session, user, [assignment.id])[assignment.id], with_proposals=True)
    return RowInput(assignment.id, assignment.version, replace(given, **said), mark(given))


def send(session: Session, user: User, *rows: RowInput) -> list[Outcome]:
    outcomes = report_many(session, rows, actor=Actor(user.name, "127.0.0.1", user), channel=ReportChannel.GRID,
                           today=TODAY, now=NOW)
    session.commit()
    return outcomes


def test_good_rows_are_saved_and_bad_ones_named(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    rows = [make.assignment(user.agency) for _ in range(7)]
    bad: list[dict[str, Any]] = [
        {"percent": 100, "text": "Xong."}, {"percent": 5}, {"text": "Xong.", "state": State.SUBMITTED},
        {"text": "Có công văn.", "document_number": "12/BC"}, {"text": "Người nghiện 001085012345."},
        {"text": "Văn bản.", "document_number": "1/BC", "document_on": TODAY + DAY},
    ]  # fmt: skip

    given = [row_of(session, user, row, **said) for row, said in zip(rows, bad, strict=False)]

    outcomes = send(session, user, *given, row_of(session, user, rows[6], text="Đã mở 3 lớp.", percent=30))

    assert [type(outcome.refusal) for outcome in outcomes] == [
        PercentUnderWay, NothingSaid, NoEvidence, HalfDocument, IdentityNumber, FutureDocument, type(None)]
    assert [outcome.ended for outcome in outcomes] == [Ended.REFUSED] * 6 + [Ended.SAVED]
    saved = session.query(ProgressUpdate).one()
    assert (saved.assignment_id, saved.percent, saved.channel) == (rows[6].id, 30, ReportChannel.GRID)
    assert session.query(AuditEntry).filter_by(action="progress.reported").count() == 1
    assert [row.state for row in rows] == [State.OPEN] * 6 + [State.IN_PROGRESS]


def test_untouched_rows_make_no_report(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    row = make.assignment(user.agency)

    outcomes = send(session, user, row_of(session, user, row))

    assert [outcome.ended for outcome in outcomes] == [Ended.UNCHANGED]
    assert session.query(ProgressUpdate).count() == 0


def test_the_same_rows_sent_twice_are_saved_once(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    done, doing = make.assignment(user.agency), make.assignment(user.agency)
    rows = [row_of(session, user, done, text="Xong.", state=State.SUBMITTED, document_number="5/BC", document_on=TODAY),
            row_of(session, user, doing, text="Đang làm.", percent=10)]

    first, second = (send(session, user, *rows) for _ in range(2))

    assert [outcome.ended for outcome in first] == [Ended.SAVED, Ended.SAVED]
    assert [outcome.ended for outcome in second] == [Ended.UNCHANGED, Ended.UNCHANGED]
    assert session.query(ProgressUpdate).count() == 2
    assert done.state is State.SUBMITTED


def test_somebody_elses_report_is_not_written_over(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    row, other = make.assignment(user.agency), make.assignment(user.agency)
    stale = [row_of(session, user, row, text="Phần của tôi."), row_of(session, user, other)]
    for each in (row, other):
        report(session, each, actor=Actor("B", "127.0.0.1", make.user(agency=user.agency)), state=State.IN_PROGRESS,
               text="Phần của người khác.", percent=20, evidence_folder=tmp_path, today=TODAY, now=NOW)
    session.commit()

    outcomes = send(session, user, *stale)

    assert [outcome.ended for outcome in outcomes] == [Ended.CONFLICT, Ended.UNCHANGED]  # the second was not touched
    assert {update.text for update in session.query(ProgressUpdate)} == {"Phần của người khác."}


def test_what_is_handed_in_or_cancelled_takes_no_more(
    session: Session, make: Factory, user: User, tmp_path: Path
) -> None:
    rows = [make.assignment(user.agency, state=state) for state in (State.SUBMITTED, State.ACCEPTED, State.CANCELLED)]

    outcomes = send(session, user, *(row_of(session, user, row, text="Thêm.") for row in rows))

    assert {outcome.ended for outcome in outcomes} == {Ended.NOT_OWED}


def test_rows_of_others_and_of_nobody_do_not_exist(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    theirs = make.assignment()

    outcomes = send(session, user, RowInput(theirs.id, 1, Said(text="Của tôi.")),
                    RowInput(2_000_000_000, 1, Said(text="Không có.")))

    assert {outcome.ended for outcome in outcomes} == {Ended.NOT_YOURS}
    assert session.query(ProgressUpdate).count() == 0


def test_earlier_evidence_is_enough_to_hand_in(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    row = make.assignment(user.agency)
    send(session, user, row_of(session, user, row, text="Đã có công văn.", percent=50,
                                         document_number="7/BC", document_on=TODAY - DAY))

    outcomes = send(session, user, row_of(session, user, row, text="Xong.", state=State.SUBMITTED))

    assert outcomes[0].ended is Ended.SAVED
    last = rows_of(session, user, [row.id])[row.id].last
    assert last is not None
    assert (last.document_number, last.percent) == ("7/BC", 100)


def test_each_row_handed_in_shows_what_its_own_last_report_showed(
    session: Session, make: Factory, user: User, tmp_path: Path
) -> None:
    given: dict[str, Any] = {"actor": Actor(user.name, "127.0.0.1", user), "evidence_folder": tmp_path,
                             "today": TODAY, "now": NOW}
    with_number, with_files, taken_back, _with_none = rows = [make.assignment(user.agency) for _ in range(4)]
    for number in ("1/BC", "2/BC"):
        report(session, with_number, state=State.IN_PROGRESS, text="Có công văn.", document_number=number,
               document_on=TODAY, **given)
    report(session, with_number, state=State.IN_PROGRESS, text="Tiếp tục.", **given)
    report(session, with_files, state=State.IN_PROGRESS, text="Có tệp.",
           files=[Upload(name, BytesIO(sample.PDF)) for name in ("a.pdf", "b.pdf")], **given)
    report(session, taken_back, state=State.SUBMITTED, text="Nhầm.", document_number="3/BC", document_on=TODAY, **given)
    withdraw(session, taken_back, actor=given["actor"], now=NOW)
    session.commit()

    outcomes = send(session, user, *(row_of(session, user, row, text="Xong.", state=State.SUBMITTED) for row in rows))

    assert [outcome.ended for outcome in outcomes] == [Ended.SAVED, Ended.SAVED, Ended.REFUSED, Ended.REFUSED]
    assert {type(outcome.refusal) for outcome in outcomes[2:]} == {NoEvidence}
    last = rows_of(session, user, [row.id for row in rows])
    shown = {number: (row.last.document_number, [file.file_name for file in row.last.evidence])
             for number, row in last.items() if row.last}
    assert shown[with_number.id] == ("2/BC", [])
    assert shown[with_files.id] == (None, ["a.pdf", "b.pdf"])
    entry = session.query(AuditEntry).filter_by(subject_id=with_files.id).order_by(AuditEntry.id.desc()).first()
    assert entry is not None
    assert entry.after is not None
    assert len(entry.after["files"]) == 2


def test_two_people_who_send_the_same_rows_at_once_never_wait_in_a_ring(
    app: Flask, session: Session, make: Factory, user: User
) -> None:
    rows = [make.assignment(user.agency) for _ in range(60)]
    sent = [row_of(session, user, row, text=f"Dòng {row.id}.") for row in rows]
    people = [user.id, make.user(agency=user.agency).id]
    session.rollback()
    ends: list[list[Ended]] = []

    def sending(user_id: int, order: list[RowInput]) -> Callable[[Session], None]:
        def act(own: Session) -> None:
            ends.append([outcome.ended for outcome in send(own, own.get_one(User, user_id), *order)])
        return act

    assert at_once(app, [sending(people[0], sent), sending(people[1], sent[::-1])]) == ["saved", "saved"]

    # Of the second all meet the first's; where it read only after the first had saved, they say nothing new.
    assert sorted(ends, key=lambda ended: ended[0] is not Ended.SAVED)[0] == [Ended.SAVED] * 60
    assert Ended.SAVED not in sorted(ends, key=lambda ended: ended[0] is not Ended.SAVED)[1]
    assert session.query(ProgressUpdate).count() == 60
    assert session.query(AuditEntry).filter_by(action="progress.reported").count() == 60


def test_what_changes_between_reading_and_holding_is_a_conflict(
    app: Flask, session: Session, make: Factory, user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time, who reads after the other has saved")
    rows = [make.assignment(user.agency) for _ in range(3)]
    sent = [row_of(session, user, row, text="Của tôi.") for row in rows]
    session.rollback()
    hold = progress.take_all

    def after_somebody(own: Session, ids: Collection[int]) -> None:
        def act(others: Session) -> None:
            report(others, others.get_one(Assignment, rows[1].id), state=State.IN_PROGRESS, text="Của người khác.",
                   actor=Actor("B", "127.0.0.1", others.get_one(User, user.id)), evidence_folder=tmp_path,
                   today=TODAY, now=NOW)
        assert at_once(app, [act]) == ["saved"]
        hold(own, ids)

    monkeypatch.setattr(progress, "take_all", after_somebody)

    outcomes = send(session, user, *sent)

    assert [outcome.ended for outcome in outcomes] == [Ended.SAVED, Ended.CONFLICT, Ended.SAVED]
    assert [type(outcome.refusal) for outcome in outcomes] == [type(None), ChangedMeanwhile, type(None)]
    assert [row.version for row in rows] == [2, 2, 2]
    assert {update.assignment_id: update.text for update in session.query(ProgressUpdate)} == {
        rows[0].id: "Của tôi.", rows[1].id: "Của người khác.", rows[2].id: "Của tôi."}


def test_what_a_row_has_no_place_for_goes_on(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    row = make.assignment(user.agency)
    report(session, row, actor=Actor("A", "127.0.0.1", user), state=State.IN_PROGRESS, text="Một.", percent=1,
           proposals="Cấp thêm kinh phí.", evidence_folder=tmp_path, today=TODAY, now=NOW)
    session.commit()

    send(session, user, row_of(session, user, row, text="Hai.", proposals=None))

    last = rows_of(session, user, [row.id])[row.id].last
    assert last is not None
    assert (last.text, last.proposals) == ("Hai.", "Cấp thêm kinh phí.")


def test_texts_are_compared_whatever_spells_them(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    row = make.assignment(user.agency)
    send(session, user, row_of(session, user, row, text="Đã tuyên truyền\nở 3 xã.", percent=5))

    again = row_of(session, user, row, text=tidy(unicodedata.normalize("NFD", "Đã tuyên truyền\r\nở 3 xã.\0 ")))

    assert send(session, user, again)[0].ended is Ended.UNCHANGED


def test_a_row_given_twice_is_saved_once(session: Session, make: Factory, user: User, tmp_path: Path) -> None:
    row = make.assignment(user.agency)

    outcomes = send(session, user, row_of(session, user, row, text="Một."),
                    row_of(session, user, row, text="Hai."))

    assert [outcome.ended for outcome in outcomes] == [Ended.SAVED, Ended.CONFLICT]


def test_a_helpers_part_is_confirmed_without_proof(
    session: Session, make: Factory, user: User, tmp_path: Path
) -> None:
    part = make.assignment(user.agency, is_part=True)

    outcomes = send(session, user, row_of(session, user, part, text="Đã xong phần mình.",
                                                    state=State.SUBMITTED))

    assert [outcome.ended for outcome in outcomes] == [Ended.SAVED]
    assert part.state is State.ACCEPTED


def test_a_row_starts_from_the_last_report_that_said_something(
    session: Session, make: Factory, user: User, tmp_path: Path
) -> None:
    row = make.assignment(user.agency)
    send(session, user, row_of(session, user, row, text="Đã mở 3 lớp.", difficulties="Thiếu giảng viên."))
    quick_answer(session, row, QuickAnswer.NO_CHANGE, actor=Actor(user.name, "127.0.0.1", user),
                 evidence_folder=tmp_path, today=TODAY + DAY, now=NOW + DAY)
    session.commit()

    given = handed_out(rows_of(session, user, [row.id])[row.id], with_proposals=True)

    assert (given.text, given.difficulties) == ("Đã mở 3 lớp.", "Thiếu giảng viên.")

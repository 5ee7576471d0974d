"""A filled workbook compared, kept until it is confirmed, and saved."""
from __future__ import annotations

import os
import random
import string
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import NOW, TODAY, Factory
from tests.workbooks import PLACE, SECRET, filled, made_for, opened, read_for, row_number, saved
from tracker.models import Actor, Assignment, ProgressUpdate, User
from tracker.reading.office import program
from tracker.reports.workbook import HEADER_ROW
from tracker.rules.personal_data import IdentityNumber
from tracker.rules.states import AssignmentState as State
from tracker.rules.states import ReportChannel
from tracker.workflow.progress import NoEvidence, PercentUnderWay, report
from tracker.workflow.workbook_import import LONGEST_IN_PAGE, Compared, NoLongerWaiting, compare, fetch, keep, save


@pytest.fixture
def user(make: Factory) -> User:
    return make.user()


class Desk:
    """One person with a workbook."""

    def __init__(self, session: Session, user: User, folder: Path) -> None:
        self.session, self.user, self.folder = session, user, folder
        self.given: dict[str, Any] = {"actor": Actor(user.name, "127.0.0.1", user), "today": TODAY, "now": NOW}

    def compare(self, data: bytes) -> Compared:
        found = compare(self.session, read_for(self.user, data), **self.given)
        self.session.rollback()
        return found

    def confirm(self, compared: Compared, insisted: set[int] | None = None, secret: str = SECRET) -> int:
        rest = {"user_id": self.user.id, "secret": secret, "folder": self.folder / "imports", "now": NOW}
        waiting = fetch(keep(compared, **rest), **rest)
        count, _left = save(self.session, waiting.chosen(insisted or set()), **self.given)
        self.session.commit()
        return count

    def tell(self, row: Assignment, text: str) -> None:
        report(self.session, row, state=State.IN_PROGRESS, text=text, percent=20, evidence_folder=self.folder,
               **self.given)
        self.session.commit()


@pytest.fixture
def desk(session: Session, user: User, tmp_path: Path) -> Desk:
    return Desk(session, user, tmp_path)


def test_what_would_change_is_shown_and_nothing_is_saved(session: Session, make: Factory, desk: Desk) -> None:
    rows = [make.assignment(desk.user.agency) for _ in range(6)]
    good, same, bad, taken, handed_in, listed = rows
    data = filled(made_for(session, desk.user), {
        good.id: {"text": "Đã mở lớp.", "percent": 30}, bad.id: {"text": "Xong.", "state": "Đã hoàn thành"},
        taken.id: {"text": "Của tôi."}, handed_in.id: {"text": "Thêm."}, listed.id: {"text": "Số 001085012345."},
    })  # fmt: skip
    desk.tell(taken, "Của người khác.")
    desk.tell(same, "Người khác ghi dòng tôi không sửa.")
    handed_in.state, handed_in.submitted_on = State.SUBMITTED, TODAY
    session.commit()

    found = desk.compare(data)

    assert [item.row.assignment_id for item in found.changed if item.row] == [good.id]
    assert [item.row.assignment_id for item in found.conflicts if item.row] == [taken.id]
    assert [item.row.assignment_id for item in found.gone if item.row] == [handed_in.id]
    assert [type(problem) for item in found.bad for problem in item.problems] == [NoEvidence, IdentityNumber]
    assert [item.number for item in found.bad] == sorted(item.number for item in found.bad)
    assert found.unchanged == 1
    assert session.query(ProgressUpdate).count() == 2
    assert good.state is State.OPEN


def test_confirming_saves_the_good_rows_alone(session: Session, make: Factory, desk: Desk) -> None:
    rows = [make.assignment(desk.user.agency) for _ in range(3)]
    data = filled(made_for(session, desk.user), {
        rows[0].id: {"text": "Một.", "percent": 30}, rows[1].id: {"text": "Hai.", "percent": 100},
        rows[2].id: {"text": "Ba.", "state": "Đã hoàn thành", "document_number": "9/BC", "document_on": TODAY},
    })  # fmt: skip
    compared = desk.compare(data)

    assert [type(problem) for item in compared.bad for problem in item.problems] == [PercentUnderWay]
    assert desk.confirm(compared) == 2
    assert [row.state for row in rows] == [State.IN_PROGRESS, State.OPEN, State.SUBMITTED]
    assert {update.channel for update in session.query(ProgressUpdate)} == {ReportChannel.WORKBOOK}
    assert desk.confirm(compared) == 0  # pressed twice


def test_the_same_file_a_second_time_changes_nothing(session: Session, make: Factory, desk: Desk) -> None:
    rows = [make.assignment(desk.user.agency) for _ in range(2)]
    data = filled(made_for(session, desk.user), {
        rows[0].id: {"text": "Một.", "percent": 30, "proposals": "Xin thêm."},
        rows[1].id: {"text": "Hai.", "state": "Đã hoàn thành", "document_number": "9/BC", "document_on": TODAY},
    })  # fmt: skip
    desk.confirm(desk.compare(data))

    again = desk.compare(data)

    assert (again.changed, again.conflicts, again.bad, again.gone, again.unchanged) == ([], [], [], [], 2)


def test_a_conflict_is_saved_only_when_it_is_ticked(session: Session, make: Factory, desk: Desk) -> None:
    row = make.assignment(desk.user.agency)
    data = filled(made_for(session, desk.user), {row.id: {"text": "Của tôi.", "percent": 50}})
    desk.tell(row, "Của người khác.")
    compared = desk.compare(data)

    assert desk.confirm(compared) == 0
    assert desk.confirm(compared, {row.id}) == 1
    assert session.query(ProgressUpdate).order_by(ProgressUpdate.id.desc()).first().text == "Của tôi."  # type: ignore[union-attr]


def test_a_change_between_showing_and_confirming_is_not_written_over(
    session: Session, make: Factory, desk: Desk
) -> None:
    row = make.assignment(desk.user.agency)
    compared = desk.compare(filled(made_for(session, desk.user), {row.id: {"text": "Của tôi."}}))
    desk.tell(row, "Của người khác.")

    assert desk.confirm(compared) == 0
    assert session.query(ProgressUpdate).one().text == "Của người khác."


def test_what_waits_is_one_persons_and_an_hour_old_at_most(session: Session, make: Factory, desk: Desk) -> None:
    row = make.assignment(desk.user.agency)
    compared = desk.compare(filled(made_for(session, desk.user), {row.id: {"text": "Một."}}))
    mine = {"user_id": desk.user.id, "secret": SECRET, "folder": desk.folder / "imports", "now": NOW}
    handed = keep(compared, **mine)  # type: ignore[arg-type]

    assert len(fetch(handed, **mine).changed) == 1  # type: ignore[arg-type]
    for other in ({"user_id": desk.user.id + 1}, {"secret": "other"}, {"now": NOW + timedelta(minutes=61)}):
        with pytest.raises(NoLongerWaiting):
            fetch(handed, **(mine | other))  # type: ignore[arg-type]
    for made_up in ("", "x", handed[:-2], "file:../../etc/passwd", "file:" + "a" * 32):
        with pytest.raises(NoLongerWaiting):
            fetch(made_up, **mine)  # type: ignore[arg-type]


def test_a_long_one_waits_in_a_file_that_is_swept(session: Session, make: Factory, desk: Desk) -> None:
    rows = [make.assignment(desk.user.agency) for _ in range(40)]
    noise = {row.id: {"text": "".join(random.choices(string.ascii_letters, k=9_000))} for row in rows}
    compared = desk.compare(filled(made_for(session, desk.user), noise))
    folder = desk.folder / "imports"
    mine = {"user_id": desk.user.id, "secret": SECRET, "folder": folder, "now": NOW}

    handed = keep(compared, **mine)  # type: ignore[arg-type]

    assert handed.startswith("file:")
    assert len(handed) < LONGEST_IN_PAGE
    [path] = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert len(fetch(handed, **mine).changed) == 40  # type: ignore[arg-type]
    keep(compared, **(mine | {"now": NOW + 2 * timedelta(hours=1)}))  # type: ignore[arg-type]
    assert not path.exists()


def test_two_thousand_rows_are_read_compared_and_saved(session: Session, make: Factory, desk: Desk) -> None:
    plan = make.plan()
    task = make.task(plan)
    session.add_all(Assignment(plan_id=plan.id, task_id=task.id, agency_id=desk.user.agency_id, occurrence=str(n),
                               due_on=TODAY, created_at=NOW) for n in range(2000))
    session.commit()
    begun = time.perf_counter()
    data = made_for(session, desk.user)
    sheet = opened(data)
    for number in range(HEADER_ROW + 1, HEADER_ROW + 2001):
        sheet.cell(number, PLACE["text"]).value = f"Kết quả số {number}."
    data = saved(sheet)
    made = time.perf_counter()

    rows = read_for(desk.user, data)
    understood = time.perf_counter()
    compared = desk.compare(data)
    compared_at = time.perf_counter()
    saved_rows = desk.confirm(compared)

    print(f"2,000 rows: made {made - begun:.1f} s, read {understood - made:.1f} s, read and compared "
          f"{compared_at - understood:.1f} s, saved {time.perf_counter() - compared_at:.1f} s, {len(data)} bytes")
    assert len(rows) == len(compared.changed) == saved_rows == 2000


@pytest.mark.parametrize("kind", ["under way", "handed in", "refused", "changed by others"])
def test_a_row_more_costs_few_statements_more(session: Session, make: Factory, desk: Desk, kind: str) -> None:
    few, many = 10, 60
    said: dict[str, Any] = {"text": "Mới.", "percent": 40}
    if kind == "handed in":
        said = {"text": "Xong.", "state": "Đã hoàn thành"}
    elif kind == "refused":
        said = {"text": "Số 001085012345."}
    sent: list[int] = []
    for count in (few, many):
        rows = [make.assignment(desk.user.agency) for _ in range(count)]
        for row in rows if kind == "handed in" else ():
            report(session, row, state=State.IN_PROGRESS, text="Có công văn.", document_number="1/BC",
                   document_on=TODAY, evidence_folder=desk.folder, **desk.given)
        data = filled(made_for(session, desk.user), {row.id: said for row in rows})
        for row in rows if kind == "changed by others" else ():
            desk.tell(row, "Của người khác.")
        read = read_for(desk.user, data)
        mine = {row.id for row in rows}
        session.commit()
        with counted_statements() as statements:
            compared = compare(session, [row for row in read if row.row and row.row.assignment_id in mine],
                               **desk.given)
            session.rollback()
            saved_rows = desk.confirm(compared, mine)
            sent.append(len(statements))
        assert saved_rows == (0 if kind == "refused" else count)

    # Tried, and saved: PostgreSQL is told of each row's new version; SQLite of the report and the audit row as well.
    a_row = {"postgresql": 2, "sqlite": 6}[session.get_bind().dialect.name]
    assert sent[1] - sent[0] <= (0 if kind == "refused" else a_row * (many - few))


def calc() -> str | None:
    """Give LibreOffice when it can open spreadsheets, which is a package of its own."""
    office = program()
    return office if office and (Path(office).resolve().parent / "libsclo.so").exists() else None


@pytest.mark.skipif(calc() is None, reason="no LibreOffice Calc: run `make tools` as root")
def test_it_survives_being_saved_by_libreoffice(session: Session, make: Factory, desk: Desk, tmp_path: Path) -> None:
    rows = [make.assignment(desk.user.agency) for _ in range(3)]
    desk.tell(rows[1], "Dòng một.\nDòng hai: = 5 lớp.")
    source, out = tmp_path / "bao-cao.xlsx", tmp_path / "out"
    source.write_bytes(filled(made_for(session, desk.user), {
        rows[0].id: {"text": "=1+1 lớp", "percent": "=20+20", "document_number": "12/BC-SYT", "document_on": TODAY},
        rows[2].id: {"text": "Xong.", "state": "Đã hoàn thành", "document_number": "9/BC", "document_on": "01/03/2026"},
    }))  # fmt: skip
    sheet = opened(source.read_bytes())
    sheet.cell(row_number(sheet, rows[0].id), PLACE["text"]).data_type = "s"
    source.write_bytes(saved(sheet))

    office = calc()
    assert office is not None
    subprocess.run([office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
                    "xlsx", "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=120)
    found = desk.compare((out / "bao-cao.xlsx").read_bytes())

    assert found.bad == []
    assert found.unchanged == 1
    said = {item.row.assignment_id: item.row.said for item in found.changed if item.row}
    assert (said[rows[0].id].text, said[rows[0].id].percent) == ("=1+1 lớp", 40)
    assert (said[rows[0].id].document_number, said[rows[0].id].document_on) == ("12/BC-SYT", TODAY)
    assert (said[rows[2].id].state, said[rows[2].id].document_on) == (State.SUBMITTED, date(2026, 3, 1))

"""The workbook: downloaded, filled in anywhere, uploaded, shown row by row, then saved."""
from __future__ import annotations

import re
from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.config import MEGABYTE, Settings
from tracker.extensions import db
from tracker.reports import workbook as book
from tracker.reports.grid import all_owed, count_owed
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.downloads import to_save
from tracker.web.guard import actor, needs, person
from tracker.web.my_work import bp
from tracker.web.my_work.workbook_words import changes
from tracker.web.refusals import explain
from tracker.workflow import workbook_import
from tracker.workflow.workbook_import import Compared
from tracker.workflow.workbook_reading import LARGEST_WORKBOOK, FilledRow, WorkbookTooLarge, read


@bp.route("/workbook")
@needs(Permission.PROGRESS_REPORT)
def workbook() -> ResponseReturnValue:
    """Offer the workbook, and take a filled one."""
    return _page()


def _page(error: str = "") -> str:
    return render_template("my_work/workbook.html", owed=count_owed(db.session(), person()), most=book.MOST_ROWS,
                           limit=LARGEST_WORKBOOK // MEGABYTE, error=error)


@bp.route("/workbook/download")
@needs(Permission.PROGRESS_REPORT)
def download_workbook() -> ResponseReturnValue:
    """Hand out what the agency owes as a workbook, prefilled with what was said last."""
    today, agency = clock.today(), person().agency
    rows = all_owed(db.session(), person(), today=today, most=book.MOST_ROWS)
    made = Response(book.write(rows, agency=agency, seal=_seal(), today=today), mimetype=book.MEDIA_TYPE)
    return to_save(made, book.file_name(agency, today))


@bp.route("/workbook", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def check_workbook() -> ResponseReturnValue:
    """Read a filled workbook and show what it would change; nothing is saved yet."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(_("Hãy chọn tệp Excel đã ghi.")), 400
    try:
        data = file.stream.read(LARGEST_WORKBOOK + 1)
        if len(data) > LARGEST_WORKBOOK:
            raise WorkbookTooLarge(limit=LARGEST_WORKBOOK // MEGABYTE)
        rows = read(data, file.filename, _seal())
    except Refusal as refusal:
        return _page(explain(refusal)), 400
    return _checked_page(rows)


@bp.route("/workbook/save", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def save_workbook() -> ResponseReturnValue:
    """Save the rows that were shown and confirmed; those that can't be saved any more are shown again."""
    secret, folder = _waiting_room()
    try:
        waiting = workbook_import.fetch(request.form.get("waiting", ""), user_id=person().id, secret=secret,
                                        folder=folder, now=clock.now())
    except Refusal as refusal:
        return _page(explain(refusal)), 400
    insisted = {int(raw) for raw in request.form.getlist("insist") if re.fullmatch(r"[0-9]{1,10}", raw)}
    saved, left = workbook_import.save(db.session(), waiting.chosen(insisted), actor=actor(),
                                       today=clock.today(), now=clock.now())
    db.session.commit()
    if left:
        return _checked_page(left, saved), 409
    flash(ngettext("Đã lưu %(num)d dòng từ tệp Excel.", "Đã lưu %(num)d dòng từ tệp Excel.", saved) if saved
          else _("Không có dòng nào thay đổi nên không lưu gì."), "success" if saved else "info")
    return redirect(url_for("my_work.index"))


def _checked_page(rows: list[FilledRow], saved: int | None = None) -> str:
    compared = workbook_import.compare(db.session(), rows, actor=actor(), today=clock.today(), now=clock.now())
    return render_template("my_work/workbook_check.html", compared=compared, waiting=_wait(compared), saved=saved,
                           changes=changes, explain=explain)


def _wait(compared: Compared) -> str:
    if not compared.changed and not compared.conflicts:
        return ""
    secret, folder = _waiting_room()
    return workbook_import.keep(compared, user_id=person().id, secret=secret, folder=folder, now=clock.now())


def _waiting_room() -> tuple[str | bytes, Path]:
    settings: Settings = current_app.extensions["settings"]
    return current_app.secret_key or "", settings.instance / "imports"


def _seal() -> book.Seal:
    return book.Seal(current_app.secret_key or "", person().agency_id)

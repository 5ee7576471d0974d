"""Days off and make-up days: the province's, and those of single agencies."""
from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, CalendarDay
from tracker.models.access import NotVisible
from tracker.models.base import LARGEST_ID
from tracker.reports.agency_days import own_calendars, year_of
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.admin import bp
from tracker.web.admin.forms import DayForm
from tracker.web.formats import day as day_words
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow import calendar as use_cases

WEEKDAYS = (_l("Thứ Hai"), _l("Thứ Ba"), _l("Thứ Tư"), _l("Thứ Năm"), _l("Thứ Sáu"), _l("Thứ Bảy"), _l("Chủ nhật"))


@bp.app_template_filter()
def weekday(value: date) -> str:
    """Give the name of a date's day of the week."""
    return str(WEEKDAYS[value.weekday()])


def _year() -> int:
    """Read which year is wanted; this one when that makes no sense."""
    year = request.values.get("year", type=int)
    return year if year and use_cases.FIRST_YEAR <= year <= use_cases.LAST_YEAR else clock.today().year


def _agency() -> Agency | None:
    """Read whose calendar is wanted; the province's when that makes no sense."""
    given = request.form if request.method == "POST" else request.args
    agency_id = given.get("agency", 0, type=int)
    return db.session.get(Agency, agency_id) if 0 < agency_id <= LARGEST_ID else None


def _page(form: DayForm, year: int, agency: Agency | None) -> str:
    return render_template("admin/calendar.html", form=form, year=year, agency=agency,
                           rows=year_of(db.session(), year, agency.id if agency else None),
                           own=own_calendars(db.session(), year),
                           first=use_cases.FIRST_YEAR, last=use_cases.LAST_YEAR)


@bp.route("/calendar", methods=["GET", "POST"])
@needs(Permission.CALENDAR_MANAGE)
def calendar() -> ResponseReturnValue:
    """Show a year's days that differ from the ordinary week, and add one, for the province or for one agency."""
    agency = _agency()
    form = DayForm(agency=agency.id if agency else 0)
    if form.validate_on_submit():
        try:
            row = use_cases.add_day(db.session(), day=form.day.data, kind=form.kind.data, name=form.name.data,
                                    source=form.source.data, agency=agency, actor=actor(), now=clock.now())
        except Refusal as refusal:
            form.day.errors = [*form.day.errors, explain(refusal)]
        else:
            db.session.commit()
            if agency is None:
                flash(_("Đã thêm ngày %(day)s.", day=day_words(row.day)))
            else:
                flash(_("Đã thêm ngày %(day)s vào lịch riêng của %(agency)s.", day=day_words(row.day),
                        agency=agency.name))
            return redirect(url_for("admin.calendar", year=row.day.year, agency=row.agency_id))
    return _page(form, _year(), agency)


@bp.route("/calendar/fill", methods=["POST"])
@needs(Permission.CALENDAR_MANAGE)
def fill_calendar() -> ResponseReturnValue:
    """Fill a year from the holidays package; what is there stays."""
    year = request.form.get("year", 0, type=int)
    try:
        added = use_cases.fill_year(db.session(), year, actor=actor(), now=clock.now())
    except Refusal as refusal:
        flash(explain(refusal), "error")
        return redirect(url_for("admin.calendar"))
    db.session.commit()
    if added:
        flash(ngettext("Đã nạp %(num)d ngày của năm %(year)s. Hãy đối chiếu với văn bản cho nghỉ của năm.",
                       "Đã nạp %(num)d ngày của năm %(year)s. Hãy đối chiếu với văn bản cho nghỉ của năm.",
                       added, year=year))
    else:
        flash(_("Năm %(year)s không có ngày nào mới để nạp; các dòng đang có được giữ nguyên.", year=year), "info")
    return redirect(url_for("admin.calendar", year=year))


@bp.route("/calendar/<int:day_id>/delete", methods=["GET", "POST"])
@needs(Permission.CALENDAR_MANAGE)
def delete_day(day_id: int) -> ResponseReturnValue:
    """Ask whether a day should be ordinary again, and make it so."""
    row = db.session.get(CalendarDay, day_id)
    if row is None:
        raise NotVisible
    if request.method == "POST":
        year, words, agency_id = row.day.year, day_words(row.day), row.agency_id
        use_cases.delete_day(db.session(), row, actor=actor(), now=clock.now())
        db.session.commit()
        flash(_("Đã xóa ngày %(day)s khỏi lịch.", day=words))
        return redirect(url_for("admin.calendar", year=year, agency=agency_id))
    return render_template("admin/delete_day.html", row=row)

"""Agencies and the names plans print for them."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, AgencyKind, AgencyLevel
from tracker.models.access import NotVisible
from tracker.reports import admin_lists
from tracker.reports.admin_lists import AgencyFilter
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.admin import bp
from tracker.web.admin.forms import AgencyForm
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow.agencies import AliasTaken, create_agency, edit_agency


@bp.route("/agencies")
@needs(Permission.AGENCY_MANAGE)
def agencies() -> ResponseReturnValue:
    """List agencies, searched without diacritics, by name and other names."""
    wanted = AgencyFilter.from_args(request.args)
    page = admin_lists.agencies(db.session(), wanted, after=request.args.get("after"))
    return render_template("admin/agencies.html", page=page, wanted=wanted, kinds=AgencyKind, levels=AgencyLevel)


@bp.route("/agencies/new", methods=["GET", "POST"])
@needs(Permission.AGENCY_MANAGE)
def new_agency() -> ResponseReturnValue:
    """Add an agency."""
    form = AgencyForm()
    if form.validate_on_submit():
        try:
            agency = create_agency(db.session(), **form.given, actor=actor(), now=clock.now())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            db.session.commit()
            flash(_("Đã thêm %(name)s.", name=agency.name))
            return redirect(url_for("admin.agencies"))
    return render_template("admin/new_agency.html", form=form)


@bp.route("/agencies/<int:agency_id>", methods=["GET", "POST"])
@needs(Permission.AGENCY_MANAGE)
def change_agency(agency_id: int) -> ResponseReturnValue:
    """Correct an agency and its other names."""
    agency = db.session.get(Agency, agency_id)
    if agency is None:
        raise NotVisible
    form = AgencyForm(name=agency.name, short_name=agency.short_name, kind=agency.kind, level=agency.level,
                      is_requested=agency.is_requested, position=agency.position,
                      aliases="\n".join(alias.name for alias in agency.aliases))
    if form.validate_on_submit():
        try:
            edit_agency(db.session(), agency, **form.given, actor=actor(), now=clock.now())
        except Refusal as refusal:
            _show(form, refusal)
        else:
            db.session.commit()
            flash(_("Đã lưu %(name)s.", name=agency.name))
            return redirect(url_for("admin.agencies"))
    return render_template("admin/change_agency.html", form=form, agency=agency)


def _show(form: AgencyForm, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about."""
    place = form.aliases if isinstance(refusal, AliasTaken) else form.name
    place.errors = [*place.errors, explain(refusal)]

"""A body that a plan names and the catalogue does not know: put into the catalogue, or tied to one that is there.

A class of bodies ("Công an 16 xã") becomes a group: of the members that the plan lists, or of agencies that are chosen.
"""
from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from tracker import clock
from tracker.extensions import db
from tracker.models import Agency, AgencyGroup, AgencyKind, AgencyLevel, Plan
from tracker.models.catalogue import Basis, Catalogue, Link, load_catalogue, reference
from tracker.models.proposals import Proposal, is_class, propose
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs
from tracker.web.plans import bp
from tracker.web.plans.forms import LONGEST_LINE
from tracker.web.plans.review_views import back, plan_of
from tracker.web.plans.screen import Wish, number
from tracker.web.refusals import explain
from tracker.web.text_fields import TextLine
from tracker.web.words import WORDS
from tracker.workflow import body_groups, unknown_bodies

_TOO_LONG = Length(max=LONGEST_LINE, message=_l("Không dài quá %(max)d ký tự."))


class UnknownBodyForm(FlaskForm):  # type: ignore[misc]
    """What sort of body a printed name is; or the one of the catalogue that it means."""

    name = TextLine(_l("Tên đầy đủ của cơ quan"), validators=[_TOO_LONG])
    kind = SelectField(_l("Loại cơ quan"), choices=[SelectChoice(k.value, w) for k, w in WORDS[AgencyKind].items()])
    level = SelectField(_l("Cấp"), choices=[SelectChoice(k.value, w) for k, w in WORDS[AgencyLevel].items()])
    is_requested = BooleanField(_l("Ủy ban nhân dân chỉ đề nghị được, không giao việc (Tòa án, Viện kiểm sát, Mặt "
                                   "trận, đoàn thể, báo chí…)"))
    there = TextLine(_l("Cơ quan hoặc nhóm đã có trong danh mục"), validators=[_TOO_LONG])
    picked = HiddenField()


def _guess(proposal: Proposal | None, printed: str) -> dict[str, Any]:
    if proposal is None:
        return {"name": printed, "kind": AgencyKind.OTHER.value, "level": AgencyLevel.PROVINCE.value}
    return {"name": proposal.name, "kind": proposal.kind.value, "level": proposal.level.value,
            "is_requested": proposal.is_requested}


@bp.route("/<int:plan_id>/bodies/new", methods=["GET", "POST"])
@needs(Permission.AGENCY_ADD)
def new_body(plan_id: int) -> ResponseReturnValue:
    """Say who a printed name is; every duty that prints it gets that body at once."""
    plan = plan_of(plan_id)
    printed = " ".join(request.values.get("printed", "").replace("\0", "").split())[:LONGEST_LINE]
    wish = Wish.from_args(request.values)
    if plan.state is not PlanState.REVIEW or not printed:
        return redirect(url_for("plans.show", plan_id=plan.id))
    proposal = propose(printed)
    form = UnknownBodyForm(data=_guess(proposal, printed))
    if form.validate_on_submit():
        try:
            name, duties = _save(plan, printed, form)
        except Refusal as refusal:
            db.session.rollback()
            plan = plan_of(plan_id)
            form.form_errors.append(explain(refusal))
        else:
            db.session.commit()
            flash(_("Đã gắn %(name)s vào %(duties)d nhiệm vụ.", name=name, duties=duties))
            return back(plan_id, wish, wish.task_id)
    session = db.session()
    tasks = unknown_bodies.tasks_printing(session, plan, printed)
    catalogue = load_catalogue(session)
    about_class = _about_class(plan, printed, catalogue, proposal) if is_class(printed) else {}
    return render_template("plans/new_body.html", plan=plan, form=form, printed=printed, wish=wish, tasks=tasks,
                           proposal=proposal, suggestions=_suggestions(catalogue, printed), reference=reference,
                           Basis=Basis, **about_class)


def _suggestions(catalogue: Catalogue, printed: str) -> list[Link]:
    """Give the bodies of today that the name may mean; a class is no agency."""
    today, only_groups = clock.today(), is_class(printed)
    return [link for link in catalogue.suggest(printed)
            if isinstance(link.body, AgencyGroup)
            or not (only_groups or (link.body.ended_on and link.body.ended_on < today))]


def _about_class(plan: Plan, printed: str, catalogue: Catalogue, proposal: Proposal | None) -> dict[str, Any]:
    """Give what the page offers for a class: the members that the plan lists, and agencies to choose from."""
    session = db.session()
    if "shown" in request.values:
        kinds = [kind for kind in AgencyKind if kind.value in request.values.getlist("kinds")]
        levels = [level for level in AgencyLevel if level.value in request.values.getlist("levels")]
    else:
        known = proposal is not None and proposal.kind is not AgencyKind.OTHER
        kinds, levels = ([proposal.kind], [proposal.level]) if known and proposal else ([], [])
    return {
        "listed": body_groups.listed_members(session, plan, printed, catalogue),
        "choice": body_groups.agencies_of(session, kinds, levels, today=clock.today()),
        "kinds": kinds, "levels": levels, "KINDS": WORDS[AgencyKind], "LEVELS": WORDS[AgencyLevel], "is_class": True,
        "is_asked": "shown" in request.values,
    }


def _save(plan: Plan, printed: str, form: UnknownBodyForm) -> tuple[str, int]:
    """Tie the name to the body that was picked, or else put a new one into the catalogue. Raises Refusal."""
    session, then = db.session(), request.form.get("then")
    if then in {"listed", "chosen"}:
        return _save_group(plan, printed, listed=then == "listed")
    if then == "there":
        typed = form.there.data or ""
        catalogue = load_catalogue(session)
        body = catalogue.pick(form.picked.data or "", typed) or catalogue.match(typed)
        if body is None:
            raise unknown_bodies.BodyNotFound(name=typed)
        return body.name, unknown_bodies.link(session, plan, printed, body, actor=actor(), now=clock.now())
    agency, duties = unknown_bodies.add_and_link(
        session, plan, printed, name=form.name.data or "", kind=AgencyKind(form.kind.data),
        level=AgencyLevel(form.level.data), is_requested=bool(form.is_requested.data), actor=actor(), now=clock.now())
    return agency.name, duties


def _save_group(plan: Plan, printed: str, *, listed: bool) -> tuple[str, int]:
    """Make a group of the members that the plan lists, or of the agencies that were ticked. Raises Refusal."""
    session = db.session()
    members: list[Agency] = []
    missing: list[Proposal] = []
    if listed:
        found = body_groups.listed_members(session, plan, printed, load_catalogue(session))
        members, missing = (found.there, found.missing) if found else ([], [])
    else:
        ticked = [one for raw in request.form.getlist("members") if (one := number(raw)) is not None]
        members = list(session.scalars(select(Agency).where(Agency.id.in_(ticked[: body_groups.MOST_MEMBERS]))
                                       .order_by(Agency.level.desc(), Agency.position, Agency.id)))
    group, duties = body_groups.group_and_link(session, plan, printed, members, missing, actor=actor(),
                                               now=clock.now(), today=clock.today())
    return group.name, duties

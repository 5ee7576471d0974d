"""The page behind a mail's link. The link's person counts, whoever else is logged in in the same browser.

It shows what that person's own agency owes and is returned, late or due within a week; there is no way on from it to
any other page but the log-in. Opening changes nothing, so mail scanners may: only a press on a button saves.
"""
from __future__ import annotations

from typing import Any

import structlog
from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db, limiter
from tracker.models import Actor, Assignment, ProgressUpdate, User
from tracker.models.access import NotVisible
from tracker.models.mail_link import MOST_ITEMS, due_items, item_for, opens, person_for_token
from tracker.models.policy import load_policy
from tracker.reports.history import latest_report
from tracker.reports.my_work import jobs_of
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import OWED, ReportChannel
from tracker.web.assignments.filling import filled_form
from tracker.web.assignments.forms import ProgressForm, QuickForm
from tracker.web.assignments.reporting import CONFLICT, SAVED, attempt, form_parts, pressed
from tracker.web.downloads import evidence_folder
from tracker.web.guard import needs
from tracker.web.mail_link import bp
from tracker.web.refusals import explain
from tracker.workflow import drafts, progress, uploading
from tracker.workflow.progress import NoEvidence, QuickAnswer

#: For each address on the network. An office may share one, and its mail scanner opens every link first.
OPENINGS, SAVES = "60 per minute", "20 per minute"

log = structlog.get_logger("tracker.mail_link")


@bp.route("/<token>")
@needs(Permission.ANYONE)
@limiter.limit(OPENINGS)
def items(token: str) -> ResponseReturnValue:
    """Show the due items, one of them opened to be reported on (`?open=12`), or what was just saved (`?saved=12`)."""
    user = _person(token)
    log.info("mail link opened", user_id=user.id, address=request.remote_addr)
    return _page(token, user, opened=request.args.get("open", type=int), saved=request.args.get("saved", type=int))


@bp.route("/<token>/<int:assignment_id>", methods=["POST"])
@needs(Permission.ANYONE)
@limiter.limit(SAVES)
def report(token: str, assignment_id: int) -> ResponseReturnValue:
    """Save a report, in the name of the link's person."""
    user = _person(token)
    row = item_for(db.session(), user, assignment_id)
    with force_locale(user.locale):
        form = ProgressForm()
        if _has_moved(row):
            return _page(token, user, kept=form, refused=_moved()), CONFLICT
        if pressed(row, form, user):
            if not form.is_kept:
                return redirect(_item(token, row))
            return _page(token, user, opened=row.id, form=form)
        status = attempt(row, form, channel=ReportChannel.MAIL_LINK, actor=_actor(user))
        if status == SAVED:
            return redirect(url_for("mail_link.items", token=token, saved=row.id), 303)
        return _page(token, user, opened=row.id, form=form, conflict=status == CONFLICT), status


@bp.route("/<token>/<int:assignment_id>/answer", methods=["POST"])
@needs(Permission.ANYONE)
@limiter.limit(SAVES)
def answer(token: str, assignment_id: int) -> ResponseReturnValue:
    """Report with one press (answer: no_change or done); done without any evidence opens the form at its files."""
    user, session = _person(token), db.session()
    row = item_for(session, user, assignment_id)
    if request.form.get("answer") not in set(QuickAnswer):
        abort(400)
    said = QuickAnswer(request.form["answer"])
    if _has_moved(row):
        return _page(token, user, refused=_moved()), CONFLICT
    try:
        progress.quick_answer(
            session, row, said, actor=_actor(user), channel=ReportChannel.MAIL_LINK, evidence_folder=evidence_folder(),
            draft_files=uploading.staged(session, row, user) if said is QuickAnswer.DONE else (),
            expected_version=QuickForm().seen_version, today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except NoEvidence:
        session.rollback()
        return redirect(_item(token, row, done=1), 303)
    except Refusal as refusal:
        session.rollback()
        with force_locale(user.locale):
            return _page(token, user, refused=explain(refusal)), CONFLICT
    if said is QuickAnswer.DONE:
        drafts.forget(session, row, user)
    session.commit()
    return redirect(url_for("mail_link.items", token=token, saved=row.id), 303)


def _person(token: str) -> User:
    session = db.session()
    settings: Settings = current_app.extensions["settings"]
    return person_for_token(session, token, settings.secret_key or "", now=clock.now(),
                            days=load_policy(session).link_days)


def _actor(user: User) -> Actor:
    """Say for the audit that this person acted, through the link and without a log-in."""
    return Actor(user.name, f"mail link {request.remote_addr or '?'}", user)


def _item(token: str, row: Assignment, **more: Any) -> str:
    return url_for("mail_link.items", token=token, open=row.id, **more, _anchor=f"viec-{row.id}")


def _has_moved(row: Assignment) -> bool:
    """Tell whether it is still owed, but not among what a link opens (any more)."""
    days_left = (row.due_on - clock.today()).days if row.due_on else None
    return row.state in OWED and not opens(row.state, days_left)


def _moved() -> str:
    return str(_("Việc này không thuộc các việc mà liên kết trong thư nhận báo cáo (thời hạn có thể vừa thay đổi). Hãy "
                 "đăng nhập để báo cáo."))


def _page(token: str, user: User, *, opened: int | None = None, saved: int | None = None,
          form: ProgressForm | None = None, conflict: bool = False, kept: ProgressForm | None = None,
          refused: str = "") -> str:
    """Make the page, in the language of the link's person."""
    session = db.session()
    with force_locale(user.locale):
        rows = due_items(session, user, today=clock.today())
        chosen = next((row for row in rows if row.id == opened), None)
        if chosen is None and form is not None and opened is not None:
            # It left the list while the form was open: what was typed is shown all the same.
            chosen = item_for(session, user, opened)
        return render_template(
            "mail_link/items.html", token=token, user=user, jobs=jobs_of(session, rows[:MOST_ITEMS]), chosen=chosen,
            more=len(rows) > MOST_ITEMS, receipt=_receipt(user, saved), kept=kept, refused=refused,
            parts=_parts(token, user, chosen, form, conflict=conflict) if chosen else {},
        )


def _parts(token: str, user: User, row: Assignment, form: ProgressForm | None, *, conflict: bool) -> dict[str, Any]:
    done = "done" in request.args
    return form_parts(row, form or filled_form(row, user, done=done), user, conflict=conflict, live=False,
                      action=url_for("mail_link.report", token=token, assignment_id=row.id),
                      focus="files" if done else None)


def _receipt(user: User, saved: int | None) -> ProgressUpdate | None:
    """Find what this person has just reported; an address written by hand shows nothing else."""
    if saved is None:
        return None
    try:
        last = latest_report(db.session(), item_for(db.session(), user, saved))
    except NotVisible:
        return None
    return last if last and last.author_id == user.id else None


from tracker.web.mail_link import answers  # noqa: E402, F401 -- its handlers belong to these views

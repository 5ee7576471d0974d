"""The report form: on its own page, in place in a list, on the page behind a mail's link."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from tracker import clock
from tracker.extensions import db
from tracker.models import Actor, Assignment, ProgressUpdate, User
from tracker.models.access import assignment_for, may_report
from tracker.reports.history import latest_report
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.personal_data import find_persons
from tracker.rules.states import OWED, AssignmentState, NotAllowedNow, ReportChannel
from tracker.web.accounts.next_page import next_page
from tracker.web.assignments import bp
from tracker.web.assignments.ask_forms import number
from tracker.web.assignments.filling import filled_form
from tracker.web.assignments.forms import ProgressForm, state_of
from tracker.web.assignments.sentences import due_reasons, same_file_words, saved_words
from tracker.web.assignments.views import plan_words
from tracker.web.downloads import evidence_folder
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import drafts, progress, uploading
from tracker.workflow.evidence import MOST_FILES, BadFiles, TooManyFiles, Upload
from tracker.workflow.progress import ChangedMeanwhile, FutureDocument, HalfDocument, NoEvidence, PercentUnderWay

__all__ = ["attempt", "explain_on", "filled_form", "form_parts", "pressed", "save_report", "take_files"]

#: Where on the form a refusal is shown; the others stand above it.
FIELD_OF: dict[type[Refusal], str] = {
    PercentUnderWay: "percent", HalfDocument: "document_number", FutureDocument: "document_on", NoEvidence: "files",
    TooManyFiles: "files",
}
CONFLICT, INVALID, SAVED = 409, 422, 200


@bp.route("/<int:assignment_id>/progress", methods=["GET", "POST"])
@needs(Permission.PROGRESS_REPORT)
def report_progress(assignment_id: int) -> ResponseReturnValue:
    """Report what was done; the form starts from the draft or the last report, and a failed save keeps all of it.

    `?inline=1` gives the form alone; a script (X-Requested-With: fetch) is answered in JSON when it was saved.
    """
    assignment = to_report(assignment_id)
    if request.method == "GET":
        form = filled_form(assignment, person(), done="done" in request.args)
        return _page(assignment, form)
    form = ProgressForm()
    if pressed(assignment, form, person()):
        return _page(assignment, form) if form.is_kept else redirect(_here(assignment))
    status = attempt(assignment, form, channel=ReportChannel.PAGE, actor=actor())
    by_script = request.headers.get("X-Requested-With") == "fetch"
    if status != SAVED:
        # A browser without scripts shows any answer; a script is told by the number.
        return _page(assignment, form, conflict=status == CONFLICT), (
            status if by_script or status == CONFLICT else 200)
    return _saved(assignment, notice_words(form), by_script=by_script)


def _saved(assignment: Assignment, notice: str, *, by_script: bool) -> ResponseReturnValue:
    wanted = request.values.get("next")
    where = next_page(wanted) if wanted else url_for("my_work.index")
    if not (by_script and "inline" in request.args):  # the page that comes next says it
        flash(saved_message(assignment))
        if notice:
            flash(notice, "warning")
    if not by_script:
        return redirect(where)
    waits = assignment.state is AssignmentState.SUBMITTED
    return jsonify(ok=True, message=saved_words(assignment), notice=notice, next=where, version=assignment.version,
                   withdraw=url_for("assignments.withdraw_report", assignment_id=assignment.id) if waits else None)


def saved_message(assignment: Assignment) -> str | Markup:
    """Say what was saved; what waits for the coordinator comes with the button that takes it back."""
    words = saved_words(assignment)
    if assignment.state is not AssignmentState.SUBMITTED:
        return words
    return Markup(render_template("assignments/_saved.html", words=words, assignment=assignment))


def to_report(assignment_id: int) -> Assignment:
    """Fetch an assignment that the person who is logged in reports on; 404 or 403 otherwise."""
    assignment = assignment_for(db.session(), person(), assignment_id)
    if not may_report(person(), assignment):
        abort(403)
    return assignment


def _here(assignment: Assignment) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in ("inline", "next") if name in request.args}
    return url_for("assignments.report_progress", assignment_id=assignment.id, **kept)


def _page(assignment: Assignment, form: ProgressForm, *, conflict: bool = False) -> str:
    inline = "inline" in request.args
    parts = form_parts(assignment, form, person(), conflict=conflict, inline=inline, action=_here(assignment),
                       focus="files" if "done" in request.args else None)
    if inline:
        return render_template("assignments/_report_form.html", **parts)
    return render_template("assignments/report_progress.html", reasons=due_reasons(assignment),
                           words=plan_words(assignment), **parts)


def form_parts(assignment: Assignment, form: ProgressForm, user: User, *, action: str, conflict: bool = False,
               inline: bool = False, live: bool = True, focus: str | None = None) -> dict[str, Any]:
    """Give what `assignments/_report_form.html` shows.

    `action` takes the form; `live` lets a script save drafts and send files ahead, which needs a log-in.
    """
    session = db.session()
    draft = drafts.find(session, assignment, user)
    if conflict:
        form.version.data = str(assignment.version)
    files = uploading.staged(session, assignment, user)
    return {
        "form": form, "assignment": assignment, "conflict": conflict, "reportable": assignment.state in OWED,
        "last": latest_report(session, assignment), "draft": draft, "draft_user": user, "inline": inline, "live": live,
        "stale_draft": draft is not None and draft.seen_version < assignment.version, "action": action,
        "staged": [(file, same_file_words(uploading.earlier_use(session, user, file.sha256))) for file in files],
        "most_files": MOST_FILES, "focus": focus,
    }  # fmt: skip


def attempt(assignment: Assignment, form: ProgressForm, *, channel: ReportChannel, actor: Actor) -> int:
    """Save a posted form and commit: SAVED, or what it was refused for (INVALID, CONFLICT) with the words on it."""
    if not form.validate_on_submit():
        keep_files(assignment, form, actor)
        return INVALID
    try:
        save_report(assignment, form, channel=channel, actor=actor)
    except Refusal as refusal:
        db.session.rollback()
        explain_on(form, refusal)
        return CONFLICT if isinstance(refusal, ChangedMeanwhile | NotAllowedNow) else INVALID
    db.session.commit()
    return SAVED


def save_report(assignment: Assignment, form: ProgressForm, *, channel: ReportChannel, actor: Actor) -> ProgressUpdate:
    """Report what a checked form says, with the files sent ahead, and drop its draft. The caller commits.

    Files that come with the form are kept first, in a transaction of their own, so that a refused report loses none.
    Raises BadFiles, or whatever progress.report refuses.
    """
    user = actor.user
    if user is None:
        raise ValueError("a report has an author")
    take_files(assignment, form, user)
    session = db.session()
    update = progress.report(
        session, assignment, actor=actor, state=state_of(form), percent=form.percent.data or 0, text=form.text.data,
        difficulties=form.difficulties.data, proposals=form.proposals.data, figures=form.told_figures,
        document_number=form.document_number.data, document_on=form.document_on.data, channel=channel,
        draft_files=uploading.staged(session, assignment, user), evidence_folder=evidence_folder(),
        expected_version=form.seen_version, today=clock.today(), now=clock.now(),
    )  # fmt: skip
    drafts.forget(session, assignment, user)
    return update


def take_files(assignment: Assignment, form: ProgressForm, user: User) -> None:
    """Keep each file that came with a form until its report is saved, and commit; each is judged on its own.

    Raises BadFiles for those that can't be taken.
    """
    problems: dict[str, Refusal] = {}
    chosen = form.chosen_files if assignment.state in OWED else []
    form.files.data = form.photos.data = []
    for file in chosen:
        try:
            uploading.stage(db.session(), assignment, user, Upload(file.filename, file.stream),
                            evidence_folder=evidence_folder(), now=clock.now())
        except Refusal as refusal:
            problems.setdefault(explain(refusal), refusal)
    db.session.commit()
    if problems:
        raise BadFiles(list(problems.values()))


def keep_files(assignment: Assignment, form: ProgressForm, actor: Actor) -> None:
    """Keep the good files of a form that can't be saved, and name the bad ones on it."""
    if actor.user is None:
        return
    try:
        take_files(assignment, form, actor.user)
    except BadFiles as refusal:
        explain_on(form, refusal)


def pressed(assignment: Assignment, form: ProgressForm, user: User) -> bool:
    """Do what a small button of the form says, for browsers without scripts: one more row, a file or the draft gone.

    What was typed stays, unless it was the draft that had to go. Gives False when the report itself was sent.
    """
    press = request.form.get("press", "")
    form.is_kept = press != "drop_draft"
    if not press:
        return False
    keep_files(assignment, form, Actor(user.name, "", user))
    if press == "drop_draft":
        drafts.forget(db.session(), assignment, user)
    elif press == "add_figure" and len(form.figures) < (form.figures.max_entries or 0):
        form.figures.append_entry()
    elif press.startswith("remove-") and (chosen := number(press[7:])):
        for file in uploading.staged(db.session(), assignment, user):
            if file.id == chosen:
                uploading.drop(db.session(), file)
    db.session.commit()
    return True


def explain_on(form: ProgressForm, refusal: Refusal) -> None:
    """Put the words of a refusal where on the form they belong."""
    if isinstance(refusal, BadFiles):
        form.files.errors = [*form.files.errors, *(explain(problem) for problem in refusal.problems)]
    elif type(refusal) in FIELD_OF:
        field = form[FIELD_OF[type(refusal)]]
        field.errors = [*field.errors, explain(refusal)]
    else:
        form.form_errors.append(explain(refusal))


def notice_words(form: ProgressForm) -> str:
    """Remind gently of figures only, when a text tells of one person; "" otherwise."""
    texts = (form.text.data, form.difficulties.data, form.proposals.data)
    if not find_persons("\n".join(text or "" for text in texts)):
        return ""
    return str(_("Báo cáo có nêu một người kèm năm sinh, số điện thoại hoặc nơi ở. Báo cáo vẫn được lưu, nhưng hệ "
                 "thống chỉ cần số liệu tổng hợp: lần sau hãy ghi số người, không ghi tên."))

"""Write official letters for what was picked, take them as files, note the number the registry gave them."""
from __future__ import annotations

import zipfile
from io import BytesIO

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import Letter
from tracker.models.access import NotVisible, letter_for
from tracker.reports.letters import proposed_signing, template_of
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.chase import bp
from tracker.web.chase.letter_forms import LetterForm, LetterNumberForm
from tracker.web.chase.picking import picked, wanted
from tracker.web.downloads import evidence_folder, to_save
from tracker.web.guard import actor, needs, person
from tracker.web.refusals import explain
from tracker.workflow import chasing, lettering
from tracker.workflow.lettering import Draft

#: Letters that the page writes out as text; the others look alike.
DRAFTS_SHOWN = 3


@bp.route("/letters/new", methods=["POST"])
@needs(Permission.LETTER_WRITE)
def letter_new() -> ResponseReturnValue:
    """Show the form for what was picked, then its letters as text, then make them."""
    ids = picked()
    if not ids:
        flash(_("Chưa chọn việc nào. Hãy đánh dấu cơ quan hoặc việc cần đôn đốc."), "error")
        return redirect(url_for("chase.index", **wanted().to_args()))
    step = request.form.get("step")
    if step is None:
        return _first_look(ids)
    form = LetterForm()
    if not form.validate_on_submit() or step != "make":
        return _show(form, ids)
    try:
        made = lettering.write(
            db.session(), actor(), ids, order=form.order(), one_each=form.one_each.data == "yes",
            form_key=form.form_key.data, evidence_folder=evidence_folder(), today=clock.today(), now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(explain(refusal))
        return _show(form, ids)
    db.session.commit()
    flash(_("Đã soạn công văn. Tải về, trình ký; sau khi ban hành hãy ghi số và ngày."))
    if made.left_out:
        flash(ngettext("%(num)d việc không còn quá hạn nên không đưa vào công văn.",
                       "%(num)d việc không còn quá hạn nên không đưa vào công văn.", made.left_out), "warning")
    return redirect(url_for("chase.show", chase_id=made.chase.id))


@bp.route("/letters/<int:letter_id>/download")
@needs(Permission.LETTER_WRITE)
def letter_download(letter_id: int) -> ResponseReturnValue:
    """Hand out one letter."""
    letter = _lying_there(letter_for(db.session(), person(), letter_id))
    return to_save(send_file(lettering.file_of(evidence_folder(), letter), mimetype=lettering.DOCX), letter.file_name)


def _lying_there(letter: Letter) -> Letter:
    """Give a letter whose file is on the disk. Raises NotVisible."""
    if not lettering.file_of(evidence_folder(), letter).is_file():
        current_app.logger.error("letter %s: no file %s", letter.id, letter.sha256)
        raise NotVisible
    return letter


@bp.route("/<int:chase_id>/letters.zip")
@needs(Permission.LETTER_WRITE)
def letters_zip(chase_id: int) -> ResponseReturnValue:
    """Hand out all letters of a chase in one file."""
    chase = chasing.chase_for(db.session(), person(), chase_id)
    if not chase.letters:
        raise NotVisible
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as bundle:  # a .docx is compressed already
        for position, letter in enumerate(map(_lying_there, chase.letters), start=1):
            bundle.writestr(f"{position:03d}-{letter.file_name}", lettering.content_of(evidence_folder(), letter))
    packed.seek(0)
    return to_save(send_file(packed, mimetype="application/zip"), f"cong-van-{chase.happened_on:%Y-%m-%d}.zip")


@bp.route("/letters/<int:letter_id>/number", methods=["GET", "POST"])
@needs(Permission.LETTER_WRITE)
def letter_number(letter_id: int) -> ResponseReturnValue:
    """Note the number and the date of a letter, or correct them."""
    letter = letter_for(db.session(), person(), letter_id)
    form = LetterNumberForm()
    if request.method == "GET":
        form.number.data = form.seen.data = letter.number or ""
        form.issued_on.data = letter.issued_on
    if form.validate_on_submit():
        try:
            lettering.record_number(
                db.session(), letter, actor=actor(), number=form.number.data, issued_on=form.issued_on.data,
                seen=form.seen.data or "", today=clock.today(), now=clock.now(),
            )  # fmt: skip
        except lettering.NumberChanged as refusal:
            form.seen.data = letter.number or ""
            form.form_errors.append(explain(refusal))
        except Refusal as refusal:
            form.form_errors.append(explain(refusal))
        else:
            db.session.commit()
            flash(_("Đã ghi công văn số %(number)s.", number=letter.number))
            return redirect(url_for("chase.show", chase_id=letter.chase_id))
    return render_template("chase/letter_number.html", form=form, letter=letter)


def _first_look(ids: list[int]) -> ResponseReturnValue:
    user, today = person(), clock.today()
    found = chasing.preview(db.session(), user, ids, today=today, insist=True)
    if not found.agencies:
        flash(_("Không còn việc nào quá hạn trong số đã chọn."), "error")
        return redirect(url_for("chase.index", **wanted().to_args()))
    settings: Settings = current_app.extensions["settings"]
    form = LetterForm(formdata=None)
    form.begin(lettering.last_signing(db.session(), user) or proposed_signing(user.agency, settings.province),
               today=today)
    return _show(form, ids)


def _show(form: LetterForm, ids: list[int]) -> ResponseReturnValue:
    """Show the form, and the letters it makes when it is complete."""
    found = chasing.preview(db.session(), person(), ids, today=clock.today(), insist=True)
    if not found.agencies:
        flash(_("Không còn việc nào quá hạn trong số đã chọn."), "error")
        return redirect(url_for("chase.index", **wanted().to_args()))
    drafts: list[Draft] = []
    if not form.errors and form.unit.data:
        try:
            drafts, found = lettering.drafts(db.session(), person(), ids, form.order(),
                                             one_each=form.one_each.data == "yes", today=clock.today())
        except Refusal as refusal:
            form.form_errors.append(explain(refusal))
    return render_template(
        "chase/letter_new.html", form=form, found=found, wanted=wanted(), ids=ids, drafts=drafts[:DRAFTS_SHOWN],
        letters=len(drafts), own_form=template_of(db.session(), person().agency_id),
        ordered=[one for one in found.agencies if not one.agency.is_requested],
        asked=[one for one in found.agencies if one.agency.is_requested],
    )

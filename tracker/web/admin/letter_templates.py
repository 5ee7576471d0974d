"""The forms in which each coordinating agency's letters are made."""
from __future__ import annotations

from io import BytesIO

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.config import MEGABYTE
from tracker.extensions import db
from tracker.models import Agency, LetterTemplate
from tracker.models.access import NotVisible
from tracker.reports.letter_check import Finding
from tracker.reports.letter_sandbox import LISTS, PLACES
from tracker.reports.letter_template import built_in
from tracker.reports.letters import issuers, template_of
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.admin import bp
from tracker.web.downloads import evidence_folder, to_save
from tracker.web.guard import actor, needs
from tracker.web.refusals import explain
from tracker.workflow import letter_templates as use_cases
from tracker.workflow import lettering
from tracker.workflow.evidence import Upload

#: Findings written out; a form with more has the same fault everywhere.
FINDINGS_SHOWN = 20


@bp.route("/letter-templates", methods=["GET", "POST"])
@needs(Permission.LETTER_TEMPLATE_MANAGE)
def letter_templates() -> ResponseReturnValue:
    """Show which form each agency's letters are made in, and take another one."""
    if request.method == "GET":
        return _page()
    agency = _issuer(request.form.get("agency", ""))
    file = request.files.get("file")
    if not file or not file.filename:
        return _page(agency, _("Hãy chọn tệp mẫu (.docx).")), 422
    try:
        row, findings = use_cases.accept(db.session(), agency, Upload(file.filename, BytesIO(file.stream.read())),
                                         actor=actor(), evidence_folder=evidence_folder(), now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        return _page(agency, explain(refusal)), 422
    db.session.commit()
    flash(_("Đã nhận mẫu %(name)s cho %(agency)s.", name=row.file_name, agency=agency.name))
    return _page(agency, findings=findings) if findings else redirect(url_for("admin.letter_templates"))


@bp.route("/letter-templates/built-in")
@needs(Permission.LETTER_TEMPLATE_MANAGE)
def letter_template_built_in() -> ResponseReturnValue:
    """Hand out the built-in form as the starting point of an agency's own."""
    return to_save(send_file(BytesIO(built_in()), mimetype=lettering.DOCX), "mau-cong-van.docx")


@bp.route("/letter-templates/<int:template_id>/download")
@needs(Permission.LETTER_TEMPLATE_MANAGE)
def letter_template_download(template_id: int) -> ResponseReturnValue:
    """Hand out a form that an administrator brought."""
    template = _template(template_id)
    path = lettering.file_of(evidence_folder(), template)
    if not path.is_file():
        current_app.logger.error("letter template %s: no file %s", template.id, template.sha256)
        raise NotVisible
    return to_save(send_file(path, mimetype=lettering.DOCX), template.file_name)


@bp.route("/letter-templates/<int:template_id>/retire", methods=["GET", "POST"])
@needs(Permission.LETTER_TEMPLATE_MANAGE)
def retire_letter_template(template_id: int) -> ResponseReturnValue:
    """Ask whether the built-in form should be used again, and do it."""
    template = _template(template_id)
    if request.method == "POST":
        use_cases.retire(db.session(), template, actor=actor(), now=clock.now())
        db.session.commit()
        flash(_("%(agency)s dùng lại mẫu có sẵn.", agency=template.agency.name))
        return redirect(url_for("admin.letter_templates"))
    return render_template("admin/retire_letter_template.html", template=template)


def _page(agency: Agency | None = None, problem: str = "", findings: list[Finding] | None = None) -> str:
    rows = [(issuer, template_of(db.session(), issuer.id)) for issuer in issuers(db.session())]
    return render_template(
        "admin/letter_templates.html", rows=rows, chosen=agency, problem=problem,
        findings=(findings or [])[:FINDINGS_SHOWN], more=max(0, len(findings or []) - FINDINGS_SHOWN), places=PLACES,
        lists=LISTS, limit=use_cases.TEMPLATE_LIMIT // MEGABYTE,
    )  # fmt: skip


def _issuer(raw: str) -> Agency:
    """Give the agency a form is for, if letters can come from it. Raises NotVisible."""
    found = next((issuer for issuer in issuers(db.session()) if str(issuer.id) == raw), None)
    if found is None:
        raise NotVisible
    return found


def _template(template_id: int) -> LetterTemplate:
    template = db.session.get(LetterTemplate, template_id)
    if template is None:
        raise NotVisible
    return template

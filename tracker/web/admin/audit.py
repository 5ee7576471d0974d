"""The record of changes: who, when, from where, before and after."""
from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.reports.admin_lists import AuditFilter, changes
from tracker.rules.permissions import Permission
from tracker.web.admin import bp
from tracker.web.admin.audit_words import ACTIONS, FIELDS, SUBJECTS
from tracker.web.guard import needs


@bp.route("/audit")
@needs(Permission.AUDIT_READ)
def audit() -> ResponseReturnValue:
    """List changes, newest first."""
    wanted = AuditFilter.from_args(request.args)
    page = changes(db.session(), wanted, after=request.args.get("after"))
    return render_template("admin/audit.html", page=page, wanted=wanted,
                           actions=ACTIONS, subjects=SUBJECTS, fields=FIELDS)

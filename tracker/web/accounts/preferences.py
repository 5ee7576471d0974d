"""A person's own page: how often mail comes, in which language, who stands in."""
from __future__ import annotations

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from tracker.rules.permissions import Permission
from tracker.web.accounts import bp
from tracker.web.admin.preferences import PreferencesForm, page, save
from tracker.web.guard import needs, person


@bp.route("/preferences", methods=["GET", "POST"])
@needs(Permission.SELF)
def preferences() -> ResponseReturnValue:
    """Show what one chose about the own mails, and change it."""
    user = person()
    form = PreferencesForm.of(user)
    if save(form, user):
        session["locale"] = user.locale
        return redirect(url_for("accounts.preferences"))
    return page("accounts/preferences.html", form, user)

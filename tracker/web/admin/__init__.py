"""The administrator's desk: people, agencies, days off, mail, the record of changes."""
from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from tracker.web.admin import agencies, audit, calendar, letter_templates, outbox, policy, users  # noqa: E402, F401

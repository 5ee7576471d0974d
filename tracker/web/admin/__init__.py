"""The administrator's desk: people, agencies, days off, mail, the record of changes."""
from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

from tracker.web.admin import (  # noqa: E402, F401, I001
    agencies, audit, calendar, clock, letter_templates, mail_addresses,
    outbox, policy, preferences, users,
)

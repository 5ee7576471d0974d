"""The door: logging in and out, passwords, language."""
from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/accounts")

from tracker.web.accounts import preferences, views  # noqa: E402, F401

"""Assignments: lists of them, one of them with all that happened, reporting on it, deciding on the report."""
from flask import Blueprint

bp = Blueprint("assignments", __name__, url_prefix="/assignments")

from tracker.web.assignments import asking, parts, thread, views  # noqa: E402, F401 -- the views need bp

"""The chase: what is late, agency by agency; pick, write a line, see what goes out, send; note calls and meetings."""
from flask import Blueprint

bp = Blueprint("chase", __name__, url_prefix="/chase")

from tracker.web.chase import letter_views, morning_views, note_views, views  # noqa: E402, F401

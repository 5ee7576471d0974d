"""The chase: what is late, agency by agency; pick, write a line, see what goes out, send."""
from flask import Blueprint

bp = Blueprint("chase", __name__, url_prefix="/chase")

from tracker.web.chase import views  # noqa: E402, F401

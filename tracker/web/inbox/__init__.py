"""What waits on a coordinator: reports, requests for more time, "not ours", questions; decided in place."""
from flask import Blueprint

bp = Blueprint("inbox", __name__, url_prefix="/inbox")

from tracker.web.inbox import deciding, many, views  # noqa: E402, F401 -- the views need bp

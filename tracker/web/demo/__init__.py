"""The demo's caught mails, readable in the browser. Registered in the demo only."""
from flask import Blueprint

bp = Blueprint("demo", __name__, url_prefix="/demo")

from tracker.web.demo import views  # noqa: E402, F401

"""The front page: what a person's work looks like today."""
from flask import Blueprint

bp = Blueprint("front", __name__)

from tracker.web.front import health, views  # noqa: E402, F401

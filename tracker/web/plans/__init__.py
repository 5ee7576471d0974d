"""Plans: put one in, review what was found, give the work out, see how far it is."""
from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/plans")

from tracker.web.plans import publish_views, review_views, views  # noqa: E402, F401 -- the views need bp

"""Plans: put one in, review what was found, give the work out, see how far it is."""
from flask import Blueprint

bp = Blueprint("plans", __name__, url_prefix="/plans")

from tracker.web.plans import (  # noqa: E402 -- the views need bp
    body_views,  # noqa: F401
    change_views,  # noqa: F401
    clarity_views,  # noqa: F401
    publish_views,  # noqa: F401
    reminder_views,  # noqa: F401
    review_views,  # noqa: F401
    task_views,  # noqa: F401
    text_views,  # noqa: F401
    version_views,  # noqa: F401
    views,  # noqa: F401
)

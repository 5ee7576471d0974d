"""A liaison's desk: what the agency owes."""
from flask import Blueprint

bp = Blueprint("my_work", __name__, url_prefix="/my-work")

from tracker.web.my_work import (  # noqa: E402, F401 -- the views need bp
    feed_views,
    grid_views,
    month_views,
    reply_views,
    saved_views,
    views,
    workbook_views,
)

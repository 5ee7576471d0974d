"""What the signed link of a mail opens, without logging in: one person's due items, and reporting on them."""
from flask import Blueprint

bp = Blueprint("mail_link", __name__, url_prefix="/r")

from tracker.web.mail_link import views  # noqa: E402, F401 -- the views need bp

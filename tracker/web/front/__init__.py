"""The front page: what a person's work looks like today."""
from typing import Any

from flask import Blueprint, current_app

bp = Blueprint("front", __name__)


@bp.app_context_processor
def _endpoints() -> dict[str, Any]:
    return {"is_built": lambda endpoint: endpoint in current_app.view_functions}


from tracker.web.front import views  # noqa: E402, F401

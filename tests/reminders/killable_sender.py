"""A sender that may be killed: for each moment on stdin a fork of this process delivers; its id, then its end are told.

Forked, because twenty processes that each load the application take a minute.
"""
from __future__ import annotations

import os
import sys
from datetime import datetime

from app import create_app
from tests.factories import TODAY
from tracker.config import read_settings
from tracker.extensions import db
from tracker.reminders.delivering import deliver_due


def main() -> None:
    app = create_app(read_settings(os.environ))
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith("email/digest/")):
        app.jinja_env.get_template(name)  # read once, not in every fork
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            with app.app_context():
                deliver_due(db.session(), now=datetime.fromisoformat(line.strip()), today=TODAY)
            os._exit(0)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()

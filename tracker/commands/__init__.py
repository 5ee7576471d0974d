"""Flask command groups; each command does what a page or the clock does, by hand."""
from __future__ import annotations

from flask import Flask

from tracker.commands import corrections, demo, plan, reminders, user


def init_app(app: Flask) -> None:
    """Add every command group."""
    app.cli.add_command(demo.group)
    app.cli.add_command(plan.group)
    corrections.init_group(plan.group)
    app.cli.add_command(reminders.group)
    app.cli.add_command(reminders.scheduler)
    app.cli.add_command(reminders.worker)
    app.cli.add_command(user.group)

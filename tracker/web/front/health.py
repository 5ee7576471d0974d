"""What a monitoring system asks, without an account: does it run, does the clock, does the mail leave."""
from __future__ import annotations

import logging
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.extensions import db, limiter
from tracker.models import JobRun
from tracker.reports.clock_health import ClockHealth, clock_health
from tracker.rules.permissions import Permission
from tracker.web.front import bp
from tracker.web.guard import needs

log = logging.getLogger(__name__)


@bp.route("/healthz")
@limiter.limit("120 per minute")
@needs(Permission.ANYONE)
def healthz() -> ResponseReturnValue:
    """Say in JSON how it does: 503 when the database or every clock is gone. Names nobody, tells no error's words."""
    try:
        health = clock_health(db.session(), now=clock.now())
    except SQLAlchemyError:
        log.exception("health: the database does not answer")
        db.session.rollback()
        return jsonify(status="failing", database="failing"), 503
    return jsonify(_facts(health)), 503 if health.is_dead else 200


def _facts(health: ClockHealth) -> dict[str, Any]:
    queue, lag = health.queue, health.lag
    is_well = not (health.is_dead or health.troubles or health.is_queue_late or health.ahead)
    return {
        "status": "failing" if health.is_dead else "ok" if is_well else "warning",
        "database": "ok",
        "clock": {
            "state": "dead" if health.is_dead else "ok",
            "last_beat": health.last_beat.isoformat() if health.last_beat else None,
            "lag_seconds": round(lag.total_seconds()) if lag is not None else None,
            "waits_for": health.ahead.isoformat() if health.ahead else None,
        },
        "queue": {
            "waiting": queue.waiting, "due": queue.due, "lag_seconds": round(health.queue_lag.total_seconds()),
            "parked": queue.parked, "sent_today": queue.sent_today,
        },
        "failures": [name.value for name in health.troubles],
        "jobs": {job.name.value: _run(job.run) for job in health.jobs},
    }


def _run(run: JobRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    key = run.key if run.key != run.machine else None  # machines are named to administrators only
    return {
        "state": run.state.value, "key": key, "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None, "attempts": run.attempts,
        "result": run.result,
    }

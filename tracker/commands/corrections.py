"""What reviewers corrected, printed for whoever judges the rules of the reading."""
from __future__ import annotations

import json
import sys

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from tracker.extensions import db
from tracker.models import Plan
from tracker.workflow.corrections import corrections

REFUSED = 2


def init_group(group: AppGroup) -> None:
    """Add the command to `plan`."""
    group.add_command(print_corrections)


@click.command("corrections")
@with_appcontext
@click.argument("plan_id", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="Every plan, published or not.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def print_corrections(plan_id: int | None, every: bool, as_json: bool) -> None:
    """Print what people corrected in what was read from plan PLAN_ID, or from all plans."""
    if (plan_id is None) != every:
        click.echo("Hãy ghi số của một kế hoạch, hoặc --all.", err=True)
        sys.exit(REFUSED)
    chosen = select(Plan).order_by(Plan.id)
    plans = list(db.session.scalars(chosen if every else chosen.where(Plan.id == plan_id)))
    if not plans and not every:
        click.echo(f"Không có kế hoạch {plan_id}.", err=True)
        sys.exit(REFUSED)
    for plan in plans:
        for one in corrections(db.session(), plan):
            if as_json:
                click.echo(json.dumps(one, ensure_ascii=False))
            else:
                words = " ".join((one["words"] or "").split())
                click.echo(f"{one['plan'] or plan.id}  {one['kind']:9} {one['by'] or '–':13} {words[:76]}")

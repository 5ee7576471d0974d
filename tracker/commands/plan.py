"""Plans from the command line: see what is read in a file, and put a plan in."""
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlalchemy import select

from tracker import clock, reading
from tracker.extensions import db
from tracker.extraction import extract
from tracker.extraction.records import Deadline, DeadlineKind, PlanExtract
from tracker.models import Actor, Agency, Task
from tracker.models.catalogue import load_catalogue
from tracker.rules.errors import Refusal
from tracker.workflow import importing

group = AppGroup("plan", help="Kế hoạch / plans.")

#: What a terminal shows of a long provision.
SHOWN_LETTERS = 76
REFUSED = 2


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(REFUSED)


def _read(file: Path) -> reading.Document:
    """Read a file; what can't be read ends the command with one sentence."""
    try:
        return reading.read(file.read_bytes(), file.name)
    except Refusal as refusal:
        _refuse(refusal)


def _refuse(refusal: Refusal) -> NoReturn:
    with force_locale("vi"):
        _fail(current_app.extensions["explain"](refusal))


def _in_utf8() -> None:
    """Vietnamese is printed as UTF-8 whatever the terminal's own letters are."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


@group.command("extract")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the plan extract as JSON (plan-extract/1).")
def extract_plan(file: Path, as_json: bool) -> None:
    """Print what is read in FILE (any kind that can be imported). Needs no database and no settings."""
    _in_utf8()
    found = extract(_read(file).text)
    if as_json:
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1))
    else:
        _print_table(found)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--coordinator", required=True, metavar="AGENCY", help="Name of the standing agency.")
@click.option("--again", is_flag=True, help="Import a file that this agency has already.")
def import_plan(file: Path, coordinator: str, again: bool) -> None:
    """Make a plan under review out of FILE, for the standing agency AGENCY."""
    _in_utf8()
    document = _read(file)
    agency = load_catalogue(db.session()).match(coordinator)
    if not isinstance(agency, Agency):
        _fail(f"Không có cơ quan “{coordinator}” trong danh mục.")
    try:
        plan = importing.import_plan(
            db.session(), document, coordinator=agency, actor=Actor("command", "command"), now=clock.now(),
            source_name=file.name, again=again)
    except Refusal as refusal:
        db.session.rollback()
        _refuse(refusal)
    db.session.commit()
    tasks = db.session.scalars(select(Task).where(Task.plan_id == plan.id).order_by(Task.position)).all()
    unassigned = sum(not task.owners for task in tasks)
    click.echo(f"Kế hoạch {plan.id}: {plan.number or '?'} – {plan.title}")
    click.echo(f"{len(tasks)} nhiệm vụ, trong đó {unassigned} chưa rõ cơ quan.")
    click.echo(f"Đang chờ rà soát: /plans/{plan.id}/review")


def _print_table(found: PlanExtract) -> None:
    facts = found.plan
    click.echo(f"{facts.kind or 'Kế hoạch'} {facts.number or '?'}: {facts.title or '?'}")
    click.echo(f"{facts.issuer or '?'}, {facts.issued_on or '?'}, {facts.signed_by or '?'}"
               f" · thường trực: {facts.coordinator or '?'}")
    if facts.is_news:
        click.echo("Bài báo về kế hoạch, không phải văn bản kế hoạch.")
    click.echo(f"\nNHIỆM VỤ ({len(found.tasks)})")
    for task in found.tasks:
        click.echo(f"{task.section or '–'}  {'; '.join(task.owners) or 'chưa rõ cơ quan'}"
                   + (" (đề nghị)" if task.requested else ""))
        click.echo(f"    {_short(task.text)}")
        for deadline in task.deadlines:
            click.echo(f"    ⏱ {_deadline(deadline)}")
        if task.reasons:
            click.echo(f"    ? {', '.join(task.reasons)}")
    click.echo(f"\nGIẢI PHÁP CHƯA GIAO AI ({len(found.measures)})")
    for measure in found.measures:
        click.echo(f"{measure.section or '–'}  {_short(measure.text)}")
    click.echo(f"\nCHỈ TIÊU ({len(found.indicators)})")
    for indicator in found.indicators:
        click.echo(f"{indicator.section or '–'}  {_short(indicator.text)}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_LETTERS else line[: SHOWN_LETTERS - 1] + "…"


def _deadline(deadline: Deadline) -> str:
    if deadline.kind is DeadlineKind.DATE:
        return f"{deadline.words} → {deadline.on} ({deadline.bound.value if deadline.bound else '?'})"
    values = ", ".join(f"{name}={value}" for name, value in deadline.to_json().items()
                       if value is not None and name != "kind")
    return f"{deadline.words} → {values}"

"""`plan corrections` from the command line."""
from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, Factory
from tracker.models import Actor, Plan, Task
from tracker.workflow import importing, reviewing_plan
from tracker.workflow.reviewing_plan import Seen
from tracker.workflow.task_state import mark, snapshot

TEXT = "Số: {number}/KH-UBND\nKẾ HOẠCH\nII. PHÂN CÔNG NHIỆM VỤ\n1. Sở Y tế\n- Tập huấn kỹ năng cho cán bộ y tế.\n"


@pytest.fixture
def plans(session: Session, make: Factory) -> list[Plan]:
    """Two plans, of each the only duty dropped."""
    police, made = make.agency("Công an tỉnh"), []
    for number in (5, 6):
        plan = importing.import_plan(session, importing.read_pasted(TEXT.format(number=number)), coordinator=police,
                                     actor=Actor("An", "127.0.0.1"), now=NOW)
        task = session.scalars(select(Task).where(Task.plan_id == plan.id)).one()
        reviewing_plan.drop(session, plan, task, seen=Seen(plan.version, mark(snapshot(task))),
                            actor=Actor("An", "127.0.0.1"), now=NOW)
        made.append(plan)
    session.commit()
    return made


def run(app: Flask, *args: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["plan", "corrections", *args])
    return result.exit_code, result.stdout, result.stderr


def test_each_correction_is_one_line_of_json(app: Flask, session: Session, plans: list[Plan]) -> None:
    code, out, _errors = run(app, str(plans[0].id), "--json")

    (one,) = [json.loads(line) for line in out.splitlines()]
    assert (code, one["plan"], one["kind"], one["by"]) == (0, "5/KH-UBND", "dropped", None)
    assert one["read"]["owners"] == ["Sở Y tế"]


def test_all_plans_are_printed_on_demand(app: Flask, session: Session, plans: list[Plan]) -> None:
    code, out, _errors = run(app, "--all", "--json")

    assert (code, [json.loads(line)["plan"] for line in out.splitlines()]) == (0, ["5/KH-UBND", "6/KH-UBND"])


def test_without_json_it_is_for_people(app: Flask, session: Session, plans: list[Plan]) -> None:
    code, out, _errors = run(app, str(plans[0].id))

    assert code == 0
    assert "dropped" in out
    assert "Tập huấn kỹ năng" in out


@pytest.mark.parametrize("args", [(), ("1", "--all"), ("987654",)])
def test_a_question_without_sense_is_refused_in_one_line(app: Flask, session: Session, args: tuple[str, ...]) -> None:
    code, out, errors = run(app, *args)

    assert (code, out, errors.count("\n")) == (2, "", 1)

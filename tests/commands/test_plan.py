"""`plan extract` and `plan import` from the command line."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import Factory
from tracker.config import ROOT
from tracker.models import Plan, Task

PLAN = """Số: 15/KH-UBND
KẾ HOẠCH
Phòng, chống ma túy trong trường học năm 2026
II. PHÂN CÔNG NHIỆM VỤ
1. Sở Y tế
- Tập huấn kỹ năng sàng lọc, hoàn thành trước ngày 31/8/2026.
2. Đề nghị Tòa án nhân dân tỉnh
- Chọn các vụ án điểm để xét xử lưu động.
"""


def _file(folder: Path, words: str = PLAN, name: str = "ke-hoach.txt") -> Path:
    path = folder / name
    path.write_text(words, "utf-8")
    return path


def test_json_is_the_plan_extract(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["plan", "extract", str(_file(tmp_path)), "--json"])

    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert found["schema"] == "plan-extract/1"
    assert found["plan"]["number"] == "15/KH-UBND"
    assert [task["owners"] for task in found["tasks"]] == [["Sở Y tế"], ["Tòa án nhân dân tỉnh"]]
    assert found["tasks"][0]["deadlines"] == [{"kind": "date", "date": "2026-08-31", "bound": "before"}]


def test_without_json_it_is_a_table_for_people(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["plan", "extract", str(_file(tmp_path))])

    assert result.exit_code == 0
    assert "NHIỆM VỤ (2)" in result.stdout
    assert "Tòa án nhân dân tỉnh (đề nghị)" in result.stdout
    assert "2026-08-31" in result.stdout


def test_extracting_needs_no_database_and_no_settings_and_prints_utf_8(tmp_path: Path) -> None:
    bare = {"PATH": os.environ["PATH"], "LANG": "C", "TRACKER_INSTANCE": str(tmp_path / "instance")}

    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "plan", "extract", str(_file(tmp_path)), "--json"],
        cwd=ROOT, env=bare, capture_output=True, check=False, timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["tasks"][0]["owners"] == ["Sở Y tế"]
    assert not (tmp_path / "instance" / "tracker.db").exists()


def test_what_cannot_be_read_is_told_in_one_vietnamese_line(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["plan", "extract", str(_file(tmp_path, name="ke-hoach.odt"))])

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "ke-hoach.odt" in result.stderr
    assert "Chưa đọc được loại tệp" in result.stderr


def test_importing_makes_a_plan_under_review(app: Flask, session: Session, make: Factory, tmp_path: Path) -> None:
    police = make.agency("Công an tỉnh")

    result = app.test_cli_runner().invoke(
        args=["plan", "import", str(_file(tmp_path)), "--coordinator", "cong an tinh"])

    session.rollback()
    plan = session.scalars(select(Plan)).one()
    assert result.exit_code == 0, result.output
    assert f"/plans/{plan.id}/review" in result.stdout
    assert (plan.coordinator_id, plan.source_name) == (police.id, "ke-hoach.txt")
    assert len(session.scalars(select(Task)).all()) == 2


def test_importing_twice_is_refused_unless_it_is_meant(
    app: Flask, session: Session, make: Factory, tmp_path: Path
) -> None:
    make.agency("Công an tỉnh")
    args = ["plan", "import", str(_file(tmp_path)), "--coordinator", "Công an tỉnh"]
    app.test_cli_runner().invoke(args=args)

    second = app.test_cli_runner().invoke(args=args)
    third = app.test_cli_runner().invoke(args=[*args, "--again"])

    session.rollback()
    assert (second.exit_code, third.exit_code) == (2, 0)
    assert "15/KH-UBND" in second.stderr
    assert len(session.scalars(select(Plan)).all()) == 2


def test_an_unknown_coordinator_is_refused(app: Flask, session: Session, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["plan", "import", str(_file(tmp_path)), "--coordinator", "Sở Lạ"])

    assert result.exit_code == 2
    assert "Sở Lạ" in result.stderr
    assert session.scalars(select(Plan)).all() == []

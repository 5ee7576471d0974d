"""Whole plans: our own against hand-made answers, and the real ones where they lie beside the checkout."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench.score import LEAST
from tests.extraction.scoring import MEASURES, compare, f1
from tracker.config import ROOT
from tracker.extraction import PlanExtract, extract

PLANS = Path(__file__).parents[1] / "data" / "plans"
SHARED = Path(__file__).resolve().parents[3] / "shared"
OUR_PLANS = sorted(PLANS.glob("*.txt"))
#: A single plan may be read worse than all of them together.
LEAST_EACH = {"task": 0.85, "owner": 0.85}


def real(name: str) -> str:
    path = SHARED / "plans" / f"{name}.txt"
    if not path.exists():
        pytest.skip("the real plans do not lie beside this checkout")
    return path.read_text("utf-8")


def read(path: Path) -> dict[str, tuple[Counter[Any], Counter[Any]]]:
    """Compare one of our plans with its answer."""
    wanted = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return compare(wanted, extract(path.read_text("utf-8")).to_json())


@pytest.mark.parametrize("path", OUR_PLANS, ids=lambda path: path.stem)
def test_no_plan_of_ours_is_read_badly(path: Path) -> None:
    compared = read(path)
    for measure, least in LEAST_EACH.items():
        wanted, found = compared[measure]
        assert f1(wanted, found) >= least, (measure, wanted - found, found - wanted)


def test_our_plans_together_are_read_as_a_person_reads_them() -> None:
    read_all = [read(path) for path in OUR_PLANS]

    for measure in MEASURES:
        wanted: Counter[Any] = Counter()
        found: Counter[Any] = Counter()
        for number, one in enumerate(read_all):
            wanted.update({(number, entry): count for entry, count in one[measure][0].items()})
            found.update({(number, entry): count for entry, count in one[measure][1].items()})
        least = LEAST.get("metadata" if measure == "fact" else measure, 0.9)
        assert f1(wanted, found) >= least, (measure, f1(wanted, found))


def test_there_are_plans_to_read() -> None:
    assert len(OUR_PLANS) >= 60


def test_the_real_plans_score_as_agreed() -> None:
    real("lang-son-2025")

    scored = subprocess.run([sys.executable, "-m", "bench.score"], cwd=ROOT, capture_output=True, text=True,
                            check=False)

    assert scored.returncode == 0, scored.stdout


def tasks_of(found: PlanExtract, section: str) -> list[tuple[str, ...]]:
    return [task.owners for task in found.tasks if task.section == section]


#: How many bullets or paragraphs stand under each numbered body.
THAI_BINH = {
    "III.1": ("Sở Lao động Thương binh và Xã hội", 6),
    "III.2": ("Công an tỉnh", 6),
    "III.3": ("Sở Y tế", 4),
    "III.4": ("Bộ Chỉ huy Bộ đội Biên phòng tỉnh", 1),
    "III.5": ("Bộ Chỉ huy Quân sự tỉnh", 1),
    "III.6": ("Sở Thông tin và Truyền thông", 2),
    "III.7": ("Sở Văn hóa, Thể thao và du lịch", 1),
    "III.8": ("Sở Nông nghiệp và Phát triển nông thôn", 1),
    "III.9": ("Sở Công Thương", 1),
    "III.10": ("Sở Tài chính", 1),
    "III.11": ("Sở Kế hoạch và Đầu tư", 2),
    "III.12": ("Ủy ban Mặt trận Tổ quốc", 1),
    "III.13": ("Ủy ban nhân dân các huyện, thành phố", 3),
}
LANG_SON = {
    "IV.1.1": ("Công an các xã, phường", 4),
    "IV.1.2": ("Công an 16 xã", 3),
    "IV.2": ("Viện kiểm sát nhân dân tỉnh", 1),
    "IV.3": ("Ban chỉ huy Bộ đội Biên phòng thuộc Bộ chỉ huy Quân sự tỉnh", 4),
    "IV.4": ("Chi cục Hải quan khu vực VI", 1),
    "IV.6": ("Sở Công Thương", 1),
    "IV.7": ("Sở Tài chính", 1),
    "IV.8": ("Sở Nông nghiệp và Môi trường", 1),
    "IV.9": ("Sở Văn hóa, Thể thao và Du lịch", 1),
    "IV.11": ("Sở Nội vụ", 1),
    "IV.12": ("Sở Khoa học và Công nghệ", 1),
    "IV.13": ("Báo và Đài phát thanh, Truyền hình Lạng Sơn", 1),
}
REAL_HEADINGS = [
    pytest.param(name, section, body, count, id=f"{name} {section}")
    for name, plan in (("thai-binh-2017", THAI_BINH), ("lang-son-2025", LANG_SON))
    for section, (body, count) in plan.items()
]


@pytest.mark.parametrize(("name", "section", "body", "count"), REAL_HEADINGS)
def test_every_numbered_body_of_the_real_plans_keeps_its_bullets(
    name: str, section: str, body: str, count: int
) -> None:
    found = extract(real(name))

    heading = [title for title in found.headings if title.section == section and title.owners]
    owned = tasks_of(found, section)

    assert [title.owners[0] for title in heading] == [body]
    assert len(owned) == count
    assert all(body in owners for owners in owned[: max(1, count - 1)])


def test_the_lost_headings_of_lang_son_give_no_wrong_owner() -> None:
    found = extract(real("lang-son-2025"))
    gold = json.loads((SHARED / "extraction" / "gold" / "lang-son-2025.json").read_text("utf-8"))
    right = {unicodedata.normalize("NFC", task["text"])[:60]: task["owners"] for task in gold["tasks"]}

    jumped = [task for task in found.tasks if "numbering_jump" in task.reasons]

    assert len([passage for passage in found.unclear if passage.key == "numbering_jump"]) == 5
    assert len(jumped) >= 12
    for task in jumped:
        assert list(task.owners) in ([], right[unicodedata.normalize("NFC", task.text)[:60]])
        assert task.inferred or not task.owners or task.rule == "subject"
    assert not any("Hải quan" in owner for task in jumped for owner in task.owners)


def test_a_crawl_that_holds_a_part_twice_gives_its_tasks_once() -> None:
    text = (PLANS / "ha-duong-2026-ma-tuy.txt").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    half = len(lines) // 2

    doubled = extract("".join(lines[:half] + lines))

    assert [task.text for task in doubled.tasks] == [task.text for task in extract(text).tasks]
    assert "repeated" in {passage.key for passage in doubled.ignored}


def test_no_line_of_a_plan_is_lost() -> None:
    text = (PLANS / "ha-duong-2026-ma-tuy.txt").read_text("utf-8")
    found = extract(text)
    seen = bytearray(len(text))

    for one in (*found.tasks, *found.measures, *found.indicators, *found.ignored, *found.headings):
        seen[one.start : one.end] = b"\1" * (one.end - one.start)

    missed = [line for line in re.finditer(r"[^\n]+", text) if not any(seen[line.start() : line.end()])]
    assert [line.group() for line in missed] == []

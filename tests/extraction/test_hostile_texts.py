"""Whatever the text: a result, quickly, with places that fit."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.extraction import PlanExtract, extract

PLAN = (Path(__file__).parents[1] / "data" / "plans" / "ha-duong-2026-ma-tuy.txt").read_text("utf-8")
_PIECES = st.sampled_from(
    [
        "1. ",
        "2.1. ",
        "- ",
        "I. ",
        "IV. ",
        "Sở Y tế",
        "Công an tỉnh",
        ":",
        "\n",
        " | ",
        "trước ngày 31/2/2026",
        "100% ",
        "phối hợp với ",
        "UBND các xã, phường",
        "./.",
        "(1) a; (2) b",
        "Nơi nhận:",
        "[1] ",
        "MỤC TIÊU",
        "Mục A. ",
        "Phần IL. ",
        "Điều 1. ",
        "PHỤ LỤC",
        "hằng năm ",
        "từ ngày 1/1 đến 2/2",
        "quý V/2026",
        "STT | Nội dung | Cơ quan chủ trì | Thời gian",
        "giai đoạn 2030 - 2020",
        "Giao ",
    ]
)


def places_fit(text: str, found: PlanExtract) -> bool:
    """Tell whether every record's words stand where it says."""
    records: tuple[Any, ...] = (
        *found.tasks,
        *found.measures,
        *found.indicators,
        *found.ignored,
        *found.unclear,
        *found.headings,
    )
    limits = [limit for one in (*found.tasks, *found.measures) for limit in one.deadlines]
    return all(text[one.start : one.end] == one.text for one in records) and all(
        limit.start <= limit.end <= len(text) for limit in limits
    )


@settings(deadline=None)  # another test may hold the machine
@given(st.text(max_size=600))
def test_any_text_gives_a_result(text: str) -> None:
    assert places_fit(text, extract(text))


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_heap_of_a_plans_pieces_gives_a_result(text: str) -> None:
    assert places_fit(text, extract(text))


def test_an_empty_text_gives_an_empty_extract() -> None:
    assert extract("") == PlanExtract()


def test_a_text_without_line_ends_gives_no_wrong_owner() -> None:
    owners = {task.text[:40]: task.owners for task in extract(PLAN).tasks}

    flat = extract(PLAN.replace("\n", " "))

    assert len(flat.tasks) > len(owners) / 2
    for task in flat.tasks:
        assert owners.get(task.text[:40], task.owners) == task.owners or not task.owners


NOISE = random.Random(20260101)
GARBAGE = [
    pytest.param("".join(NOISE.choices(PLAN, k=1_000_000)), id="letters at random"),
    pytest.param(" ".join(NOISE.choices(PLAN.split(), k=200_000)), id="words at random in one line"),
    pytest.param("- Sở Y tế chủ trì, phối hợp với Công an tỉnh\n" * 6_000, id="one line again and again"),
    pytest.param("phối hợp với các " * 15_000, id="an opening that never closes"),
    pytest.param("1. " * 80_000, id="marks only"),
    pytest.param("a" + "\u0301" * 200_000, id="one letter with endless marks"),
]


@pytest.mark.parametrize("text", GARBAGE)
def test_a_megabyte_of_garbage_gives_a_result(text: str) -> None:
    assert places_fit(text, extract(text))

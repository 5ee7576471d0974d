"""Many people put files in at once: so many are read as the machine can bear, the others are told to come back."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reading.pdf_files import made, typeset
from tracker.reading import ReadingBusy, read, sandbox, slots

LINE = "Sở Y tế mở lớp tập huấn cho cán bộ các xã, phường trước ngày 30 tháng 6 năm 2026."
PDF = made(typeset([LINE]))
#: Another web process in the middle of a file: it says when it has begun, and ends with its input.
READER = """
import sys
from tracker.reading import slots
with slots.one_slot() as slot:
    print("began", flush=True)
    sys.stdin.read()
"""
#: One whose program goes on when it is itself killed.
KILLED = """
import os, subprocess, sys
from tracker.reading import slots
with slots.one_slot() as slot:
    program = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], pass_fds=slot)
    print("began", flush=True)
    os.kill(os.getpid(), 9)
"""


@pytest.fixture(autouse=True)
def own_slots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep other tests' readings out of the count."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(slots, "WAIT_SECONDS", 0.0)


def started(script: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "began\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.communicate()


@pytest.fixture
def readers() -> Iterator[list[subprocess.Popen[str]]]:
    """As many other processes as may read at once, each in the middle of a file."""
    running = [started(READER) for _ in range(slots.AT_ONCE)]
    yield running
    for process in running:
        if process.returncode is None:
            end(process)


def test_a_file_is_refused_while_as_many_are_read_as_may_be(readers: list[subprocess.Popen[str]]) -> None:
    with pytest.raises(ReadingBusy) as refused:
        read(PDF, "ke-hoach.pdf")

    assert refused.value.values == {"name": "ke-hoach.pdf"}


def test_a_text_is_read_all_the_same(readers: list[subprocess.Popen[str]]) -> None:
    assert read(LINE.encode(), "a.txt").text == LINE


def test_the_next_file_is_read_when_another_one_has_been(readers: list[subprocess.Popen[str]]) -> None:
    end(readers[-1])

    assert read(PDF, "a.pdf").text == LINE
    assert read(PDF, "a.pdf").text == LINE


def test_a_file_waits_for_its_turn(readers: list[subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "WAIT_SECONDS", 60.0)
    monkeypatch.setattr(time, "sleep", lambda _seconds: end(readers[0]))

    assert read(PDF, "a.pdf").text == LINE


def test_a_slot_is_held_as_long_as_the_program_runs_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The web process was killed: its program, which takes the memory, still counts; a crash leaves nothing behind."""
    orphans = [started(KILLED) for _ in range(slots.AT_ONCE)]

    with pytest.raises(slots.AllTaken):
        sandbox.run([sys.executable, "-c", ""], b"", seconds=60)

    for process in orphans:
        end(process)
    monkeypatch.setattr(slots, "WAIT_SECONDS", 60.0)  # its output ends a moment before it does
    assert sandbox.run([sys.executable, "-c", "print(1)"], b"", seconds=60).output == b"1\n"

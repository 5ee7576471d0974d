"""The project's own files: nothing of one machine, nothing left undone, nothing grown too long."""
from __future__ import annotations

import re
from pathlib import Path

from tracker.config import ROOT

SKIPPED = frozenset({".git", ".venv", "instance", "node_modules", "__pycache__"})
TEXTS = frozenset({".py", ".html", ".txt", ".md", ".css", ".js", ".toml", ".po", ".json", ".mako", ".ini", ".svg", ""})
#: Put together here, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
THIS_MACHINE = re.compile(r"(?<![\w.:/}])/(?:" + "|".join(("ro" + "ot", "ho" + "me", "wo" + "rk", "Us" + "ers")) + r")/\w")
LONGEST = 400


def _files() -> list[Path]:
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part in SKIPPED or (part.startswith(".") and part != ".ci") for part in parts[:-1])
        if path.is_file() and not hidden and path.suffix in TEXTS and not path.name.startswith("."):
            found.append(path)
    return found


def _lines(pattern: re.Pattern[str]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{number}" for path in _files()
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1) if pattern.search(line)]


def test_nothing_is_left_undone() -> None:
    assert len(_files()) > 100
    assert _lines(UNFINISHED) == []


def test_no_file_knows_a_path_of_one_machine() -> None:
    assert _lines(THIS_MACHINE) == []


def test_no_module_grows_past_what_can_be_read() -> None:
    long = [f"{path.relative_to(ROOT)}: {count}" for path in (ROOT / "tracker").rglob("*.py")
            if (count := len(path.read_text("utf-8").splitlines())) > LONGEST]

    assert long == []

"""The project's own files: nothing of one machine, nothing left undone, nothing grown too long."""
from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

from tracker.config import ROOT

SKIPPED = frozenset({".git", ".venv", "instance", "node_modules", "__pycache__"})
TEXTS = frozenset({".py", ".html", ".txt", ".md", ".css", ".js", ".toml", ".po", ".json", ".mako", ".ini", ".svg", ""})
#: Put together here, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
_FOLDERS = "|".join(("ro" + "ot", "ho" + "me", "wo" + "rk", "Us" + "ers"))
THIS_MACHINE = re.compile(rf"(?<![\w.:/}}])/(?:{_FOLDERS})/\w")
LONGEST = 400


@cache
def _files() -> tuple[Path, ...]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        # Walked no further: what git leaves out, and folders of tools.
        folders[:] = sorted(name for name in folders
                            if name not in SKIPPED and (name == ".ci" or not name.startswith(".")))
        found += [Path(folder, name) for name in sorted(names)
                  if Path(name).suffix in TEXTS and not name.startswith(".")]
    return tuple(found)


def _lines(pattern: re.Pattern[str]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{number}" for path in _files()
            for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1) if pattern.search(line)]


def test_nothing_is_left_undone() -> None:
    assert len(_files()) > 100
    assert _lines(UNFINISHED) == []


def test_no_file_knows_a_path_of_one_machine() -> None:
    assert _lines(THIS_MACHINE) == []


def test_no_module_grows_past_what_can_be_read() -> None:
    long = [f"{path.relative_to(ROOT)}: {count}" for folder in ("tracker", "tests", "bench")
            for path in (ROOT / folder).rglob("*.py")
            if (count := len(path.read_text("utf-8").splitlines())) > LONGEST]

    assert long == []

"""What a change of the rules gains and loses: the labelled plans read before the change and after it.

    python -m bench.gains [REVISION] [FOLDER …]

REVISION (default HEAD) is read in a checkout of its own; "after" is the working tree. Each FOLDER holds NAME.txt with
NAME.json (the answer made by hand); without one, tests/data/plans. Prints F1 by measure before and after, and every
single finding that was gained or lost. Exits 1 when something was lost.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.extraction.scoring import MEASURES, compare, f1

ROOT = Path(__file__).resolve().parents[1]
_EXTRACT = """
import json, sys
from pathlib import Path
from tracker.extraction import extract
found = {}
for name in sys.argv[1:]:
    found[name] = extract(Path(name).read_text("utf-8")).to_json()
json.dump(found, sys.stdout)
"""


def extracts(tree: Path, plans: list[Path]) -> dict[str, Any]:
    """Read plans with the rules of one tree, in a process of its own; by the text's path."""
    command = [sys.executable, "-c", _EXTRACT, *map(str, plans)]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def right(plans: list[Path], found: dict[str, Any]) -> tuple[dict[str, float], dict[str, Counter[Any]]]:
    """Give F1 by measure over all plans, and by measure what was found rightly: (plan, provision, value)."""
    wanted_all, found_all, hits = ({measure: Counter() for measure in MEASURES} for _ in range(3))
    for plan in plans:
        answer = json.loads(plan.with_suffix(".json").read_text("utf-8"))
        for measure, (wanted, given) in compare(answer, found[str(plan)]).items():
            for bag, target in ((wanted, wanted_all), (given, found_all), (wanted & given, hits)):
                target[measure].update({(plan.stem, *entry): count for entry, count in bag.items()})
    return {measure: f1(wanted_all[measure], found_all[measure]) for measure in MEASURES}, hits


def main() -> int:
    revision, *folders = sys.argv[1:] or ["HEAD"]
    places = [Path(folder).resolve() for folder in folders] or [ROOT / "tests" / "data" / "plans"]
    plans = [text for place in places for text in sorted(place.glob("*.txt")) if text.with_suffix(".json").exists()]
    with tempfile.TemporaryDirectory() as scratch:
        before_tree = Path(scratch) / "before"
        git = ["git", "-C", str(ROOT)]
        subprocess.run([*git, "worktree", "add", "--quiet", "--detach", before_tree, revision], check=True)
        try:
            before = extracts(before_tree, plans)
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", before_tree], check=True)
    score_before, hits_before = right(plans, before)
    score_after, hits_after = right(plans, extracts(ROOT, plans))
    print(f"{len(plans)} plans, {revision} against the working tree")
    lost = 0
    for measure in MEASURES:
        gone, won = hits_before[measure] - hits_after[measure], hits_after[measure] - hits_before[measure]
        lost += gone.total()
        print(f"{measure:10} {score_before[measure]:.3f} -> {score_after[measure]:.3f}"
              f"  +{won.total()} -{gone.total()}")
        for sign, bag in (("+", won), ("-", gone)):
            for plan, provision, *value in sorted(bag, key=str):
                print(f"   {sign} {plan}: {provision} {value if value != [''] else ''}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())

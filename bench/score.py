"""Judge the reading of real plans by the judge that lies with them; neither is part of the project.

    python -m bench.score

Prints F1 by measure and exits 1 when one is under the figure this project holds itself to.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tracker.extraction import extract

SHARED = Path(__file__).resolve().parents[2] / "shared"
LEAST = {"task": 0.97, "owner": 0.96, "partner": 0.92, "deadline": 0.95, "measure": 0.95, "indicator": 0.92,
         "metadata": 0.97}  # fmt: skip


def main() -> int:
    gold = SHARED / "extraction" / "gold"
    with tempfile.TemporaryDirectory() as folder:
        for answer in gold.glob("*.json"):
            text = (SHARED / "plans" / f"{answer.stem}.txt").read_text("utf-8")
            found = json.dumps(extract(text).to_json(), ensure_ascii=False)
            (Path(folder) / answer.name).write_text(found, "utf-8")
        least = ",".join(f"{measure}={value}" for measure, value in LEAST.items())
        judge = [sys.executable, SHARED / "extraction" / "score.py", gold, folder, "--min", least, *sys.argv[1:]]
        return subprocess.run(judge, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

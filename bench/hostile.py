"""How long hostile input is looked at, and how long official letters take: what would hang a server, in milliseconds.

    python -m bench.hostile

Each figure is the median of three runs of this process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from io import BytesIO

from tests.reports.letter_cases import TODAY, addressed, item, letter
from tests.workbooks import with_shared_text
from tests.workflow.test_personal_files import rows_of_x
from tracker.reports.letters import make
from tracker.rules.personal_data import find_persons
from tracker.workflow.evidence import Upload, check

TEXTS = {
    "40,000 family names": "Nguyễn " * 40_000,
    "20,000 names": "Nguyễn Văn An " * 20_000,
    "500,000 letters in one word": "a" * 500_000,
    "100,000 blanks": " " * 100_000,
    "wide columns": ("|" + " " * 900) * 100,
    "a heading and blanks": "họ" + " " * 100_000,
}


def median(work: Callable[[], object]) -> float:
    """Give the median of three runs, in milliseconds."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def forty_letters() -> None:
    for number in range(40):
        make(letter(addressed(f"Ủy ban nhân dân xã Số {number}", item(), item(TODAY.day))))


def main() -> None:
    for name, text in TEXTS.items():
        print(f"persons looked for in {name:<28} {median(lambda text=text: find_persons(text)):8.0f} ms")
    workbook = with_shared_text(rows_of_x(300), b"ab " * 3_000_000)
    print(f"a workbook with 9 MB in every cell {median(lambda: check([Upload('a.xlsx', BytesIO(workbook))])):15.0f} ms")
    print(f"40 official letters {median(forty_letters):30.0f} ms")


if __name__ == "__main__":
    main()

"""How long reading duties takes beside reading the same .docx, and how time and memory grow with the text.

    python -m bench.extraction

The plan is the project's own samples joined to at least 50 KB. All figures are medians of one run of this process.
"""

from __future__ import annotations

import io
import statistics
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import docx

from tracker.extraction import extract

PLANS = Path(__file__).resolve().parents[1] / "tests" / "data" / "plans"
SIZE = 50_000
TIMES = 15


def plan_text() -> str:
    """Give whole samples, longest first, until the text has the size of a long plan."""
    samples = sorted((path.read_text("utf-8") for path in PLANS.glob("*.txt")), key=len, reverse=True)
    taken = []
    for sample in samples:
        taken.append(sample)
        if sum(len(one.encode()) for one in taken) >= SIZE:
            break
    return "\n".join(taken)


def as_docx(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def median(work: Callable[[], object], times: int = TIMES) -> float:
    """Give the median seconds of one call; the first call is not counted."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def peak(text: str) -> int:
    """Give the most bytes held at once while a text is read."""
    tracemalloc.start()
    try:
        extract(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def main() -> None:
    text = plan_text()
    word = as_docx(text)
    size = len(text.encode())

    def read_docx() -> str:
        return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs)

    found = extract(text)
    print(f"one plan: {size / 1000:.0f} kB, {len(found.tasks)} tasks, {len(found.measures)} measures, "
          f"{len(found.indicators)} indicators")
    reading, one = median(read_docx), median(lambda: extract(text))
    print(f"python-docx alone {reading * 1000:6.1f} ms\nextract           {one * 1000:6.1f} ms   "
          f"{one / reading:.2f} times (to stay under 3)")
    # Every copy gets words of its own, or it would be left out as a repetition.
    hundred = "\n".join(text.replace(" và ", f" và {number} ") for number in range(100))
    all_of_them = median(lambda: extract(hundred), times=1)
    print(f"100 plans in one  {all_of_them:6.2f} s    {all_of_them / one:.0f} times one (to stay under 110)")
    print(f"memory: one plan {peak(text) / size:.1f} times its size, "
          f"100 plans {peak(hundred) / len(hundred.encode()):.1f} times (to stay under 10)")


if __name__ == "__main__":
    main()

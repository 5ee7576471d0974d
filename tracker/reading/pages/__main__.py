"""Reads the PDF on its input and prints what it found as JSON. Runs as a process of its own, with limits.

A file built to harm ends or exhausts this process, not the one that serves people.
"""

from __future__ import annotations

import dataclasses
import json
import sys

from tracker.reading import pages, sandbox
from tracker.reading.pages.opening import Refused, read


def main() -> None:
    """Read standard input; a refusal is printed as its name and values."""
    sandbox.limit_self(memory=pages.MEMORY_BYTES, seconds=pages.SCAN_SECONDS)
    sandbox.end_after(pages.TEXT_SECONDS)
    data = sys.stdin.buffer.read()
    answer: dict[str, object]
    try:
        answer = dataclasses.asdict(read(data))
    except Refused as refused:
        answer = {"refusal": refused.name, "values": refused.values}
    except MemoryError:
        answer = {"refusal": "PackedTooTight", "values": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()

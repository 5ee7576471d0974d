"""From a plan's text to its duties: outline, bodies, duties, deadlines, indicators, facts. Pure, and never fails.

The stages stand in a file each: `cleaning` (one spelling), `lines`, `marks`, `outline`, `headings`, `bodies`, `duties`,
`gaps` (lost headings), `deadlines`, `indicators`, `facts`; `records` is what comes out.
"""

from __future__ import annotations

from tracker.extraction.pipeline import extract
from tracker.extraction.records import (
    Bound,
    Deadline,
    DeadlineKind,
    DutyKind,
    HeadingExtract,
    IndicatorExtract,
    MeasureExtract,
    Passage,
    PlanExtract,
    PlanFacts,
    TaskExtract,
    TaskRole,
)

__all__ = [
    "Bound",
    "Deadline",
    "DeadlineKind",
    "DutyKind",
    "HeadingExtract",
    "IndicatorExtract",
    "MeasureExtract",
    "Passage",
    "PlanExtract",
    "PlanFacts",
    "TaskExtract",
    "TaskRole",
    "extract",
]

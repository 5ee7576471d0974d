"""From a plan's text to its duties: outline, bodies, duties, deadlines, indicators, facts. Pure, and never fails.

The stages stand in a file each: `cleaning` (one spelling) and `glue`, `lines` and `joining` (paragraphs), `marks`,
`outline` with its `blocks`, `tables` and `cells`; then the walk in `duties` with `headings`, `stack` (what is open),
`neighbours`, `orders`, `assignments`, `rows` and `closings`; `gaps` (lost headings); the readings of bodies, time,
goals and facts; `pipeline` puts them together and `records` is what comes out.
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

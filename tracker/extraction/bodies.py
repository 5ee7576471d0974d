"""Which bodies a text names: as those who must act, as those to work with, as those to report to.

The readers stand in a file each; the rest of the extraction takes them from here.
"""

from __future__ import annotations

from tracker.extraction.actors import Actor, read_actor, read_later_actors
from tracker.extraction.acts import ACT
from tracker.extraction.lists import Bodies, read_bodies
from tracker.extraction.partners import read_partners
from tracker.extraction.reports import read_report

__all__ = [
    "ACT",
    "Actor",
    "Bodies",
    "read_actor",
    "read_bodies",
    "read_later_actors",
    "read_partners",
    "read_report",
]

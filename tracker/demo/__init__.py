"""The demo: an invented province with its bodies, people, plans and half a year of work. Never for real work."""
from __future__ import annotations

from tracker.models.audit import Actor

#: Everybody's password in the demo; printed at its start and used nowhere else.
DEMO_PASSWORD = "dondoc-demo-2026"
#: Who acts in the audit when the demo is loaded.
LOADER = Actor("demo", "command")

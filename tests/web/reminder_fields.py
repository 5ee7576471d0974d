"""What a browser sends from the pages of reminder policies."""
from __future__ import annotations

from typing import Any

#: The boxes that are ticked from the first; the last warning is not sent, its box can't be emptied.
TOLD = ["before:liaison", "after:liaison", "late:head", "very_late:leadership"]
REMINDERS: dict[str, Any] = {"before": "5, 1", "after_every": "3", "weekly_after": "15", "late_after": "5",
                             "very_late_after": "10", "told": TOLD, "version": "0"}
POLICY: dict[str, Any] = REMINDERS | {"grace_after_return": "3", "answer_within": "3", "link_days": "14",
                                      "send_at": "07:30", "mails_per_week": "6", "mails_per_minute": "300"}

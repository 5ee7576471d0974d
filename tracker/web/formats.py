"""How dates, moments and numbers look: dd/mm/yyyy in both languages, Vietnam's time."""
from __future__ import annotations

from datetime import date, datetime

from tracker.clock import VIETNAM


def day(value: date | None) -> str:
    """Write a date as dd/mm/yyyy; nothing as a dash."""
    return value.strftime("%d/%m/%Y") if value else "–"


def moment(value: datetime | None) -> str:
    """Write an instant as dd/mm/yyyy HH:MM of Vietnam."""
    return value.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M") if value else "–"


def decimal(value: float | None) -> str:
    """Write a number with a decimal comma, without a needless ",0"; nothing as a dash."""
    if value is None:
        return "–"
    return f"{value:g}".replace(".", ",")


def file_size(size: int) -> str:
    """Write a number of bytes as kB or MB."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} kB"
    return f"{decimal(round(size / 1024 / 1024, 1))} MB"

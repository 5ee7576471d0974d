"""Files that leave the system: where they lie, and how the answer names them."""
from __future__ import annotations

import unicodedata
from pathlib import Path
from urllib.parse import quote

from flask import Response, current_app

from tracker.config import Settings
from tracker.rules.folding import fold


def evidence_folder() -> Path:
    """Say where the files of reports, requests and letters lie."""
    settings: Settings = current_app.extensions["settings"]
    return settings.evidence_folder


def to_save(response: Response, name: str, *, inline: bool = False) -> Response:
    """Make an answer a file of this name that no cache keeps: to be saved, or with `inline` to be shown."""
    response.headers["Content-Disposition"] = attachment(name, inline=inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def attachment(name: str, *, inline: bool = False) -> str:
    """Give the header that names a file (RFC 6266, RFC 5987): in full, and in ASCII for old programs.

    It says that the file is saved, or with `inline` that it is shown.
    """
    stem, dot, ending = unicodedata.normalize("NFC", name).rpartition(".")
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in " ._-()") else "_"
                    for letter in fold(stem)) or "tep"
    ascii_ending = "".join(letter for letter in ending if letter.isascii() and letter.isalnum())
    whole = quote(f"{stem}{dot}{ending}", safe="")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}{dot}{ascii_ending}\"; filename*=UTF-8''{whole}"

"""Looking into files for what they must not hold: identity numbers and lists of persons.

What can't be read passes: this is a help against mistakes, and the coordinator sees every file.
"""
from __future__ import annotations

from typing import BinaryIO

from tracker.reading.words_of_file import words_of
from tracker.rules.errors import Refusal
from tracker.rules.personal_data import IdentityNumber, PersonList, refuse_personal_data


class PersonalFile(Refusal):
    """A file lists persons, or holds an identity number; `name` is the file's, `hint` the masked beginning."""

    key = "personal_file"


def refuse_personal_files(stream: BinaryIO, media_type: str, name: str) -> None:
    """Refuse a file whose words hold an identity number or list persons. Raises PersonalFile, with the file's name."""
    stream.seek(0)
    try:
        words = words_of(stream, media_type)
    finally:
        stream.seek(0)
    try:
        refuse_personal_data(words)
    except (IdentityNumber, PersonList) as refusal:
        raise PersonalFile(name=name, hint=refusal.values["hint"]) from refusal

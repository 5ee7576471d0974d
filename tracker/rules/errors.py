"""Refusals: what a user can cause and must be told in words. Anything else is a bug."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """Say no to something a user asked for.

    `key` names the sentence, `values` fill it; the web layer turns both into words, so that rules hold no sentences.
    """

    key: ClassVar[str] = "refused"

    def __init__(self, **values: object) -> None:
        self.values: dict[str, object] = values
        super().__init__(self.key, *(f"{name}={value!r}" for name, value in values.items()))

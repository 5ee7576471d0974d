"""What a password must be: long and not guessable from the address; no rules about kinds of letters.

Length and a throttled log-in protect more than compulsory symbols, which people write on paper (NIST SP 800-63B).
"""
from __future__ import annotations

import unicodedata

from tracker.rules.errors import Refusal
from tracker.rules.folding import fold

MIN_LENGTH = 12
#: Longer ones are refused, not cut: hashing a megabyte would keep the server busy.
MAX_LENGTH = 200
#: Fewer different characters than this is "121212121212".
FEWEST_CHARACTERS = 5
#: A shorter name before the @ ("an") is part of too many honest words.
SHORTEST_NAME = 4


class PasswordTooShort(Refusal):
    """The password has fewer than MIN_LENGTH characters."""

    key = "password_too_short"


class PasswordTooLong(Refusal):
    """The password has more than MAX_LENGTH characters."""

    key = "password_too_long"


class PasswordTooPlain(Refusal):
    """The password repeats a few characters."""

    key = "password_too_plain"


class PasswordHoldsName(Refusal):
    """The password contains the part of the e-mail address before the @."""

    key = "password_holds_name"


def prepare(password: str) -> str:
    """Give the one spelling that is hashed: the same Vietnamese word typed on two systems may differ in bytes."""
    return unicodedata.normalize("NFC", password)


def check_password(password: str, *, email: str) -> None:
    """Refuse a password that is too easy to guess.

    Raises PasswordTooShort, PasswordTooLong, PasswordTooPlain or PasswordHoldsName.
    """
    length = len(prepare(password))
    if length < MIN_LENGTH:
        raise PasswordTooShort(least=MIN_LENGTH)
    if length > MAX_LENGTH:
        raise PasswordTooLong(most=MAX_LENGTH)
    if len(set(password.casefold())) < FEWEST_CHARACTERS:
        raise PasswordTooPlain
    name = fold(email.partition("@")[0])
    if len(name) >= SHORTEST_NAME and name in fold(password):
        raise PasswordHoldsName

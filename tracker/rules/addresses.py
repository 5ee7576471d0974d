"""E-mail addresses: which are accepted, and the one spelling that is kept."""
from __future__ import annotations

import unicodedata

import email_validator

#: Mail systems of closed networks often end in .local; the library refuses it unless told so.
if "local" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("local")

#: RFC 5321.
LONGEST = 254


def typed_address(text: str) -> str:
    """Give what somebody typed at the door as it is compared: NFC, lower case, no outer blanks, no control characters.

    Longer ones are cut: no account has such an address.
    """
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return kept.strip().lower()[:LONGEST]


def clean_address(text: str) -> str | None:
    """Give the address to keep for an account; None when it is not one that ordinary mail servers deliver to.

    Letters with marks are refused: servers without SMTPUTF8 can't take such mail.
    """
    try:
        email_validator.validate_email(
            text.strip(), check_deliverability=False, globally_deliverable=False, allow_smtputf8=False
        )
    except email_validator.EmailNotValidError:
        return None
    return typed_address(text)

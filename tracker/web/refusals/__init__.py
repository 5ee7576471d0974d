"""Sentences for the refusals that rules and use cases raise: what is wrong, and what to do."""
from __future__ import annotations

from typing import Any

from tracker.rules.errors import Refusal
from tracker.web.refusals import asking, changing, chasing, general, mailing, people, reporting

#: Refusal.key -> sentence. A test walks every subclass of Refusal and finds its sentence here.
SENTENCES: dict[str, Any] = {
    **general.SENTENCES, **asking.SENTENCES, **reporting.SENTENCES, **chasing.SENTENCES, **changing.SENTENCES,
    **people.SENTENCES, **mailing.SENTENCES,
}


def explain(refusal: Refusal) -> str:
    """Give the sentence for a refusal in the reader's language."""
    sentence = str(SENTENCES[refusal.key])
    return sentence % refusal.values if refusal.values else sentence

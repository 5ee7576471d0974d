"""Sentences for the refusals that rules and use cases raise: what is wrong, and what to do."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.rules.errors import Refusal

#: Refusal.key -> sentence. A test walks every subclass of Refusal and finds its sentence here.
SENTENCES: dict[str, Any] = {
    "not_allowed_now": _l("Nhiệm vụ này đã sang trạng thái khác nên không làm được việc đó nữa. Hãy tải lại trang."),
}


def explain(refusal: Refusal) -> str:
    """Give the sentence for a refusal in the reader's language."""
    sentence = str(SENTENCES[refusal.key])
    return sentence % refusal.values if refusal.values else sentence

"""Two versions of one duty beside each other: what somebody else saved, and what is still only in the form."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from tracker.models import Task
from tracker.web.words import word
from tracker.workflow.task_state import DEADLINE_VALUES, TaskInput


@dataclass(frozen=True)
class Difference:
    """One part of a duty on which the two versions do not agree."""

    label: str
    mine: Any
    theirs: Any
    #: Both are lists of deadlines, which the template puts into words.
    are_deadlines: bool = False


def differences(mine: TaskInput, saved: Task) -> list[Difference]:
    """Give the parts on which a form and the saved duty differ, in the order of the form."""
    names = [" ".join(owner.name.split()) for owner in mine.owners if owner.name.strip()]
    there = [(owner.agency or owner.group).name if owner.agency or owner.group else owner.printed  # type: ignore[union-attr]
             for owner in saved.owners]
    found = [
        Difference(_("Nội dung"), mine.text.strip(), saved.text),
        Difference(_("Cơ quan"), ", ".join(names), ", ".join(there)),
        Difference(_("Loại nhiệm vụ"), word(mine.kind), word(saved.kind)),
        Difference(_("Vai trò của cơ quan"), word(mine.role), word(saved.role)),
        Difference(_("Cách giao"), _asked(mine.is_requested), _asked(saved.is_requested)),
        Difference(_("Mục trong kế hoạch"), mine.section or "", saved.section or ""),
        Difference(_("Sản phẩm, kết quả phải có"), mine.expected_product or "", saved.expected_product or ""),
    ]
    differing = [one for one in found if one.mine != one.theirs]
    if [_values(one) for one in mine.deadlines] != [_values(one) for one in saved.deadlines]:
        differing.append(Difference(_("Thời hạn"), list(mine.deadlines), list(saved.deadlines), are_deadlines=True))
    return differing


def _asked(is_requested: bool) -> str:
    return str(_("Đề nghị") if is_requested else _("Giao"))


def _values(deadline: Any) -> tuple[Any, ...]:
    return (deadline.kind, *(getattr(deadline, name) for name in DEADLINE_VALUES))

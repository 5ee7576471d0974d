"""Whatever a user can meet has words: refusals, enum values, mails."""
from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum

import pytest
from sqlalchemy import Enum

import tracker
from tracker.config import ROOT
from tracker.mail import messages, summaries
from tracker.models import Base
from tracker.rules.errors import Refusal
from tracker.rules.states import MailKind
from tracker.web.refusals import SENTENCES
from tracker.web.words import WORDS


def _import_everything() -> None:
    for module in pkgutil.walk_packages(tracker.__path__, "tracker."):
        importlib.import_module(module.name)


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _refusals() -> list[type[Refusal]]:
    _import_everything()
    return sorted({kind for kind in _below(Refusal) if kind.__module__.startswith("tracker.")},
                  key=lambda kind: kind.__qualname__)


def _placeholders(key: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", SENTENCES[key]._args[0]))


def test_every_refusal_has_a_sentence_of_its_own() -> None:
    refusals = _refusals()

    keys = [kind.key for kind in refusals if "key" in vars(kind)]
    assert [kind.__name__ for kind in refusals if kind.key not in SENTENCES] == []
    assert [key for key in keys if keys.count(key) > 1] == []
    assert [kind.__name__ for kind in refusals if kind.key == Refusal.key] == []
    assert set(SENTENCES) - set(keys) == set()


def test_every_refusal_is_raised_with_what_its_sentence_tells() -> None:
    plain: dict[str, list[set[str]]] = {}
    for kind in _refusals():
        if kind.__init__ is Refusal.__init__:
            plain.setdefault(kind.__name__, []).append(_placeholders(kind.key))
    short = []

    for path in sorted((ROOT / "tracker").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = _raised(node)
            if name not in plain:
                continue
            given = {keyword.arg for keyword in node.exc.keywords} if isinstance(node.exc, ast.Call) else set()  # type: ignore[attr-defined]
            if None not in given and not any(wanted <= given for wanted in plain[name]):
                short.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")  # type: ignore[attr-defined]

    assert short == []


def _raised(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Raise):
        return None
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return raised.id if isinstance(raised, ast.Name) else None


def _shown_enums() -> list[type[StrEnum]]:
    """The enums that stand in the tables or have words already."""
    stored = {column.type.enum_class for table in Base.metadata.tables.values() for column in table.columns
              if isinstance(column.type, Enum)}
    return sorted({*stored, *WORDS}, key=lambda kind: kind.__qualname__)


@pytest.mark.parametrize("kind", _shown_enums(), ids=lambda kind: kind.__name__)
def test_every_value_of_an_enum_has_a_word(kind: type[StrEnum]) -> None:
    words = WORDS.get(kind, {})

    assert set(words) == set(kind)
    assert all(str(word._args[0]).strip() for word in words.values())


def _mails() -> list[str]:
    return sorted(
        name for module in (messages, summaries) for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        and inspect.signature(function).return_annotation in {"Message", messages.Message}
    )  # fmt: skip


def test_every_mail_is_one_function_one_folder_and_one_kind() -> None:
    folders = sorted(path.name for path in (ROOT / "templates" / "email").iterdir()
                     if path.is_dir() and (path / "subject.txt").exists())

    assert _mails() == folders
    assert _mails() == sorted(kind.value for kind in MailKind)


@pytest.mark.parametrize("name", _mails())
def test_every_mail_has_a_subject_and_both_bodies(name: str) -> None:
    folder = ROOT / "templates" / "email" / name

    for part in ("subject.txt", "body.txt", "body.html"):
        assert (folder / part).read_text("utf-8").strip(), part

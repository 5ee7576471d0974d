"""The README tells of every setting and every command, and of none that is gone."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

import click
from flask import Flask

from tracker.config import ROOT, Settings

README = (ROOT / "README.md").read_text("utf-8")
#: Commands that Flask and its extensions bring along; their own manuals tell of them.
NOT_OURS = frozenset({"run", "shell", "routes", "db", "babel", "translate"})


def _rows(heading: str) -> list[str]:
    """Give the first cells of the table under a heading."""
    section = re.split(r"^## ", README.split(f"## {heading}\n")[1], flags=re.MULTILINE)[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def _commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if not words and name in NOT_OURS:
            continue
        if isinstance(command, click.Group):
            yield from _commands(command, (*words, name))
        else:
            yield " ".join((*words, name))


def test_the_table_of_settings_is_complete() -> None:
    wanted = [setting.metadata["variable"] for setting in fields(Settings)]

    assert sorted(_rows("Settings")) == sorted(wanted)


def test_the_table_of_settings_tells_each_default() -> None:
    section = README.split("## Settings\n")[1].split("\n## ")[0]

    for setting in fields(Settings):
        if isinstance(setting.default, int) and not isinstance(setting.default, bool):
            line = next(line for line in section.splitlines() if f"`{setting.metadata['variable']}`" in line)
            assert str(setting.default) in line


def test_the_table_of_commands_is_complete(app: Flask) -> None:
    # "reminders plan --on DATE" is told as "reminders plan".
    told = {re.split(r" (?=[A-Z\-\[])", row)[0] for row in _rows("Commands")}

    assert told == set(_commands(app.cli))
    assert len(told) > 5


def test_every_command_explains_itself(app: Flask) -> None:
    silent = []
    for words in _commands(app.cli):
        command: click.Command = app.cli
        for word in words.split():
            assert isinstance(command, click.Group)
            command = command.commands[word]
        if not (command.help or "").strip():
            silent.append(words)

    assert silent == []


def test_every_make_target_that_explains_itself_is_told() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) - {"help"}

    assert {"run", "test", "demo-reset"} <= targets
    assert [target for target in targets if f"make {target}" not in README] == []


def test_its_pictures_and_links_are_there() -> None:
    named = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]

    assert [link for link in named if not (ROOT / link).exists()] == []
    assert sum(link.endswith(".png") for link in named) == 4

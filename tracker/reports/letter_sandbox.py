"""Filling an uploaded form without trusting it: few words of the template language, and no way out of them.

A form may name the known places, repeat over the known lists and leave out what is empty. Nothing can be called,
calculated or looked up, so that filling costs no more than the letter has lines.
"""
from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import LxmlError

from tracker.rules.errors import Refusal

#: What a form can say: the known places, and what a list's lines hold.
PLACES = (
    "parent", "issuer_heading", "issuer", "number_line", "place_and_date", "subject", "addressee", "addressees",
    "paragraphs", "recipients", "authority", "signer", "annex_number", "annex_title", "annex_source", "chased_head",
    "groups",
)  # fmt: skip
#: List -> what each of its entries holds; () for plain lines.
LISTS: dict[str, tuple[str, ...]] = {
    "addressees": (), "paragraphs": (), "recipients": (), "authority": (), "groups": ("name", "rows"),
    "rows": ("number", "text", "document", "due", "days_late", "chased"),
}  # fmt: skip
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Not, nodes.And, nodes.Or)
#: A form with more lists than this is no letter.
_MOST_LOOPS = 20


class BrokenTemplate(Refusal):
    """The form can't be filled: its marks are not closed, or it is no document at all."""

    key = "letter_template_broken"


class UnknownPlace(Refusal):
    """The form names a place that letters don't have."""

    key = "letter_template_unknown_place"


class ForbiddenMark(Refusal):
    """The form uses more of the template language than it may."""

    key = "letter_template_forbidden"


class _Environment(SandboxedEnvironment):
    """Checks every piece of a form before it is run."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if sum(1 for _loop in tree.find_all(nodes.For)) > _MOST_LOOPS:
            raise ForbiddenMark(mark="for")
        _check(tree, {})
        return tree


def fill(template: bytes, values: dict[str, Any]) -> Any:
    """Fill a form and give the document.

    Raises BrokenTemplate, UnknownPlace or ForbiddenMark, each saying what is wrong where.
    """
    environment = _Environment(undefined=StrictUndefined, autoescape=True)
    document = DocxTemplate(BytesIO(template))
    try:
        document.init_docx()
        _refuse_unclosed(document.docx)
        document.render(values, environment)
    except TemplateSyntaxError as error:
        raise BrokenTemplate(mark=_short(_culprit(document.docx))) from error
    except TemplateError as error:
        raise ForbiddenMark(mark=_short(error.message or "?")) from error
    except (LxmlError, OpcError, BadZipFile, KeyError, ValueError, AttributeError) as error:
        # What the library meets in a damaged document has no class of its own.
        raise BrokenTemplate(mark="{{ }}") from error
    return document.docx


#: What may stand in a block mark; docxtpl tells by a prefix what of the document it goes round (row, paragraph, …).
_KNOWN_MARK = re.compile(r"\{%(?:tr|tc|p|r)?[-+\s]*(?:for|endfor|if|elif|else|endif)\b")


def _culprit(document: Any) -> str:
    """Find the mark that can't be read, as it stands in the document; the first block mark when each place can be."""
    text = "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    )
    for place in re.findall(r"\{\{.*?\}\}", text):
        try:
            SandboxedEnvironment().parse(place)
        except TemplateSyntaxError:
            return str(place)
    marks = re.findall(r"\{%.*?%\}", text)
    strange = (mark for mark in marks if not _KNOWN_MARK.match(mark))
    return str(next(strange, marks[0] if marks else "{{ }}"))


def _refuse_unclosed(document: Any) -> None:
    """Refuse marks that are not closed in their own paragraph: the library would swallow what stands between."""
    for paragraph in document.element.body.iter(qn("w:p")):
        text = "".join(node.text or "" for node in paragraph.iter(qn("w:t")))
        if any(text.count(opens) != text.count(closes) for opens, closes in (("{{", "}}"), ("{%", "%}"))):
            raise BrokenTemplate(mark=_short(text))


def _check(node: nodes.Node, lines: dict[str, tuple[str, ...]]) -> None:
    """Refuse what is not allowed; `lines` are the names of the loops around it and what they hold."""
    if isinstance(node, nodes.Name):
        if node.name not in PLACES and node.name not in lines:
            raise UnknownPlace(place=_short(node.name))
    elif isinstance(node, nodes.Getattr):
        _check_attribute(node, lines)
    elif isinstance(node, nodes.For):
        _check_loop(node, lines)
        return
    elif not isinstance(node, _PLAIN):
        raise ForbiddenMark(mark=_short(_mark_of(node)))
    for child in node.iter_child_nodes():
        _check(child, lines)


def _check_attribute(node: nodes.Getattr, lines: dict[str, tuple[str, ...]]) -> None:
    if not isinstance(node.node, nodes.Name):
        raise ForbiddenMark(mark=_short(node.attr))
    if node.attr not in lines.get(node.node.name, ()):
        words = _short(f"{node.node.name}.{node.attr}")
        raise ForbiddenMark(mark=words) if node.attr.startswith("_") else UnknownPlace(place=words)


def _check_loop(node: nodes.For, lines: dict[str, tuple[str, ...]]) -> None:
    """Allow a loop over a known list only, and a loop within it only over what its own entries hold."""
    _check(node.iter, lines)
    name = node.iter.attr if isinstance(node.iter, nodes.Getattr) else getattr(node.iter, "name", "")
    # Within a loop only what its own entries hold: nothing is multiplied by itself.
    around = next(reversed(lines), None)
    owner = node.iter.node.name if isinstance(node.iter, nodes.Getattr) else None  # type: ignore[attr-defined]
    if (name not in LISTS or owner != around or not isinstance(node.target, nodes.Name) or node.recursive
            or node.target.name in (*PLACES, *lines) or node.test is not None):
        raise ForbiddenMark(mark=f"for … in {_short(name)}")
    inner = {**lines, node.target.name: LISTS[name]}
    for child in (*node.body, *node.else_):
        _check(child, inner)


def _mark_of(node: nodes.Node) -> str:
    """Say what a person would recognise of a refused piece."""
    for held in (node, *node.find_all(nodes.Name), *node.find_all(nodes.Getattr)):
        for attribute in ("attr", "name", "value"):
            if isinstance(words := getattr(held, attribute, None), str) and words:
                return words
    return type(node).__name__.lower()


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"

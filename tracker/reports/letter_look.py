"""How letters of a Word document really look: what a run says itself, else its styles, else the document."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Length

#: What Word takes where a document says nothing at all.
_DEFAULT_SIZE = 10.0


def styles_of(paragraph: Any, run: Any = None) -> Iterator[Any]:
    """Give the styles that speak for a run, the nearest first."""
    if run is not None and run._r.rPr is not None and run._r.rPr.style is not None:
        yield from _chain(paragraph, ("run", run._r.rPr.style), run)
    yield from _chain(paragraph, ("paragraph", paragraph._p.style or ""), paragraph)


def _chain(paragraph: Any, key: tuple[str, str], styled: Any) -> list[Any]:
    """Give a style and what it is based on; kept with the open document, for looking a style up is slow."""
    kept: dict[tuple[str, str], list[Any]] = paragraph.part.package.__dict__.setdefault("letter_styles", {})
    if key not in kept:
        found: list[Any] = []
        style = styled.style
        while style is not None and len(found) < 20:  # a damaged file may name itself as its own base
            found.append(style)
            style = style.base_style
        kept[key] = found
    return kept[key]


def size(paragraph: Any, run: Any) -> float:
    """Give a run's size in points."""
    for source in (run, *styles_of(paragraph, run)):
        if source.font.size is not None:
            return float(source.font.size.pt)
    found = _default(paragraph, "w:sz")
    return int(found.get(qn("w:val"))) / 2 if found is not None else _DEFAULT_SIZE


def flag(paragraph: Any, run: Any, name: str) -> bool:
    """Tell whether a run is bold, italic or in capitals ("bold", "italic", "all_caps")."""
    for source in (run, *styles_of(paragraph, run)):
        value = getattr(source.font, name)
        if value is not None:
            return bool(value)
    return False


def fonts(paragraph: Any, run: Any) -> set[str]:
    """Give the fonts of a run's Latin letters; a theme's font is named by the theme's word for it."""
    found = set()
    for kind in ("ascii", "hAnsi"):
        found.add(_font(paragraph, run, kind))
    return found


def colour(paragraph: Any, run: Any) -> str:
    """Give a run's colour as six digits; what is automatic is black."""
    for source in (run, *styles_of(paragraph, run)):
        if source.font.color is not None and source.font.color.rgb is not None:
            return str(source.font.color.rgb)
        if source.font.color is not None and source.font.color.theme_color is not None:
            return str(source.font.color.theme_color)
    return "000000"


def layout(paragraph: Any, name: str) -> Any:
    """Give what a paragraph's layout says of one thing; None when nobody says anything."""
    for source in (paragraph, *styles_of(paragraph)):
        value = getattr(source.paragraph_format, name)
        if value is not None:
            return value
    return None


def points(paragraph: Any, name: str) -> float:
    """Give a distance of a paragraph's layout in points; 0 when it is not set."""
    value = layout(paragraph, name)
    return float(value.pt) if isinstance(value, Length) else 0.0


def millimetres(paragraph: Any, name: str) -> float:
    """Give a distance of a paragraph's layout in millimetres; 0 when it is not set."""
    value = layout(paragraph, name)
    return float(value.mm) if isinstance(value, Length) else 0.0


def line_spacing(paragraph: Any, letters: float) -> float:
    """Give the distance of lines as a multiple of a single line."""
    value = layout(paragraph, "line_spacing")
    if value is None:
        return 1.0
    if isinstance(value, Length):
        exact = float(value.pt) / (letters * 1.15)  # a line of Times is 1.15 times its letters
        at_least = layout(paragraph, "line_spacing_rule") == WD_LINE_SPACING.AT_LEAST
        return max(1.0, exact) if at_least else exact
    return float(value)


def is_numbered(paragraph: Any) -> bool:
    """Tell whether Word itself puts a bullet or a number before a paragraph."""
    for element in (paragraph._p, *(style.element for style in styles_of(paragraph))):
        properties = element.find(qn("w:pPr"))
        numbers = properties.find(qn("w:numPr")) if properties is not None else None
        if numbers is not None:
            which = numbers.find(qn("w:numId"))
            return which is None or which.get(qn("w:val")) != "0"
    return False


def _font(paragraph: Any, run: Any, kind: str) -> str:
    for element in (run._r, *(style.element for style in styles_of(paragraph, run))):
        properties = element.find(qn("w:rPr"))
        if (found := _named(properties, kind)) is not None:
            return found
    return _named(_defaults(paragraph), kind) or "?"


def _named(properties: Any, kind: str) -> str | None:
    named = properties.find(qn("w:rFonts")) if properties is not None else None
    if named is None:
        return None
    theme = named.get(qn(f"w:{kind}Theme"))
    found: str | None = theme or named.get(qn(f"w:{kind}"))
    return found


def _defaults(paragraph: Any) -> Any:
    styles = paragraph.part.package.main_document_part.document.styles.element  # headers are parts of their own
    found = styles.find(qn("w:docDefaults"))
    wrapped = found.find(qn("w:rPrDefault")) if found is not None else None
    return wrapped.find(qn("w:rPr")) if wrapped is not None else None


def _default(paragraph: Any, name: str) -> Any:
    properties = _defaults(paragraph)
    return properties.find(qn(name)) if properties is not None else None


"""Styles on the tags, because many mail programs drop style sheets; and nothing is ever loaded.

css-inline reads a whole page, and takes longer for a mail than for all else that is written of it. In a mail's style
sheet every rule names one tag or one class, so that a tag's style is the same wherever it stands: css-inline is asked
once for each tag. What comes out is, letter by letter, what css-inline makes of the whole page; a test holds them
together.
"""
from __future__ import annotations

import re
from functools import cache, lru_cache

import css_inline

#: Tags, and what css-inline writes in another way than Jinja does.
_PIECE = re.compile(r"<table\b[^>]*>\s*(?=<tr)|<[^>]*>|&#3[49];|\xa0")
_HREF = re.compile(r'href="([^"]*)"')
_SHEET = re.compile(r"<style>.*?</style>", re.DOTALL)
_LETTERS = {"&#34;": '"', "&#39;": "'", "\xa0": "&nbsp;"}
#: Where a tag may stand, as reading HTML wants it.
_AROUND = {"td": "<table><tbody><tr>", "th": "<table><tbody><tr>", "tr": "<table><tbody>"}


def with_styles(page: str) -> str:
    """Put the page's styles on its tags; what depends on the screen stays a style sheet."""
    head, body, rest = page.partition("<body>")
    styles, opened = _head(head + body)

    def styled(found: re.Match[str]) -> str:
        piece = found[0]
        if piece[0] != "<":
            return _LETTERS[piece]
        if not piece.startswith("<a "):
            return _tag(styles, piece)
        href = _HREF.search(piece)
        if href is None:
            return _tag(styles, piece)
        blank = f'{piece[: href.start(1)]}#{piece[href.end(1) :]}'
        return _tag(styles, blank).replace('href="#"', f'href="{href[1].replace("&#39;", chr(39))}"', 1)

    return f"{opened}{_PIECE.sub(styled, rest)}</body></html>"


@lru_cache(maxsize=32)
def _head(head: str) -> tuple[str, str]:
    """Give a page's style sheet, and the page up to its body as it is sent."""
    sheet = _SHEET.search(head)
    return sheet[0] if sheet else "", _inliner().inline(f"{head}</body></html>").removesuffix("</body></html>")


@lru_cache(maxsize=2000)
def _tag(styles: str, piece: str) -> str:
    if piece in ("</body>", "</html>"):
        return ""  # what stands after them belongs into the body
    if piece == "</table>":
        return "</tbody></table>"
    if piece[1] == "/":
        return piece
    tag = piece.rstrip()
    name = tag[1:-1].split(None, 1)[0]
    page = f"<!doctype html><html><head>{styles}</head><body>{_AROUND.get(name, '')}{tag}"
    styled = re.findall(rf"<{name}\b[^>]*>", _inliner().inline(page))[-1]
    return f"{styled}{piece[len(tag):]}<tbody>" if name == "table" else str(styled)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

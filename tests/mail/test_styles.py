"""Styles are put on tag by tag; what comes out is what css-inline makes of the whole page."""
from __future__ import annotations

import css_inline
import pytest

from tracker.config import ROOT
from tracker.mail.styles import with_styles

SHEET = (ROOT / "templates" / "email" / "mail.css").read_text("utf-8")
PAGES = [
    pytest.param('<p class="title section">Kính gửi</p>\n<p class="khong-co">a<br>b</p>', id="classes"),
    pytest.param('<p>&#34;Ma túy&#34; &amp; &lt;b&gt; l&#39;eau\xa0x</p>', id="letters that HTML writes otherwise"),
    pytest.param('<p><a class="open" href="https://x.example/?a=1&amp;b=&#39;"></a> <a href="#">y</a></p>', id="links"),
    pytest.param('<table class="items">\n  <tr><td class="item item--late"><table class="cells"><tr><td>x</td></tr>'
                 "</table></td></tr>\n</table>", id="a table in a table"),
]


@pytest.mark.parametrize("body", PAGES)
def test_it_is_what_css_inline_makes_of_the_page(body: str) -> None:
    page = f"<!doctype html>\n<html><head><style>{SHEET}</style></head>\n<body>\n{body}\n</body>\n</html>\n"

    assert with_styles(page) == css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(page)


def test_every_rule_names_one_tag_or_one_class() -> None:
    rules = [line.partition("{")[0].strip() for line in SHEET.partition("@media")[0].splitlines() if "{" in line]

    assert rules
    assert all(rule.removeprefix(".").replace("-", "").isalnum() for rule in rules)

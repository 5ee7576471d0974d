"""Saved web pages: the document as a reader sees it, everything round it kept apart, hostile markup refused in time."""

from __future__ import annotations

import codecs
import itertools
import re

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.test_legacy_letters import in_tcvn3, in_vni
from tests.reading.web_pages import DOCUMENT, LINES, page
from tracker.extraction import extract
from tracker.reading import EmptyFile, SecretDocument, TooTangled, UnknownEncoding, read


def lines(body: str) -> list[str]:
    return read(f"<html><body>{body}</body></html>".encode(), "a.html").text.split("\n")


@pytest.mark.parametrize("layout", ["div", "table"])
def test_the_document_of_a_law_site_stands_alone(layout: str) -> None:
    document = read(page(layout=layout).encode(), "ke-hoach.html")

    assert document.text.split("\n") == LINES
    assert document.kind == "html"


def test_what_is_left_out_can_still_be_read() -> None:
    removed = read(page().encode(), "a.htm").removed

    words = {key: " ".join(part.text for part in removed if part.key == key) for key in ("site_menu", "voice_hint")}
    for menu in ("Trang chủ", "Quên mật khẩu?", "Nhập từ khóa", "Facebook", "40/QĐ-UBND", "Người đọc hai", "Bản quyền"):
        assert menu in words["site_menu"]
    assert "Tìm kiếm bằng giọng nói" in words["voice_hint"]
    assert "Nhấn và nói" in words["voice_hint"]
    assert [part.text for part in removed if part.key == "hidden_text"] == ["Chỉ cho thành viên"]


@pytest.mark.parametrize("layout", ["div", "table"])
def test_text_and_what_is_left_out_hold_every_visible_word(layout: str) -> None:
    source = page(layout=layout)
    body = lxml.html.fromstring(source).find("body")
    for silent in [*body.iter("script"), *body.iter("style")]:
        silent.text = ""
    seen = " ".join(body.itertext())

    document = read(source.encode(), "a.html")

    kept = f"{document.text} {' '.join(part.text for part in document.removed)}"
    assert set(words(seen)) <= set(words(kept))
    assert "quảng cáo" not in kept
    assert "bí danh" not in kept


TAGS = st.sampled_from(
    ["div", "p", "b", "ul", "ol", "li", "table", "tr", "td", "th", "nav", "header", "aside", "form", "a href='/x'",
     "h2", "div class='menu'", "div class='comment'", "span hidden", "td rowspan=2", "td colspan=2", "pre", "del",
     "sup", "button"]
)  # fmt: skip
FORM = "<p>KẾ HOẠCH</p><p>I. A</p><p>II. B</p><p>III. C</p><p>Nơi nhận: D</p>"
MARKUP = st.recursive(
    st.just("@"), lambda inner: st.tuples(TAGS, st.lists(inner, min_size=1, max_size=4)).map(
        lambda made: f"<{made[0]}>" + " ".join(made[1]) + f"</{made[0].split()[0]}>"
    ), max_leaves=25,
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.lists(MARKUP, min_size=1, max_size=5), st.sampled_from(["", FORM]))
def test_no_word_is_lost_or_made_up_however_the_page_is_built(parts: list[str], form: str) -> None:
    numbers = itertools.count()
    body = re.sub("@", lambda _: f"w{next(numbers)}w", f"<p>Gốc</p>{form}{''.join(parts)}")

    document = read(f"<html><body>{body}</body></html>".encode(), "a.html")

    kept = re.findall(r"w\d+w", f"{document.text} {' '.join(part.text for part in document.removed)}")
    assert set(kept) == {f"w{number}w" for number in range(next(numbers))}


def words(text: str) -> list[str]:
    # Inline tags that cut a word, and numbers of notes, look different in the bare source.
    return [word for word in re.findall(r"\w+", text) if word not in {"HO", "ẠCH", "KẾ"}]


def test_the_page_gives_the_same_duties_as_the_text() -> None:
    from_page = extract(read(page().encode(), "a.html").text)

    assert from_page.plan.number == "88/KH-UBND"
    assert from_page.to_json() == extract("\n".join(LINES)).to_json()


def test_reading_the_text_again_changes_nothing() -> None:
    text = read(page().encode(), "a.html").text

    assert read(text.encode(), "a.txt").text == text


def test_a_page_without_a_document_is_kept_but_for_its_menu() -> None:
    assert lines("<nav><a href='/'>Trang chủ</a></nav><p>Thông tin chung của xã.</p>") == ["Thông tin chung của xã."]


LONG_ROW = 20 * "<p>Trồng lại rừng ven hồ ở từng xã, giao chỉ tiêu cho từng thôn, theo mùa, hết đất trống.</p>"


@pytest.mark.parametrize("table", ["<table border=1>", "<table>"])
def test_a_row_of_assignments_stays_a_row_however_long_it_is(table: str) -> None:
    head, row = lines(f"{table}<tr><td>Nội dung<td>Chủ trì<tr><td>{LONG_ROW}<td>Sở Xây dựng</table>")

    assert head == "Nội dung | Chủ trì"
    assert row.endswith("đất trống. | Sở Xây dựng")


def test_a_portal_laid_out_as_a_table_gives_its_lines() -> None:
    found = lines(f"<table><tr><td><a href='/'>Một</a><td>{LONG_ROW}<td>Thời tiết</table>")

    assert len(found) == 22


def test_links_in_one_line_are_a_menu() -> None:
    assert lines("<p><a href=/>Trang nhất</a> | <a href=/a>Thời sự</a></p><p>Tin của xã.</p>") == ["Tin của xã."]


def test_an_annex_outside_the_main_box_is_not_lost() -> None:
    annex = "<div class='pl'><p>PHỤ LỤC I</p><table><tr><td>Sở Y tế</td><td>Tập huấn</td></tr></table></div>"

    text = read(page(f"<div>{DOCUMENT}</div>{annex}").encode(), "a.html").text

    assert text.endswith("PHỤ LỤC I\nSở Y tế | Tập huấn")


def test_a_stamp_of_secrecy_is_seen_wherever_the_page_has_it() -> None:
    beside_number = page(DOCUMENT.replace("<p>Số: 88", "<p>MẬT</p><p>Số: 88"))
    for stamped in (beside_number, page().replace("Đăng nhập", "TỐI MẬT<br>")):
        with pytest.raises(SecretDocument):
            read(stamped.encode(), "a.html")


SHOWN = [
    pytest.param("<p>một  hai\n ba</p>", ["một hai ba"], id="blanks"),
    pytest.param("<p>Sở&nbsp;Y&#32;t&#x1EBF; &amp; &lt;BHXH&gt; &#150; 5</p>", ["Sở Y tế & <BHXH> – 5"], id="entities"),
    pytest.param("<p>Kế ho<b>ạch</b> n<i>ă</i>m\u00ad nay\u200b</p>", ["Kế hoạch năm nay"], id="tags"),
    pytest.param("một<br>hai<br/><br>ba", ["một", "hai", "ba"], id="line breaks"),
    pytest.param("<h2>A</h2>b<div>c<p>d</div>e", ["A", "b", "c", "d", "e"], id="blocks"),
    pytest.param("<ol><li>a<li>b</ol>", ["1. a", "2. b"], id="numbers"),
    pytest.param("<ol start=4><li>a<li value=9>b<li>c</ol>", ["4. a", "9. b", "10. c"], id="start and value"),
    pytest.param("<ol reversed><li>a<li>b</ol>", ["2. a", "1. b"], id="backwards"),
    pytest.param("<ol type=a><li>a<ol type=I><li>b<li>c</ol><li>d</ol>", ["a. a", "I. b", "II. c", "b. d"], id="lists"),
    pytest.param("<ol style='list-style-type:lower-roman'><li>a<li>b</ol>", ["i. a", "ii. b"], id="style"),
    pytest.param("<ul style='list-style:none'><li>a</ul>", ["a"], id="no bullet"),
    pytest.param("<ul><li><p>a</p><p>b</p><li>+ c</ul>", ["- a", "b", "+ c"], id="paragraphs in an item"),
    pytest.param("<li>lẻ loi", ["- lẻ loi"], id="an item without a list"),
    pytest.param("<pre>I. A\n  1. B</pre>", ["I. A", "  1. B"], id="lines as typed"),
    pytest.param("<p>m<sup>2</sup></p>", ["m2"], id="a power is no note"),
    pytest.param("<p>Nói <q>rõ</q> <del>cũ</del><ins>mới</ins></p>", ["Nói “rõ” mới"], id="quotes and changes"),
    pytest.param("<dl><dt>a<dd>b</dl><details><summary>c</summary>d</details>", ["a", "b", "c", "d"], id="others"),
    pytest.param("<table><tr><td>một<p>hai</p></td></tr></table>", ["một", "hai"], id="a box drawn as a table"),
    pytest.param(
        "<table><tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e</table>", ["a | b", "a | c", "d | e"], id="rows joined"
    ),
    pytest.param(
        "<table><tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e</table>", ["a |  | b", "c | d | e"], id="columns joined"
    ),
    pytest.param(
        "<table><tr><td colspan=2>PHẦN A<tr><td>c<td>d</table>", ["PHẦN A", "c | d"], id="a heading in a table"
    ),
    pytest.param(
        "<table><tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table><td>e</table>", ["a | b", "c | d", "e"],
        id="a table in a box",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "shown"), SHOWN)
def test_lines_are_what_a_reader_sees(body: str, shown: list[str]) -> None:
    assert lines(body) == shown


WORD_ITEM = (
    "<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='{font}'><span style='mso-list:Ignore'>{mark}<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;"
    "&nbsp; </span></span></span><![endif]>Sở Y tế</p>"
)


@pytest.mark.parametrize(
    ("mark", "font", "shown"),
    [("1.", "", "1. Sở Y tế"), ("·", "font-family:Symbol", "- Sở Y tế"),
     ("o", 'font-family:"Courier New"', "- Sở Y tế"), ("o", "", "o Sở Y tế")],
)  # fmt: skip
def test_a_number_that_word_printed_is_kept_once(mark: str, font: str, shown: str) -> None:
    assert lines(WORD_ITEM.format(mark=mark, font=font)) == [shown]


def test_a_bullet_of_filtered_word_pages_is_read_too() -> None:
    body = (
        "<p style='text-indent:-18.0pt'><span style='font-family:Symbol'>·<span style='font:7.0pt \"Times New Roman\"'>"
        "&nbsp; </span></span>Sở Y tế</p>"
    )

    assert lines(body) == ["- Sở Y tế"]


def test_a_page_called_doc_is_read_as_what_it_is() -> None:
    document = read(f"<html xmlns:o='urn:x'><body>{DOCUMENT}</body></html>".encode(), "ke-hoach.doc")

    assert (document.kind, document.text.split("\n")) == ("html", LINES)
    assert document.notes[-1].key == "read_by_content"


def test_a_text_called_html_keeps_its_lines() -> None:
    document = read("KẾ HOẠCH\nI. MỤC ĐÍCH".encode(), "a.html")

    assert (document.kind, document.text) == ("txt", "KẾ HOẠCH\nI. MỤC ĐÍCH")


BODY = "<p>Sở Y tế tập huấn cho các xã, phường; báo cáo Ủy ban nhân dân tỉnh.</p>"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(codecs.BOM_UTF8 + f"<html>{BODY}".encode(), id="UTF-8 with mark"),
        pytest.param(f"<html>{BODY}".encode("utf-16"), id="UTF-16"),
        pytest.param(f"<html><meta charset=windows-1252>{BODY}".encode(), id="UTF-8 that claims another"),
        pytest.param(f"<html>{BODY}".encode("ascii", "xmlcharrefreplace"), id="numbers for letters"),
        pytest.param(f"<html><meta charset=x-user-defined>{in_vni(BODY)}".encode("latin-1"), id="VNI"),
        pytest.param(f"<html>{in_vni(BODY)}".encode("ascii", "xmlcharrefreplace"), id="VNI by numbers"),
    ],
)
def test_letters_are_told_by_themselves_before_what_the_page_claims(data: bytes) -> None:
    assert read(data, "a.html").text == "Sở Y tế tập huấn cho các xã, phường; báo cáo Ủy ban nhân dân tỉnh."


def test_tcvn3_keeps_the_letter_that_looks_like_a_soft_hyphen() -> None:
    body = "<p>Sở Nông nghiệp đưa nước về các phường, hướng dẫn người dân giữ rừng</p>"

    assert read(f"<html>{in_tcvn3(body)}".encode("latin-1"), "a.html").text in body


def test_what_is_left_out_is_converted_too() -> None:
    document = read(in_tcvn3(page()).encode("latin-1"), "a.html")

    assert any("Quên mật khẩu" in part.text for part in document.removed)


def test_unknown_letters_are_refused() -> None:
    with pytest.raises(UnknownEncoding):
        read(b"<html><p>\xd8\xff\xe7 \xb5\xb6q \x81\x8d", "a.html")


HOSTILE = [
    pytest.param(b"<div>" * 100_000 + b"x", TooTangled, id="nested endlessly"),
    pytest.param(b"<p>" * 6_000_000, TooTangled, id="nothing but tags"),
    pytest.param(b"<table><tr><td rowspan=1000>" + b"x" * 9000 + b"<td>y" + b"<tr><td>z" * 900, TooTangled, id="spans"),
    pytest.param(b"<script>" + b"a<b" * 1000, EmptyFile, id="a script without end"),
    pytest.param(b"<!-- " + b"<p>x" * 1000, EmptyFile, id="a comment without end"),
    pytest.param(b"<p " + b"a=1 " * 900_000 + b">", EmptyFile, id="endless attributes"),
]


@pytest.mark.parametrize(("body", "refusal"), HOSTILE)
def test_hostile_pages_are_refused(body: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(b"<html><body>" + body, "a.html")


def test_entities_of_its_own_are_not_unfolded() -> None:
    bomb = "<!DOCTYPE html [<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;'>]><html><p>Kế hoạch &b;</p></html>"

    assert "xxxx" not in read(bomb.encode(), "a.html").text.replace("<!ENTITY a 'xxxxxxxxxx'>", "")

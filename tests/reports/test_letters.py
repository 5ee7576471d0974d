"""What official letters say, and how forms are filled."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from tests.reports.letter_cases import BY_LETTER, BY_MAIL, KINDS, SIGNING, addressed, item, letter, plan
from tracker.models import Agency, AgencyKind
from tracker.reports.letter_sandbox import BrokenTemplate, ForbiddenMark, UnknownPlace, fill
from tracker.reports.letter_template import RULE_STYLE, built_in, heading_lines
from tracker.reports.letter_words import CitedPlan, EarlierChase, chased_words, default_subject
from tracker.reports.letters import make, proposed_signing
from tracker.rules.errors import Refusal
from tracker.rules.letter_form import RULE_SHARE
from tracker.rules.states import ChaseChannel

DAY = date(2026, 9, 1)


def said(filled: dict[str, Any]) -> str:
    return "\n".join(filled["paragraphs"])


def everything(content: bytes) -> str:
    """Give all words of a document."""
    return " ".join(node.text or "" for node in Document(BytesIO(content)).element.body.iter()
                    if node.tag.endswith("}t"))


def test_the_plan_is_cited_in_full_first_and_shortly_after() -> None:
    text = said(letter(addressed()))

    assert text.startswith(
        "Thực hiện Kế hoạch số 148/KH-UBND ngày 09 tháng 01 năm 2026 của Ủy ban nhân dân tỉnh Hà Dương về xây dựng xã, "
        "phường không ma túy năm 2026 (sau đây gọi là Kế hoạch số 148/KH-UBND), Công an tỉnh")


@pytest.mark.parametrize(("title", "subject"), [
    ("Kế hoạch phòng, chống ma túy năm 2026", "về phòng, chống ma túy năm 2026"),
    ("Về tăng cường cai nghiện", "về tăng cường cai nghiện"),
    ("Thực hiện Chỉ thị số 36-CT/TW", "thực hiện Chỉ thị số 36-CT/TW"),
    ("UBND tỉnh giao việc", "về UBND tỉnh giao việc"),
    ("PHÒNG, CHỐNG MA TÚY", "“PHÒNG, CHỐNG MA TÚY”"),
])
def test_a_plans_subject_is_joined_as_one_would_write_it(title: str, subject: str) -> None:
    assert CitedPlan("Kế hoạch", "1/KH-UBND", None, None, title).full == f"Kế hoạch số 1/KH-UBND {subject}"


def test_several_plans_are_a_typed_list() -> None:
    paragraphs = letter(addressed("Sở Y tế", item(), item(3, plan("73/KH-UBND"))))["paragraphs"]

    assert paragraphs[0].endswith(":")
    assert paragraphs[1].startswith("- Kế hoạch số 148/KH-UBND")
    assert paragraphs[1].endswith(";")
    assert paragraphs[2].startswith("- Kế hoạch số 73/KH-UBND")
    assert paragraphs[2].endswith(".")


def test_the_words_grow_firmer_with_each_earlier_chase() -> None:
    late = item()
    first, second, third = (
        said(letter(addressed("Sở Y tế", late), earlier={late.id: chases}))
        for chases in ([], [BY_LETTER], [BY_MAIL, BY_LETTER])
    )

    assert "đã đôn đốc" not in first
    assert "đề nghị Sở Y tế quan tâm chỉ đạo" in first
    assert "đã đôn đốc tại Công văn số 152/CAT-PC04 ngày 11 tháng 9 năm 2026" in second
    assert "tiếp tục đề nghị Sở Y tế" in second
    assert "đã 02 lần đôn đốc (tại thư điện tử ngày 05 tháng 9 năm 2026 và Công văn số 152/CAT-PC04" in third
    assert "yêu cầu người đứng đầu Sở Y tế" in third


def test_of_many_earlier_chases_the_last_are_named() -> None:
    late = item()
    chases = [EarlierChase(ChaseChannel.PHONE, date(2026, 8, day)) for day in (1, 2, 3, 4)]

    text = said(letter(addressed("Sở Y tế", late), earlier={late.id: chases}))

    assert "đã 04 lần đôn đốc (gần đây nhất tại điện thoại ngày 02 tháng 8" in text


def test_a_letter_to_several_speaks_only_of_chases_that_reached_all() -> None:
    one, two = item(), item()

    text = said(letter(addressed("Sở A", one), addressed("Sở B", two), earlier={one.id: [BY_MAIL, BY_LETTER],
                                                                                two.id: [BY_MAIL]}))

    assert "Công văn số 152" not in text
    assert "thư điện tử ngày 05 tháng 9 năm 2026" in text


@pytest.mark.parametrize("chases", [[], [BY_MAIL], [BY_MAIL, BY_LETTER]])
def test_a_body_that_is_only_asked_is_asked(chases: list[EarlierChase]) -> None:
    late = item()
    filled = letter(addressed("Tòa án nhân dân tỉnh", late, is_requested=True), earlier={late.id: chases})

    whole = everything(make(filled)).lower()

    assert "trân trọng đề nghị quý cơ quan" in whole
    assert "yêu cầu" not in whole
    assert "đôn đốc" not in whole
    assert "nghiêm túc" not in whole


def test_the_answer_is_wanted_by_the_chosen_day() -> None:
    assert "(qua PC04) chậm nhất ngày 02 tháng 10 năm 2026" in said(letter(addressed()))


def test_number_and_day_are_left_for_the_registry() -> None:
    filled = letter(addressed())

    assert filled["number_line"] == "Số:        /CAT-PC04"
    assert filled["place_and_date"] == "Hà Dương, ngày      tháng 9 năm 2026"


def test_one_addressee_stands_on_the_line_and_several_in_a_list() -> None:
    one, several = letter(addressed("Sở Y tế")), letter(addressed("Sở Y tế"), addressed("Sở Nội vụ"))

    assert (one["addressee"], one["addressees"]) == ("Sở Y tế", [])
    assert (several["addressee"], several["addressees"]) == ("", ["- Sở Y tế;", "- Sở Nội vụ."])
    assert "Kính gửi: Sở Y tế" in everything(make(one))


def test_the_list_of_recipients_begins_and_ends_as_it_must() -> None:
    assert letter(addressed())["recipients"] == [
        "- Như trên;", "- Đồng chí Giám đốc (để báo cáo);", "- Lưu: VT, PC04."]


def test_the_table_says_how_each_task_was_chased_before() -> None:
    assert chased_words(()) == "Chưa"
    assert chased_words((BY_MAIL,)) == "01 lần, gần nhất: thư điện tử ngày 05/09/2026"
    assert chased_words((BY_MAIL, BY_LETTER)) == "02 lần, gần nhất: Công văn số 152/CAT-PC04 ngày 11/09/2026"


def test_the_table_groups_by_agency_in_a_letter_to_several() -> None:
    groups = letter(addressed("Sở Y tế", item(), item(9)), addressed("Sở Nội vụ"))["groups"]

    assert [group["name"] for group in groups] == ["I. Sở Y tế (02 nhiệm vụ)", "II. Sở Nội vụ (01 nhiệm vụ)"]
    assert [row["number"] for row in groups[0]["rows"]] == ["1", "2"]
    assert groups[0]["rows"][1] == {
        "number": "2", "text": "Rà soát, thống kê và báo cáo kết quả.", "document": "Kế hoạch số 148/KH-UBND ngày "
        "09/01/2026", "due": "14/09/2026", "days_late": "9", "chased": "Chưa"}


def test_markup_and_separate_marks_come_out_as_written() -> None:
    import unicodedata

    hostile = everything(make(KINDS["with letters of markup"]))
    marks = everything(make(KINDS["with names in separate marks"]))

    assert "Sở A & B <thử> \"C\"" in hostile
    assert "Kiểm tra <1> & \"2\" 'ba'" in hostile
    assert "Sở Giáo dục và Đào tạo" in marks
    assert unicodedata.is_normalized("NFC", marks)


def test_words_that_look_like_the_template_language_stay_words() -> None:
    late = item(text="Điền {{ paragraphs }} và {% for %} vào mẫu.")

    assert "{{ paragraphs }}" in everything(make(letter(addressed("Sở Y tế", late))))


def test_each_subject_names_its_plan_unless_somebody_wrote_one() -> None:
    assert letter(addressed(), subject="")["subject"] == (
        "đôn đốc thực hiện nhiệm vụ quá hạn theo Kế hoạch số 148/KH-UBND")
    assert letter(addressed(), subject="việc khác")["subject"] == "việc khác"
    assert "đôn đốc" not in default_subject((), is_request=True)


def test_a_first_head_is_proposed_from_what_the_agency_is() -> None:
    department = proposed_signing(Agency(name="Sở Y tế", short_name="SYT", kind=AgencyKind.DEPARTMENT), "Hà Dương")

    assert (SIGNING.parent, SIGNING.heading, SIGNING.abbreviation) == ("BỘ CÔNG AN", "CÔNG AN TỈNH HÀ DƯƠNG", "CAT")
    assert (department.parent, department.heading, department.abbreviation) == ("UBND TỈNH HÀ DƯƠNG", "SỞ Y TẾ", "SYT")


def test_a_long_heading_breaks_in_its_middle_and_its_rule_fits_the_last_line() -> None:
    assert heading_lines("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG") == ["SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"]
    assert heading_lines("CÔNG AN TỈNH HÀ DƯƠNG") == ["CÔNG AN TỈNH HÀ DƯƠNG"]


@pytest.mark.parametrize(("heading", "width"), [("SỞ Y TẾ", 17.8), ("CÔNG AN TỈNH HÀ DƯƠNG", 60.5)])
def test_the_rule_is_a_third_to_a_half_of_the_name(heading: str, width: float) -> None:
    from dataclasses import replace

    document = Document(BytesIO(make(letter(addressed(), signing=replace(SIGNING, heading=heading)))))
    cell = document.tables[0].rows[0].cells[0]
    layout = next(p for p in cell.paragraphs if p.style.name == RULE_STYLE).paragraph_format

    share = (66 - layout.left_indent.mm - layout.right_indent.mm) / width
    assert RULE_SHARE.least < share < RULE_SHARE.most


# Forms that somebody else brings.


def form_with(text: str, style: str = "Công văn - Nội dung") -> bytes:
    document = Document(BytesIO(built_in()))
    document.paragraphs[0].insert_paragraph_before(text, style=style)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


ATTACKS: list[tuple[str, type[Refusal]]] = [
    ("{{ ''.__class__ }}", ForbiddenMark),
    ("{{ subject.__class__.__mro__ }}", ForbiddenMark),
    ("{{ paragraphs.append('x') }}", ForbiddenMark),
    ("{{ paragraphs[0] }}", ForbiddenMark),
    ("{{ cycler.__init__.__globals__ }}", ForbiddenMark),
    ("{{ config }}", UnknownPlace),
    ("{{ range(1000000000) }}", ForbiddenMark),
    ("{% for a in range(1000000000) %}{% endfor %}", ForbiddenMark),
    ("{{ 'x' * 1000000000 }}", ForbiddenMark),
    ("{{ subject | upper }}", ForbiddenMark),
    ("{{ subject ~ subject }}", ForbiddenMark),
    ("{% set x = subject %}", ForbiddenMark),
    ("{% include 'other' %}", ForbiddenMark),
    ("{% import 'os' as os %}", ForbiddenMark),
    ("{% macro m() %}{% endmacro %}", ForbiddenMark),
    ("{% for g in groups %}{% for h in groups %}{{ h.name }}{% endfor %}{% endfor %}", ForbiddenMark),
    ("{% for g in groups %}{% for r in g.rows %}{% for s in g.rows %}x{% endfor %}{% endfor %}{% endfor %}",
     ForbiddenMark),
    ("{% for groups in groups %}x{% endfor %}", ForbiddenMark),
    ("{% for a in groups recursive %}x{% endfor %}", ForbiddenMark),
    ("{% for a, b in groups %}x{% endfor %}", ForbiddenMark),
    ("{% for a in subject %}x{% endfor %}", ForbiddenMark),
    ("{% for g in groups %}{{ g.secret }}{% endfor %}", UnknownPlace),
    ("{% for g in groups %}{{ g._secret }}{% endfor %}", ForbiddenMark),
    ("{{ agency_name }}", UnknownPlace),
    ("{% for a in paragraphs %}" * 25 + "x" + "{% endfor %}" * 25, ForbiddenMark),
    ("{{ subject", BrokenTemplate),
    ("{% if subject %}", BrokenTemplate),
    ("{% nonsense %}", BrokenTemplate),
]


@pytest.mark.parametrize(("text", "refusal"), ATTACKS, ids=[text[:40] for text, _refusal in ATTACKS])
def test_a_form_can_do_nothing_but_be_filled(text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        fill(form_with(text), KINDS["to one"])


def test_an_unknown_place_is_named() -> None:
    with pytest.raises(UnknownPlace) as refused:
        fill(form_with("Kính gửi {{ ten_co_quan }}"), KINDS["to one"])

    assert refused.value.values == {"place": "ten_co_quan"}


@pytest.mark.parametrize(("text", "mark"), [("Số {{ subject }} của {{ subject subject }}", "{{ subject subject }}"),
                                            ("{% nonsense %}", "{% nonsense %}")])
def test_a_mark_that_can_not_be_read_is_shown_as_it_stands(text: str, mark: str) -> None:
    with pytest.raises(BrokenTemplate) as refused:
        fill(form_with(text), KINDS["to one"])

    assert refused.value.values == {"mark": mark}


def test_marks_in_a_header_and_in_the_files_facts_are_checked_too() -> None:
    def in_header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].add_run("{{ ''.__class__ }}")

    def in_facts(document: Any) -> None:
        document.core_properties.title = "{{ ''.__class__ }}"

    changes: list[Callable[[Any], None]] = [in_header, in_facts]
    for change in changes:
        document = Document(BytesIO(built_in()))
        change(document)
        stream = BytesIO()
        document.save(stream)
        with pytest.raises(ForbiddenMark):
            fill(stream.getvalue(), KINDS["to one"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all"])
def test_what_is_no_document_is_refused_as_broken(content: bytes) -> None:
    with pytest.raises(BrokenTemplate):
        fill(content, KINDS["to one"])

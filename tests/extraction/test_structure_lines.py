"""Lines that a crawl broke, ran together or glued become the plan's own paragraphs again, places kept."""

from __future__ import annotations

import random

import pytest

from tests.extraction.test_hostile_texts import PLAN, places_fit
from tracker.extraction import extract
from tracker.extraction.abbreviations import read_abbreviations
from tracker.extraction.cleaning import clean
from tracker.extraction.glue import part_glued_words
from tracker.extraction.joining import join_lines
from tracker.extraction.lines import split_lines

#: As a law site gives it: line ends of the page's source, and one wherever a tag stood.
BROKEN = """ỦY BAN NHÂN DÂN
TỈNH HÀ DƯƠNG
-------
|
CỘNG HÒA XÃ HỘI
CHỦ NGHĨA VIỆT NAM
|
Số: 75/KH-UBND
|
Hà Dương, ngày
19 tháng 05 năm 2022
|
KẾ HOẠCH
PHÁT TRIỂN DỊCH VỤ THƯ VIỆN SỐ GIAI ĐOẠN 2022 - 2025
Căn cứ Quyết định số
749/QĐ-TTg ngày 03/6/2020 của Thủ tướng Chính phủ;
Theo đề nghị của Giám đốc
Sở Văn hóa và Thể thao, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:
I. MỤC ĐÍCH,
YÊU CẦU
1. Mục đích
Đưa sách báo
tới người đọc ở mọi vùng, góp phần nâng cao hiểu biết của người dân về pháp luật
và đời sống.
2. Yêu cầu
- Bảo đảm tiết
kiệm, hiệu quả, phù hợp với điều kiện kinh tế
- xã hội của từng nơi trong giai đoạn 2022
- 2025.
II. NỘI DUNG THỰC HIỆN
1. Xây dựng cơ sở dữ liệu sách
a) Số hóa tài liệu địa chí hiện có tại kho sách của thư viện tỉnh và các thư
viện huyện; hoàn thành trong quý IV/2023.
b) Kết nối dữ liệu với kho sách chung.
III. TỔ CHỨC
THỰC HIỆN
1. Sở Văn hóa
và Thể thao
- Chủ trì, phối hợp với Sở Tài chính, Sở Thông tin và
Truyền thông tổ chức thực hiện Kế hoạch này;
báo cáo Ủy ban nhân dân tỉnh trước ngày
15 tháng 12 năm 2022.
- Hướng dẫn thư viện huyện.
2. Thanh tra Sở
Chủ trì kiểm tra các thư viện trong tháng 10 năm 2022.
3. Đề nghị Tỉnh
đoàn
Vận động thanh niên quyên góp sách.
Nơi nhận:
- Như trên;
TM. ỦY BAN NHÂN DÂN
Trần Văn Nam
"""


def test_broken_sentences_are_read_whole() -> None:
    found = extract(BROKEN)

    assert [(task.text.replace("\n", " "), task.owners) for task in found.tasks] == [
        (
            "Chủ trì, phối hợp với Sở Tài chính, Sở Thông tin và Truyền thông tổ chức thực hiện Kế hoạch này; báo "
            "cáo Ủy"
            " ban nhân dân tỉnh trước ngày 15 tháng 12 năm 2022.",
            ("Sở Văn hóa và Thể thao",),
        ),
        ("Hướng dẫn thư viện huyện.", ("Sở Văn hóa và Thể thao",)),
        ("Chủ trì kiểm tra các thư viện trong tháng 10 năm 2022.", ("Thanh tra Sở",)),
        ("Vận động thanh niên quyên góp sách.", ("Tỉnh đoàn",)),
    ]
    assert found.tasks[0].partners == ("Sở Tài chính", "Sở Thông tin và Truyền thông")
    assert [str(limit.on) for limit in found.tasks[0].deadlines] == ["2022-12-15"]
    assert found.tasks[3].requested
    assert [measure.section for measure in found.measures] == ["II.1", "II.1"]
    assert places_fit(BROKEN, found)


def paragraphs(text: str) -> list[str]:
    plan = clean(text)
    return [line.text for line in join_lines(plan, split_lines(plan))[1]]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Thực hiện chỉ đạo của Ủy\nban nhân dân tỉnh.", 1),
        ("Thực hiện Kế hoạch ngày\n15/6/2025 của tỉnh.", 1),
        ("- Tăng cường kiểm tra các cơ sở;\nxử lý nghiêm vi phạm.", 1),
        ("- Thực hiện giai đoạn 2021\n- 2025 theo lộ trình.", 1),
        ("1. Sở Y tế\nChủ trì khám bệnh.", 2),
        ("- Báo cáo trước ngày 20 hằng tháng\n8. Hiệu lực thi hành", 2),
        ("MỤC TIÊU\nNâng cao nhận thức.", 2),
        ("- Kiểm tra;\n- xử lý;", 2),
    ],
)
def test_a_line_goes_on_only_where_its_words_say_so(text: str, lines: int) -> None:
    assert len(paragraphs(text)) == lines


def test_a_text_in_one_line_gives_headings_and_bullets_again() -> None:
    plan = (
        "Số: 7/KH-UBND KẾ HOẠCH Thực hiện công tác hòa giải như sau: I. MỤC ĐÍCH Giữ gìn đoàn kết trong nhân dân. "
        "II. NHIỆM VỤ 1. Kiện toàn các tổ hòa giải ở cơ sở. 2. 100% tổ hòa giải được tập huấn. "
        + "III. PHÂN CÔNG 1. Sở Tư pháp - Hướng dẫn các địa phương. - Báo cáo trước ngày 15/11/2025. 2. Sở Tài chính "
        "- Bố trí kinh phí. " + "Hòa giải là việc của mọi nhà. " * 60
    )

    found = extract(plan)

    assert [(task.text, task.owners) for task in found.tasks][:2] == [
        ("Hướng dẫn các địa phương.", ("Sở Tư pháp",)),
        ("Báo cáo trước ngày 15/11/2025.", ("Sở Tư pháp",)),
    ]
    assert not [measure for measure in found.measures if "Giữ gìn" in measure.text]
    assert places_fit(plan, found)


def test_glued_words_are_parted_and_their_places_kept() -> None:
    glued = (
        "Kế hoạch, báo cáo, thực hiện, với các sở; Uỷban nhân dân, ban, Ủy, nhân dân.\nI. PHÂN CÔNG NHIỆM VỤ\n"
        "1. UBNDtỉnh giao Sở Y tế.\n2. Sở Y tế: phối hợp vớiSở Tài chính thựchiện kếhoạch và báocáo."
    )

    parted = part_glued_words(clean(glued))
    found = extract(glued)

    assert "với Sở Tài chính thực hiện kế hoạch và báo cáo" in parted.text
    assert "Ủy ban nhân dân" in parted.text
    (task,) = [task for task in found.tasks if task.owners == ("Sở Y tế",) and task.section == "I.2"]
    assert task.partners == ("Sở Tài chính",)
    assert task.text == "phối hợp vớiSở Tài chính thựchiện kếhoạch và báocáo."
    assert places_fit(glued, found)


def test_a_name_with_capitals_inside_is_not_glued() -> None:
    text = "Cài đặt VNeID trên eOffice, iPhone và McDonald theo hướng dẫn."

    assert part_glued_words(clean(text)).text == text


def test_a_text_explains_its_short_forms() -> None:
    text = (
        "an ninh, trật tự (ANTT); phòng cháy và chữa cháy (sau đây viết tắt là PCCC); Phòng tham mưu (PV01); (theo mẫu)"
    )

    assert sorted(read_abbreviations(text)) == [("ANTT", "an ninh, trật tự"), ("PCCC", "phòng cháy và chữa cháy")]
    assert extract("Bảo đảm an ninh, trật tự (ANTT).").abbreviations == (("ANTT", "an ninh, trật tự"),)


def broken_at(text: str, width: int) -> str:
    """Give a text as a law site does: lines of one width, the first of each paragraph shorter by chance."""
    dice = random.Random(width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        room, line = dice.randint(20, width), ""
        for word in paragraph.split(" "):
            if line and len(line) + 1 + len(word) > room and "|" not in paragraph:
                lines.append(line)
                room, line = width, word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return "\n".join(lines)


@pytest.mark.parametrize("width", [62, 70, 78, 90])
def test_a_plan_broken_at_any_width_keeps_its_duties(width: int) -> None:
    whole = {(" ".join(task.text.split()), task.owners) for task in extract(PLAN).tasks}
    broken = broken_at(PLAN, width)

    found = extract(broken)
    same = {(" ".join(task.text.split()), task.owners) for task in found.tasks} & whole

    assert len(same) >= 0.9 * len(whole)
    assert len(found.tasks) <= 1.1 * len(whole)
    assert places_fit(broken, found)

"""A body that no rule knows, among headings that name bodies: it keeps its work, and no word of it is lost."""

from __future__ import annotations

from tracker.extraction import extract

TEXT = """ỦY BAN NHÂN DÂN TỈNH HÀ DƯƠNG
Số: 12/KH-UBND
KẾ HOẠCH
Phòng, chống ma túy trong vận tải năm 2026
II. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Kiểm tra bến xe trước ngày 31/5/2026.
2. Nghiệp đoàn Xe ôm tỉnh: vận động lái xe ký cam kết trước ngày 30/6/2026.
- Tổ chức khám sức khỏe cho lái xe.
3. Đề nghị Câu lạc bộ Xe khách Hà Dương
- Treo áp phích tại bến.
4. Sở Y tế: khám sàng lọc cho lái xe.
"""


def test_what_stands_behind_the_colon_of_an_unknown_body_is_its_work() -> None:
    tasks = {task.text: task for task in extract(TEXT).tasks}

    inline = tasks["vận động lái xe ký cam kết trước ngày 30/6/2026."]
    below = tasks["Tổ chức khám sức khỏe cho lái xe."]

    assert inline.owners == below.owners == ("Nghiệp đoàn Xe ôm tỉnh",)
    assert TEXT[inline.start : inline.end] == inline.text
    assert [str(deadline.on) for deadline in inline.deadlines] == ["2026-06-30"]
    assert inline.rule == "sibling_heading"
    assert len(tasks) == 5


def test_an_unknown_body_that_is_asked_is_marked_so() -> None:
    (asked,) = [task for task in extract(TEXT).tasks if task.requested]

    assert asked.owners == ("Câu lạc bộ Xe khách Hà Dương",)

"""What somebody wrote in an answer, as Vietnamese people's mail programs send it."""
from __future__ import annotations

import unicodedata
from textwrap import wrap

import pytest

from tracker.mail.quoted import LONGEST_WORDS, own_words

SENT = """Kính gửi: Nguyễn Văn An, đầu mối của Sở Y tế

Ngày 16/03/2026: 2 việc quá hạn, lâu nhất 12 ngày.
Những việc dưới đây của cơ quan đã quá hạn hoặc sắp đến hạn. Đề nghị thực hiện và báo cáo tiến độ.

Kế hoạch 12/KH-UBND: Phòng, chống ma túy năm 2026
- Xây dựng kế hoạch truyền thông về phòng, chống ma túy trong học sinh, sinh viên. Quá hạn 12 ngày (hạn 04/03/2026).
- Tổ chức 12 buổi tuyên truyền tại các xã biên giới. Quá hạn 3 ngày.

Báo cáo các việc đến hạn, không cần đăng nhập: https://dondoc.haduong.example/r/…
--
Bạn nhận thư này vì là đầu mối của Sở Y tế trên Đôn Đốc. Thư gửi tự động, xin không trả lời thư này.
"""
#: As it arrived: the link in full.
ARRIVED = SENT.replace("/r/…", "/r/WzEsMSwxXQ.abcDEF-123_x")
QUOTED = "\n".join(f"> {line}".rstrip() for line in ARRIVED.split("\n"))
OURS = "Đôn Đốc – Tỉnh Hà Dương"
HEAD = f"""Từ: {OURS} <dondoc@haduong.example>
Đã gửi: Thứ Hai, 16 Tháng Ba 2026 7:30 SA
Đến: an@syt.example
Chủ đề: 2 việc quá hạn, lâu nhất 12 ngày
"""

ABOVE = [
    pytest.param(f"Vào Th 2, 16 thg 3, 2026 vào lúc 07:30 {OURS} <\ndondoc@haduong.example> đã viết:\n\n{QUOTED}",
                 id="Gmail, broken over two lines"),
    pytest.param(f"Vào 07:30, Th 2, 16 thg 3, 2026 {OURS} <dondoc@haduong.example> đã viết:\n{QUOTED}", id="Gmail app"),
    pytest.param(f"Vào 16 thg 3, 2026, lúc 07:30, {OURS} <dondoc@haduong.example> đã viết:\n\n{QUOTED}", id="iPhone"),
    pytest.param(f"Vào lúc 07:30 16/03/2026, {OURS} đã viết:\n{QUOTED}", id="Thunderbird"),
    pytest.param(f"On 3/16/26 07:30, {OURS} wrote:\n{QUOTED}", id="Thunderbird in English"),
    pytest.param(f"{HEAD}\n{ARRIVED}", id="Outlook"),
    pytest.param(f"________________________________\n{HEAD}\n{ARRIVED}", id="Outlook on the web"),
    pytest.param(f"-----Original Message-----\nFrom: {OURS}\nSent: Monday\nTo: an@syt.example\nSubject: 2\n\n{ARRIVED}",
                 id="old Outlook"),
    pytest.param(f"----- Thư gốc -----\nTừ: \"{OURS}\" <dondoc@haduong.example>\nTới: an@syt.example\nĐã gửi: 16/3\n"
                 f"Chủ đề: 2 việc\n\n{ARRIVED}", id="Zimbra"),
    pytest.param(f"-------- Tin nhắn gốc --------\n{ARRIVED}", id="Samsung"),
    pytest.param(f"Vào 16/03/2026 07:30, {OURS} viết:\n\n{ARRIVED}", id="attributed, not marked"),
    pytest.param(ARRIVED, id="nothing between at all"),
    pytest.param("\n".join(piece for line in ARRIVED.split("\n") for piece in wrap(line, 46, break_long_words=False)
                           or [""]), id="broken anew, not marked"),
]  # fmt: skip


@pytest.mark.parametrize("quoted", ABOVE)
def test_what_stands_above_the_quoted_mail_is_kept_and_nothing_else(quoted: str) -> None:
    said = "Sở đã ban hành kế hoạch số 45/KH-SYT ngày 10/3.\n\n- Đã tổ chức 7 buổi."

    assert own_words(f"{said}\n\n{quoted}", SENT) == said


@pytest.mark.parametrize("quoted", ABOVE[:-3])
def test_a_mail_that_is_no_longer_known_is_cut_by_its_marks_alone(quoted: str) -> None:
    assert own_words(f"Đã xong.\n\n{quoted}") == "Đã xong."


def test_an_answer_below_the_quoted_mail_is_kept() -> None:
    text = f"Vào 16/03/2026, {OURS} <dondoc@haduong.example> đã viết:\n{QUOTED}\n\nĐã xong cả hai việc."

    assert own_words(text, SENT) == "Đã xong cả hai việc."
    assert own_words(f"{ARRIVED}\nĐã xong cả hai việc.", SENT) == "Đã xong cả hai việc."


@pytest.mark.parametrize("known", [SENT, ""])
def test_answers_within_keep_the_line_they_answer(known: str) -> None:
    first, second = "(hạn 04/03/2026).", "biên giới. Quá hạn 3 ngày."
    inline = QUOTED.replace(first, f"{first}\n\nĐã ban hành ngày 10/3.\n").replace(second, f"{second}\nĐược 7 buổi.")

    found = own_words(f"Vào 16/03/2026, {OURS} <dondoc@haduong.example> đã viết:\n{inline}", known)

    assert found == (
        "> - Xây dựng kế hoạch truyền thông về phòng, chống ma túy trong học sinh, sinh viên. Quá hạn 12 ngày "
        "(hạn 04/03/2026).\nĐã ban hành ngày 10/3.\n> - Tổ chức 12 buổi tuyên truyền tại các xã biên giới. Quá hạn 3 "
        "ngày.\nĐược 7 buổi."
    )


def test_answers_within_an_outlook_mail_are_found_by_the_mail_that_was_sent() -> None:
    inline = ARRIVED.replace("Quá hạn 3 ngày.", "Quá hạn 3 ngày.\nĐược 7 buổi, còn 5 buổi trong tháng 4.")

    assert own_words(f"{HEAD}\n{inline}", SENT) == (
        "> - Tổ chức 12 buổi tuyên truyền tại các xã biên giới. Quá hạn 3 ngày.\n"
        "Được 7 buổi, còn 5 buổi trong tháng 4.")


@pytest.mark.parametrize("ending", [
    "-- \nNguyễn Văn An\nSở Y tế", "Trân trọng!\nNguyễn Văn An\nChuyên viên Phòng Nghiệp vụ Y\nĐT: 0912 345 678",
    "Trân trọng cảm ơn./.", "Đã gửi từ iPhone của tôi", "Sent from my Galaxy", "Tải Outlook cho Android",
    "Best regards,\nAn",
])  # fmt: skip
def test_signatures_and_what_telephones_add_are_cut(ending: str) -> None:
    assert own_words(f"Đã xong.\n\n{ending}\n\n{HEAD}\n{ARRIVED}", SENT) == "Đã xong."


@pytest.mark.parametrize("text", [
    "Vào ngày 12/3, cơ quan đã viết:\nKế hoạch số 5.",
    "Từ: 01/3 đến 15/3 đã mở 4 lớp.\nTổng số: 120 người.",
    "Từ: đầu năm\nNgày: 3 buổi",
    "Trân trọng",
    "Kết quả:\n- Đã gửi: 12 văn bản\n- Chủ đề: phòng, chống ma túy",
])  # fmt: skip
def test_what_may_be_somebodys_own_words_stays(text: str) -> None:
    assert own_words(text, SENT) == text


def test_words_that_also_stand_in_the_sent_mail_stay_where_nothing_is_quoted() -> None:
    text = "Tổ chức 12 buổi tuyên truyền tại các xã biên giới. Quá hạn 3 ngày.\nĐã xong."

    assert own_words(text, SENT) == text


def test_decomposed_letters_are_composed() -> None:
    decomposed = unicodedata.normalize("NFD", f"Đã xong việc của sở.\n\nVào 16/3/2026, {OURS} đã viết:\n{QUOTED}")

    assert own_words(decomposed, unicodedata.normalize("NFD", SENT)) == "Đã xong việc của sở."


def test_nothing_but_the_quoted_mail_is_nothing() -> None:
    assert own_words(f"\n\nĐã gửi từ iPhone của tôi\n\nVào 16/3/2026, {OURS} đã viết:\n{QUOTED}", SENT) == ""


@pytest.mark.parametrize("text", [
    ">" * 300_000, "Từ: a\n" * 50_000, "Vào lúc 1 " * 40_000, "_" * 300_000, ("x" * 79 + "\n") * 5000,
    "vao ngay 1 viet " * 3 + "\n" * 100_000, "[image: " * 40_000, "http://" * 40_000,
])  # fmt: skip
def test_a_mail_made_to_tire_its_reader_is_read_in_time(text: str) -> None:
    import time

    began = time.perf_counter()
    found = own_words(text, SENT * 20)

    assert time.perf_counter() - began < 5
    assert len(found) <= LONGEST_WORDS

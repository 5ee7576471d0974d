"""What the mails say: each compared with a file that a person has read (tests/mail/golden)."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tracker.mail import messages
from tracker.mail.messages import Addressee, Behind, ChangedItem, Item, Message, ReportLink
from tracker.rules.plan_changes import Effect
from tracker.rules.states import AssignmentState, ChaseTone

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 3, 18)
DRUG_PLAN = "Kế hoạch 37/KH-UBND: Phòng, chống ma túy và xây dựng xã, phường không ma túy năm 2026"
YOUTH_PLAN = "Kế hoạch 112/KH-UBND: Phòng ngừa ma túy trong thanh niên, thiếu niên giai đoạn 2025 - 2026"
LIAISON = Addressee("Trần Thị Mai", "mai@haduong.example", "vi", "Sở Y tế")
LINK = ReportLink("https://dondoc.haduong.example/r/the-cua-rieng", 14)
HEAD = Addressee("Trần Văn Hùng", "hung@haduong.example", "vi", "Sở Y tế")
LEADER = Addressee("Lê Thị Thanh", "thanh@haduong.example", "vi", "Ủy ban nhân dân tỉnh Hà Dương")
FRONT = Addressee("Lê Văn Hòa", "hoa@haduong.example", "vi", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh")


def item(number: int, days_left: int | None, text: str, *, plan: str = DRUG_PLAN, **values: object) -> Item:
    due_on = None if days_left is None else TODAY + timedelta(days=days_left)
    return Item(assignment_id=number, plan_id=1 if plan == DRUG_PLAN else 2, plan=plan, text=text, due_on=due_on,
                days_left=days_left, **values)  # type: ignore[arg-type]


ITEMS = [
    item(11, -12, "Mở lớp tập huấn về xác định tình trạng nghiện cho cán bộ y tế xã, phường."),
    item(12, -3, "Rà soát, công bố cơ sở đủ điều kiện xác định tình trạng nghiện.", state=AssignmentState.RETURNED),
    item(13, 0, "Báo cáo kết quả kiểm tra nhà thuốc, cơ sở kinh doanh thuốc.", plan=YOUTH_PLAN,
         period=(date(2025, 12, 15), date(2026, 3, 14))),
    item(14, 1, "Cung cấp tài liệu truyền thông cho trạm y tế.", plan=YOUTH_PLAN),
    item(15, 7, "Bổ sung danh mục thuốc & vật tư điều trị <thay thế>."),
]  # fmt: skip
ASKED = [item(21, -5, "Vận động đoàn viên, hội viên tham gia phong trào khu dân cư không ma túy.", is_requested=True)]


def digest() -> Message:
    link = ReportLink("https://dondoc.haduong.example/r/WzcsMV0.chu-ky", days=14)
    far = item(16, 16, "Tổng kết tháng cao điểm.", plan=YOUTH_PLAN)  # later than a link opens
    return messages.digest(LIAISON, [*ITEMS, far], today=TODAY, message_id="<digest@haduong.example>", link=link)


def digest_requested() -> Message:
    return messages.digest(FRONT, ASKED, today=TODAY, message_id="<digest@haduong.example>")


def chase() -> Message:
    return messages.chase(LIAISON, ITEMS[:2], chaser="Công an tỉnh Hà Dương", sender="Phạm Quốc Bình",
                          note="Đề nghị gửi báo cáo trước 17 giờ thứ Sáu.\nVướng mắc xin trao đổi qua Phòng PC04.",
                          tone=ChaseTone.FIRM, link=LINK, today=TODAY, message_id="<chase@haduong.example>")


def chase_gentle() -> Message:
    return messages.chase(LIAISON, ITEMS[:2], chaser="Công an tỉnh Hà Dương", sender="Phạm Quốc Bình", note="",
                          tone=ChaseTone.GENTLE, today=TODAY, message_id="<chase@haduong.example>")


def chase_official() -> Message:
    return messages.chase(LIAISON, ITEMS[:2], chaser="Công an tỉnh Hà Dương", sender="Phạm Quốc Bình", note="",
                          tone=ChaseTone.OFFICIAL, link=LINK, today=TODAY, message_id="<chase@haduong.example>")


def chase_requested() -> Message:
    return messages.chase(FRONT, ASKED, chaser="Công an tỉnh Hà Dương", sender="Phạm Quốc Bình", note="",
                          tone=ChaseTone.OFFICIAL, link=LINK, today=TODAY, message_id="<chase@haduong.example>")


def escalation_head() -> Message:
    return messages.escalation(HEAD, ITEMS[:2], [], today=TODAY, message_id="<up@haduong.example>")


def escalation_leader() -> Message:
    behind = [Behind(n, f"Ủy ban nhân dân xã số {n}", n % 3 + 1, 40 - n) for n in range(1, 15)]
    return messages.escalation(LEADER, [], behind, today=TODAY, message_id="<up@haduong.example>")


def report_returned() -> Message:
    return messages.report_returned(LIAISON, ITEMS[1], reason="Chưa có danh sách cơ sở.\nBổ sung số liệu tháng 2.",
                                    reviewer="Công an tỉnh Hà Dương", reported_on=date(2026, 3, 14),
                                    message_id="<returned@haduong.example>")


COORDINATOR = Addressee("Phạm Quốc Bình", "binh@haduong.example", "vi", "Công an tỉnh Hà Dương")


def thread_message(to: Addressee = COORDINATOR, about: Item = ITEMS[1], *, is_question: bool = True) -> Message:
    return messages.thread_message(
        to, about, author="Đỗ Thị Hạnh", author_agency="Sở Y tế", is_question=is_question, is_named=not is_question,
        text="Phụ lục <danh sách cơ sở> gửi kèm báo cáo hay gửi riêng?\nXin trả lời sớm.",
        message_id="<comment@haduong.example>",
    )  # fmt: skip


def thread_message_named() -> Message:
    return thread_message(LIAISON, is_question=False)


EXTENDED = item(11, 28, ITEMS[0].text)
GIVEN = item(22, 30, ASKED[0].text, is_requested=True)


def request_decided(to: Addressee = LIAISON, about: Item = EXTENDED, **values: object) -> Message:
    values = {"is_granted": True, "by": "Công an tỉnh Hà Dương", "words": "Đồng ý lùi hai tuần.\nKhông gia hạn thêm.",
              "wanted_on": date(2026, 4, 30), "granted_on": date(2026, 4, 15), **values}
    return messages.request_decided(to, about, answer=messages.Answer(**values),  # type: ignore[arg-type]
                                    message_id="<answer@haduong.example>")


def request_refused_requested() -> Message:
    return request_decided(FRONT, ASKED[0], is_granted=False, granted_on=None, words="Hội nghị đã ấn định ngày.")


def transfer_granted() -> Message:
    return request_decided(wanted_on=None, granted_on=None, given_to="Sở Nội vụ", words="")


def transfer_refused() -> Message:
    return request_decided(wanted_on=None, granted_on=None, is_granted=False, words="Quyết định 12 giao Sở Y tế.")


def handed_over() -> Message:
    return messages.handed_over(LIAISON, ITEMS[3], by="Sở Y tế", to_agency=False,
                                message_id="<assignee@haduong.example>")


def handed_over_agency() -> Message:
    return messages.handed_over(LIAISON, EXTENDED, by="Công an tỉnh Hà Dương", to_agency=True,
                                message_id="<transfer@haduong.example>")


def handed_over_to_help() -> Message:
    return messages.handed_over(LIAISON, EXTENDED, by="Sở Giáo dục và Đào tạo", to_agency=True, to_help=True,
                                message_id="<handed_over.part-7.2@haduong.example>")


def handed_over_requested() -> Message:
    return messages.handed_over(FRONT, GIVEN, by="Công an tỉnh Hà Dương", to_agency=True,
                                message_id="<transfer@haduong.example>")


CHANGES = [
    ChangedItem(item(31, 60, "Thành lập đoàn kiểm tra cơ sở kinh doanh thuốc."), Effect.GIVEN,
                "Theo chỉ đạo tại cuộc họp giao ban.", "152/UBND-NC", date(2026, 3, 17)),
    ChangedItem(item(32, None, "Cử cán bộ tham gia đoàn kiểm tra."), Effect.GIVEN, "Phối hợp.", is_part=True),
    ChangedItem(item(33, 90, "Mở lớp tập huấn cho trạm y tế."), Effect.MOVED, "Lùi thời gian vì trùng đợt tiêm chủng.",
                due_before=TODAY + timedelta(days=30)),
    ChangedItem(item(34, 12, "Rà soát, công bố toàn bộ cơ sở đủ điều kiện."), Effect.REWORDED, "Bổ sung phạm vi.",
                "16/KH-UBND", text_before="Rà soát, công bố cơ sở đủ điều kiện."),
    ChangedItem(item(35, 5, "In tờ rơi <tuyên truyền>."), Effect.ENDED, "Đã có nguồn khác."),
    ChangedItem(item(36, 5, "Báo cáo hằng tháng."), Effect.ENDED, "Ghép vào báo cáo quý.", was_settled=True),
]  # fmt: skip


def plan_changed() -> Message:
    return messages.plan_changed(LIAISON, CHANGES, plan=DRUG_PLAN, coordinator="Công an tỉnh Hà Dương",
                                 message_id="<changed@haduong.example>")


def plan_changed_requested() -> Message:
    change = ChangedItem(ASKED[0], Effect.MOVED, "Lùi thời gian.", due_before=TODAY - timedelta(days=20))
    return messages.plan_changed(FRONT, [change], plan=DRUG_PLAN, coordinator="Công an tỉnh Hà Dương",
                                 message_id="<changed@haduong.example>")


def password_reset() -> Message:
    return messages.password_reset(LIAISON, token="thẻ-một-lần".encode().hex(), is_first=False,
                                   expires_at=datetime(2026, 3, 18, 3, 0, tzinfo=UTC),
                                   message_id="<reset@haduong.example>")


def password_first() -> Message:
    return messages.password_reset(LIAISON, token="0123abc", is_first=True,
                                   expires_at=datetime(2026, 3, 25, 2, 0, tzinfo=UTC),
                                   message_id="<reset@haduong.example>")


MAILS = [plan_changed, plan_changed_requested, chase_gentle, chase_official, escalation_head, escalation_leader,
         digest, digest_requested, chase,
         chase_requested, report_returned, password_reset, password_first,
         thread_message, thread_message_named, request_decided, request_refused_requested, transfer_granted,
         transfer_refused, handed_over, handed_over_agency, handed_over_to_help,
         handed_over_requested]
each_mail = pytest.mark.parametrize("make_mail", MAILS, ids=lambda mail: mail.__name__)
MakeMail = Callable[[], Message]


@each_mail
@pytest.mark.parametrize("part", ["txt", "html"])
def test_the_mail_reads_as_the_one_a_person_has_read(sqlite_app: Flask, make_mail: MakeMail, part: str) -> None:
    with sqlite_app.app_context():
        mail = make_mail()

    written = f"Subject: {mail.subject}\nTo: {mail.to}\n\n{mail.text}" if part == "txt" else mail.html
    golden = GOLDEN / f"{make_mail.__name__}.{part}"
    if not golden.exists():
        golden.write_text(written, "utf-8")
        pytest.fail(f"{golden} was written: read it, then run again")
    assert written == golden.read_text("utf-8")


@each_mail
def test_nothing_is_loaded_from_anywhere(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        html = make_mail().html

    assert not re.search(r"<(img|link|script|iframe|object|video)\b|url\(|@import|@font-face", html)
    links = re.findall(r'(?:href|src|background)="([^"]+)"', html)
    assert links
    assert all(link.startswith("https://dondoc.haduong.example/") for link in links)


@each_mail
def test_a_link_leads_to_the_public_address_in_both_parts(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        mail = make_mail()

    assert "https://dondoc.haduong.example/" in mail.text
    assert "localhost" not in mail.text + mail.html


@pytest.mark.parametrize("make_mail", [digest_requested, chase_requested], ids=lambda mail: mail.__name__)
def test_a_body_that_is_asked_is_never_told(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        mail = make_mail()

    everything = f"{mail.subject} {mail.text} {mail.html}".lower()
    assert "kính đề nghị" in mail.subject.lower()
    assert "kính đề nghị" in mail.text.lower()
    assert "yêu cầu" not in everything
    assert "đôn đốc sở" not in everything
    assert "khẩn trương" not in everything


SUBJECTS = [
    pytest.param([-12, -3, 7, 5, 1], "2 việc quá hạn, lâu nhất 12 ngày; 3 việc đến hạn trong 7 ngày", id="worst first"),
    pytest.param([-13], "1 việc quá hạn 13 ngày", id="one late"),
    pytest.param([0], "1 việc đến hạn hôm nay", id="due today is not overdue"),
    pytest.param([1], "1 việc đến hạn trong 7 ngày", id="one ahead"),
    pytest.param([16], "1 việc đến hạn trong 16 ngày", id="told early because a long rest lies before it"),
]


@pytest.mark.parametrize(("days", "subject"), SUBJECTS)
def test_the_subject_changes_with_the_state(sqlite_app: Flask, days: list[int], subject: str) -> None:
    items = [item(n, left, "Việc") for n, left in enumerate(days)]

    with sqlite_app.app_context():
        mail = messages.digest(LIAISON, items, today=TODAY, message_id="<a@b>")

    assert mail.subject == subject


def test_what_people_wrote_is_escaped_in_html(sqlite_app: Flask) -> None:
    rude = Addressee("<b>Mai</b>", "mai@haduong.example", "vi", "Sở <i>Y tế</i>")

    with sqlite_app.app_context():
        mail = messages.chase(rude, [item(1, -3, "<script>x</script>")], chaser="<u>Công an</u>", sender="<s>B</s>",
                              note="<img src=x>", tone=ChaseTone.GENTLE, today=TODAY, message_id="<a@b>")

    assert not re.search(r"<(b|i|script|u|s|img)\b[ >]", mail.html)
    assert "<script>x</script>" in mail.text


def test_a_mail_made_within_a_request_leaves_the_request_as_it_was(sqlite_app: Flask) -> None:
    from flask import request, url_for
    from flask_babel import force_locale, get_locale

    with sqlite_app.test_request_context("/", base_url="http://10.0.0.5"), force_locale("en"):
        mail = digest()

        assert request.host == "10.0.0.5"
        assert str(get_locale()) == "en"
        assert url_for("front.home", _external=True).startswith("http://10.0.0.5/")
    assert "https://dondoc.haduong.example/" in mail.text
    assert "Kính gửi" in mail.text

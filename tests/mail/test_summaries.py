"""The mails that sum up: each compared with a file that a person has read (tests/mail/golden)."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from tracker.mail import summaries
from tracker.mail.items import Item
from tracker.mail.summaries import (
    Cell,
    Changes,
    Late,
    LateAgency,
    MorningFacts,
    RefusedAddress,
    WaitingItem,
    Waits,
)
from tracker.mail.writing import Addressee, Message
from tracker.reports.inbox import InboxKind
from tracker.rules.permissions import Role
from tracker.rules.standing import OfficialClass, Rate

MONDAY = date(2026, 3, 16)
FIRST = date(2026, 4, 1)
COORDINATOR = Addressee("Phạm Quốc Bình", "binh@haduong.example", "vi", "Công an tỉnh Hà Dương")
LEADER = Addressee("Lê Thị Thanh", "thanh@haduong.example", "vi", "Ủy ban nhân dân tỉnh Hà Dương")
ADMIN = Addressee("Vũ Đình Toàn", "toan@haduong.example", "vi", "Sở Khoa học và Công nghệ tỉnh Hà Dương")
NOTHING = Late([], 0, 0)
QUIET = Changes(date(2026, 3, 9), date(2026, 3, 15))
LATE = Late(
    [LateAgency(7, "Ủy ban nhân dân xã Đồng Kiên", 5, 45), LateAgency(3, "Sở Y tế", 3, 12, new=2),
     *(LateAgency(20 + n, f"Ủy ban nhân dân xã Vân Lạc {n}", 1, 9 - n) for n in range(1, 4))],
    items=19, total=13, days_late=45,
)  # fmt: skip
ASKED = Late([LateAgency(31, "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", 1, 5)], items=1, total=1, days_late=5)
WAITS = Waits(
    [(InboxKind.REPORT, 4), (InboxKind.EXTENSION, 2), (InboxKind.TRANSFER, 0), (InboxKind.QUESTION, 1)],
    [WaitingItem("report-12", InboxKind.REPORT, "Sở Giáo dục và Đào tạo",
                 "Tổ chức ký cam kết không liên quan đến ma túy trong 100% trường trung học phổ thông và các trung tâm "
                 "giáo dục thường xuyên trên địa bàn tỉnh.", 12, 9),
     WaitingItem("extension-4", InboxKind.EXTENSION, "Sở Y tế", "Mở lớp tập huấn <cán bộ y tế>.", 2, 0),
     WaitingItem("question-9", InboxKind.QUESTION, "Ủy ban nhân dân xã Đồng Kiên", "Báo cáo quý I.", 0, 0)],
)  # fmt: skip
CHANGES = Changes(date(2026, 3, 9), date(2026, 3, 15), submitted=8, progress=11, accepted=6, returned=1, given=14,
                  moved=2, newly_late=3)
CELLS = [Cell(OfficialClass.DONE_ON_TIME, 40, 30), Cell(OfficialClass.DONE_LATE, 10, 8),
         Cell(OfficialClass.PENDING_IN_TIME, 55, 70), Cell(OfficialClass.PENDING_OVERDUE, 20, 25)]
LONGEST = [LateAgency(7, "Ủy ban nhân dân xã Đồng Kiên", 5, 45), LateAgency(3, "Sở Y tế", 3, 12, new=2),
           LateAgency(21, "Ủy ban nhân dân xã Vân Lạc", 1, 9)]
OWN = [Item(assignment_id=51, plan_id=1, plan="Kế hoạch 37/KH-UBND: Phòng, chống ma túy", text="Rà soát cơ sở.",
            due_on=FIRST - timedelta(days=9), days_left=-9)]
REFUSED = RefusedAddress(
    user_id=12, name="Trần Thị Mai", email="mai@soyte.haduong.example", phone="0912 345 678", role=Role.LIAISON,
    agency_id=3, agency="Sở Y tế", refused_at=datetime(2026, 3, 18, 0, 31, tzinfo=UTC),
    reason="550 5.1.1 <mai@soyte.haduong.example>: user unknown", others=[], owed=7,
)  # fmt: skip


def weekly() -> Message:
    return summaries.weekly(COORDINATOR, late=LATE, requested=ASKED, waits=WAITS, changes=CHANGES, soon=8, today=MONDAY,
                            message_id="<weekly@haduong.example>")


def weekly_nothing_late() -> Message:
    return summaries.weekly(COORDINATOR, late=NOTHING, requested=NOTHING, waits=Waits([(InboxKind.REPORT, 0)], []),
                            changes=QUIET, soon=1, today=MONDAY, message_id="<weekly@haduong.example>")


def weekly_head() -> Message:
    return summaries.weekly(COORDINATOR, late=NOTHING, requested=NOTHING, waits=WAITS, changes=CHANGES, soon=0,
                            own=OWN, today=MONDAY, message_id="<weekly@haduong.example>")


def monthly(**values: object) -> Message:
    values = {"cells": CELLS, "no_deadline": 15, "rate": Rate(50, 70), "rate_before": Rate(38, 63),
              "before_on": date(2026, 3, 2), "late_agencies": 13, "new": 4, "longest": LONGEST, **values}
    return summaries.monthly(LEADER, today=FIRST, message_id="<monthly@haduong.example>",
                             **values)  # type: ignore[arg-type]


def monthly_on_track() -> Message:
    cells = [Cell(one.official_class, 12 * (one.official_class is OfficialClass.PENDING_IN_TIME), 0) for one in CELLS]
    return monthly(cells=cells, no_deadline=0, rate=Rate(0, 0), rate_before=Rate(0, 0), late_agencies=0, new=0,
                   longest=[])


def monthly_head() -> Message:
    return monthly(own=OWN)


def address_refused() -> Message:
    return summaries.address_refused(COORDINATOR, REFUSED, may_mend=False, message_id="<refused@haduong.example>")


def address_refused_admin() -> Message:
    refused = RefusedAddress(**{**vars(REFUSED), "others": ["Đỗ Thị Hạnh", "Lê Văn Hòa"], "phone": ""})
    return summaries.address_refused(ADMIN, refused, may_mend=True, message_id="<refused@haduong.example>")


def morning_line() -> Message:
    return summaries.morning_line(ADMIN, MorningFacts(MONDAY, "07:30", sent=42, parked=0, bounced=0, waiting=0),
                                  message_id="<morning@haduong.example>")


def morning_line_bad() -> Message:
    facts = MorningFacts(
        MONDAY, "07:36", sent=1012, parked=5, bounced=2, waiting=13, failure="OperationalError: database is locked",
        reasons=[("552 5.3.4 message too big", 4), ("UnicodeError: <địa chỉ> hỏng", 1)], refused=3, unreached=6,
    )
    return summaries.morning_line(ADMIN, facts, is_late=True, message_id="<morning@haduong.example>")


MAILS = [weekly, weekly_nothing_late, weekly_head, monthly, monthly_on_track, monthly_head, address_refused,
         address_refused_admin, morning_line, morning_line_bad]
MakeMail = Callable[[], Message]


@pytest.mark.parametrize("make_mail", [monthly, monthly_on_track, monthly_head], ids=lambda mail: mail.__name__)
def test_a_leader_reads_twelve_lines_at_most(sqlite_app: Flask, make_mail: MakeMail) -> None:
    with sqlite_app.app_context():
        text = make_mail().text

    assert len([line for line in text.splitlines() if line.strip()]) <= 12


def test_the_morning_in_one_line(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        assert morning_line().subject == "07:30: 42 thư, 0 lỗi"
        assert morning_line_bad().subject == "07:36 ngày 16/03/2026: 1012 thư, 8 lỗi, 13 thư còn chờ"


def test_a_body_that_is_asked_is_not_called_late(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        mail = summaries.weekly(COORDINATOR, late=NOTHING, requested=ASKED, waits=Waits([], []), changes=QUIET, soon=0,
                                today=MONDAY, message_id="<weekly@haduong.example>")

    assert "không có việc quá hạn" in mail.subject
    asked = mail.text.partition("CƠ QUAN ĐƯỢC ĐỀ NGHỊ PHỐI HỢP")[2].partition("TUẦN TRƯỚC")[0]
    assert "Mặt trận" in asked
    assert "quá hạn" not in asked


def test_what_people_and_servers_wrote_is_escaped_in_every_summary(sqlite_app: Flask) -> None:
    evil = "<script>x</script> 100% %(a)s"
    rude = Addressee("<b>Bình</b>", "binh@haduong.example", "vi", "<i>Công an</i>")
    agency = LateAgency(7, evil, 5, 45, new=2)
    own = [Item(assignment_id=51, plan_id=1, plan="<img src=x>", text=evil, due_on=FIRST, days_left=-9)]
    refused = RefusedAddress(**{**vars(REFUSED), "name": evil, "email": "<u>a</u>@x", "agency": "<s>S</s>",
                                "reason": evil, "others": ["<b>H</b>"], "phone": "<b>0</b>"})
    facts = MorningFacts(MONDAY, "07:36", sent=1, parked=5, bounced=2, waiting=13, failure=evil, reasons=[(evil, 4)])

    with sqlite_app.app_context():
        late = Late([agency], 5, 1, 45)
        waits = Waits([(InboxKind.REPORT, 4)], [WaitingItem("report-1", InboxKind.REPORT, evil, evil, 2, 0)])
        mails = [
            summaries.weekly(rude, late=late, requested=late, waits=waits, changes=CHANGES, soon=1, own=own,
                             today=MONDAY, message_id="<a@b>"),
            summaries.monthly(rude, cells=CELLS, no_deadline=0, rate=Rate(1, 2), rate_before=Rate(1, 2),
                              before_on=MONDAY, late_agencies=1, new=1, longest=[agency], own=own, today=FIRST,
                              message_id="<a@b>"),
            *(summaries.address_refused(rude, refused, may_mend=may_mend, message_id="<a@b>")
              for may_mend in (True, False)),
            summaries.morning_line(rude, facts, message_id="<a@b>"),
        ]

    for mail in mails:
        assert not re.search(r"<(i|script|u|s|img)\b[ >]|<b>[BH0]", mail.html)
        assert "&lt;script&gt;x&lt;/script&gt; 100% %(a)s" in mail.html
        assert "&amp;lt;" not in mail.html
        assert evil in mail.text
        assert "\n" not in mail.subject

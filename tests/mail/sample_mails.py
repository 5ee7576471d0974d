"""Sample mails of every kind, as of a Wednesday in March: invented people, plans and work."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tracker.mail import messages
from tracker.mail.items import Item, Tally
from tracker.mail.messages import Behind, ChangedItem, News, ReportLink, ToldBefore
from tracker.mail.writing import Addressee, Message
from tracker.rules.plan_changes import Effect
from tracker.rules.states import AssignmentState, ChaseTone

TODAY = date(2026, 3, 18)  # a Wednesday
NOW = datetime(2026, 3, 18, 0, 30, tzinfo=UTC)
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

OPENED = [item(41, 84, "Báo cáo kết quả công tác phòng, chống ma túy 6 tháng đầu năm.",
               period=(date(2025, 12, 10), date(2026, 6, 10)))]
DONE = [item(50 + n, -20, f"Treo băng rôn tuyên truyền đợt {n}.", state=AssignmentState.ACCEPTED) for n in range(1, 13)]


def digest() -> Message:
    link = ReportLink("https://dondoc.haduong.example/r/WzcsMV0.chu-ky", days=14)
    far = item(16, 16, "Tổng kết tháng cao điểm.", plan=YOUTH_PLAN)  # later than a link opens
    return messages.digest(LIAISON, [*ITEMS, far], today=TODAY, message_id="<digest@haduong.example>", link=link,
                           news=News(OPENED, DONE), beside=Tally(late=1, longest=40, this_week=2))


def digest_news() -> Message:
    return messages.digest(LIAISON, [], today=TODAY, message_id="<digest@haduong.example>", link=LINK,
                           news=News(OPENED, DONE[:1]))


def digest_head() -> Message:
    return messages.digest(HEAD, ITEMS[:2], today=TODAY, message_id="<digest@haduong.example>", is_head=True,
                           beside=Tally(late=3, longest=41))


def digest_requested() -> Message:
    opened = [item(22, 84, "Thông tin kết quả vận động 6 tháng đầu năm.", is_requested=True, period=OPENED[0].period)]
    return messages.digest(FRONT, ASKED, today=TODAY, message_id="<digest@haduong.example>", link=LINK,
                           news=News(opened), beside=Tally(late=2, longest=9))


def digest_thanks() -> Message:
    done = [item(23, -5, ASKED[0].text, state=AssignmentState.ACCEPTED, is_requested=True)]
    return messages.digest(FRONT, [], today=TODAY, message_id="<digest@haduong.example>", news=News((), done))


def assigned() -> Message:
    items = [*ITEMS[2:5], OPENED[0], item(17, None, "Thường xuyên kiểm tra cơ sở kinh doanh thuốc."),
             item(18, -2, "Gửi danh sách cán bộ tham gia."),
             item(19, 30, "Cử cán bộ tham gia đoàn kiểm tra.", is_part=True)]
    return messages.assigned(LIAISON, items, plan=DRUG_PLAN, coordinator="Công an tỉnh Hà Dương", first_due=TODAY,
                             now=NOW, message_id="<assigned@haduong.example>")


def assigned_requested() -> Message:
    asked = [item(22, 30, ASKED[0].text, is_requested=True)]
    return messages.assigned(FRONT, asked, plan=DRUG_PLAN, coordinator="Công an tỉnh Hà Dương",
                             first_due=asked[0].due_on, now=NOW, message_id="<assigned@haduong.example>")


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
    return messages.escalation(HEAD, ITEMS[:2], [], own_before=Tally(late=1, longest=30), today=TODAY,
                               message_id="<up@haduong.example>")


BEHIND = [Behind(n, f"Ủy ban nhân dân xã số {n}", n % 3 + 1, 40 - n) for n in range(1, 15)]


def escalation_leader() -> Message:
    return messages.escalation(LEADER, [], BEHIND, today=TODAY, message_id="<up@haduong.example>")


def escalation_coordinator() -> Message:
    return messages.escalation(COORDINATOR, [], BEHIND[:2], before=ToldBefore(5, 61), agencies=4, is_coordinator=True,
                               today=TODAY, message_id="<up@haduong.example>")


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
    return messages.request_decided(to, about, answer=messages.Answer(**values), now=NOW,  # type: ignore[arg-type]
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
    return messages.plan_changed(LIAISON, CHANGES, plan=DRUG_PLAN, coordinator="Công an tỉnh Hà Dương", now=NOW,
                                 message_id="<changed@haduong.example>")


def plan_changed_requested() -> Message:
    change = ChangedItem(ASKED[0], Effect.MOVED, "Lùi thời gian.", due_before=TODAY - timedelta(days=20))
    return messages.plan_changed(FRONT, [change], plan=DRUG_PLAN, coordinator="Công an tỉnh Hà Dương", now=NOW,
                                 message_id="<changed@haduong.example>")


def password_reset() -> Message:
    return messages.password_reset(LIAISON, token="thẻ-một-lần".encode().hex(), is_first=False,
                                   expires_at=datetime(2026, 3, 18, 3, 0, tzinfo=UTC),
                                   message_id="<reset@haduong.example>")


def password_first() -> Message:
    return messages.password_reset(LIAISON, token="0123abc", is_first=True,
                                   expires_at=datetime(2026, 3, 25, 2, 0, tzinfo=UTC),
                                   message_id="<reset@haduong.example>")

"""What an official letter says: the plan cited in full, what is late, how often it was chased, what is wanted by when.

Bodies that the People's Committee can only ask are asked: no "yêu cầu" and no "đôn đốc" ever reaches them. For the
others the words grow firmer with the number of earlier chases. Vietnamese is the language of the form itself.
"""
from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from tracker.rules.letter_form import END_MARK, closed_list, count_words, full_date
from tracker.rules.states import ChaseChannel

#: Earlier chases named one by one; of more, the last so many.
MOST_NAMED = 3


@dataclass(frozen=True)
class CitedPlan:
    """A plan as letters name it."""

    kind: str
    number: str | None
    issued_on: date | None
    issuer: str | None
    title: str

    @property
    def short(self) -> str:
        """Name it as after its first mention."""
        return f"{self.kind} số {self.number}" if self.number else f"{self.kind} “{_subject(self)}”"

    @property
    def full(self) -> str:
        """Cite it as a first mention must: type, number, date, issuer, subject."""
        return " ".join(part for part in (
            self.kind, f"số {self.number}" if self.number else "", full_date(self.issued_on) if self.issued_on else "",
            f"của {self.issuer}" if self.issuer else "", _about(_subject(self)),
        ) if part)  # fmt: skip


@dataclass(frozen=True)
class EarlierChase:
    """One earlier time somebody was chased."""

    channel: ChaseChannel
    happened_on: date
    #: Of a letter that was issued.
    number: str | None = None
    issued_on: date | None = None


@dataclass(frozen=True)
class Case:
    """What one letter is about."""

    issuer: str
    unit: str
    #: The names of those it goes to.
    agencies: tuple[str, ...]
    is_request: bool
    plans: tuple[CitedPlan, ...]
    tasks: int
    longest_late: int
    earlier: tuple[EarlierChase, ...]
    today: date
    reply_by: date
    extra: tuple[str, ...] = ()


def default_subject(plans: tuple[CitedPlan, ...], *, is_request: bool) -> str:
    """Propose what follows "V/v"."""
    what = "đề nghị phối hợp thực hiện nhiệm vụ" if is_request else "đôn đốc thực hiện nhiệm vụ quá hạn"
    if len(plans) != 1:
        return f"{what} theo các kế hoạch của tỉnh"
    plan = plans[0]
    return f"{what} theo {plan.short}" if plan.number else what


def paragraphs(case: Case) -> list[str]:
    """Write the text of a letter, paragraph by paragraph; the last ends with the mark of the end."""
    written = [*_grounds(case), _state(case), *_earlier(case), _wish(case), _answer(case), *case.extra, _close(case)]
    return [*written[:-1], written[-1] + END_MARK]


def annex_title(*, is_request: bool) -> str:
    """Head the table of the annex."""
    if is_request:
        return "DANH MỤC NHIỆM VỤ ĐỀ NGHỊ PHỐI HỢP THỰC HIỆN"
    return "DANH MỤC NHIỆM VỤ QUÁ HẠN CHƯA HOÀN THÀNH"


def chased_head(*, is_request: bool) -> str:
    """Head the table's column of earlier chases."""
    return "Lần trao đổi trước" if is_request else "Lần đôn đốc trước"


def chased_words(earlier: tuple[EarlierChase, ...]) -> str:
    """Say in a table's cell how often and when last something was chased."""
    if not earlier:
        return "Chưa"
    last = earlier[-1]
    if last.number and last.issued_on:
        how = f"Công văn số {last.number} ngày {_day(last.issued_on)}"
    else:
        how = f"{_MEANS[last.channel]} ngày {_day(last.happened_on)}"
    return f"{count_words(len(earlier))} lần, gần nhất: {how}"


_MEANS = {ChaseChannel.MAIL: "thư điện tử", ChaseChannel.PHONE: "điện thoại", ChaseChannel.MEETING: "buổi làm việc",
          ChaseChannel.LETTER: "công văn"}


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def _subject(plan: CitedPlan) -> str:
    """Give what a plan is about, without the type that stands before it already."""
    title = unicodedata.normalize("NFC", plan.title).strip(" .")
    if title.casefold().startswith(plan.kind.casefold()):
        title = title[len(plan.kind):].strip(" :") or title
    return title


def _about(subject: str) -> str:
    """Join a subject to the words before it: "về …", or nothing before a verb of its own."""
    words = subject.split()
    if not words:
        return ""
    if subject.isupper():
        return f"“{subject}”"
    rest = subject if words[0].isupper() and len(words[0]) > 1 else subject[:1].lower() + subject[1:]
    first = " ".join(words[:2]).casefold()
    return rest if first.startswith(("về ", "triển khai", "thực hiện")) or first == "về" else f"về {rest}"


def _grounds(case: Case) -> list[str]:
    duty = f"{case.issuer} theo dõi, {'tổng hợp' if case.is_request else 'đôn đốc'} việc thực hiện các nhiệm vụ"
    if len(case.plans) == 1:
        plan = case.plans[0]
        named = f" (sau đây gọi là {plan.short})" if plan.number else ""
        return [f"Thực hiện {plan.full}{named}, {duty} được giao tại văn bản này."]
    return [f"{duty} được giao tại:", *closed_list([plan.full for plan in case.plans])]


def _state(case: Case) -> str:
    until = f"Tính đến {full_date(case.today)}"
    tasks = f"{count_words(case.tasks)} nhiệm vụ"
    days = f"{count_words(case.longest_late)} ngày"
    if case.is_request:
        return (f"{until}, còn {tasks} có sự tham gia của quý cơ quan đã qua thời hạn theo kế hoạch nhưng "
                f"{case.issuer} chưa nhận được kết quả (chi tiết tại Phụ lục kèm theo).")
    late = f"quá hạn {days}" if case.tasks == 1 else f"quá hạn, lâu nhất là {days}"
    return f"{until}, {_whose(case)} còn {tasks} chưa hoàn thành, đã {late} (chi tiết tại Phụ lục kèm theo)."


def _whose(case: Case) -> str:
    if len(case.agencies) == 1:
        return case.agencies[0]
    return f"{count_words(len(case.agencies))} cơ quan, đơn vị, địa phương"


def _earlier(case: Case) -> list[str]:
    if not case.earlier:
        return []
    named = _join([_named(chase) for chase in case.earlier[-MOST_NAMED:]])
    times = len(case.earlier)
    if case.is_request:
        return [f"Về nội dung này, {case.issuer} đã trao đổi tại {named}."]
    if times == 1:
        return [f"{case.issuer} đã đôn đốc tại {named}; tuy nhiên, đến nay kết quả thực hiện vẫn chưa bảo đảm tiến độ."]
    which = f"gần đây nhất tại {named}" if times > MOST_NAMED else f"tại {named}"
    return [f"{case.issuer} đã {count_words(times)} lần đôn đốc ({which}); tuy nhiên, đến nay các nhiệm vụ nêu trên "
            "vẫn chưa hoàn thành, ảnh hưởng đến tiến độ chung của kế hoạch."]


def _named(chase: EarlierChase) -> str:
    if chase.number and chase.issued_on:
        return f"Công văn số {chase.number} {full_date(chase.issued_on)}"
    return f"{_MEANS[chase.channel]} {full_date(chase.happened_on)}"


def _join(parts: list[str]) -> str:
    return " và ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _wish(case: Case) -> str:
    to = case.agencies[0] if len(case.agencies) == 1 else "các cơ quan, đơn vị, địa phương có tên tại Phụ lục"
    if case.is_request:
        return (f"Để bảo đảm tiến độ chung, {case.issuer} trân trọng đề nghị quý cơ quan quan tâm, phối hợp thực hiện "
                "các nội dung nêu trên.")
    if not case.earlier:
        return (f"Để bảo đảm tiến độ chung, {case.issuer} đề nghị {to} quan tâm chỉ đạo, khẩn trương hoàn thành các "
                "nhiệm vụ nêu trên.")
    if len(case.earlier) == 1:
        return (f"{case.issuer} tiếp tục đề nghị {to} tập trung chỉ đạo, phân công rõ người, rõ trách nhiệm, hoàn "
                "thành dứt điểm các nhiệm vụ nêu trên; làm rõ nguyên nhân chậm tiến độ.")
    return (f"{case.issuer} yêu cầu người đứng đầu {to} trực tiếp chỉ đạo, hoàn thành ngay các nhiệm vụ nêu trên; làm "
            "rõ nguyên nhân, trách nhiệm của tập thể, cá nhân để chậm tiến độ.")


def _answer(case: Case) -> str:
    what = "Kết quả thực hiện (trường hợp chưa hoàn thành, nêu rõ khó khăn, vướng mắc và thời gian hoàn thành)"
    through = f" (qua {case.unit})" if case.unit else ""
    by = f"chậm nhất {full_date(case.reply_by)} để tổng hợp, báo cáo theo quy định."
    if case.is_request:
        return f"{what}, đề nghị gửi về {case.issuer}{through} {by}"
    return f"{what} gửi về {case.issuer}{through} {by}"


def _close(case: Case) -> str:
    if case.is_request:
        return f"{case.issuer} rất mong nhận được sự quan tâm, phối hợp của quý cơ quan"
    if len(case.earlier) >= 2:
        return f"Quá thời hạn trên, {case.issuer} sẽ tổng hợp, báo cáo cấp có thẩm quyền xem xét, chỉ đạo"
    to = case.agencies[0] if len(case.agencies) == 1 else "các cơ quan, đơn vị, địa phương"
    return f"{case.issuer} đề nghị {to} phối hợp, thực hiện"

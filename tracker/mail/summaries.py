"""The mails that sum up: a coordinator's week, a leader's month, and what administrators hear of the mail itself.

They are made as those in `messages.py` are: one function and one folder of templates/email each.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.mail.items import Item, worst_first
from tracker.mail.writing import Addressee, Message, write
from tracker.rules.permissions import Role
from tracker.rules.standing import OfficialClass, Rate


@dataclass(frozen=True)
class LateAgency:
    """An agency with late work: how much, the longest of it, and how much reached this reader's step just now."""

    agency_id: int
    agency: str
    items: int
    days_late: int
    new: int = 0


@dataclass(frozen=True)
class Late:
    """Who is late: some agencies by name, and all of them counted."""

    agencies: Sequence[LateAgency]
    items: int
    #: How many agencies there are in all.
    total: int
    days_late: int = 0

    @property
    def further(self) -> int:
        """Count the agencies that are not named."""
        return self.total - len(self.agencies)


@dataclass(frozen=True)
class Unreached:
    """Agencies with work to do in which no mail reaches anybody: some by name and how much, and how many in all."""

    agencies: Sequence[tuple[str, int]] = ()
    total: int = 0

    @property
    def further(self) -> int:
        """Count the agencies that are not named."""
        return self.total - len(self.agencies)


NOBODY_UNREACHED = Unreached()


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits for the coordinator's answer."""

    #: As it is named in the inbox's address: "report-12".
    key: str
    kind: StrEnum
    agency: str
    text: str
    #: Working days it has waited, and by how many of them that is too long.
    days: int
    days_over: int


@dataclass(frozen=True)
class Waits:
    """What waits for the coordinator: how much of each kind, and what has waited longest."""

    counts: Sequence[tuple[StrEnum, int]]
    longest: Sequence[WaitingItem]

    @property
    def total(self) -> int:
        """Count everything that waits."""
        return sum(number for _kind, number in self.counts)


@dataclass(frozen=True)
class Changes:
    """What the week before changed."""

    first: date
    last: date
    submitted: int = 0
    progress: int = 0
    accepted: int = 0
    returned: int = 0
    given: int = 0
    moved: int = 0
    newly_late: int = 0


def weekly(
    to: Addressee, *, late: Late, requested: Late, waits: Waits, changes: Changes, soon: int, own: Sequence[Item] = (),
    unreached: Unreached = NOBODY_UNREACHED, today: date, message_id: str,
) -> Message:
    """Tell a coordinator how the week begins: who is late, what waits for an answer, what the last week changed.

    `requested` are the bodies that are only asked; `own` is what a head of agency is told of the own agency's work;
    `unreached` are the agencies that somebody has to call, because no mail gets there.
    """
    return write("weekly", to, message_id, items=own, late=late, requested=requested,
                 unreached=unreached, waits=waits, changes=changes, soon=soon, today=today, worst_first=worst_first,
                 week_in_words=_week_in_words, change_lines=_change_lines, waited=_waited)


def _week_in_words(late: Late, waits: Waits) -> str:
    """Sum the week up in one line, the worst first."""
    if late.items:
        first = _("%(items)s việc quá hạn ở %(agencies)s cơ quan, lâu nhất %(days)s ngày",
                  items=late.items, agencies=late.total, days=late.days_late)
    else:
        first = _("không có việc quá hạn")
    if not waits.total:
        return str(first)
    waiting = ngettext("%(num)d việc chờ xử lý", "%(num)d việc chờ xử lý", waits.total)
    return f"{first}; {waiting}"


def _waited(one: WaitingItem) -> str:
    """Say how long something has waited, and by how much that is too long."""
    if not one.days:
        return str(_("mới gửi"))
    if one.days_over:
        return str(_("chờ %(days)s ngày làm việc, quá %(over)s ngày so với quy định",
                     days=one.days, over=one.days_over))
    return str(ngettext("chờ %(num)d ngày làm việc", "chờ %(num)d ngày làm việc", one.days))


def _change_lines(changes: Changes) -> list[str]:
    """Say what the week changed, a line each; what did not happen is left out."""
    lines = [
        (changes.newly_late, ngettext("%(num)d việc mới quá hạn", "%(num)d việc mới quá hạn", changes.newly_late)),
        (changes.submitted, ngettext("%(num)d báo cáo hoàn thành được gửi đến",
                                     "%(num)d báo cáo hoàn thành được gửi đến", changes.submitted)),
        (changes.progress, ngettext("%(num)d báo cáo tiến độ", "%(num)d báo cáo tiến độ", changes.progress)),
        (changes.accepted, ngettext("%(num)d báo cáo được xác nhận", "%(num)d báo cáo được xác nhận",
                                    changes.accepted)),
        (changes.returned, ngettext("%(num)d báo cáo bị trả lại", "%(num)d báo cáo bị trả lại", changes.returned)),
        (changes.given, ngettext("%(num)d việc mới được giao", "%(num)d việc mới được giao", changes.given)),
        (changes.moved, ngettext("%(num)d việc đổi thời hạn", "%(num)d việc đổi thời hạn", changes.moved)),
    ]
    return [str(line) for number, line in lines if number] or [str(_("Không có thay đổi."))]


@dataclass(frozen=True)
class Cell:
    """One official class: how many there are, and how many there were."""

    official_class: OfficialClass
    now: int
    before: int


def monthly(
    to: Addressee, *, cells: Sequence[Cell], no_deadline: int, rate: Rate, rate_before: Rate, before_on: date,
    late_agencies: int, new: int, longest: Sequence[LateAgency], own: Sequence[Item] = (), today: date, message_id: str,
) -> Message:
    """Tell a leader how everything stands, in at most twelve lines: the four cells against those of a month before.

    `new` counts what is told as very late for the first time; `own` is what a head of agency is told besides.
    """
    total = sum(cell.now for cell in cells) + no_deadline
    overdue = next(cell.now for cell in cells if cell.official_class is OfficialClass.PENDING_OVERDUE)
    return write("monthly", to, message_id, items=own, cells=cells, total=total,
                 no_deadline=no_deadline, overdue=overdue, rate=rate, rate_before=rate_before, before_on=before_on,
                 late_agencies=late_agencies, new=new, longest=longest[:2] if own else longest, today=today,
                 worst_first=worst_first, rate_in_words=_rate_in_words, lateness=_lateness,
                 new_in_words=_new_in_words)


def _lateness(agency: LateAgency) -> str:
    """Say how much of an agency's work is late, and for how long."""
    items = ngettext("%(num)d việc quá hạn", "%(num)d việc quá hạn", agency.items)
    longest = ngettext("lâu nhất %(num)d ngày", "lâu nhất %(num)d ngày", agency.days_late)
    return f"{items}, {longest}" + (f"; {_new_in_words(agency.new)}" if agency.new else "")


def _new_in_words(new: int) -> str:
    """Say how much is told to a leader for the first time."""
    return str(ngettext("trong đó %(num)d việc lần đầu báo cáo lãnh đạo",
                        "trong đó %(num)d việc lần đầu báo cáo lãnh đạo", new))


def _percent(rate: Rate) -> str:
    """Write a percentage with a decimal comma; a dash where there is nothing to divide by."""
    return "–" if rate.percent is None else f"{rate.percent:g}%".replace(".", ",")


def _rate_in_words(rate: Rate, before: Rate) -> str:
    """Write the completion rate with its formula, and what it was."""
    if rate.percent is None:
        return str(_("Chưa có nhiệm vụ nào hoàn thành hoặc quá hạn nên chưa tính tỷ lệ."))
    return str(_("Tỷ lệ hoàn thành %(percent)s = hoàn thành ÷ (hoàn thành + chưa hoàn thành quá hạn) = "
                 "%(part)s ÷ %(base)s (%(before)s)", percent=_percent(rate), part=rate.part, base=rate.base,
                 before=_percent(before)))


@dataclass(frozen=True)
class RefusedAddress:
    """Whose address a mail server refused, why, and what that means for the agency."""

    user_id: int
    name: str
    email: str
    phone: str
    role: Role
    agency_id: int
    agency: str
    refused_at: datetime
    #: The server's own words.
    reason: str
    #: Who else of the agency still gets its mails.
    others: Sequence[str]
    #: How much the agency owes, as far as the addressee may see.
    owed: int


def address_refused(to: Addressee, refused: RefusedAddress, *, may_mend: bool, message_id: str) -> Message:
    """Tell that nothing can be mailed to somebody any more; `may_mend` leads to the page where the address stands."""
    return write("address_refused", to, message_id, refused=refused, may_mend=may_mend, refused_lines=_refused_lines)


def _refused_lines(refused: RefusedAddress, may_mend: bool) -> list[str]:
    """Say what the refusal means for the agency's mails, and what to do."""
    lines = []
    if refused.others:
        lines.append(_("Thư nhắc việc của cơ quan vẫn đến: %(names)s.", names=", ".join(refused.others)))
    else:
        lines.append(_("Hiện không còn ai ở %(agency)s nhận được thư nhắc việc.", agency=refused.agency))
    if refused.owed:
        lines.append(ngettext("Cơ quan còn %(num)d việc phải thực hiện.", "Cơ quan còn %(num)d việc phải thực hiện.",
                              refused.owed))
    if may_mend:
        lines.append(_("Xin sửa địa chỉ trong tài khoản; nếu địa chỉ vẫn đúng, xin đánh dấu dùng lại được."))
    elif refused.phone:
        lines.append(_("Xin liên hệ số %(phone)s và báo quản trị hệ thống sửa địa chỉ.", phone=refused.phone))
    else:
        lines.append(_("Xin liên hệ cơ quan bằng cách khác và báo quản trị hệ thống sửa địa chỉ."))
    return [str(line) for line in lines]


@dataclass(frozen=True)
class MorningFacts:
    """What became of a morning's mails by now."""

    day: date
    #: "07:30", in Vietnam.
    began_at: str
    sent: int
    #: Given up, or sent back by the recipient's server.
    parked: int
    bounced: int
    #: Not yet taken by a server.
    waiting: int
    #: The run that decides who gets what broke down, with its last words.
    failure: str = ""
    #: What the servers or we said of those given up, the most frequent first.
    reasons: Sequence[tuple[str, int]] = ()
    #: Addresses that nothing is mailed to, at this moment.
    refused: int = 0
    #: Agencies with work due or late of which nobody could be told.
    unreached: int = 0

    @property
    def errors(self) -> int:
        """Count what went wrong for good."""
        return self.parked + self.bounced + bool(self.failure)


def morning_line(to: Addressee, facts: MorningFacts, *, is_late: bool = False, message_id: str) -> Message:
    """Tell an administrator in one line how a morning's mails went; `is_late` when the day itself is past."""
    return write("morning_line", to, message_id, facts=facts, is_late=is_late, morning_in_words=_morning_in_words,
                 morning_lines=_morning_lines)


def _morning_in_words(facts: MorningFacts) -> str:
    """Sum a morning up: "42 thư, 0 lỗi", and what waits when something does."""
    parts = [ngettext("%(num)d thư", "%(num)d thư", facts.sent), ngettext("%(num)d lỗi", "%(num)d lỗi", facts.errors)]
    if facts.waiting:
        parts.append(ngettext("%(num)d thư còn chờ", "%(num)d thư còn chờ", facts.waiting))
    return ", ".join(str(part) for part in parts)


def _morning_lines(facts: MorningFacts) -> list[str]:
    """Say what stands behind the numbers; nothing on a good morning."""
    lines = []
    if facts.failure:
        lines.append(_("Việc lập thư buổi sáng bị lỗi: %(error)s", error=facts.failure))
    if facts.bounced:
        lines.append(ngettext("%(num)d thư bị máy chủ của người nhận trả về.",
                              "%(num)d thư bị máy chủ của người nhận trả về.", facts.bounced))
    if facts.refused:
        lines.append(ngettext("%(num)d địa chỉ đang bị từ chối, không thư nào được gửi đến đó.",
                              "%(num)d địa chỉ đang bị từ chối, không thư nào được gửi đến đó.", facts.refused))
    if facts.unreached:
        lines.append(ngettext("%(num)d cơ quan có việc đến hạn hoặc quá hạn nhưng không ai nhận được thư.",
                              "%(num)d cơ quan có việc đến hạn hoặc quá hạn nhưng không ai nhận được thư.",
                              facts.unreached))
    if facts.parked:
        lines.append(ngettext("%(num)d thư không gửi được, đã dừng:", "%(num)d thư không gửi được, đã dừng:",
                              facts.parked))
    return [str(line) for line in lines]

"""Words for what the clock does: its jobs, when they run, what a run did."""
from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.rules.clock import JobName
from tracker.rules.states import IncomingKind, MailKind
from tracker.web.words import word

JOBS: dict[str, Any] = {
    JobName.OPEN_WINDOWS: _l("Mở kỳ báo cáo mới"),
    JobName.MORNING: _l("Lập thư buổi sáng"),
    JobName.MORNING_LINE: _l("Báo kết quả buổi sáng cho quản trị"),
    JobName.SWEEP_UPLOADS: _l("Dọn tệp không ai dùng"),
    JobName.SWEEP_COPIES: _l("Dọn bản lưu thư đã cũ"),
    JobName.SWEEP_RUNS: _l("Dọn dấu chạy đã cũ"),
    JobName.DELIVER: _l("Gửi thư"),
    JobName.READ_MAILBOX: _l("Đọc hộp thư đến"),
}
#: When a job runs; the morning's hour is the province's own.
HOURS: dict[str, Any] = {
    JobName.OPEN_WINDOWS: _l("Hằng ngày, từ 00:10"),
    JobName.MORNING: _l("Ngày làm việc, từ %(hour)s đến 17:00"),
    JobName.MORNING_LINE: _l("Sau thư buổi sáng cuối cùng"),
    JobName.SWEEP_UPLOADS: _l("Hằng ngày, từ 00:40"),
    JobName.SWEEP_COPIES: _l("Hằng ngày, từ 00:45"),
    JobName.SWEEP_RUNS: _l("Hằng ngày, từ 00:50"),
    JobName.DELIVER: _l("Liên tục"),
    JobName.READ_MAILBOX: _l("5 phút một lần"),
}
_RESULTS: dict[str, Any] = {
    "assignments": _l("phân công mới"),
    "sent": _l("đã gửi"),
    "failed": _l("lỗi"),
    "parked": _l("không gửi được"),
    "dropped": _l("không còn cần gửi"),
    "deferred": _l("sẽ gửi lại"),
    "waiting": _l("đang chờ"),
    "mails": _l("thư"),
    "people": _l("quản trị được báo"),
    "unreached": _l("cơ quan không có người nhận"),
    "swept": _l("đã dọn"),
}


#: What is counted by kind: the mails that were decided, the mails that came.
_KINDS: dict[str, type[StrEnum]] = {JobName.MORNING: MailKind, JobName.READ_MAILBOX: IncomingKind}


def result_words(name: str, result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give what a run did as numbers and words; what is zero is left out."""
    kinds = {kind.value: kind for kind in _KINDS.get(name, ())}
    own = {"failed": _l("sẽ gửi lại")} if name == JobName.DELIVER else {}
    return [
        (str(number), word(kinds[what]) if what in kinds else str(own.get(what) or _RESULTS.get(what, what)))
        for what, number in result.items() if number
    ]

"""Words for enum values: the one dictionary that templates, forms and mails take them from."""
from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.models.agency import AgencyKind, AgencyLevel
from tracker.models.review import StepKind
from tracker.reports.assignment_list import ListView
from tracker.reports.chase_filter import BoardSort, Bodies
from tracker.reports.inbox import InboxKind
from tracker.reports.morning_view import ToldKind
from tracker.reports.my_work import WorkGroup
from tracker.rules.clarity import Clarity, Verdict
from tracker.rules.lateness import LateBand
from tracker.rules.letter_form import LetterFlaw
from tracker.rules.permissions import Role
from tracker.rules.plan_changes import Effect
from tracker.rules.plan_versions import Change
from tracker.rules.reminder_policy import Audience, Moment
from tracker.rules.standing import OfficialClass
from tracker.rules.states import (
    AssignmentState,
    ChaseChannel,
    ChaseTone,
    DeadlineKind,
    Decision,
    DigestRhythm,
    DutyKind,
    Every,
    IncomingKind,
    IncomingState,
    JobState,
    MailEventKind,
    MailKind,
    MailState,
    PlanState,
    ReportChannel,
    RequestState,
    TaskRole,
)
from tracker.rules.working_days import DayKind
from tracker.web.letter_flaws import FLAWS
from tracker.workflow.deciding_many import Answer
from tracker.workflow.doubts import Doubt

#: Lazy, so that the language is chosen when the page is made.
WORDS: dict[type[StrEnum], dict[Any, Any]] = {
    OfficialClass: {
        OfficialClass.DONE_ON_TIME: _l("Hoàn thành đúng hạn"),
        OfficialClass.DONE_LATE: _l("Hoàn thành quá hạn"),
        OfficialClass.PENDING_IN_TIME: _l("Chưa hoàn thành, trong hạn"),
        OfficialClass.PENDING_OVERDUE: _l("Chưa hoàn thành, quá hạn"),
        OfficialClass.NO_DEADLINE: _l("Không có thời hạn"),
    },
    AssignmentState: {
        AssignmentState.OPEN: _l("Chưa báo cáo"),
        AssignmentState.IN_PROGRESS: _l("Đang thực hiện"),
        AssignmentState.SUBMITTED: _l("Chờ xác nhận"),
        AssignmentState.RETURNED: _l("Bị trả lại"),
        AssignmentState.ACCEPTED: _l("Đã xác nhận"),
        AssignmentState.CANCELLED: _l("Đã hủy"),
    },
    PlanState: {
        PlanState.REVIEW: _l("Đang rà soát"),
        PlanState.PUBLISHED: _l("Đã giao việc"),
        PlanState.SUPERSEDED: _l("Đã được thay thế"),
        PlanState.CANCELLED: _l("Đã hủy"),
    },
    DutyKind: {
        DutyKind.ONE_OFF: _l("Nhiệm vụ có thời hạn"),
        DutyKind.STANDING: _l("Nhiệm vụ thường xuyên"),
        DutyKind.PERIODIC_REPORT: _l("Báo cáo định kỳ"),
        DutyKind.INDICATOR: _l("Chỉ tiêu"),
        DutyKind.EVENT_CLOCK: _l("Thời hạn theo sự kiện"),
    },
    TaskRole: {
        TaskRole.LEAD: _l("Chủ trì"),
        TaskRole.COORDINATE: _l("Phối hợp"),
    },
    DeadlineKind: {
        DeadlineKind.DATE: _l("Ngày cụ thể"),
        DeadlineKind.RANGE: _l("Khoảng thời gian"),
        DeadlineKind.RECURRING: _l("Định kỳ"),
        DeadlineKind.PERIOD: _l("Giai đoạn"),
        DeadlineKind.DURATION: _l("Kể từ sự kiện"),
    },
    Doubt: {
        Doubt.NO_OWNER: _l("Chưa rõ cơ quan"),
        Doubt.MEASURE: _l("Giải pháp chung, chưa giao ai"),
        Doubt.OWNER_UNKNOWN: _l("Cơ quan chưa có trong danh mục"),
        Doubt.OWNER_ENDED: _l("Cơ quan đã kết thúc hoạt động"),
        Doubt.OWNER_INFERRED: _l("Cơ quan do suy ra, cần xác nhận"),
        Doubt.OWNER_UNSURE: _l("Chưa chắc cơ quan"),
        Doubt.MEMBERS_DIFFER: _l("Số cơ quan và danh sách không khớp"),
        Doubt.NUMBERING_JUMP: _l("Số mục bị nhảy"),
        Doubt.NO_DEADLINE: _l("Chưa có thời hạn"),
        Doubt.NO_SEND_BY_DAY: _l("Báo cáo định kỳ chưa có ngày gửi"),
        Doubt.IMPOSSIBLE_DATE: _l("Ngày không có trong lịch"),
        Doubt.ODD_DATE: _l("Ngày lệch xa thời gian kế hoạch"),
        Doubt.YEAR_MISSING: _l("Ngày không ghi năm"),
        Doubt.DUPLICATE: _l("Trùng với nhiệm vụ khác"),
    },
    StepKind: {
        StepKind.EDIT: _l("sửa"),
        StepKind.CHECK: _l("đánh dấu đã kiểm tra"),
        StepKind.UNCHECK: _l("bỏ dấu kiểm tra"),
        StepKind.SPLIT: _l("tách"),
        StepKind.MERGE: _l("gộp"),
        StepKind.DROP: _l("bỏ"),
        StepKind.PUT_BACK: _l("khôi phục"),
        StepKind.ADD: _l("thêm"),
        StepKind.FACTS: _l("sửa thông tin kế hoạch"),
        StepKind.LINK: _l("gắn cơ quan"),
    },
    Clarity: {
        Clarity.PERSON: _l("Rõ người"),
        Clarity.WORK: _l("Rõ việc"),
        Clarity.TIME: _l("Rõ thời gian"),
        Clarity.RESPONSIBILITY: _l("Rõ trách nhiệm"),
        Clarity.PRODUCT: _l("Rõ sản phẩm"),
        Clarity.AUTHORITY: _l("Rõ thẩm quyền"),
    },
    Verdict: {
        Verdict.CLEAR: _l("rõ"),
        Verdict.PARTLY: _l("rõ một phần"),
        Verdict.UNCLEAR: _l("chưa rõ"),
    },
    Change: {
        Change.ADDED: _l("Thêm mới"),
        Change.REMOVED: _l("Không còn"),
        Change.AMENDED: _l("Sửa đổi"),
        Change.KEPT: _l("Giữ nguyên"),
    },
    Every: {
        Every.MONTH: _l("Hằng tháng"),
        Every.QUARTER: _l("Hằng quý"),
        Every.HALF_YEAR: _l("06 tháng"),
        Every.YEAR: _l("Hằng năm"),
    },
    ListView: {
        ListView.ALL: _l("Tất cả nhiệm vụ"),
        ListView.OWED: _l("Còn phải thực hiện"),
        ListView.LATE: _l("Quá hạn"),
        ListView.SOON: _l("Đến hạn trong 7 ngày"),
        ListView.DONE: _l("Đã xong"),
    },
    WorkGroup: {
        WorkGroup.RETURNED: _l("Bị trả lại"),
        WorkGroup.LATE: _l("Quá hạn"),
        WorkGroup.SOON: _l("Đến hạn trong 7 ngày"),
        WorkGroup.REST: _l("Còn lại"),
        WorkGroup.WAITING: _l("Đã báo cáo, chờ xác nhận"),
        WorkGroup.DONE: _l("Đã xong"),
    },
    Effect: {
        Effect.GIVEN: _l("Việc mới"),
        Effect.MOVED: _l("Đổi thời hạn"),
        Effect.REWORDED: _l("Sửa nội dung"),
        Effect.ENDED: _l("Thôi giao"),
        Effect.CARRIED: _l("Giữ nguyên"),
        Effect.SETTLED: _l("Đã xác nhận, giữ nguyên"),
    },
    InboxKind: {
        InboxKind.REPORT: _l("Báo cáo hoàn thành"),
        InboxKind.EXTENSION: _l("Xin gia hạn"),
        InboxKind.TRANSFER: _l("Không thuộc cơ quan"),
        InboxKind.QUESTION: _l("Câu hỏi"),
    },
    Answer: {
        Answer.ACCEPT: _l("Xác nhận các báo cáo"),
        Answer.RETURN: _l("Trả lại các báo cáo"),
        Answer.GRANT: _l("Đồng ý gia hạn đến ngày đã xin"),
        Answer.REFUSE: _l("Không đồng ý các đề nghị"),
        Answer.SETTLE: _l("Câu hỏi không cần trả lời"),
    },
    Decision: {
        Decision.ACCEPTED: _l("Xác nhận"),
        Decision.RETURNED: _l("Trả lại"),
    },
    RequestState: {
        RequestState.WAITING: _l("Chờ trả lời"),
        RequestState.GRANTED: _l("Đồng ý"),
        RequestState.REFUSED: _l("Không đồng ý"),
        RequestState.WITHDRAWN: _l("Đã rút lại"),
    },
    ReportChannel: {
        ReportChannel.PAGE: _l("trên trang"),
        ReportChannel.MAIL_LINK: _l("từ liên kết trong thư"),
        ReportChannel.GRID: _l("từ bảng nhập nhanh"),
        ReportChannel.WORKBOOK: _l("từ tệp Excel"),
    },
    ChaseChannel: {
        ChaseChannel.MAIL: _l("Thư điện tử"),
        ChaseChannel.PHONE: _l("Điện thoại"),
        ChaseChannel.MEETING: _l("Họp, làm việc trực tiếp"),
        ChaseChannel.LETTER: _l("Công văn"),
    },
    ChaseTone: {
        ChaseTone.GENTLE: _l("Nhắc nhẹ"),
        ChaseTone.FIRM: _l("Kiên quyết"),
        ChaseTone.OFFICIAL: _l("Chính thức"),
    },
    LetterFlaw: FLAWS,
    LateBand: {
        LateBand.DAYS_1_3: _l("1–3 ngày"),
        LateBand.DAYS_4_7: _l("4–7 ngày"),
        LateBand.DAYS_8_14: _l("8–14 ngày"),
        LateBand.DAYS_15_30: _l("15–30 ngày"),
        LateBand.OVER_30: _l("trên 30 ngày"),
    },
    BoardSort: {
        BoardSort.LONGEST: _l("Quá hạn lâu nhất trước"),
        BoardSort.WEIGHT: _l("Nhiều và lâu trước"),
        BoardSort.COUNT: _l("Nhiều việc quá hạn trước"),
        BoardSort.PROVINCE: _l("Thứ tự cơ quan của tỉnh"),
    },
    Bodies: {
        Bodies.ORDERED: _l("Cơ quan được giao việc"),
        Bodies.REQUESTED: _l("Cơ quan được đề nghị phối hợp"),
    },
    Audience: {
        Audience.LIAISON: _l("Đầu mối"),
        Audience.STAND_IN: _l("Người thay đầu mối"),
        Audience.HEAD: _l("Thủ trưởng cơ quan"),
        Audience.COORDINATOR: _l("Cơ quan thường trực"),
        Audience.LEADERSHIP: _l("Lãnh đạo tỉnh"),
    },
    Moment: {
        Moment.BEFORE: _l("Trước hạn"),
        Moment.DUE: _l("Đến hạn (lời nhắc cuối)"),
        Moment.AFTER: _l("Quá hạn, nhắc lại"),
        Moment.LATE: _l("Quá hạn lâu"),
        Moment.VERY_LATE: _l("Quá hạn rất lâu"),
    },
    ToldKind: {
        ToldKind.VERY_LATE: _l("quá hạn rất lâu"),
        ToldKind.LATE: _l("quá hạn lâu"),
        ToldKind.AFTER: _l("quá hạn"),
        ToldKind.DUE: _l("đến hạn"),
        ToldKind.BEFORE: _l("trước hạn"),
        ToldKind.OPENED: _l("kỳ báo cáo mới mở"),
        ToldKind.ACCEPTED: _l("đã được xác nhận"),
    },
    DigestRhythm: {
        DigestRhythm.DAILY: _l("Mỗi sáng làm việc"),
        DigestRhythm.WEEKLY: _l("Mỗi tuần một lần, sáng ngày làm việc đầu tuần"),
    },
    MailEventKind: {
        MailEventKind.DEFERRED: _l("Chưa gửi được, sẽ gửi lại"),
        MailEventKind.PARKED: _l("Không gửi được, đã dừng"),
        MailEventKind.DROPPED: _l("Không còn cần gửi"),
        MailEventKind.RESENT: _l("Cho gửi lại"),
        MailEventKind.BOUNCED: _l("Bị máy chủ của người nhận trả về"),
    },
    IncomingKind: {
        IncomingKind.BOUNCE: _l("Thư bị trả về"),
        IncomingKind.AUTO_REPLY: _l("Thư trả lời tự động"),
        IncomingKind.REPLY: _l("Thư trả lời"),
        IncomingKind.UNKNOWN: _l("Thư không rõ"),
    },
    IncomingState: {
        IncomingState.OFFERED: _l("Chờ đầu mối dùng"),
        IncomingState.USED: _l("Đã đưa vào bản nháp báo cáo"),
        IncomingState.DISCARDED: _l("Đã bỏ"),
        IncomingState.FILED: _l("Đã lưu"),
    },
    JobState: {
        JobState.RUNNING: _l("Đang chạy"),
        JobState.DONE: _l("Xong"),
        JobState.FAILED: _l("Lỗi"),
    },
    MailState: {
        MailState.PENDING: _l("Chờ gửi"),
        MailState.SENDING: _l("Đang gửi"),
        MailState.SENT: _l("Đã gửi"),
        MailState.PARKED: _l("Không gửi được"),
        MailState.DROPPED: _l("Không còn cần gửi"),
    },
    MailKind: {
        MailKind.DIGEST: _l("Nhắc việc hằng ngày"),
        MailKind.CHASE: _l("Đôn đốc"),
        MailKind.REPORT_RETURNED: _l("Báo cáo bị trả lại"),
        MailKind.THREAD_MESSAGE: _l("Trao đổi về nhiệm vụ"),
        MailKind.REQUEST_DECIDED: _l("Trả lời đề nghị"),
        MailKind.HANDED_OVER: _l("Được giao phụ trách"),
        MailKind.PLAN_CHANGED: _l("Kế hoạch thay đổi"),
        MailKind.ESCALATION: _l("Báo cáo lên cấp trên về việc quá hạn"),
        MailKind.ASSIGNED: _l("Việc mới được giao"),
        MailKind.WEEKLY: _l("Tổng hợp tuần cho cơ quan thường trực"),
        MailKind.MONTHLY: _l("Tổng hợp tháng cho lãnh đạo"),
        MailKind.ADDRESS_REFUSED: _l("Địa chỉ thư bị từ chối"),
        MailKind.MORNING_LINE: _l("Kết quả gửi thư buổi sáng"),
        MailKind.PASSWORD_RESET: _l("Đặt lại mật khẩu"),
    },
    Role: {
        Role.LIAISON: _l("Đầu mối"),
        Role.COORDINATOR: _l("Cơ quan thường trực"),
        Role.LEADER: _l("Lãnh đạo"),
        Role.ADMINISTRATOR: _l("Quản trị"),
    },
    DayKind: {
        DayKind.OFF: _l("Ngày nghỉ"),
        DayKind.WORKING: _l("Ngày làm bù"),
    },
    AgencyLevel: {
        AgencyLevel.PROVINCE: _l("Cấp tỉnh"),
        AgencyLevel.COMMUNE: _l("Cấp xã"),
    },
    AgencyKind: {
        AgencyKind.PEOPLES_COMMITTEE: _l("Ủy ban nhân dân"),
        AgencyKind.DEPARTMENT: _l("Sở, ban, ngành"),
        AgencyKind.POLICE: _l("Công an"),
        AgencyKind.MILITARY: _l("Quân sự"),
        AgencyKind.BORDER_GUARD: _l("Biên phòng"),
        AgencyKind.COURT: _l("Tòa án"),
        AgencyKind.PROCURACY: _l("Viện kiểm sát"),
        AgencyKind.PARTY: _l("Cơ quan Đảng"),
        AgencyKind.MASS_ORGANISATION: _l("Mặt trận, đoàn thể"),
        AgencyKind.CENTRAL_OFFICE: _l("Cơ quan ngành dọc"),
        AgencyKind.PRESS: _l("Báo chí"),
        AgencyKind.OTHER: _l("Khác"),
    },
}

#: What to ask a plan's drafter where one of the six questions is left open.
ASKS: dict[Clarity, Any] = {
    Clarity.PERSON: _l("Ghi đúng tên cơ quan hoặc nhóm cơ quan phải thực hiện."),
    Clarity.WORK: _l("Nêu việc cụ thể phải làm, không chỉ định hướng “tăng cường”, “đẩy mạnh”."),
    Clarity.TIME: _l("Ghi ngày hoàn thành, hoặc kỳ báo cáo kèm ngày gửi."),
    Clarity.RESPONSIBILITY: _l("Ghi một cơ quan chủ trì và nêu tên các cơ quan phối hợp."),
    Clarity.PRODUCT: _l("Ghi sản phẩm hoặc kết quả để xác nhận đã hoàn thành."),
    Clarity.AUTHORITY: _l("Ghi cấp quyết định hoặc nơi nhận báo cáo."),
}


def word(value: StrEnum) -> str:
    """Give the word for an enum value in the reader's language. Raises KeyError for one without a word."""
    return str(WORDS[type(value)][value])

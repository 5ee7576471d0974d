"""What the demo's agencies asked and said: more time, "not ours", questions, colleagues named, calls noted."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.config import Settings
from tracker.demo.history import acting
from tracker.demo.story import (
    CONG_THUONG,
    DAN_TOC,
    KHOA_HOC,
    MOI_TRUONG,
    NOI_VU,
    THANH_TRA,
    TU_PHAP,
    VAN_HOA,
    Y_TE,
)
from tracker.demo.timeline import Timeline, day_of
from tracker.models import Agency, AgencyLevel, Assignment, Comment, Extension, Plan, Task, User
from tracker.models.calendar import load_calendar
from tracker.rules.states import OWED, AssignmentState, ChaseChannel, RequestState
from tracker.workflow import chasing, discussing, extending, handing_over, progress, transferring

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class MoreTime:
    """One request for more time: asked and answered so many days ago; not answered yet when it says nothing."""

    body: str
    place: int
    asked: int
    days: int
    reason: str
    answered: int = 0
    answer: str = ""
    granted: bool = False


MORE_TIME = (
    MoreTime(Y_TE, 1, 12, 20, "Nhà thầu chậm bàn giao phòng cấp phát thứ ba do mưa lũ; đã có biên bản hiện trường.",
             answered=10, answer="Đồng ý. Đề nghị báo cáo tiến độ trước kỳ giao ban.", granted=True),
    MoreTime(THANH_TRA, 0, 9, 30, "Đoàn thanh tra thiếu người do trùng cuộc thanh tra đột xuất.",
             answered=6, answer="Chưa gia hạn: còn đủ thời gian nếu điều thêm người từ các phòng nghiệp vụ."),
    MoreTime(KHOA_HOC, 0, 7, 15, "Chờ kết quả đánh giá an toàn thông tin của đơn vị độc lập, dự kiến trong 10 ngày."),
    MoreTime(DAN_TOC, 0, 1, 14, "Nhiều thôn vùng cao chỉ họp được vào phiên chợ cuối tuần."),
)
#: Body, place, days ago, reason, whose it is said to be.
NOT_OURS = (
    (CONG_THUONG, 1, 2, "Nội dung kiểm tra trên khâu sản xuất nông nghiệp không thuộc chức năng của Sở.", MOI_TRUONG),
    (MOI_TRUONG, 1, 1, "Nhiệm vụ này đã chuyển sang cơ quan khác sau sắp xếp tổ chức; chưa rõ đơn vị tiếp nhận.", ""),
)  # fmt: skip
#: Body, place, days ago, question, days ago of the answer (0: none yet), answer.
QUESTIONS = (
    (VAN_HOA, 1, 8, "Số liệu kỳ này tính theo địa bàn cũ hay theo đơn vị hành chính sau sắp xếp?", 7,
     "Tính theo đơn vị hành chính sau sắp xếp. Biểu mẫu đã cập nhật trong công văn hướng dẫn."),
    (TU_PHAP, 0, 2, "Bản tiếng Mông có cần nộp kèm biên bản hiệu đính không?", 0, ""),
)  # fmt: skip
CALLED = (NOI_VU, 3, "Đã gọi chánh văn phòng: đang chờ phê duyệt dự toán, hẹn báo cáo trong tuần.")


class Asking:
    """Puts on the timeline what was asked about the plan that is in mid course."""

    def __init__(self, session: Session, settings: Settings, timeline: Timeline, liaisons: dict[str, list[User]],
                 coordinators: list[User]) -> None:
        self.session, self.timeline = session, timeline
        self.liaisons, self.coordinators = liaisons, coordinators
        self.folder: Path = settings.evidence_folder

    def tell(self, plan: Plan) -> None:
        """Put everything on the timeline; what an agency has finished by then, it does not ask about."""
        rows = self._rows(plan)
        for wish in MORE_TIME:
            if place := rows.get((wish.body, wish.place)):
                self._at(wish.asked, lambda at, row=place, wish=wish: self._ask(at, row, wish))  # type: ignore[misc]
                if wish.answered:
                    self._at(wish.answered, lambda at, row=place, wish=wish: self._answer(at, row, wish))  # type: ignore[misc]
        for body, number, days, reason, whose in NOT_OURS:
            if place := rows.get((body, number)):
                self._at(days, lambda at, row=place, words=reason, whose=whose: self._not_ours(at, row, words, whose))  # type: ignore[misc]
        for body, number, days, question, answered, answer in QUESTIONS:
            if place := rows.get((body, number)):
                self._at(days, lambda at, row=place, text=question: self._say(at, row, text))  # type: ignore[misc]
                if answered:
                    self._at(answered, lambda at, row=place, text=answer: self._reply(at, row, text))  # type: ignore[misc]
        self._name_colleague(rows)
        self._help(plan)
        body, days, words = CALLED
        self._at(days, lambda at: self._call(at, body, words))

    def _rows(self, plan: Plan) -> dict[tuple[str, int], Assignment]:
        """Give each provincial body's own duties by their place in the plan."""
        found = self.session.scalars(
            select(Assignment).join(Assignment.task).join(Assignment.agency)
            .where(Assignment.plan_id == plan.id, Assignment.is_part.is_(False), Assignment.group_id.is_(None),
                   Agency.level == AgencyLevel.PROVINCE)
            .options(joinedload(Assignment.agency)).order_by(Task.position, Assignment.id)
        ).all()
        places: dict[str, int] = defaultdict(int)
        rows = {}
        for row in found:
            rows[row.agency.name, places[row.agency.name]] = row
            places[row.agency.name] += 1
        return rows

    def _at(self, days: int, act: Callable[[datetime], None]) -> None:
        self.timeline.add(self.timeline.office_hour(self.timeline.today - ONE_DAY * days), act)

    def _liaison(self, row: Assignment) -> User:
        return self.liaisons[row.agency.name][0]

    def _ask(self, at: datetime, row: Assignment, wish: MoreTime) -> None:
        if row.state in OWED and row.due_on is not None:
            start = max(row.due_on, day_of(at))
            extending.ask(self.session, row, actor=acting(self._liaison(row)), reason=wish.reason,
                          wanted_on=start + ONE_DAY * wish.days, evidence_folder=self.folder, today=day_of(at), now=at)

    def _answer(self, at: datetime, row: Assignment, wish: MoreTime) -> None:
        asked = self.session.scalar(select(Extension).where(Extension.assignment_id == row.id,
                                                            Extension.state == RequestState.WAITING))
        if asked is None:
            return
        actor = acting(self.coordinators[0])
        if wish.granted:
            extending.grant(self.session, asked, actor=actor, granted_on=asked.wanted_on, answer=wish.answer,
                            calendar=load_calendar(self.session), today=day_of(at), now=at)
        else:
            extending.refuse(self.session, asked, actor=actor, answer=wish.answer, now=at)

    def _not_ours(self, at: datetime, row: Assignment, reason: str, whose: str) -> None:
        if row.state in OWED:
            agency = self.session.scalar(select(Agency).where(Agency.name == whose))
            transferring.ask(self.session, row, actor=acting(self._liaison(row)), proposed_agency=agency,
                             reason=reason, today=day_of(at), now=at)

    def _say(self, at: datetime, row: Assignment, text: str) -> None:
        discussing.write(self.session, row, actor=acting(self._liaison(row)), text=text, is_question=True,
                         form_key=f"demo-question-{row.id}", now=at)

    def _reply(self, at: datetime, row: Assignment, text: str) -> None:
        asked = select(Comment.id).where(Comment.assignment_id == row.id, Comment.is_question).limit(1)
        if self.session.scalar(asked) is not None:
            discussing.write(self.session, row, actor=acting(self.coordinators[0]), text=text,
                             form_key=f"demo-answer-{row.id}", now=at)

    def _name_colleague(self, rows: dict[tuple[str, int], Assignment]) -> None:
        """At the body with two liaisons, one hands a duty to the other."""
        row, people = rows.get((Y_TE, 0)), self.liaisons.get(Y_TE, [])
        if row is not None and len(people) > 1:
            self._at(11, lambda at: handing_over.hand_over(self.session, row, actor=acting(people[0]),
                                                           colleague=people[1], now=at))

    def _help(self, plan: Plan) -> None:
        """Every other helper confirms its part a few days ago."""
        parts = self.session.scalars(
            select(Assignment).where(Assignment.plan_id == plan.id, Assignment.is_part)
            .options(joinedload(Assignment.agency)).order_by(Assignment.id)
        ).all()
        for part in parts[::2]:
            if self.liaisons.get(part.agency.name):
                self._at(4, lambda at, part=part: self._confirm(at, part))  # type: ignore[misc]

    def _confirm(self, at: datetime, part: Assignment) -> None:
        if part.state in OWED:
            progress.report(self.session, part, actor=acting(self._liaison(part)), state=AssignmentState.SUBMITTED,
                            text="Đã cử cán bộ tham gia và gửi số liệu phần việc của cơ quan cho đơn vị chủ trì.",
                            evidence_folder=self.folder, today=day_of(at), now=at)

    def _call(self, at: datetime, body: str, words: str) -> None:
        today: date = day_of(at)
        late = self.session.scalars(
            select(Assignment.id).join(Assignment.agency)
            .where(Assignment.is_owed_and_overdue(today), Assignment.is_part.is_(False), Agency.name == body)
        ).all()
        if late:
            chasing.note_down(self.session, acting(self.coordinators[0]), late, channel=ChaseChannel.PHONE,
                              happened_on=today, note=words, form_key="demo-call", today=today, now=at)

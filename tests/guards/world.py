"""Rows of every kind: ours, and the same again of an agency and a coordinator that have nothing to do with us."""
from __future__ import annotations

import gzip
import json
import mailbox
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.factories import NOW, TODAY, Factory
from tracker import clock
from tracker.models import (
    Actor,
    Assignment,
    CalendarDay,
    CalendarFeed,
    Chase,
    ChaseItem,
    ClockBeat,
    Comment,
    DraftFile,
    Evidence,
    Extension,
    IncomingFile,
    IncomingMail,
    JobRun,
    Letter,
    LetterTemplate,
    MailCopy,
    MailEvent,
    Mention,
    OutboxMail,
    PasswordReset,
    Plan,
    PlanChange,
    PlanReminderPolicy,
    ProgressUpdate,
    ProvincePolicy,
    Provision,
    Reminder,
    ReportDraft,
    Review,
    ReviewPresence,
    ReviewStep,
    SavedView,
    StepKind,
    TaskOwner,
    Transfer,
    User,
)
from tracker.models.account import issue_token
from tracker.models.audit import record
from tracker.models.mail_link import make_token
from tracker.reports.feed import feed_token
from tracker.rules.permissions import Permission, Role
from tracker.rules.plan_changes import Effect
from tracker.rules.policy import Policy
from tracker.rules.states import (
    AssignmentState,
    ChaseChannel,
    ChaseTone,
    Decision,
    IncomingKind,
    IncomingState,
    JobState,
    MailEventKind,
    MailKind,
    MailState,
    PlanState,
)
from tracker.rules.working_days import DayKind
from tracker.web.guard import STATIC_ENDPOINTS
from tracker.workflow import evidence

DAY = timedelta(days=1)
#: Pages of a plan that is running.
CHANGES_RUNNING = {"plans.changes", "plans.add_to_running", "plans.amend_task", "plans.withdraw_task",
                   "plans.take_back_withdrawal"}
#: A mail as it was sent, as `reminders.copies` keeps it.
COPY = gzip.compress(json.dumps({"text": "Việc đến hạn.", "html": "<p>Việc đến hạn.</p>", "ics": ""}).encode())
HTML = "<!doctype html><html><head><title>Thư</title></head><body><p style='color:#333'>Việc</p></body></html>"


@dataclass
class Side:
    """One coordinator with its plans, one agency with its work: all the ids an address may hold."""

    coordinator: User
    liaison: User
    ids: dict[str, Any] = field(default_factory=dict)


class Flushing(Factory):
    """Makes rows without committing each: hundreds of them are wanted."""

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row


class World:
    """Two sides that must not see each other, and a leader and an administrator who see both."""

    def __init__(self, app: Flask, session: Session) -> None:
        make = Flushing(session)
        self.app, self.make, self.session = app, make, session
        self.settings = app.extensions["settings"]
        self.leader = make.user(Role.LEADER)
        self.administrator = make.user(Role.ADMINISTRATOR)
        make.user(Role.ADMINISTRATOR)
        self.mail_key = self._catch_mail()
        self.ours, self.theirs = self._side(), self._side()
        self.session.commit()

    @property
    def people(self) -> dict[Role, User]:
        """One person of each role, on our side."""
        return {Role.LIAISON: self.ours.liaison, Role.COORDINATOR: self.ours.coordinator,
                Role.LEADER: self.leader, Role.ADMINISTRATOR: self.administrator}

    def _side(self) -> Side:
        make = self.make
        side = Side(make.coordinator(), make.user(Role.LIAISON))
        plan = make.plan(side.coordinator.agency)
        reviewed = make.plan(side.coordinator.agency, state=PlanState.REVIEW)
        side.ids |= {
            "plan_id": plan.id, "plan_id:review": reviewed.id, "agency_id": side.liaison.agency_id,
            "user_id": make.user(Role.LIAISON, side.liaison.agency).id, "key": self.mail_key,
        }  # fmt: skip
        colleague = make.user(Role.COORDINATOR, side.coordinator.agency)
        self.session.add(ReviewPresence(plan_id=reviewed.id, user_id=colleague.id, seen_at=clock.now()))
        self.grow(side, 2)
        assignments = self.session.query(Assignment).filter_by(plan_id=plan.id).order_by(Assignment.id).all()
        side.ids |= {
            "assignment_id": assignments[0].id,
            "assignment_id:submitted": self._submitted(side, assignments[0]).id,
            "evidence_id": self.session.query(Evidence.id).order_by(Evidence.id.desc()).limit(1).scalar(),
            "mail_id": self.session.query(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1).scalar(),
            "day_id": self.session.query(CalendarDay.id).order_by(CalendarDay.id.desc()).limit(1).scalar(),
            "task_id": self._task(reviewed, side).id, "task_id:running": assignments[0].task_id,
            "chase_id": self.session.query(Chase.id).order_by(Chase.id.desc()).limit(1).scalar(),
            "token": self._token(side.liaison), "filename": "css/app.css",
        }  # fmt: skip
        self._desks(side, assignments[1])
        side.ids["part_id"] = self._help(assignments[0]).id
        return side

    def _help(self, lead: Assignment) -> Assignment:
        """Give a lead one more helper, who has reported and whom somebody asked."""
        helper = self.make.user(Role.LIAISON)
        part: Assignment = self.make.assignment(helper.agency, task=lead.task, is_part=True)
        self.session.add(ProgressUpdate(assignment=part, author=helper, created_at=NOW, reported_on=TODAY, percent=40,
                                        state=AssignmentState.IN_PROGRESS, text="Đang làm phần mình."))
        self.session.add(Comment(assignment=part, author=helper, written_at=NOW, text="Sắp xong.",
                                 form_key=f"part-{part.id}"))
        self.session.flush()
        return part

    def _desks(self, side: Side, row: Assignment) -> None:
        """Add what the two desks keep: requests, a thread, a draft with its file, a view, a feed, a letter."""
        person = side.liaison
        asked = {"assignment": row, "asked_by": person, "asked_at": NOW, "reason": "Chờ kinh phí."}
        extension = Extension(from_due_on=TODAY, wanted_on=TODAY + DAY, **asked)
        upload = evidence.Upload("to-trinh.txt", BytesIO(f"Tờ trình {row.id}".encode()))
        extension.evidence = evidence.keep(self.settings.evidence_folder, evidence.check([upload]), now=NOW)
        transfer = Transfer(proposed_agency_id=side.coordinator.agency_id, **asked)
        comment = Comment(assignment=row, author=person, written_at=NOW, text="Có cần phụ lục không?",
                          is_question=True, form_key=f"comment-{row.id}")
        comment.mentions.append(Mention(user=side.coordinator))
        file = DraftFile(assignment=row, user=person, file_name="nhap.txt", media_type="text/plain", size=9,
                         sha256="0" * 64, created_at=NOW)
        view = SavedView(user_id=person.id, name="Quá hạn", args={"group": "late"}, created_at=NOW)
        feed = CalendarFeed(user=person, created_at=NOW)
        chase = Chase(sender=side.coordinator, sent_at=NOW, happened_on=TODAY, form_key=f"letter-{row.id}",
                      channel=ChaseChannel.LETTER, tone=ChaseTone.OFFICIAL)
        chase.items.append(ChaseItem(assignment=row, days_late=3, recipients=0))
        letter = Letter(chase=chase, agency=person.agency, created_at=NOW, file_name="cong-van.docx",
                        **self._kept("cong-van.txt"))
        template = LetterTemplate(agency=side.coordinator.agency, uploaded_by=self.administrator, uploaded_at=NOW,
                                  file_name="mau.docx", **self._kept("mau.txt"))
        self.session.add_all([extension, transfer, comment, file, view, feed, chase, letter, template])
        self.session.add(PlanChange(plan=row.plan, task=row.task, agency=row.agency, assignment=row,
                                    effect=Effect.MOVED, reason="Theo chỉ đạo.", changed_by=side.coordinator,
                                    changed_at=NOW + DAY * next(self.make.numbers)))
        self.session.add(ReportDraft(assignment_id=row.id, user_id=person.id, values={"text": "Đang viết"},
                                     seen_version=1, saved_at=NOW))
        if self.session.get(ProvincePolicy, 1) is None:
            self.session.add(ProvincePolicy(changed_at=NOW, **asdict(Policy())))
            self.session.add(ClockBeat(machine="máy thử", at=clock.now()))
        self.session.add(PlanReminderPolicy(plan_id=row.plan_id, changed_at=NOW))
        # Far from any due date: a day of their own that changes a morning is one more morning to be planned.
        self.session.add(CalendarDay(day=clock.today() + 300 * DAY, kind=DayKind.OFF, name="Nghỉ riêng",
                                     source="Công văn", agency=person.agency))
        self.session.add(JobRun(name="morning", key=f"{TODAY - DAY * next(self.make.numbers)}", state=JobState.DONE,
                                machine="máy thử", started_at=NOW, finished_at=NOW, result={"digest": 1}))
        self.session.flush()
        side.ids |= {"extension_id": extension.id, "transfer_id": transfer.id, "comment_id": comment.id,
                     "file_id": file.id, "view_id": view.id, "feed_id": feed.id, "letter_id": letter.id,
                     "template_id": template.id, "chase_id:letters": chase.id,
                     "token:feed": feed_token(feed, self.settings.secret_key),
                     "token:mail_link": make_token(person, self.settings.secret_key, now=clock.now())}

    def _kept(self, name: str) -> dict[str, Any]:
        kept = evidence.keep(self.settings.evidence_folder, evidence.check(
            [evidence.Upload(name, BytesIO(f"{name} {next(self.make.numbers)}".encode()))]), now=NOW)[0]
        return {"size": kept.size, "sha256": kept.sha256}

    def grow(self, side: Side, rows: int) -> None:
        """Add so many of everything that a list may show."""
        plan = self.session.get_one(Plan, side.ids["plan_id"])
        reviewed = self.session.get_one(Plan, side.ids["plan_id:review"])
        for number in range(rows):
            due_on = clock.today() - DAY * (number % 9 - 3)
            row = self.make.assignment(side.liaison.agency, plan, due_on=due_on)
            self._history(side, row, number)
            # The same agency's work under plans of its own, so that pages by plan and by agency grow too.
            other = self.make.plan(side.coordinator.agency)
            self.make.assignment(self.make.agency(), other, due_on=due_on)
            self.make.user(Role.LIAISON, side.liaison.agency)
            self._step(side, reviewed, self._task(reviewed, side))
            self.make.group(side.liaison.agency)
            self._mail(side)
            self._day()
        first = self.session.query(Assignment).filter_by(plan_id=plan.id).order_by(Assignment.id).first()
        for number in range(rows):
            self._history(side, first, number)  # type: ignore[arg-type]
            self._help(first)  # type: ignore[arg-type]
        self.session.commit()

    def _task(self, plan: Plan, side: Side) -> Any:
        task = self.make.task(plan, side.liaison.agency, due_on=TODAY)
        task.provision = Provision(plan_id=plan.id, start=0, end=10)
        task.owners.append(TaskOwner(printed="Hiệp hội chưa rõ tên"))
        return task

    def _step(self, side: Side, plan: Plan, task: Any) -> None:
        change = {"task": task.id, "before": None, "after": {}}
        self.session.add(ReviewStep(plan_id=plan.id, user_id=side.coordinator.id, kind=StepKind.CHECK, at=NOW,
                                    changes={"changes": [change]}))

    def _submitted(self, side: Side, like: Assignment) -> Assignment:
        row: Assignment = self.make.assignment(side.liaison.agency, like.plan, state=AssignmentState.SUBMITTED,
                                               percent=100)
        self._update(side, row, AssignmentState.SUBMITTED)
        return row

    def _update(self, side: Side, row: Assignment, state: AssignmentState) -> ProgressUpdate:
        percent = 100 if state is AssignmentState.SUBMITTED else 30
        update = ProgressUpdate(assignment=row, author=side.liaison, created_at=NOW, reported_on=TODAY, state=state,
                                percent=percent, text="Đã làm một phần.")
        upload = evidence.Upload("so-lieu.txt", BytesIO(f"Số liệu {row.id}".encode()))
        update.evidence = evidence.keep(self.settings.evidence_folder, evidence.check([upload]), now=NOW)
        self.session.add(update)
        self.session.flush()
        return update

    def _history(self, side: Side, row: Assignment, number: int) -> None:
        update = self._update(side, row, AssignmentState.SUBMITTED)
        self.session.add(Review(update=update, reviewer=side.coordinator, decision=Decision.RETURNED,
                                reason="Chưa có số liệu.", decided_at=NOW))
        chase = Chase(sender=side.coordinator, sent_at=NOW, happened_on=TODAY, note="Khẩn trương.",
                      form_key=f"{row.id}-{number}-{update.id}")
        chase.items.append(ChaseItem(assignment=row, days_late=3, recipients=1))
        self.session.add(chase)
        mail = self._mail(side)
        self.session.add(Reminder(recipient_id=side.liaison.id, assignment=row, step=f"overdue_{update.id}",
                                  due_version=1, mail=mail, decided_on=TODAY))
        record(self.session, Actor(side.liaison.name, "127.0.0.1", side.liaison), "progress.reported", row, now=NOW)

    def _mail(self, side: Side) -> OutboxMail:
        key = f"chase:{next(self.make.numbers)}"
        mail = OutboxMail(recipient=side.liaison, kind=MailKind.CHASE, key=key, state=MailState.PARKED,
                          message_id=f"<{key}@haduong.example>", attempts=8, next_attempt_at=NOW,
                          created_at=NOW, last_error="550")
        self.session.add(mail)
        self.session.flush()
        reply = IncomingMail(message_id=f"<{key}@elsewhere.example>", received_at=NOW, kind=IncomingKind.REPLY,
                             state=IncomingState.OFFERED, sender=side.liaison.email, subject="Re: Đôn đốc",
                             text="Đã xong phần việc của sở.", mail_id=mail.id, user_id=side.liaison.id)
        reply.files = [IncomingFile(file_name="so-lieu.txt", media_type="text/plain", size=5, sha256=None)]
        self.session.add_all([
            MailEvent(mail_id=mail.id, at=NOW, what=MailEventKind.PARKED, detail="550 no such user"),
            MailCopy(mail_id=mail.id, kept_at=NOW, subject="Đôn đốc", body=COPY),
            reply,
        ])
        self.session.flush()
        side.ids.setdefault("reply_id", reply.id)
        return mail

    def _day(self) -> None:
        day = date(2031, 1, 1) + DAY * next(self.make.numbers)
        self.session.add(CalendarDay(day=day, kind=DayKind.OFF, name="Nghỉ", source="Công văn"))
        self.session.flush()

    def _token(self, user: User) -> str:
        reset = PasswordReset(user=user, created_at=clock.now(), expires_at=clock.now() + DAY)
        self.session.add(reset)
        return issue_token(reset)

    def _catch_mail(self) -> str:
        mail = EmailMessage()
        mail["To"], mail["From"], mail["Subject"] = "a@haduong.example", "b@haduong.example", "Nhắc việc"
        mail["Date"] = NOW
        mail.set_content("Việc đến hạn.")
        mail.add_alternative(HTML, subtype="html")
        return str(mailbox.Maildir(str(self.settings.maildir)).add(mail))


def routes(app: Flask, method: str) -> list[Rule]:
    """List the application's own routes that answer a method."""
    return sorted(
        (rule for rule in app.url_map.iter_rules()
         if method in (rule.methods or ()) and rule.endpoint not in STATIC_ENDPOINTS),
        key=lambda rule: rule.rule,
    )  # fmt: skip


def permission_of(app: Flask, rule: Rule) -> Permission | None:
    """Give the permission a route's view names."""
    return getattr(app.view_functions[rule.endpoint], "permission", None)


def address(app: Flask, rule: Rule, ids: dict[str, Any]) -> str:
    """Fill a route's address with ids; reviewing and publishing look at the plan that is still under review."""
    values = {name: ids[name] for name in rule.arguments}
    if rule.endpoint.startswith("plans.") and rule.endpoint != "plans.show" and "plan_id" in values:
        values["plan_id"] = ids["plan_id:review"]
    if rule.endpoint in CHANGES_RUNNING:
        values = {"plan_id": ids["plan_id"], "task_id": ids["task_id:running"]}
    if rule.endpoint == "assignments.decide":
        values["assignment_id"] = ids["assignment_id:submitted"]
    if rule.endpoint == "chase.letters_zip":
        values["chase_id"] = ids["chase_id:letters"]
    if rule.endpoint == "my_work.feed":
        values["token"] = ids["token:feed"]
    if rule.endpoint.startswith("mail_link."):
        values["token"] = ids["token:mail_link"]
    with app.test_request_context():
        return rule.build(values)[1]  # type: ignore[index]


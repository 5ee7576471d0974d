"""Every page each person can open in the demo: the application's own list of routes, with what the demo fills them."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.e2e.site import running_plan, shown
from tests.factories import Factory
from tests.guards.world import CHANGES_RUNNING, permission_of, routes
from tracker import clock
from tracker.config import Settings
from tracker.demo.caught_mail import caught_mails
from tracker.models import (
    Agency,
    Assignment,
    CalendarDay,
    CalendarFeed,
    Chase,
    ChaseItem,
    Comment,
    Deadline,
    Extension,
    IncomingFile,
    IncomingMail,
    Letter,
    LetterTemplate,
    MailCopy,
    PasswordReset,
    Plan,
    ReportDraft,
    SavedView,
    Task,
    Transfer,
    User,
)
from tracker.models.account import issue_token
from tracker.models.mail_link import make_token
from tracker.reports.outbox_list import parked_reasons
from tracker.rules.permissions import Permission, Role, may
from tracker.rules.states import (
    OWED,
    AssignmentState,
    ChaseChannel,
    ChaseTone,
    IncomingKind,
    IncomingState,
    PlanState,
    RequestState,
)
from tracker.workflow import lettering

#: What answers with something else than a page of its own.
NO_PAGES = {
    "assignments.evidence": "a file", "chase.letter_download": "a file", "chase.letters_zip": "a file",
    "admin.letter_template_download": "a file", "admin.letter_template_built_in": "a file",
    "my_work.download_workbook": "a file", "plans.clarity_letter": "a text file", "my_work.feed": "a calendar",
    "assignments.agencies": "names for a box", "plans.owners": "names for a box",
    "front.healthz": "JSON", "my_work.row": "a row of the desk",
    "demo.mail_html": "the mail in its frame, which has tests of its own",
    "admin.outbox_mail_html": "the mail in its frame, which has tests of its own",
}  # fmt: skip
#: The same page with something opened, chosen or missing.
ALSO = {
    "my_work.index": ("?group=late", "?q=khong+co+gi"),
    "my_work.month": ("?month=2031-01",),
    "my_work.replies": ("?settled=1",),
    "assignments.index": ("?class=pending_overdue", "?state=submitted"),
    "assignments.show": ("#thread",),
    "inbox.index": ("?open=report-{waiting}", "?open=extension-{extension}", "?open=transfer-{transfer}",
                    "?open=question-{question}", "?q=khong+co+gi"),
    "chase.index": ("?list=items", "?agency={late}", "?q=khong+co+gi"),
    "chase.history": ("?agency={late}",),
    "chase.morning": ("?q=khong+co+gi",),
    "mail_link.items": ("?open={mine}",),
    "plans.review": ("?task={task}",),
    "admin.outbox": ("?state=parked", "?bounced=1", "?domain=khong.co"),
    "admin.resend_parked": ("?reason={reason}",),
}  # fmt: skip
#: Whose logged-in pages look different though the address is the same.
OWN_LOOK = {"front.home", "assignments.index", "assignments.show", "plans.index", "plans.show", "chase.morning"}


def ids_of(session: Session, settings: Settings) -> dict[str, Any]:
    """Choose what the pages show, and add the little that the demo has none of."""

    def one(query: Any) -> Any:
        return session.scalars(query.limit(1)).one()

    liaison, coordinator = shown(session, Role.LIAISON), shown(session, Role.COORDINATOR)
    plan = running_plan(session)
    own = select(Assignment.id).where(Assignment.agency_id == liaison.agency_id, Assignment.is_part.is_(False))
    reviewed = one(select(Plan).where(Plan.state == PlanState.REVIEW))
    late = one(select(Assignment).where(Assignment.is_owed_and_overdue(clock.today()), Assignment.is_part.is_(False)))
    follower = _follower(session, plan)
    letter, template = _letter(session, settings, late), _template(session, settings)
    view = SavedView(user_id=liaison.id, name="Quá hạn", args={"group": "late"}, created_at=clock.now())
    feed = CalendarFeed(user=liaison, created_at=clock.now())
    reset = PasswordReset(user=liaison, created_at=clock.now(), expires_at=clock.now() + timedelta(days=1))
    mine = one(own.where(Assignment.state.in_(OWED), Assignment.due_on.is_not(None),
                         ~Assignment.id.in_(select(Extension.assignment_id)),
                         ~Assignment.id.in_(select(Transfer.assignment_id))).order_by(Assignment.due_on))
    draft = ReportDraft(assignment_id=mine, user_id=liaison.id, values={"text": "Đang viết"}, seen_version=1,
                        saved_at=clock.now())
    reply = IncomingMail(message_id="<tra-loi@haduong.example>", received_at=clock.now(), kind=IncomingKind.REPLY,
                         state=IncomingState.OFFERED, sender=liaison.email, subject="Re: Nhắc việc", user_id=liaison.id,
                         text="Đã mở hai lớp, còn một lớp.", assignment_id=mine)
    reply.files = [IncomingFile(file_name="so-lieu.txt", media_type="text/plain", size=5, sha256=None)]
    session.add_all([view, feed, reset, draft, reply])
    session.flush()
    ids = {
        "mine": mine, "waiting": one(select(Assignment.id).where(Assignment.state == AssignmentState.SUBMITTED)),
        "late": late.agency_id, "agency_id": liaison.agency_id, "user_id": liaison.id, "plan_id": plan.id,
        "reviewed": reviewed.id, "task": one(select(Task.id).where(Task.plan_id == reviewed.id)),
        "running": one(select(Task.id).join(Deadline).where(Task.plan_id == plan.id, Task.dropped_at.is_(None))),
        "follower": follower.id, "letter_id": letter.id, "chase_id": letter.chase_id, "template_id": template.id,
        "chased": one(select(Chase.id).where(Chase.channel == ChaseChannel.MAIL)),
        "noted": one(select(Chase.id).where(Chase.channel == ChaseChannel.PHONE)),
        "extension": one(select(Extension.id).where(Extension.state == RequestState.WAITING)),
        "transfer": one(select(Transfer.id).where(Transfer.state == RequestState.WAITING)),
        "question": one(select(Comment.id).where(Comment.is_question, Comment.answered_at.is_(None))),
        "day_id": one(select(CalendarDay.id)), "view_id": view.id, "feed_id": feed.id,
        "mail_id": one(select(MailCopy.mail_id)),
        "refused": one(select(User.id).where(User.mail_refused_at.is_not(None))),
        "key": caught_mails(settings.maildir).rows[0].key, "token:reset": issue_token(reset),
        "token": make_token(liaison, settings.secret_key, now=clock.now()), "coordinator": coordinator.id,
        "reason": parked_reasons(session)[0].key, "reply_id": reply.id,
    }  # fmt: skip
    session.commit()
    return ids


def pages_of(app: Flask, role: Role | None, ids: dict[str, Any]) -> list[str]:
    """List the addresses of every page somebody may open; a page that looks the same to two is looked at once."""
    found = []
    for rule in routes(app, "GET"):
        permission = permission_of(app, rule)
        assert permission is not None
        if rule.endpoint in NO_PAGES or not _looks(rule.endpoint, permission, role):
            continue
        values = {name: _id(rule.endpoint, name, role, ids) for name in rule.arguments}
        with app.test_request_context():
            path = rule.build(values)[1]  # type: ignore[index]
        queries = ALSO.get(rule.endpoint, ()) if rule.endpoint not in OWN_LOOK or role is not Role.ADMINISTRATOR else ()
        found += [path] + [path + query.format(**ids) for query in queries]
    if role is Role.COORDINATOR:
        found += [f"/chase/{ids['chased']}", f"/chase/{ids['noted']}", f"/assignments/{ids['waiting']}",
                  f"/plans/{ids['follower']}/difference", f"/plans/{ids['reviewed']}"]
    return found


def _looks(endpoint: str, permission: Permission, role: Role | None) -> bool:
    """Tell whether this person is the one to look at a page: the first who may, and whoever sees another page there."""
    if permission is Permission.ANYONE:
        return role is None
    if role is None or not may(role, permission):
        return False
    return endpoint in OWN_LOOK or next(one for one in Role if may(one, permission)) is role


def _id(endpoint: str, name: str, role: Role | None, ids: dict[str, Any]) -> Any:
    if name == "assignment_id":
        return ids["mine"]
    if name == "task_id":
        return ids["running" if endpoint in CHANGES_RUNNING else "task"]
    if name == "plan_id" and endpoint == "plans.show_difference":
        return ids["follower"]
    if name == "plan_id" and endpoint != "plans.show" and endpoint not in CHANGES_RUNNING:
        return ids["reviewed"]
    if endpoint == "admin.accept_address":
        return ids["refused"]
    if endpoint == "accounts.reset_password":
        return ids["token:reset"]
    return ids[name]


def _follower(session: Session, plan: Plan) -> Plan:
    """Add a plan under review that takes the place of the running one."""
    make = Factory(session)
    coordinator = session.get_one(Agency, plan.coordinator_id)
    follower = make.plan(coordinator, state=PlanState.REVIEW, number="260/KH-UBND", replaces_id=plan.id)
    make.task(follower, coordinator, clock.today() + timedelta(days=90))
    return follower


def _letter(session: Session, settings: Settings, late: Assignment) -> Letter:
    coordinator = shown(session, Role.COORDINATOR)
    chase = Chase(sender=coordinator, sent_at=clock.now(), happened_on=clock.today(), form_key="letter",
                  channel=ChaseChannel.LETTER, tone=ChaseTone.OFFICIAL)
    chase.items.append(ChaseItem(assignment=late, days_late=late.days_late(clock.today()), recipients=0))
    kept = lettering.store(settings.evidence_folder, "cong-van.docx", b"a letter", clock.now())
    letter = Letter(chase=chase, agency=late.agency, created_at=clock.now(), **kept)
    session.add(letter)
    session.flush()
    return letter


def _template(session: Session, settings: Settings) -> LetterTemplate:
    kept = lettering.store(settings.evidence_folder, "mau.docx", b"a template", clock.now())
    template = LetterTemplate(agency=shown(session, Role.COORDINATOR).agency, uploaded_at=clock.now(),
                              uploaded_by=shown(session, Role.ADMINISTRATOR), **kept)
    session.add(template)
    session.flush()
    return template

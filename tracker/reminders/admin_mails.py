"""What administrators are told of the mail itself: how the morning went, which address is refused."""
from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from tracker.clock import VIETNAM
from tracker.mail import summaries
from tracker.mail.summaries import MorningFacts, RefusedAddress
from tracker.models import JobRun, OutboxMail, User
from tracker.models.policy import load_policy
from tracker.models.recipients import liaisons
from tracker.reminders.content import N_, Content, NothingToSay, addressee
from tracker.reports import assignment_list
from tracker.reports.assignment_list import AssignmentFilter, ListView
from tracker.rules.clock import JobName
from tracker.rules.permissions import Permission, Role
from tracker.rules.states import MORNING_KINDS, JobState, MailState

NOT_IN_CHARGE = NothingToSay(N_("Người nhận không còn phụ trách việc này."))
ADDRESS_WORKS = NothingToSay(N_("Địa chỉ đã dùng được lại, hoặc tài khoản đã đóng, trước khi thư được gửi."))
MOST_REASONS = 3


def morning_line(session: Session, mail: OutboxMail, *, today: date) -> Content:
    """Tell in one line what became of a morning's mails (key: the day) by now, as the outbox has it."""
    if not mail.recipient.may(Permission.MAIL_MANAGE):
        return NOT_IN_CHARGE
    day = date.fromisoformat(mail.key)
    return summaries.morning_line(addressee(mail.recipient), morning_facts(session, day), is_late=day != today,
                                  message_id=mail.message_id)


def morning_facts(session: Session, day: date) -> MorningFacts:
    """Count what became of a morning's mails: three queries, however many there are."""
    of_day = and_(OutboxMail.kind.in_(MORNING_KINDS), OutboxMail.key == day.isoformat())

    def number(*criteria: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(*criteria)

    counts = session.execute(
        select(
            number(OutboxMail.state == MailState.SENT, OutboxMail.bounced_at.is_(None)).label("sent"),
            number(OutboxMail.state == MailState.PARKED).label("parked"),
            number(OutboxMail.state == MailState.SENT, OutboxMail.bounced_at.is_not(None)).label("bounced"),
            number(OutboxMail.state.in_((MailState.PENDING, MailState.SENDING))).label("waiting"),
            select(func.count()).select_from(User).where(User.is_active, User.mail_refused_at.is_not(None))
            .scalar_subquery().label("refused"),
        ).select_from(OutboxMail).where(of_day)
    ).one()
    reasons = session.execute(
        select(OutboxMail.last_error, func.count()).where(of_day, OutboxMail.state == MailState.PARKED)
        .group_by(OutboxMail.last_error).order_by(func.count().desc(), OutboxMail.last_error).limit(MOST_REASONS)
    )
    runs = {run.name: run for run in session.scalars(
        select(JobRun).where(JobRun.name.in_((JobName.MORNING, JobName.MORNING_LINE)), JobRun.key == day.isoformat())
    )}
    run, line = runs.get(JobName.MORNING), runs.get(JobName.MORNING_LINE)
    began_at = run.started_at.astimezone(VIETNAM).time() if run else load_policy(session).send_at
    return MorningFacts(
        day=day, began_at=began_at.strftime("%H:%M"),
        failure=run.error or run.name if run and run.state is JobState.FAILED else "",
        reasons=[(reason or "", times) for reason, times in reasons],
        unreached=int(((line and line.result) or {}).get("unreached", 0)), **counts._mapping,
    )


def address_refused(session: Session, mail: OutboxMail, *, today: date) -> Content:
    """Tell a coordinator or an administrator whose address is refused (key "user:12:2026-03-18"), and why."""
    reader = mail.recipient
    if reader.role not in {Role.COORDINATOR, Role.ADMINISTRATOR}:
        return NOT_IN_CHARGE
    user = session.get_one(User, int(mail.key.split(":")[1]))
    if user.mail_refused_at is None or not user.is_active:
        return ADDRESS_WORKS
    owed = AssignmentFilter(agency_id=user.agency_id, view=ListView.OWED)
    others = liaisons(session, [user.agency_id]).get(user.agency_id, [])
    return summaries.address_refused(
        addressee(reader),
        RefusedAddress(
            user_id=user.id, name=user.name, email=user.email, phone=user.phone or "", role=user.role,
            agency_id=user.agency_id, agency=user.agency.name, refused_at=user.mail_refused_at,
            reason=user.mail_refused_reason or "", others=[person.name for person in others],
            owed=assignment_list.page(session, reader, owed, today=today, limit=1).total,
        ),
        may_mend=reader.may(Permission.ACCOUNT_MANAGE), message_id=mail.message_id,
    )

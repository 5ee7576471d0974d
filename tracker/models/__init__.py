"""The tables, one file a concept; a method only hands its columns to a rule."""
from tracker.models.account import LoginAttempt, PasswordReset, User
from tracker.models.agency import Agency, AgencyAlias, AgencyGroup, AgencyGroupMember, AgencyKind, AgencyLevel
from tracker.models.asking import Extension, Transfer
from tracker.models.assignment import Assignment, ReportingPeriod
from tracker.models.audit import Actor, AuditEntry
from tracker.models.base import Base
from tracker.models.calendar import CalendarDay
from tracker.models.chase import Chase, ChaseItem, Letter, LetterTemplate
from tracker.models.clock import ClockBeat, JobRun
from tracker.models.desk import CalendarFeed, DraftFile, ReportDraft, SavedView
from tracker.models.incoming import IncomingFile, IncomingMail
from tracker.models.outbox import MailCopy, MailEvent, OutboxMail, Reminder
from tracker.models.plan import Plan, Provision
from tracker.models.plan_change import PlanChange
from tracker.models.policy import PlanReminderPolicy, ProvincePolicy
from tracker.models.progress import Evidence, ProgressUpdate, Review
from tracker.models.review import ReviewPresence, ReviewStep, StepKind
from tracker.models.task import Deadline, Task, TaskOwner
from tracker.models.thread import Comment, Mention

__all__ = [
    "Actor", "Agency", "AgencyAlias", "AgencyGroup", "AgencyGroupMember", "AgencyKind", "AgencyLevel",
    "Assignment", "AuditEntry", "Base", "CalendarDay", "CalendarFeed", "Chase", "ChaseItem", "ClockBeat", "Comment",
    "Deadline", "DraftFile", "Evidence", "Extension", "IncomingFile", "IncomingMail", "JobRun", "Letter",
    "LetterTemplate", "LoginAttempt", "MailCopy", "MailEvent", "Mention", "OutboxMail", "PasswordReset", "Plan",
    "PlanChange", "PlanReminderPolicy", "ProgressUpdate", "ProvincePolicy", "Provision", "Reminder", "ReportDraft",
    "ReportingPeriod", "Review", "ReviewPresence", "ReviewStep", "SavedView", "StepKind", "Task", "TaskOwner",
    "Transfer", "User",
]  # fmt: skip

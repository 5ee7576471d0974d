"""The tables, one file a concept; a method only hands its columns to a rule."""
from tracker.models.account import LoginAttempt, PasswordReset, User
from tracker.models.agency import Agency, AgencyAlias, AgencyGroup, AgencyGroupMember, AgencyKind, AgencyLevel
from tracker.models.assignment import Assignment, ReportingPeriod
from tracker.models.audit import Actor, AuditEntry
from tracker.models.base import Base
from tracker.models.calendar import CalendarDay
from tracker.models.chase import Chase, ChaseItem
from tracker.models.outbox import OutboxMail, Reminder
from tracker.models.plan import Plan, Provision
from tracker.models.progress import Evidence, ProgressUpdate, Review
from tracker.models.review import ReviewPresence, ReviewStep, StepKind
from tracker.models.task import Deadline, Task, TaskOwner

__all__ = [
    "Actor", "Agency", "AgencyAlias", "AgencyGroup", "AgencyGroupMember", "AgencyKind", "AgencyLevel",
    "Assignment", "AuditEntry", "Base", "CalendarDay", "Chase", "ChaseItem", "Deadline", "Evidence",
    "LoginAttempt", "OutboxMail", "PasswordReset", "Plan", "ProgressUpdate", "Provision", "Reminder",
    "ReportingPeriod", "Review", "ReviewPresence", "ReviewStep", "StepKind", "Task", "TaskOwner", "User",
]  # fmt: skip

"""Who may do what: one table from roles to permissions, asked by views, templates, downloads and mail links.

Which *rows* a person may see is the second half of the answer and stands in `models/access.py`.
"""
from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is in the system."""

    LIAISON = "liaison"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """Something a person may do, named resource:action."""

    #: For the few pages that need no account: log in, forgotten password, language, health.
    ANYONE = "anyone"
    #: One's own account: front page, password, log out.
    SELF = "self"
    ASSIGNMENT_READ = "assignment:read"
    PROGRESS_REPORT = "progress:report"
    #: Take back a report nobody has decided on yet.
    PROGRESS_WITHDRAW = "progress:withdraw"
    PROGRESS_REVIEW = "progress:review"
    #: Take back one's own decision on a report, while it harmed nobody.
    PROGRESS_REOPEN = "progress:reopen"
    #: Ask for more time, or say that the work is another body's.
    ASSIGNMENT_ASK = "assignment:ask"
    #: Name the colleague who does it ("rõ người").
    ASSIGNMENT_HAND_OVER = "assignment:hand_over"
    #: Answer what agencies ask: more time, another owner.
    REQUEST_DECIDE = "request:decide"
    #: Write in the thread of an assignment.
    THREAD_WRITE = "thread:write"
    #: Say that a helper's part is done, to the lead.
    PART_CONFIRM = "part:confirm"
    #: Do without a helper's part.
    PART_WAIVE = "part:waive"
    CHASE_SEND = "chase:send"
    #: Write the official letter (công văn đôn đốc).
    LETTER_WRITE = "letter:write"
    PLAN_READ = "plan:read"
    PLAN_EDIT = "plan:edit"
    PLAN_PUBLISH = "plan:publish"
    #: Add, amend or withdraw a task of a plan that is running.
    PLAN_CHANGE = "plan:change"
    #: Put a body that a plan names into the catalogue; what stands there already is the administrator's.
    AGENCY_ADD = "agency:add"
    AGENCY_MANAGE = "agency:manage"
    ACCOUNT_MANAGE = "account:manage"
    CALENDAR_MANAGE = "calendar:manage"
    MAIL_MANAGE = "mail:manage"
    LETTER_TEMPLATE_MANAGE = "letter_template:manage"
    #: The province's own periods and its usual reminders.
    POLICY_MANAGE = "policy:manage"
    #: How one plan is reminded of.
    REMINDER_SET = "reminder:set"
    #: Who gets what tomorrow morning.
    REMINDER_READ = "reminder:read"
    #: When the clock ran last, what it did, what waits.
    CLOCK_READ = "clock:read"
    AUDIT_READ = "audit:read"


_EVERY_ACCOUNT = frozenset({Permission.ANYONE, Permission.SELF, Permission.ASSIGNMENT_READ})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LIAISON: _EVERY_ACCOUNT
    | {
        Permission.PROGRESS_REPORT,
        Permission.PROGRESS_WITHDRAW,
        Permission.ASSIGNMENT_ASK,
        Permission.ASSIGNMENT_HAND_OVER,
        Permission.THREAD_WRITE,
        Permission.PART_CONFIRM,
        Permission.PART_WAIVE,
    },
    Role.COORDINATOR: _EVERY_ACCOUNT
    | {
        Permission.PLAN_READ,
        Permission.PLAN_EDIT,
        Permission.PLAN_PUBLISH,
        Permission.PLAN_CHANGE,
        Permission.AGENCY_ADD,
        Permission.PROGRESS_REVIEW,
        Permission.PROGRESS_REOPEN,
        Permission.REQUEST_DECIDE,
        Permission.THREAD_WRITE,
        Permission.PART_WAIVE,
        Permission.CHASE_SEND,
        Permission.LETTER_WRITE,
        Permission.REMINDER_SET,
        Permission.REMINDER_READ,
    },
    # A leader reads everything and changes nothing.
    Role.LEADER: _EVERY_ACCOUNT | {Permission.PLAN_READ},
    Role.ADMINISTRATOR: _EVERY_ACCOUNT
    | {
        Permission.PLAN_READ,
        Permission.AGENCY_MANAGE,
        Permission.ACCOUNT_MANAGE,
        Permission.CALENDAR_MANAGE,
        Permission.MAIL_MANAGE,
        Permission.LETTER_TEMPLATE_MANAGE,
        Permission.POLICY_MANAGE,
        Permission.REMINDER_READ,
        Permission.CLOCK_READ,
        Permission.AUDIT_READ,
    },
}


def may(role: Role | None, permission: Permission) -> bool:
    """Tell whether a role holds a permission; None is somebody not logged in."""
    if role is None:
        return permission is Permission.ANYONE
    return permission in ROLE_PERMISSIONS[role]

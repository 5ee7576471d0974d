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
    PROGRESS_REVIEW = "progress:review"
    CHASE_SEND = "chase:send"
    PLAN_READ = "plan:read"
    PLAN_EDIT = "plan:edit"
    PLAN_PUBLISH = "plan:publish"
    #: Put a body that a plan names into the catalogue; what stands there already is the administrator's.
    AGENCY_ADD = "agency:add"
    AGENCY_MANAGE = "agency:manage"
    ACCOUNT_MANAGE = "account:manage"
    CALENDAR_MANAGE = "calendar:manage"
    MAIL_MANAGE = "mail:manage"
    AUDIT_READ = "audit:read"


_EVERY_ACCOUNT = frozenset({Permission.ANYONE, Permission.SELF, Permission.ASSIGNMENT_READ})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LIAISON: _EVERY_ACCOUNT | {Permission.PROGRESS_REPORT},
    Role.COORDINATOR: _EVERY_ACCOUNT
    | {
        Permission.PLAN_READ,
        Permission.PLAN_EDIT,
        Permission.PLAN_PUBLISH,
        Permission.AGENCY_ADD,
        Permission.PROGRESS_REVIEW,
        Permission.CHASE_SEND,
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
        Permission.AUDIT_READ,
    },
}


def may(role: Role | None, permission: Permission) -> bool:
    """Tell whether a role holds a permission; None is somebody not logged in."""
    if role is None:
        return permission is Permission.ANYONE
    return permission in ROLE_PERMISSIONS[role]

"""Who may open which page: every view names its permission, and one hook asks for all of them."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from tracker.extensions import login_manager
from tracker.models import Actor, User
from tracker.rules.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])

#: Files of ours and of pip packages; they hold nothing about anybody.
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})


def needs(permission: Permission) -> Callable[[View], View]:
    """Name the permission a view needs. Put it under the route decorator."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def person() -> User:
    """Give the person who is logged in; only for views that need more than ANYONE."""
    user = current_user._get_current_object()
    if not isinstance(user, User):
        abort(403)
    return user


def actor() -> Actor:
    """Give who is acting and from where, for the audit."""
    user = current_user._get_current_object()
    address = request.remote_addr or "?"
    if isinstance(user, User):
        return Actor(user.name, address, user)
    return Actor("anonymous", address)


def init_app(app: Flask) -> None:
    """Ask for the permission of each view before it runs; a view that names none is refused."""

    @app.before_request
    def check_permission() -> AnyResponse | Response | None:
        if request.endpoint is None or request.endpoint in STATIC_ENDPOINTS:
            return None
        view = current_app.view_functions[request.endpoint]
        permission = getattr(view, "permission", None)
        if permission is None:
            abort(403)
        if permission is Permission.ANYONE:
            return None
        if not current_user.is_authenticated:
            return login_manager.unauthorized()  # type: ignore[no-any-return]
        if not current_user.may(permission):
            abort(403)
        return None

"""The pages: one folder a desk. A view asks who may, fetches the row, reads the form, calls one use case, answers."""
from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, Response, g, has_request_context, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from werkzeug.routing import IntegerConverter, Map

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db, reading
from tracker.models import User
from tracker.models.access import NotVisible
from tracker.models.base import LARGEST_ID
from tracker.rules.permissions import Permission
from tracker.rules.standing import OfficialClass
from tracker.rules.states import AssignmentState
from tracker.web import (
    accounts,
    admin,
    assignments,
    chase,
    compression,
    demo,
    formats,
    front,
    guard,
    inbox,
    mail_link,
    my_work,
    plans,
)
from tracker.web.accounts import kept_form
from tracker.web.clock_banner import clock_silence
from tracker.web.refusals import explain
from tracker.web.words import word

LOCALES = ("vi", "en")

CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class RowId(IntegerConverter):
    """An id in an address: past what a database can hold it is no id, and the page does not exist."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def init_app(app: Flask, babel: Babel, login_manager: LoginManager) -> None:
    """Add the pages, their languages, their guard and their error pages."""
    app.url_map.converters["int"] = RowId
    compression.init_app(app)
    babel.init_app(app, locale_selector=_locale)
    login_manager.init_app(app)
    login_manager.login_view = "accounts.log_in"
    login_manager.login_message = None
    login_manager.session_protection = "basic"
    login_manager.user_loader(_load_user)
    login_manager.unauthorized_handler(kept_form.logged_out)
    _watch_requests(app)
    guard.init_app(app)
    for desk in (front, accounts, plans, assignments, my_work, inbox, chase, admin, mail_link):
        app.register_blueprint(desk.bp)
    app.extensions["explain"] = explain  # commands tell refusals in the same words, without importing pages
    settings: Settings = app.extensions["settings"]
    if settings.demo:
        app.register_blueprint(demo.bp)
    _add_words(app, settings)
    _add_error_pages(app)


def _locale() -> str:
    if not has_request_context():
        return "vi"  # commands and the clock; a mail is written in its reader's language
    # What was pressed in this browser counts, also at the door; then what the person chose elsewhere.
    if session.get("locale") in LOCALES:
        return str(session["locale"])
    return str(current_user.locale) if current_user.is_authenticated else "vi"


def _load_user(session_id: str) -> User | None:
    """Find who a session belongs to; none when the account is closed or its password changed since."""
    user_id, _dot, version = session_id.partition(".")
    if not user_id.isdecimal() or not version.isdecimal():
        return None
    return db.session.scalar(
        select(User).where(User.id == int(user_id), User.session_version == int(version), User.is_active)
    )


def _watch_requests(app: Flask) -> None:
    @app.before_request
    def note_reading() -> None:
        g.reading_before = reading.set(request.method in {"GET", "HEAD", "OPTIONS"})

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        if request.endpoint not in guard.STATIC_ENDPOINTS:
            # Lists of a province's work don't stay in a shared computer's cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    @app.teardown_request
    def forget_reading(_error: BaseException | None) -> None:
        if "reading_before" in g:
            reading.reset(g.pop("reading_before"))


def _add_words(app: Flask, settings: Settings) -> None:
    app.jinja_env.filters.update(
        day=formats.day, moment=formats.moment, decimal=formats.decimal, file_size=formats.file_size, word=word
    )

    @app.context_processor
    def words() -> dict[str, Any]:
        return {
            "Permission": Permission,
            "OfficialClass": OfficialClass,
            "AssignmentState": AssignmentState,
            "may": lambda permission: current_user.is_authenticated and current_user.may(permission),
            "today": clock.today(),
            "locale": str(get_locale()),
            "province": settings.province,
            "is_demo": settings.demo,
            "clock_silence": clock_silence,
        }


def _add_error_pages(app: Flask) -> None:
    def page(code: int, title: str, advice: str) -> tuple[str, int]:
        return render_template("error.html", code=code, title=title, advice=advice), code

    @app.errorhandler(404)
    @app.errorhandler(NotVisible)
    def not_found(_error: Exception) -> tuple[str, int]:
        return page(404, _("Không tìm thấy trang này"),
                    _("Địa chỉ có thể đã đổi, hoặc nội dung không thuộc cơ quan của bạn."))

    @app.errorhandler(403)
    def forbidden(_error: Exception) -> tuple[str, int]:
        return page(403, _("Bạn không có quyền mở trang này"), _("Nếu cần quyền này, hãy liên hệ quản trị của tỉnh."))

    @app.errorhandler(CSRFError)
    def stale_form(_error: Exception) -> ResponseReturnValue:
        # The token went with the log-in: what was typed is carried over the door.
        by_script = request.headers.get("X-Requested-With") == "fetch"
        if not current_user.is_authenticated and (by_script or request.endpoint in kept_form.CARRIED):
            return kept_form.logged_out()
        if current_user.is_authenticated and by_script:
            return kept_form.stale_token(guard.person())
        return page(400, _("Biểu mẫu đã hết hiệu lực"),
                    _("Bấm nút quay lại của trình duyệt: nội dung bạn đã nhập vẫn còn. Tải lại trang rồi gửi lại."))

    @app.errorhandler(413)
    def too_large(_error: Exception) -> tuple[str, int]:
        return page(413, _("Tệp gửi lên quá lớn"), _("Mỗi tệp tối đa 25 MB. Bấm nút quay lại và chọn tệp nhỏ hơn."))

    @app.errorhandler(429)
    def too_many(_error: Exception) -> tuple[str, int]:
        return page(429, _("Mở hoặc gửi quá nhiều lần"), _("Hãy đợi một phút rồi thử lại."))

    def log_exception(problem: Any) -> None:
        # Flask writes the address, and that of a mail's link, a feed or a new password is a secret.
        app.logger.error("exception in %s [%s]", request.endpoint, request.method, exc_info=problem)

    app.log_exception = log_exception  # type: ignore[method-assign, assignment]

    @app.errorhandler(500)
    def broken(error: Exception) -> tuple[str, int]:
        reference = secrets.token_hex(4)
        app.logger.error("error %s: %s", reference, getattr(error, "original_exception", error))
        db.session.rollback()
        g.pop("_login_user", None)
        try:
            return apology(reference)
        except Exception:  # the database is away, and with it who asks: the page is for anybody then
            g._login_user = app.login_manager.anonymous_user()  # type: ignore[attr-defined]
            return apology(reference)

    def apology(reference: str) -> tuple[str, int]:
        # No "500" beside it: the one code to report is that of the log.
        return render_template(
            "error.html", title=_("Hệ thống gặp lỗi"),
            advice=_("Hãy thử lại. Nếu vẫn lỗi, báo quản trị mã %(reference)s.", reference=reference)), 500

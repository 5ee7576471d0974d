"""The application, wired together: the only place that knows every part.

`flask --app app …`, `gunicorn app:create_app()` and `waitress --call app:create_app` find it here.
"""
from __future__ import annotations

import os

import click
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import commands, web
from tracker.config import EVIDENCE_LIMIT, MEGABYTE, ROOT, Settings, read_settings, settings_beside_demo
from tracker.extensions import babel, bootstrap, csrf, db, limiter, login_manager, mail, migrate, prepare_sqlite
from tracker.reminders import scheduler


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application.

    Without settings they are read from the environment. A web server is refused when a
    required one is missing (MissingSetting names it); commands such as `plan extract` need none.
    """
    if settings is None:
        if _is_serving():
            settings = read_settings(os.environ)
            settings.check_complete()
        else:
            settings = settings_beside_demo(os.environ)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask("tracker", root_path=str(ROOT), instance_path=str(settings.instance))
    app.config.from_mapping(_flask_config(settings))
    app.extensions["settings"] = settings
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    mail.init_app(app)
    bootstrap.init_app(app)
    limiter.init_app(app)
    web.init_app(app, babel, login_manager)
    commands.init_app(app)
    if settings.jobs == "procrastinate":
        from tracker.reminders import worker  # only where there are workers

        worker.wake_senders(app)
    elif settings.scheduler and _is_serving():
        scheduler.start_beside_web(app)
    return app


def _is_serving() -> bool:
    """Tell a web server from a command: gunicorn has no click context, `flask run` names itself."""
    context = click.get_current_context(silent=True)
    return context is None or context.info_name == "run"


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.sqlalchemy_url,
        # What people wrote stays out of the log when a statement fails.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        # One progress report may carry several files; the limit of each is told by the form.
        "MAX_CONTENT_LENGTH": 5 * EVIDENCE_LIMIT + MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": 4 * MEGABYTE,
        "SESSION_COOKIE_NAME": "dondoc",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The demo runs over plain HTTP on loopback.
        "SESSION_COOKIE_SECURE": not settings.demo,
        "REMEMBER_COOKIE_SECURE": not settings.demo,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the log-in: a form left open over lunch is not lost
        "BABEL_DEFAULT_LOCALE": "vi",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "tracker" / "translations"),
        "BOOTSTRAP_SERVE_LOCAL": True,
        "MAIL_SERVER": settings.mail_server or "127.0.0.1",
        "MAIL_PORT": settings.mail_port,
        "MAIL_USE_TLS": settings.mail_security == "starttls",
        "MAIL_USE_SSL": settings.mail_security == "tls",
        "MAIL_USERNAME": settings.mail_username,
        "MAIL_PASSWORD": settings.mail_password,
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
    }

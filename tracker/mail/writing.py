"""How every mail is made of its three templates: in the addressee's language, with links to the public address.

Hundreds are written in a row on a morning, so nothing here asks Flask for a request or for the language twice.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, urlsplit

from flask import Flask, current_app
from flask_babel import force_locale, get_translations
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.routing import MapAdapter

from tracker.config import Settings
from tracker.mail.calendar_file import Deadline, calendar_file
from tracker.mail.items import Item, line, standing
from tracker.mail.styles import with_styles

#: Characters of a task's text that a subject line may hold.
SUBJECT_LENGTH = 80
#: What rules of a mail program sort by: the name of each list, in the addressee's language.
LISTS = {
    "digest": _l("Nhắc việc"), "chase": _l("Đôn đốc"), "escalation": _l("Báo cáo việc quá hạn"),
    "assigned": _l("Việc mới"), "plan_changed": _l("Kế hoạch thay đổi"), "report_returned": _l("Báo cáo bị trả lại"),
    "thread_message": _l("Trao đổi"), "request_decided": _l("Trả lời đề nghị"), "handed_over": _l("Chuyển việc"),
    "weekly": _l("Báo cáo tuần"), "monthly": _l("Báo cáo tháng"), "address_refused": _l("Địa chỉ thư hỏng"),
    "morning_line": _l("Thư buổi sáng"), "password_reset": _l("Tài khoản"),
}  # fmt: skip
#: Mails about work: an answer to one of these is kept for the liaison as a draft of a report.
ANSWERED = frozenset({"digest", "chase", "assigned", "plan_changed", "report_returned", "request_decided",
                      "handed_over", "thread_message"})


@dataclass(frozen=True)
class Message:
    """One e-mail, ready to be handed to a mail server."""

    to: str
    subject: str
    text: str
    html: str
    #: Fixed when the mail was decided: a repeat after a crash is recognised by it.
    message_id: str
    #: "<assignment.12@host>": mails about one assignment stand together in a mail program; "" for none.
    thread: str = ""
    #: RFC 2919: what rules of a mail program sort by, "Nhắc việc <digest.dondoc.example>".
    list_id: str = ""
    #: A calendar file (RFC 5545) with the new deadlines; "" for none.
    ics: str = ""


@dataclass(frozen=True)
class Addressee:
    """Who a mail is written to, and in which language."""

    name: str
    email: str
    locale: str
    agency: str


@dataclass(frozen=True)
class CalendarOf:
    """The deadlines that a mail hands over as a calendar file, as they are at a moment."""

    items: Sequence[Item]
    now: datetime


def write(
    name: str, to: Addressee, message_id: str, *, items: Sequence[Item] = (), is_request: bool | None = None,
    thread: str = "", calendar: CalendarOf | None = None, **values: Any,
) -> Message:
    """Fill the templates of a mail, templates/email/<name>/{subject,opening,body}.txt and body.html.

    One asked body among the items and the whole mail asks, unless `is_request` says otherwise: being polite to the
    others does no harm. `thread` is what the mail is about ("assignment.12"): such mails stand together.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    asks = any(item.is_requested for item in items) if is_request is None else is_request
    values |= {
        "to": to, "items": items, "is_request": asks, "standing": cache(partial(standing, asks=asks)),
        "app_name": f"Đôn Đốc – {settings.province}" if settings.province else "Đôn Đốc",
        "locale": to.locale, "url_for": cache(address), "shorten": shortened, "line": line,
    }  # fmt: skip
    # A context of its own, so that neither the language nor anything else leaks into a request that may be running.
    with app.app_context(), force_locale(to.locale):
        values |= _words(get_translations())
        values["foot"] = _foot(name, settings)

        def page(part: str) -> str:
            return app.jinja_env.get_template(f"email/{name}/{part}").render(values)

        # Written once for both bodies; the HTML one escapes it.
        values["opening"] = page("opening.txt").strip()
        return Message(
            to=to.email,
            subject=" ".join(page("subject.txt").split()),
            text=_tidy(page("body.txt")),
            html=with_styles(page("body.html")),
            message_id=message_id,
            thread=f"<{thread}@{host()}>" if thread else "",
            list_id=f"{LISTS[name]} <{name}.{host()}>",
            ics=_calendar(calendar) if calendar is not None else "",
        )


def address(endpoint: str, *, _external: bool = True, _anchor: str | None = None, **values: Any) -> str:
    """Give the public address of a page. Faster than Flask's own, and the same inside and outside a request."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    found = _adapter(app, settings.base_url or "").build(endpoint, values, force_external=_external)
    return found if _anchor is None else f"{found}#{quote(_anchor)}"


def host() -> str:
    """Give the public name of this installation: mails, threads and calendar entries are known by it."""
    settings: Settings = current_app.extensions["settings"]
    return urlsplit(settings.base_url or "").hostname or "dondoc"


@cache
def _adapter(app: Flask, base_url: str) -> MapAdapter:
    base = urlsplit(base_url or "http://localhost")
    return app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)


@lru_cache(maxsize=8)
def _words(translations: Any) -> dict[str, Any]:
    """Give the templates' `_` and `ngettext`, with the language looked up once instead of at each sentence."""
    translated = lru_cache(maxsize=2000)(translations.ugettext)

    def told(context: Context, sentence: str, values: dict[str, Any]) -> str:
        return (Markup(sentence) if context.eval_ctx.autoescape else sentence) % values

    @pass_context
    def one(context: Context, sentence: str, **values: Any) -> str:
        return told(context, translated(sentence), values)

    @pass_context
    def some(context: Context, singular: str, plural: str, number: int, **values: Any) -> str:
        return told(context, translations.ungettext(singular, plural, number), {"num": number, **values})

    return {"_": one, "gettext": one, "ngettext": some}


def _foot(name: str, settings: Settings) -> str:
    """Say whether an answer to the mail is read by anybody."""
    if name in ANSWERED and getattr(settings, "imap_server", None):
        return str(_("Bạn có thể trả lời thư này: nội dung trả lời được giữ làm bản nháp báo cáo để bạn xem lại và "
                     "gửi trên Đôn Đốc, không tự gửi đi."))
    return str(_("Thư gửi tự động, xin không trả lời thư này."))


def _calendar(calendar: CalendarOf) -> str:
    deadlines = [
        Deadline(f"assignment-{item.assignment_id}@{host()}", item.version, item.due_on, item.text, item.plan,
                 address("assignments.show", assignment_id=item.assignment_id))
        for item in calendar.items if item.due_on is not None
    ]  # fmt: skip
    return calendar_file(deadlines, now=calendar.now)


def _tidy(text: str) -> str:
    """Drop the blanks and the double empty lines that a template's logic leaves behind."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[^\S\n]+\n", "\n", text)).strip() + "\n"


def shortened(text: str) -> str:
    """Cut a task's text to what a subject line holds, at a blank where there is one."""
    words = " ".join(normalize("NFC", text).split())
    if len(words) <= SUBJECT_LENGTH:
        return words.rstrip(".")
    cut = words[:SUBJECT_LENGTH]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" .,;:") + "…"

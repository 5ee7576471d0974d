"""The agency's due days in one's own calendar program: the secret address, and what it gives."""
from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker import clock
from tracker.config import Settings
from tracker.extensions import db, limiter
from tracker.models import CalendarFeed
from tracker.models.access import NotVisible
from tracker.reports.feed import Surroundings, feed_token, person_of_feed
from tracker.reports.feed import feed as write_feed
from tracker.rules.permissions import Permission
from tracker.web.formats import day
from tracker.web.guard import actor, needs, person
from tracker.web.my_work import bp
from tracker.web.words import word
from tracker.workflow import feeds as feeds_


@bp.route("/feeds")
@needs(Permission.PROGRESS_REPORT)
def feeds() -> ResponseReturnValue:
    """Show the address of one's feed and how to subscribe to it; or the button that makes one."""
    feed = feeds_.current_feed(db.session(), person())
    return render_template("my_work/feeds.html", feed=feed, address=_address_of(feed) if feed else "")


@bp.route("/feeds", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def make_feed() -> ResponseReturnValue:
    """Make the address."""
    feeds_.make(db.session(), person(), actor=actor(), now=clock.now())
    db.session.commit()
    flash(_("Đã tạo địa chỉ lịch của bạn. Hãy sao chép và thêm vào chương trình lịch theo hướng dẫn bên dưới."))
    return redirect(url_for("my_work.feeds"))


@bp.route("/feeds/<int:feed_id>/revoke", methods=["GET", "POST"])
@needs(Permission.PROGRESS_REPORT)
def revoke_feed(feed_id: int) -> ResponseReturnValue:
    """Ask, then make the address dead."""
    feed = feeds_.feed_for(db.session(), person(), feed_id)
    if request.method == "GET":
        return render_template("my_work/revoke_feed.html", feed=feed)
    feeds_.revoke(db.session(), feed, actor=actor(), now=clock.now())
    db.session.commit()
    flash(_("Đã hủy địa chỉ lịch. Chương trình lịch nào còn dùng địa chỉ cũ sẽ không đọc được nữa."))
    return redirect(url_for("my_work.feeds"))


@bp.route("/feed/<token>.ics")
@needs(Permission.ANYONE)
@limiter.limit("30 per minute")
def feed(token: str) -> ResponseReturnValue:
    """Give the feed to a calendar program, which can't log in; the address itself is the secret."""
    settings: Settings = current_app.extensions["settings"]
    try:
        user = person_of_feed(db.session(), token, _secret())
    except NotVisible:
        # A program asked: a page would be of no use, and every dead address gets the very same bytes.
        return Response(_("Địa chỉ lịch này không còn dùng được."), 404, mimetype="text/plain")
    host = urlsplit(settings.base_url or request.host_url).hostname or "dondoc"
    around = Surroundings(host=host, link=_link_to, word=word, day=day)
    with force_locale(user.locale):
        body = write_feed(db.session(), user, around, today=clock.today(), now=clock.now())
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="dondoc.ics"'
    response.headers["Cache-Control"] = "private, no-cache"  # kept by the program, asked about each time
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.add_etag()
    return response.make_conditional(request)


def _secret() -> str:
    settings: Settings = current_app.extensions["settings"]
    if not settings.secret_key:  # a server is not started without it
        raise RuntimeError("no secret key")
    return settings.secret_key


def _address_of(feed: CalendarFeed) -> str:
    settings: Settings = current_app.extensions["settings"]
    path = url_for("my_work.feed", token=feed_token(feed, _secret()))
    return (settings.base_url or request.host_url).rstrip("/") + path


def _link_to(assignment_id: int) -> str:
    settings: Settings = current_app.extensions["settings"]
    base = (settings.base_url or request.host_url).rstrip("/")
    return base + url_for("assignments.show", assignment_id=assignment_id)

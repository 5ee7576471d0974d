"""Deciding many things at once: ticked, looked over on one page, then done."""
from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.extensions import db
from tracker.models.access import NotVisible
from tracker.reports.inbox import InboxFilter, Waiting, parse_key, waiting_for
from tracker.rules.permissions import Permission
from tracker.web.guard import actor, needs, person
from tracker.web.inbox import bp
from tracker.web.inbox.deciding import back
from tracker.web.inbox.forms import LONGEST_TEXT
from tracker.web.refusals import explain
from tracker.workflow.deciding_many import FITS, MOST_AT_ONCE, WITH_WORDS, Answer, Outcome, Picked, decide_many


@bp.route("/many", methods=["POST"])
@needs(Permission.PROGRESS_REVIEW)
def many() -> ResponseReturnValue:
    """Look over what was ticked; `confirmed` does it. Each is done or refused by itself."""
    answer = Answer(request.form["answer"]) if request.form.get("answer") in set(Answer) else None
    picked = _picked()
    if answer is None or not picked:
        flash(_("Chưa chọn việc nào, hoặc chưa chọn cách trả lời. Hãy đánh dấu các dòng rồi bấm lại."), "error")
        return back()
    words = request.form.get("words", "").replace("\0", "").strip()
    error = _error(answer, words) if "confirmed" in request.form else None
    if "confirmed" not in request.form or error:
        rows = [(one, found) for one in picked if one.kind in FITS[answer] and (found := _found(one))]
        if not rows:
            flash(_("Không có việc nào đã chọn hợp với cách trả lời này."), "error")
            return back()
        return render_template(
            "inbox/many.html", answer=answer, rows=rows, words=words, error=error, left_out=len(picked) - len(rows),
            wanted=InboxFilter.from_args(request.form), needs_words=answer in WITH_WORDS, longest=LONGEST_TEXT,
        ), 400 if error else 200
    outcome = decide_many(db.session(), person(), picked, answer, words=words, actor=actor(), today=clock.today(),
                          now=clock.now())
    db.session.commit()
    _say(outcome)
    return back()


def _picked() -> list[Picked]:
    """Read the ticked things, "report-12.5": kind, id, version; what is none is passed over."""
    picked: dict[tuple[str, int], Picked] = {}
    for raw in request.form.getlist("picked")[:MOST_AT_ONCE]:
        key, _dot, version = raw.partition(".")
        found = parse_key(key)
        if found:
            number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None
            picked[found] = Picked(*found, number)
    return list(picked.values())


def _found(one: Picked) -> Waiting | None:
    return waiting_for(db.session(), person(), one.kind, one.id, today=clock.today())


def _error(answer: Answer, words: str) -> str | None:
    if answer in WITH_WORDS and not words:
        return str(_("Hãy ghi lý do: mỗi cơ quan nhận thư kèm lời này."))
    if len(words) > LONGEST_TEXT:
        return str(_("Lời gửi không dài quá %(most)s ký tự.", most=LONGEST_TEXT))
    return None


def _say(outcome: Outcome) -> None:
    if outcome.done:
        flash(ngettext("Đã xử lý %(num)d việc.", "Đã xử lý %(num)d việc.", len(outcome.done)))
    for one, refusal in outcome.failed[:10]:
        found = _found(one)
        name = found.assignment.agency.name if found else _("Một việc")
        reason = _("không còn chờ xử lý.") if isinstance(refusal, NotVisible) else explain(refusal)
        flash(_("%(name)s: %(reason)s", name=name, reason=reason), "warning")
    if len(outcome.failed) > 10:
        flash(ngettext("Còn %(num)d việc khác chưa làm được.", "Còn %(num)d việc khác chưa làm được.",
                       len(outcome.failed) - 10), "warning")

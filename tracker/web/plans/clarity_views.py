"""The clarity list: how a plan answers the six questions, and the letter's words that ask its drafter."""
from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.extensions import db
from tracker.models.access import plan_for
from tracker.reports import clarity
from tracker.reports.paging import PAGE_ROWS
from tracker.rules.clarity import MOST_POINTS, Clarity, Verdict
from tracker.rules.permissions import Permission
from tracker.web.guard import needs, person
from tracker.web.plans import bp
from tracker.web.words import ASKS, word
from tracker.workflow.publishing import load_tasks

#: Of a long provision the letter quotes the opening, enough to find it by.
QUOTED = 120


@bp.route("/<int:plan_id>/clarity")
@needs(Permission.PLAN_READ)
def show_clarity(plan_id: int) -> ResponseReturnValue:
    """Show the score and the tasks that leave a question open, least clear first; `question` narrows to one."""
    plan = plan_for(db.session(), person(), plan_id)
    found = clarity.report(load_tasks(db.session(), plan))
    asked = request.args.get("question", "")
    question = Clarity(asked) if asked in set(Clarity) else None
    rows = [row for row in found.rows if row.open] if question is None else found.asking(question)
    first = _first(request.args.get("after", ""))
    return render_template(
        "plans/clarity.html", plan=plan, found=found, question=question, rows=rows[first:first + PAGE_ROWS],
        total=len(rows), first=first, next_after=first + PAGE_ROWS if first + PAGE_ROWS < len(rows) else None,
        Clarity=Clarity, Verdict=Verdict, most=MOST_POINTS, asks=ASKS,
    )


@bp.route("/<int:plan_id>/clarity.txt")
@needs(Permission.PLAN_READ)
def clarity_letter(plan_id: int) -> ResponseReturnValue:
    """Give what to ask the drafter as plain text, ready to be put into a letter."""
    plan = plan_for(db.session(), person(), plan_id)
    found = clarity.report(load_tasks(db.session(), plan))
    lines = [_("Đề nghị cơ quan soạn thảo làm rõ %(plan)s", plan=plan.number or plan.title), ""]
    for number, question in enumerate(Clarity, start=1):
        rows = found.asking(question)
        if rows:
            lines.append(f"{number}. {word(question)} ({len(rows)}): {ASKS[question]}")
            lines += [f"- {_place(row)}“{_opening(row.task.text)}”" for row in rows]
            lines.append("")
    if len(lines) == 2:
        lines.append(_("Mọi nhiệm vụ đều rõ theo sáu tiêu chí."))
    name = f"lam-ro-ke-hoach-{plan.id}.txt"
    return Response("\ufeff" + "\r\n".join(lines), mimetype="text/plain", headers={
        "Content-Disposition": f"attachment; filename={name}"})


def _first(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 6 else 0


def _place(row: clarity.ClarityRow) -> str:
    return _("Mục %(section)s: ", section=row.task.section) if row.task.section else ""


def _opening(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED].rsplit(' ', 1)[0]}…"

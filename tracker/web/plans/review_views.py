"""The review screen: the plan's text beside its duties, one of them being worked on."""
from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.models import Plan, Task
from tracker.models.access import NotVisible, plan_for
from tracker.models.calendar import load_calendar
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.rules.states import PlanState
from tracker.web.guard import actor, needs, person
from tracker.web.plans import bp
from tracker.web.plans.conflict import Difference, differences
from tracker.web.plans.forms import SplitForm, TaskForm
from tracker.web.plans.review_words import (
    COMPARED,
    FLAGS,
    LEFT_OUT,
    REMOVED,
    advice,
    ago,
    called,
    how_linked,
    how_read,
    note_sentence,
    step_words,
)
from tracker.web.plans.screen import Order, Screen, Show, Wish, build, explain_deadline, going_on, lines_of, number
from tracker.web.plans.text_pane import Line
from tracker.web.refusals import explain
from tracker.workflow import reviewing_plan
from tracker.workflow.doubts import BLOCKING, Doubt
from tracker.workflow.review_log import last_step_on
from tracker.workflow.reviewing_plan import ReviewStale
from tracker.workflow.task_state import mark, snapshot

#: How much of what reading left out the screen itself carries; the rest stands on a page of its own.
MOST_REMOVED = 20_000


def task_for(plan: Plan, task_id: int) -> Task:
    """Fetch a duty of a plan this person may see. Raises NotVisible."""
    task = db.session.get(Task, task_id)
    if task is None or task.plan_id != plan.id or task.taken_back_at is not None:
        raise NotVisible
    return task


def plan_of(plan_id: int) -> Plan:
    """Fetch a plan this person may see. Raises NotVisible."""
    return plan_for(db.session(), person(), plan_id)


@bp.context_processor
def words_of_review() -> dict[str, Any]:
    """Give the templates of plans the words of the review."""
    return {"advice": advice, "how_read": how_read, "how_linked": how_linked, "called": called,
            "ago": lambda at: ago(at, clock.now()), "note_sentence": note_sentence,
            "REMOVED": REMOVED, "LEFT_OUT": LEFT_OUT, "FLAGS": FLAGS,
            "COMPARED": COMPARED, "PlanState": PlanState}


@bp.route("/<int:plan_id>/review")
@needs(Permission.PLAN_EDIT)
def review(plan_id: int) -> ResponseReturnValue:
    """Show the text and the duties found in it; `task` chooses one, `at` points at a place in the text."""
    plan = plan_of(plan_id)
    if plan.state is not PlanState.REVIEW:
        return redirect(url_for("plans.show", plan_id=plan.id))
    return screen_page(plan, Wish.from_args(request.args))


def screen_page(plan: Plan, wish: Wish, *, form: TaskForm | None = None, splitting: SplitForm | None = None,
                saved: Task | None = None, problem: str | None = None, code: int = 200) -> ResponseReturnValue:
    """Render the screen: with the chosen duty's own form, or with one that was sent and not saved.

    A page that already shows the plan asks for what changed only (see `_asked_part`).
    """
    screen = build(db.session(), plan, wish, user=person(), today=clock.today(), now=clock.now())
    chosen = screen.chosen.task if screen.chosen else None
    differing: list[Difference] = []
    if saved is not None and form is not None:
        differing = differences(form.given, saved)
    values = {
        "plan": plan, "screen": screen, "saved": saved, "problem": problem, "differing": differing,
        "Show": Show, "Order": Order, "Doubt": Doubt, "BLOCKING": BLOCKING,
        "removed": plan.reading.get("removed", []), "MOST_REMOVED": MOST_REMOVED,
        "step_words": lambda step: step_words(step, screen.numbers),
        **(_about(plan, chosen, form, splitting) if chosen else {}),
    }
    shown = _asked_part(plan)
    if shown is not None:
        page = render_template("plans/_review_part.html", before=screen.row(shown), lines=_changed_lines(screen, shown),
                               **values)
        return page, code
    return render_template("plans/review.html", **values), code


def _about(plan: Plan, task: Task, form: TaskForm | None, splitting: SplitForm | None) -> dict[str, Any]:
    """Give what the chosen duty's own part of the screen shows."""
    today, calendar = clock.today(), load_calendar(db.session())
    following = reviewing_plan.next_task(db.session(), task)
    here = snapshot(task)
    return {
        "form": form or TaskForm.of(plan, task),
        "splitting": splitting or SplitForm(formdata=None, data={"text": " ".join(task.text.split())}),
        "following": following, "here": mark(here), "both": mark(here, snapshot(following)) if following else "",
        "last_on": last_step_on(db.session(), plan, task),
        "whys": {deadline.id: explain_deadline(task, deadline, today=today, calendar=calendar)
                 for deadline in task.deadlines},
    }


def _asked_part(plan: Plan) -> int | None:
    """Give the duty that the asking page shows as chosen, when it wants only what differs from it.

    Its header is "duty.version": a plan that somebody else changed since is sent whole.
    """
    shown, _dot, version = request.headers.get("X-Review-Part", "").partition(".")
    known = number(version)
    return number(shown) if known is not None and plan.version <= known else None


def _changed_lines(screen: Screen, shown: int) -> list[tuple[int, Line]]:
    """Give the lines of the text, by their place, that look different from how the asking page has them."""
    there = lines_of(screen.plan, screen.tasks, next((task for task in screen.tasks if task.id == shown), None))
    return [(place, line) for place, (line, old) in enumerate(zip(screen.lines, there, strict=True)) if line != old]


@bp.route("/<int:plan_id>/tasks/<int:task_id>", methods=["GET", "POST"])
@needs(Permission.PLAN_EDIT)
def edit_task(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Save a duty; the button says whether it counts as checked, or only asks for one more row."""
    plan = plan_of(plan_id)
    if request.method == "GET":  # somebody reloads the answer to a form, or shares its address
        return back(plan_id, Wish(), task_for(plan, task_id).id)
    task, wish, form = task_for(plan, task_id), wish_of(task_id), TaskForm.sent()
    then = request.form.get("then", "")
    if then in {"owner", "deadline", "show"}:  # "show": a draft that the browser kept
        if then != "show":
            form.add_owner() if then == "owner" else form.add_deadline()
        return screen_page(plan, wish, form=form)
    if not form.validate_on_submit():
        return screen_page(plan, wish, form=form,
                           problem=_("Chưa lưu được. Hãy sửa những chỗ được đánh dấu bên dưới."), code=400)
    following = going_on(db.session(), plan, wish, today=clock.today()) if then == "next" else None
    try:
        reviewing_plan.edit(db.session(), plan, task, form.given, seen=form.seen, actor=actor(), now=clock.now(),
                            checked=then == "next")
    except Refusal as refusal:
        return not_saved(plan_id, task_id, wish, refusal, form=form)
    db.session.commit()
    flash(_("Đã lưu nhiệm vụ."))
    return back(plan_id, wish, following or task_id)


def not_saved(plan_id: int, task_id: int, wish: Wish, refusal: Refusal, *, form: TaskForm | None = None,
              splitting: SplitForm | None = None) -> ResponseReturnValue:
    """Show the screen again with what was typed, and what stands there now."""
    db.session.rollback()
    plan = plan_of(plan_id)
    if plan.state is not PlanState.REVIEW:
        flash(explain(refusal), "error")
        return redirect(url_for("plans.show", plan_id=plan.id))
    task = task_for(plan, task_id)
    stale = isinstance(refusal, ReviewStale)
    if form is not None:
        form.version.data, form.mark.data = plan.version, mark(snapshot(task))
    return screen_page(plan, wish, form=form, splitting=splitting, saved=task if stale and form else None,
                       problem=explain(refusal), code=409 if stale else 400)


def wish_of(task_id: int | None) -> Wish:
    """Read from a form how the list was filtered, so that the next page looks the same."""
    wish = Wish.from_args(request.form)
    return Wish(wish.show, wish.order, task_id)


def back(plan_id: int, wish: Wish, task_id: int | None) -> ResponseReturnValue:
    """Lead to the screen with a duty chosen."""
    return redirect(url_for("plans.review", plan_id=plan_id, **wish.args(task=task_id),
                            _anchor=f"duty-{task_id}" if task_id else None))

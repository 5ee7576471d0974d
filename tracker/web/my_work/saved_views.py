"""Naming a filter of the desk, and forgetting it again."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.reports.my_work import WorkFilter
from tracker.rules.errors import Refusal
from tracker.rules.permissions import Permission
from tracker.web.guard import needs, person
from tracker.web.my_work import bp
from tracker.web.my_work.views import show_desk
from tracker.web.refusals import explain
from tracker.web.text_fields import one_line
from tracker.workflow import saved_views
from tracker.workflow.saved_views import view_for

#: Past this no name is read, let alone shown again.
_MOST_READ = 500


@bp.route("/views", methods=["POST"])
@needs(Permission.PROGRESS_REPORT)
def save_view() -> ResponseReturnValue:
    """Give the filter that came along a name; what could not be saved is shown again with the reason."""
    wanted = WorkFilter.from_args(request.form)
    name = one_line(request.form.get("name", "")[:_MOST_READ])
    try:
        view = saved_views.save(db.session(), person(), name, wanted, now=clock.now())
    except Refusal as refusal:
        db.session.rollback()
        return show_desk(wanted, name=name, name_error=explain(refusal)), 422
    db.session.commit()
    flash(_("Đã lưu bộ lọc “%(name)s”. Bấm tên ở đầu trang để xem lại.", name=view.name))
    return redirect(url_for("my_work.index", **wanted.to_args()))


@bp.route("/views/<int:view_id>/delete", methods=["GET", "POST"])
@needs(Permission.PROGRESS_REPORT)
def delete_view(view_id: int) -> ResponseReturnValue:
    """Ask whether a view should go, and forget it."""
    view = view_for(db.session(), person(), view_id)
    wanted = WorkFilter.from_args(view.args)
    if request.method == "POST":
        name = view.name
        saved_views.delete(db.session(), view)
        db.session.commit()
        flash(_("Đã xóa bộ lọc “%(name)s”.", name=name))
        return redirect(url_for("my_work.index"))
    return render_template("my_work/delete_view.html", view=view, args=wanted.to_args())

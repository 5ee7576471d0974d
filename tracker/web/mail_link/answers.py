"""What every answer of these pages carries, and what is said where a link leads nowhere."""
from __future__ import annotations

from flask import Response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError

from tracker.models.access import NotVisible
from tracker.models.mail_link import LinkExpired
from tracker.web.mail_link import bp


@bp.after_request
def keep_to_itself(response: Response) -> Response:
    """Let the address of the page get nowhere: not to other sites, not into logs of ours by way of Referer."""
    # Not "no-referrer": over HTTPS the check of a form's token wants to see at least the origin it came from.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _sorry(status: int, title: str, advice: str) -> tuple[str, int]:
    return render_template("mail_link/sorry.html", title=title, advice=advice), status


@bp.errorhandler(404)
@bp.errorhandler(NotVisible)
def not_found(_error: Exception) -> tuple[str, int]:
    """Answer alike for every link that is none (any more)."""
    return _sorry(404, _("Liên kết này không dùng được"),
                  _("Địa chỉ có thể bị cắt mất một phần khi sao chép, hoặc mật khẩu, tài khoản đã thay đổi sau khi thư "
                    "được gửi. Hãy mở lại từ thư mới nhất, hoặc đăng nhập."))


@bp.errorhandler(LinkExpired)
def expired(_error: Exception) -> tuple[str, int]:
    """Say that the link was good, and how to go on."""
    return _sorry(410, _("Liên kết trong thư đã hết hạn"),
                  _("Vì an toàn, liên kết chỉ mở được trong một thời gian sau khi thư được gửi. Hãy mở liên kết trong "
                    "thư mới nhất, hoặc đăng nhập để báo cáo."))


@bp.errorhandler(429)
def too_many(_error: Exception) -> tuple[str, int]:
    """Ask for a little patience."""
    return _sorry(429, _("Mở hoặc gửi quá nhiều lần"),
                  _("Mạng của bạn vừa mở hoặc gửi quá nhiều lần trong một phút. Hãy đợi một phút rồi thử lại; nếu đang "
                    "gửi báo cáo, bấm nút quay lại của trình duyệt, nội dung đã nhập vẫn còn."))


@bp.errorhandler(CSRFError)
def stale_form(_error: Exception) -> tuple[str, int]:
    """Say how to send again."""
    return _sorry(400, _("Biểu mẫu đã hết hiệu lực"),
                  _("Bấm nút quay lại của trình duyệt: nội dung bạn đã nhập vẫn còn. Sao chép nội dung, mở lại liên "
                    "kết trong thư rồi gửi lại. Trình duyệt cần cho phép cookie của trang này."))


@bp.errorhandler(413)
def too_large(_error: Exception) -> tuple[str, int]:
    """Say how large a file may be."""
    return _sorry(413, _("Tệp gửi lên quá lớn"),
                  _("Mỗi tệp tối đa 25 MB. Bấm nút quay lại và chọn tệp nhỏ hơn."))

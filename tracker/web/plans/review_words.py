"""Words of the review: what to do about a doubt, which rule read a duty, what reading left out, how long ago."""
from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from tracker.models import Plan, ReviewStep, StepKind, Task, User
from tracker.models.catalogue import Basis
from tracker.web.formats import moment
from tracker.web.words import word
from tracker.workflow.doubts import Doubt
from tracker.workflow.review_log import tasks_of

#: What to do about each doubt.
ADVICE = {
    Doubt.NO_SEND_BY_DAY: _l("Chọn ngày gửi báo cáo ở phần Thời hạn. Chưa có ngày gửi thì chưa giao việc được."),
    Doubt.OWNER_INFERRED: _l("Văn bản mất đề mục nên cơ quan do máy suy ra. So với bản gốc; đúng thì bấm “Lưu, đã "
                             "kiểm tra”, sai thì chọn lại cơ quan."),
    Doubt.NO_OWNER: _l("Đọc đoạn văn rồi chọn cơ quan; nếu không phải việc của ai thì bỏ nhiệm vụ này."),
    Doubt.OWNER_ENDED: _l("Chọn cơ quan đang hoạt động đã nhận nhiệm vụ của cơ quan này."),
    Doubt.OWNER_UNKNOWN: _l("Chọn cơ quan có sẵn, hoặc thêm tên này vào danh mục; không chọn thì cơ quan đó không nhận "
                            "được việc."),
    Doubt.OWNER_UNSURE: _l("Máy chưa chắc cơ quan. So với chỗ tô màu bên văn bản rồi xác nhận hoặc chọn lại."),
    Doubt.MEMBERS_DIFFER: _l("Kế hoạch ghi một số lượng cơ quan nhưng liệt kê một số khác. Hỏi lại nơi ban hành, rồi "
                             "chọn nhóm hoặc từng cơ quan."),
    Doubt.NUMBERING_JUMP: _l("Số mục nhảy ở gần đây, có thể mất một dòng. So với bản gốc xem việc này có đúng thuộc cơ "
                             "quan đó không."),
    Doubt.IMPOSSIBLE_DATE: _l("Ngày in trong kế hoạch không có trong lịch. Hỏi lại nơi ban hành rồi ghi ngày đúng."),
    Doubt.ODD_DATE: _l("Năm in trước năm ban hành hoặc xa quá thời gian kế hoạch. Kiểm tra có in nhầm năm không."),
    Doubt.YEAR_MISSING: _l("Kế hoạch chỉ ghi ngày và tháng. Ghi đủ năm ở phần Thời hạn."),
    Doubt.NO_DEADLINE: _l("Đặt thời hạn, hoặc đổi loại thành nhiệm vụ thường xuyên nếu kế hoạch không đặt hạn."),
    Doubt.DUPLICATE: _l("Có nhiệm vụ khác cùng nội dung, cùng cơ quan. Bỏ bớt một, hoặc giữ cả hai nếu đúng "
                       "là hai việc."),
    Doubt.MEASURE: _l("Giải pháp chung không nêu cơ quan. Chọn cơ quan nếu muốn giao, hoặc để nguyên: việc này sẽ được "
                      "liệt kê mà không giao ai."),
}  # fmt: skip

#: How the reading came to the owner, by the name of its rule.
RULES = {
    "heading": _l("đọc từ tiêu đề mục"),
    "inline_heading": _l("đọc từ tên cơ quan đứng đầu dòng, trước dấu hai chấm"),
    "table_row": _l("đọc từ dòng của bảng"),
    "subject": _l("đọc từ chủ ngữ của câu"),
    "assignment_line": _l("đọc từ dòng ghi cơ quan chủ trì"),
    "closing": _l("đọc từ phần kết của văn bản"),
    "lead_in": _l("đọc từ câu dẫn đứng trên danh sách"),
    "sibling_heading": _l("đoán theo các tiêu đề cùng cấp, tên này chưa gặp bao giờ"),
    "inferred": _l("suy luận từ chỗ nhảy số"),
    "no_body": _l("câu không nêu cơ quan nào"),
    "": _l("không đọc được từ văn bản"),
}

#: Why a printed name was taken for a body, where that is not plain.
LINKED = {
    Basis.FORMER: _l("Tên cũ của %(name)s; cơ quan này có thể chỉ nhận một phần nhiệm vụ."),
    Basis.DEFINED: _l("Văn bản tự viết tắt tên %(name)s."),
    Basis.USUAL: _l("Tên thường gọi của %(name)s."),
}

#: From how much confidence on it is called so.
_CONFIDENCE = ((0.9, _l("chắc")), (0.8, _l("khá chắc")), (0.6, _l("chưa chắc")), (0.0, _l("rất không chắc")))

REMOVED = {
    "site_menu": _l("Thực đơn và khung của trang web"),
    "voice_hint": _l("Gợi ý tìm kiếm bằng giọng nói"),
    "page_furniture": _l("Đầu trang, chân trang, số trang"),
    "hidden_text": _l("Chữ ẩn trong tệp"),
}

_LETTERS = _l("Đã chuyển chữ từ bảng mã cũ sang Unicode (%(count)s từ). So lại tên riêng và chữ hoa với bản gốc.")
#: What reading did to the file, by the key of its note.
NOTES = {
    "control_characters_dropped": _l("Đã bỏ ký tự điều khiển không in được (%(count)s)."),
    "unreadable_letters": _l("Có chữ không đọc được, hiện thành ký hiệu lạ (%(count)s)."),
    "read_by_content": _l("Đuôi tệp không đúng; tệp được đọc theo nội dung."),
    "converted_tcvn3": _LETTERS,
    "converted_vni": _LETTERS,
    "converted_cp1258": _LETTERS,
    "converted_fonts": _LETTERS,
    "capitals_restored": _l("Đã đoán lại chữ hoa ở %(count)s từ, vì bảng mã cũ không ghi chữ hoa."),
    "legacy_lines_left": _l("Còn %(count)s dòng giống bảng mã cũ, được giữ nguyên. Hãy xem lại các dòng này."),
    "converted_by_office": _l("Tệp kiểu cũ đã được chuyển sang dạng mới để đọc."),
    "footnotes_appended": _l("Đã đưa %(count)s chú thích xuống cuối văn bản."),
    "tracked_changes_accepted": _l("Có %(count)s chỗ sửa theo dõi trong tệp; văn bản được đọc như đã chấp nhận sửa."),
    "text_boxes_read": _l("Đã đọc cả chữ trong %(count)s khung chữ."),
    "numbers_printed": _l("Đã ghi lại %(count)s số thứ tự mà tệp tự đánh."),
    "page_parts_left_out": _l("Đã bỏ %(count)s phần của trang web không thuộc văn bản; xem bên dưới."),
    "ocr": _l("%(count)s trang là ảnh chụp, chữ do máy nhận dạng."),
    "ocr_by_others": _l("%(count)s trang là ảnh chụp, chữ do phần mềm khác nhận dạng từ trước."),
    "scanned_pages_left_out": _l("%(count)s trang là ảnh chụp, không đọc được chữ. Hãy so với bản gốc và thêm nhiệm "
                                 "vụ còn thiếu."),
}  # fmt: skip

#: Why a passage gives no duty.
LEFT_OUT = {
    "unassigned": _l("Câu không giao việc"),
    "purpose": _l("Mục đích, yêu cầu"),
    "objective": _l("Mục tiêu"),
    "funding": _l("Kinh phí"),
    "too_long": _l("Phần cuối của đoạn quá dài"),
    "footnote": _l("Chú thích"),
    "repeated": _l("Đoạn lặp lại"),
    "front_matter": _l("Phần mở đầu, căn cứ"),
    "signature": _l("Nơi nhận, chữ ký"),
    "furniture": _l("Dòng kẻ, số trang"),
    "numbering_jump": _l("Số mục bị nhảy ở đây"),
    "impossible_date": _l("Ngày không có trong lịch"),
}

#: How an indicator's figure is meant.
COMPARED = {"eq": _l("đạt"), "gte": _l("từ"), "lte": _l("không quá"), "decrease": _l("giảm"), "zero": _l("không còn:")}

FLAGS = {"odd_rounding": _l("Số làm tròn bất thường, cần so với bản gốc")}


def advice(doubt: Doubt) -> str:
    """Say what to do about a doubt."""
    return str(ADVICE[doubt])


def how_read(task: Task) -> str:
    """Say by which rule a duty's owner was read and how sure that is; "" for what a person added."""
    if task.rule is None:
        return ""
    words = str(RULES.get(task.rule, _l("đọc từ câu chữ của văn bản")))
    if task.confidence is None or not task.owners:
        return words
    sure = next(str(name) for least, name in _CONFIDENCE if task.confidence >= least)
    return str(_("%(rule)s (%(sure)s, %(percent)d%%)", rule=words, sure=sure, percent=round(task.confidence * 100)))


def how_linked(plan: Plan, printed: str | None, body: str | None, picked: str | None) -> str:
    """Say why a printed owner is tied to a body where that is not plain, or which body may have taken over from it."""
    kept = next((one for one in plan.extract.get("owners", []) if one["printed"] == printed), None)
    if kept is None:
        return ""
    basis = Basis(kept["basis"])
    if basis is Basis.SUCCESSOR and not picked:
        return str(_("Có thể là tên cũ của %(name)s.", name=kept["body"]))
    words = LINKED.get(basis)
    return str(words) % {"name": kept["body"]} if words and picked and body == kept["body"] else ""


def note_sentence(note: dict[str, object]) -> str:
    """Say what reading did to the file; a key without a sentence gives nothing."""
    sentence = NOTES.get(str(note.get("key")))
    return str(sentence) % {"count": note.get("count", 1)} if sentence else ""


def ago(at: datetime, now: datetime) -> str:
    """Say how long ago something was: in minutes, in hours, then the moment itself."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return str(_("vừa xong"))
    if passed < timedelta(hours=1):
        return str(ngettext("%(num)d phút trước", "%(num)d phút trước", passed // timedelta(minutes=1)))
    if passed < timedelta(days=1):
        return str(ngettext("%(num)d giờ trước", "%(num)d giờ trước", passed // timedelta(hours=1)))
    return moment(at)


def called(user: User | None) -> str:
    """Name a colleague as one speaks of them: the rank before the name when it is known."""
    if user is None:
        return str(_("Một lệnh của hệ thống"))
    rank = (user.post or "").split(",")[0].strip()
    return f"{rank} {user.name}" if rank else user.name


def step_words(step: ReviewStep, numbers: dict[int, int]) -> str:
    """Say what an act was and of which duty, for the button that undoes it; `numbers` counts the duties of the text."""
    kind = word(step.kind)
    ids = tasks_of(step)
    if not ids:
        return kind
    if step.kind is StepKind.LINK:
        return str(ngettext("%(kind)s ở %(num)d nhiệm vụ", "%(kind)s ở %(num)d nhiệm vụ", len(ids), kind=kind))
    number = numbers.get(ids[0])
    return str(_("%(kind)s nhiệm vụ %(number)d", kind=kind, number=number)) if number else kind

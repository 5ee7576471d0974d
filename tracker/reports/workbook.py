"""The workbook an agency fills in: all that it owes, its own cells to write in, everything else locked.

The words in it are data, like those of a letter: they are found again by name when the file comes back, so they are
the same whatever language its reader uses.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from itsdangerous import Signer
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tracker.models import Agency, Assignment
from tracker.reports.grid import GridRow, handed_out
from tracker.rules.filled_rows import LONGEST_NUMBER, LONGEST_TEXT, mark, tidy, tidy_line
from tracker.rules.states import AssignmentState

#: Rows of one workbook; no agency of a province owes more.
MOST_ROWS = 2000
SHEET, GUIDE = "Báo cáo", "Hướng dẫn"
#: What a person chooses from, and what it means.
CHOICES: dict[str, AssignmentState | None] = {
    "Giữ nguyên": None,
    "Đang thực hiện": AssignmentState.IN_PROGRESS,
    "Đã hoàn thành": AssignmentState.SUBMITTED,
}
KEEP = "Giữ nguyên"
STANDING = {AssignmentState.OPEN: "Chưa báo cáo", AssignmentState.IN_PROGRESS: "Đang thực hiện",
            AssignmentState.RETURNED: "Bị trả lại"}
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """One column: its name in code and in the file, and how it looks."""

    key: str
    header: str
    width: float
    is_input: bool = False
    is_hidden: bool = False
    format: str = "General"


COLUMNS = (
    Column("place", "TT", 5),
    Column("task", "Nhiệm vụ", 34),
    Column("plan", "Kế hoạch", 13),
    Column("due", "Thời hạn", 11.5, format="dd/mm/yyyy"),
    Column("agency", "Cơ quan", 13),
    Column("standing", "Hiện nay", 12),
    Column("state", "Tình trạng", 14, is_input=True),
    Column("percent", "Tiến độ (%)", 8.5, is_input=True, format="0"),
    Column("text", "Kết quả đã làm", 36, is_input=True, format="@"),
    Column("difficulties", "Khó khăn, vướng mắc", 20, is_input=True, format="@"),
    Column("proposals", "Kiến nghị, đề xuất", 20, is_input=True, format="@"),
    Column("document_number", "Số, ký hiệu văn bản", 14, is_input=True, format="@"),
    Column("document_on", "Ngày văn bản", 11.5, is_input=True, format="dd/mm/yyyy"),
    Column("id", "Mã nhiệm vụ", 10, is_hidden=True),
    Column("version", "Phiên bản", 10, is_hidden=True),
    Column("seal", "Mã kiểm tra", 10, is_hidden=True, format="@"),
)
_PLACE = {column.key: number for number, column in enumerate(COLUMNS, start=1)}
HEADER_ROW = 4
GUIDE_WIDTH = 100
#: A line of 11 points, and the highest a row may be.
LINE_POINTS, HIGHEST_ROW = 15, 405

_LINE = Side(style="thin", color="B5BDBA")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_GREY, _INPUT, _HEAD = (PatternFill("solid", fgColor=colour) for colour in ("F0F1EF", "FFFBE6", "D9E8E8"))
_FONT, _BOLD, _TITLE, _NOTE = (Font(name="Times New Roman", size=size, bold=bold, italic=italic)
                               for size, bold, italic in ((11, False, False), (11, True, False), (14, True, False),
                                                          (11, False, True)))


class Seal:
    """Says that a row was handed out to this agency, as it then stood; nobody else can make one."""

    def __init__(self, secret: str | bytes, agency_id: int) -> None:
        self._signer = Signer(secret, salt="report workbook")
        self._agency_id = agency_id

    def make(self, assignment_id: int, version: int, seen: str) -> str:
        """Give the check of one row."""
        signature = self._signer.get_signature(f"{self._agency_id}.{assignment_id}.{version}.{seen}").decode()
        return f"{seen}:{signature}"

    def read(self, assignment_id: int, version: int, check: str) -> str | None:
        """Give the mark that a check holds, or None when it is not this agency's, not this row's, or made up."""
        seen, _colon, signature = check.partition(":")
        if not signature.isascii():
            return None
        value = f"{self._agency_id}.{assignment_id}.{version}.{seen}"
        return seen if self._signer.verify_signature(value.encode(), signature) else None


def write(rows: Sequence[GridRow], *, agency: Agency, seal: Seal, today: date) -> bytes:
    """Make the workbook of what an agency owes."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    _write_head(sheet, agency, today)
    for place, row in enumerate(rows, start=1):
        _write_row(sheet, HEADER_ROW + place, place, row, seal)
    last = HEADER_ROW + max(1, len(rows))
    _add_checks(sheet, last)
    _set_up(sheet, last)
    _write_guide(book.create_sheet(GUIDE), len(rows))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def file_name(agency: Agency, today: date) -> str:
    """Give the name under which the workbook is saved."""
    return f"Báo cáo tiến độ – {tidy_line(agency.name)} – {today:%Y-%m-%d}.xlsx"


def _write_head(sheet: Any, agency: Agency, today: date) -> None:
    lines = (
        ("BÁO CÁO TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ", _TITLE),
        (f"{tidy_line(agency.name)} – lập ngày {today:%d/%m/%Y}", _BOLD),
        ("Chỉ ghi vào các ô nền vàng nhạt. Lưu dạng .xlsx rồi tải lên trang “Báo cáo bằng tệp Excel”. "
         f"Cách ghi: xem trang “{GUIDE}”.", _NOTE),
    )
    for number, (words, font) in enumerate(lines, start=1):
        cell = sheet.cell(number, 1)
        put_text(cell, words)
        cell.font = font
    for number, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(HEADER_ROW, number, column.header)
        cell.font, cell.fill, cell.border = _BOLD, _HEAD, _BORDER
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")


def _write_row(sheet: Any, number: int, place: int, row: GridRow, seal: Seal) -> None:
    assignment = row.assignment
    said = handed_out(row, with_proposals=True)
    values: dict[str, Any] = {
        "place": place, "task": _task(assignment, row), "plan": assignment.plan.number or assignment.plan.title,
        "due": assignment.due_on or "Không có", "agency": assignment.agency.name,
        "standing": STANDING.get(assignment.state, ""), "state": KEEP, "percent": said.percent, "text": said.text,
        "difficulties": said.difficulties, "proposals": said.proposals, "document_number": None, "document_on": None,
        "id": assignment.id, "version": assignment.version,
        "seal": seal.make(assignment.id, assignment.version, mark(said)),
    }  # fmt: skip
    for at, column in enumerate(COLUMNS, start=1):
        cell, value = sheet.cell(number, at), values[column.key]
        if isinstance(value, str):
            put_text(cell, value)
        elif value is not None:
            cell.value = value
        cell.font, cell.border = _FONT, _BORDER
        cell.fill = _INPUT if column.is_input else _GREY
        cell.number_format = column.format
        cell.protection = Protection(locked=not column.is_input)
        cell.alignment = Alignment(wrap_text=True, vertical="top",
                                   horizontal="center" if column.key in _CENTRED else "left")
    sheet.row_dimensions[number].height = _height(values)


def _height(values: dict[str, Any]) -> float:
    """Reckon how high a row must be: not every program does it by itself when it opens a file."""
    lines = 2
    for column in COLUMNS:
        value = values[column.key]
        if isinstance(value, str) and not column.is_hidden:
            lines = max(lines, sum(1 + int(len(line) / column.width) for line in value.split("\n")))
    return min(LINE_POINTS * lines + 3, HIGHEST_ROW)


_CENTRED = frozenset({"place", "due", "percent", "document_on"})


def _task(assignment: Assignment, row: GridRow) -> str:
    words = tidy(assignment.task.text)
    if assignment.period is not None:
        period = assignment.period
        words += f"\n(Kỳ {period.first_day:%d/%m/%Y} – {period.last_day:%d/%m/%Y})"
    if assignment.state is AssignmentState.RETURNED and row.last and row.last.review and row.last.review.reason:
        words += f"\nLý do trả lại: {tidy(row.last.review.reason)}"
    return words


def put_text(cell: Any, words: str) -> None:
    """Write a text as a text, whatever it begins with: "=1+1" is no formula in a cell that came from somebody."""
    words = tidy(words)[:32_000]
    if not words:
        return
    cell.value = words
    cell.data_type = "s"
    # What Excel shows as a leading apostrophe: it stays a text when the cell is edited.
    cell.quotePrefix = words[0] in "=+-@\t"


def _add_checks(sheet: Any, last: int) -> None:
    """Tell a slip at once, in the cell; the upload checks everything again."""
    checks = {
        "state": DataValidation(type="list", formula1=f'"{",".join(CHOICES)}"', allow_blank=True),
        "percent": DataValidation(type="whole", operator="between", formula1="0", formula2="100", allow_blank=True),
        "document_on": DataValidation(type="date", operator="between", formula1="36526", formula2="TODAY()",
                                      allow_blank=True),
        "document_number": DataValidation(type="textLength", operator="lessThanOrEqual",
                                          formula1=str(LONGEST_NUMBER), allow_blank=True),
    }
    told = {
        "state": "Hãy chọn một trong ba tình trạng trong danh sách.",
        "percent": "Tiến độ là số nguyên từ 0 đến 100, không ghi dấu %.",
        "document_on": "Ghi ngày theo dạng ngày/tháng/năm, không sau hôm nay.",
        "document_number": f"Số, ký hiệu văn bản không dài quá {LONGEST_NUMBER} ký tự.",
    }
    for key in ("text", "difficulties", "proposals"):
        checks[key] = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_TEXT),
                                     allow_blank=True)
        told[key] = "Không dài quá 10.000 ký tự."
    for key, check in checks.items():
        check.error, check.errorTitle, check.showErrorMessage = told[key], "Cần sửa ô này", True
        letter = get_column_letter(_PLACE[key])
        check.add(f"{letter}{HEADER_ROW + 1}:{letter}{last}")
        sheet.add_data_validation(check)


def _set_up(sheet: Any, last: int) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width, dimension.hidden = column.width, column.is_hidden
    sheet.row_dimensions[HEADER_ROW].height = 32
    sheet.freeze_panes = sheet.cell(HEADER_ROW + 1, 3)
    # Without a password: it guards against slips, and keeps nobody from adding a filter or a column of their own.
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.autoFilter = protection.sort = False
    shown = [at for at, column in enumerate(COLUMNS, start=1) if not column.is_hidden]
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(shown[-1])}{last}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_area = f"A1:{get_column_letter(shown[-1])}{last}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.oddFooter.center.text = "Trang &P/&N"


GUIDANCE = (
    ("Ghi vào đâu",
     "Chỉ các ô nền vàng nhạt ghi được. Các ô nền xám do hệ thống ghi, được khóa để không sửa nhầm. Trang tính khóa "
     "không đặt mật khẩu: khóa để tránh sơ suất, không phải để giữ bí mật; khi tải lên, hệ thống kiểm tra lại tất cả."),
    ("Tình trạng",
     "“Giữ nguyên”: không đổi tình trạng; nếu có sửa ô khác thì ghi nhận là đang thực hiện. “Đang thực hiện”: cần tiến "
     "độ từ 0 đến 99. “Đã hoàn thành”: đề nghị xác nhận, hệ thống tự ghi 100%."),
    ("Minh chứng",
     "Đã hoàn thành thì phải ghi cả số và ngày văn bản, trừ khi báo cáo trước đã có minh chứng. Tệp đính kèm không gửi "
     "được bằng tệp Excel này: hãy dùng trang “Báo cáo tiến độ” của nhiệm vụ."),
    ("Tiến độ (%)", "Số nguyên từ 0 đến 100, không cần dấu %."),
    ("Ngày văn bản", "Ngày/tháng/năm, ví dụ 05/09/2026; không sau hôm nay."),
    ("Không ghi",
     "Họ tên, số căn cước, danh sách người: chỉ ghi số liệu tổng hợp. Dòng nêu thông tin từng người không được nhận."),
    ("Dòng không có gì mới", "Cứ để nguyên hoặc xóa đi; dòng không sửa thì không tạo báo cáo nào."),
    ("Tải lên",
     "Lưu dạng .xlsx, tải lên, xem từng chỗ sẽ thay đổi rồi xác nhận. Dòng sai được chỉ rõ số dòng và cột; các dòng "
     "đúng vẫn lưu được. Tải lại cùng một tệp không tạo báo cáo trùng."),
    ("Nếu người khác đã báo cáo",
     "Dòng được báo cáo trên hệ thống sau khi tải tệp này về sẽ được hỏi lại, không tự ghi đè."),
)


def _write_guide(sheet: Any, rows: int) -> None:
    put_text(sheet.cell(1, 1), "CÁCH GHI BÁO CÁO")
    sheet.cell(1, 1).font = _TITLE
    count = f"Tệp này có {rows} nhiệm vụ còn phải báo cáo." if rows else "Hiện không còn nhiệm vụ nào phải báo cáo."
    for number, (about, words) in enumerate((("Nội dung", count), *GUIDANCE), start=2):
        for at, (text, font) in enumerate(((about, _BOLD), (words, _FONT)), start=1):
            cell = sheet.cell(number, at)
            put_text(cell, text)
            cell.font, cell.alignment = font, Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[number].height = LINE_POINTS * (1 + len(words) // GUIDE_WIDTH) + 3
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, GUIDE_WIDTH
    sheet.protection.sheet = True
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True

"""Tables of assignments: which column says what, and the rows under them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.extraction.blocks import Block
from tracker.extraction.bodies import read_bodies

#: What the head of a column says; the first that fits. A name may stand anywhere in the head unless it is anchored.
_COLUMNS = (
    ("number", re.compile(r"^(?:stt|tt|số ?tt|số thứ tự|thứ tự|mã số|mục)\.?$")),
    ("time", re.compile(r"^(?:thời gian|thời hạn|thời điểm|tiến độ|hoàn thành|hạn|mốc|lộ trình|năm thực hiện|ngày)")),
    ("product", re.compile(r"sản phẩm|^kết quả|đầu ra")),
    (
        "other",
        re.compile(r"kinh phí|ghi chú|cấp trình|cơ quan trình|lãnh đạo|^căn cứ|địa điểm|hình thức|đơn vị tính|^đvt"),
    ),
    (
        "content",
        re.compile(
            r"^(?:các )?(?:nội dung|nhiệm vụ|công việc|hoạt động|tên |danh mục|giải pháp|đầu việc|việc|chỉ tiêu)"
        ),
    ),
    ("both", re.compile(r"chủ trì.{0,20}phối hợp")),
    ("partner", re.compile(r"phối hợp|tham gia")),
    (
        "lead",
        re.compile(
            r"chủ trì|đầu mối|thực hiện|chịu trách nhiệm|phụ trách|tham mưu|trách nhiệm|^(?:cơ quan|đơn vị|bộ phận)\b"
            r"|phân công"
        ),
    ),
    ("time", re.compile(r"thời gian|thời hạn|tiến độ")),
    ("content", re.compile(r"nội dung|nhiệm vụ|công việc|giải pháp|hoạt động")),
)
_LONGEST_HEAD = 80
_NUMBER = re.compile(r"(?:[IVXL]+|[A-Z]|\d{1,3}(?:\.\d{1,2})*|[a-zđ])[.)/]?$")
_ROMAN = re.compile(r"[IVXLA-E]+[.)]?$")
_LIMIT = re.compile(r"(?i:quý|tháng|năm|ngày|hằng|hàng|thường xuyên|định kỳ|\d{1,2}/\d{4}|trước|giai đoạn|sau khi)")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of assignments; `start` is the content cell's, in the clean text."""

    number: str | None
    text: str
    start: int
    lead: str
    partner: str
    #: The time cell and its place.
    time: tuple[str, int] | None
    product: str | None
    #: It names a group of rows and orders nothing itself.
    is_heading: bool = False


class Table:
    """The columns of the table being read."""

    def __init__(self, heads: list[str | None]) -> None:
        self._heads = heads
        self._above: Row | None = None
        self._fresh = True
        self.width = len(heads)

    @property
    def has_lead(self) -> bool:
        """Whether a column says who leads."""
        return "lead" in self._heads or "both" in self._heads

    def take_second_head(self, block: Block) -> bool:
        """Read a second head row, whose cells tell apart what a cell above spans; tell whether the row was one."""
        if not self._fresh:
            return False
        self._fresh = False
        cells = cells_of(block, self.width)
        heads = [_head(text) for text, _start in cells]
        filled = [head for (text, _start), head in zip(cells, heads, strict=True) if text]
        numbers = [text for text, _start in cells if text]
        if numbers and all(re.fullmatch(r"\(?\d{1,2}\)?", text) for text in numbers) and len(numbers) > 2:
            return True  # the row that counts the columns
        if len(filled) < 2 or None in filled or "content" in filled[1:]:
            return False
        if len(heads) == len(self._heads):
            self._heads = [new or old for new, old in zip(heads, self._heads, strict=True)]
        else:  # the cells below the one that spans stand alone
            at = next((place for place, head in enumerate(self._heads) if head in ("both", "lead", "partner")), None)
            if at is None:
                return False
            self._heads[at : at + 1] = list(heads)
        self.width = len(self._heads)
        return True

    def row(self, block: Block) -> Row | None:
        """Read one row, or None when nothing stands in its content cell."""
        self._fresh = False
        cells = cells_of(block, self.width)
        if len(cells) < self.width:
            cells = self._spread(cells)
        found = self._read(cells)
        if found and not found.is_heading:
            self._above = found
        return found

    def fits(self, block: Block) -> bool:
        """Tell whether a row could stand in this table, though something else stood in between."""
        cells = cells_of(block, self.width)
        return len(cells) == self.width and (
            self._heads[0] != "number" or _NUMBER.match(cells[0][0]) is not None or not cells[0][0]
        )

    def _read(self, cells: list[tuple[str, int]]) -> Row | None:
        by_head: dict[str, tuple[str, int]] = {}
        for head, cell in zip(self._heads, cells, strict=False):
            if head and cell[0] and head not in by_head:
                by_head[head] = cell
        number = by_head.get("number", ("", 0))[0].strip(" .)") or None
        content = by_head.get("content")
        filled = [text for text, _start in cells if text]
        if content is None:
            if len(filled) == 1 and not _NUMBER.match(filled[0]):  # one cell across the table
                text, start = next(cell for cell in cells if cell[0])
                return Row(None, text, start, "", "", None, None, is_heading=True)
            return None
        text, start = content
        lead, partner = by_head.get("lead", ("", 0))[0], by_head.get("partner", ("", 0))[0]
        if not lead and "both" in by_head:
            lead = by_head["both"][0]
        time = by_head.get("time")
        product = by_head.get("product", ("", 0))[0]
        spans = len(filled) > 1 and len(set(filled) - {by_head.get("number", ("", 0))[0]}) == 1
        alone = not (lead or partner or time or product)
        title = alone and (
            text.isupper() or (number is not None and _ROMAN.match(number) is not None) or number is None
        )
        return Row(
            number, text, start, lead, partner, time, product or None, is_heading=(spans and len(filled) > 2) or title
        )

    def _spread(self, cells: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Put the cells of a row in which cells of the row above go on into their columns, by what they say."""
        heading = len(cells) == 2 and _ROMAN.match(cells[0][0])
        if self._above is None or len(cells) < 2 or len(cells) < self.width - 3 or heading:
            return cells
        where: list[tuple[str, int]] = [("", 0)] * self.width
        free = list(range(self.width))
        rest = list(cells)
        if self._heads[0] == "number" and _NUMBER.match(rest[0][0]):
            where[0] = rest.pop(0)
            free.remove(0)
        kinds = {"content"} if rest else set()
        for cell in rest:
            kind = "content" if "content" in kinds else _kind_of(cell[0], kinds)
            kinds.discard("content")
            place = next((at for at in free if self._heads[at] == kind), None)
            if place is None:
                place = next((at for at in free if self._heads[at] in (None, "other", "product")), None)
            if place is None:
                return cells
            where[place] = cell
            free.remove(place)
            if kind == "lead":
                kinds.add("led")
        lead = self._heads.index("lead") if "lead" in self._heads else None
        if lead is not None and not where[lead][0] and any(text for text, _start in where):
            where[lead] = (self._above.lead, 0)
        return where


def _kind_of(text: str, kinds: set[str]) -> str:
    bodies = read_bodies(text)
    if bodies and bodies.end >= len(text) * 0.6:
        return "partner" if "led" in kinds else "lead"
    return "time" if _LIMIT.match(text) and len(text) < 60 else "product"


def read_header(block: Block) -> Table | None:
    """Read the head row of a table of assignments, or None for any other row."""
    heads = [_head(text) for text, _start in cells_of(block)]
    names = {head for head in heads if head}
    if "content" not in names or not names & {"lead", "both", "time", "partner"}:
        return None
    # A row of the table itself may speak of contents and of coordination; a head row does nothing else.
    if sum(head is not None for head in heads) < len([text for text, _start in cells_of(block) if text]) - 1:
        return None
    return Table(list(heads))


def _head(text: str) -> str | None:
    if not text or len(text) > _LONGEST_HEAD:
        return None
    words = " ".join(text.casefold().split()).strip(" .:*")
    return next((name for name, pattern in _COLUMNS if pattern.search(words)), None)


def is_head_cell(text: str) -> bool:
    """Tell a line that could be the head of a column."""
    return len(text) < 50 and _head(text) is not None


def cells_of(block: Block, width: int = 0) -> list[tuple[str, int]]:
    """Give the cells of a row with their places; bars at both ends are a fence unless the row is then too short."""
    if block.cells is not None:
        return list(block.cells)
    length = block.mark.length if block.mark else 0
    cells, at = [], block.start - length
    text = " " * length + block.text if not block.mark else block.mark.label.ljust(length) + block.text
    for raw in text.split("|"):
        cells.append((raw.strip(), at + (len(raw) - len(raw.lstrip()))))
        at += len(raw) + 1
    if len(cells) > 2 and len(cells) != width and not cells[0][0] and text.lstrip().startswith("|"):
        cells = cells[1:]
        if not cells[-1][0] and text.rstrip().endswith("|"):
            cells = cells[:-1]
    return cells

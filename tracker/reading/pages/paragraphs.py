"""Which printed lines are one paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tracker.reading.pages.marks import goes_on_small, has_list_mark, is_ended, joined, must_open
from tracker.reading.pages.sheet import Line

#: A first line that is set in by more than this, in letter sizes, begins a paragraph.
INDENT = 0.7
#: Room between paragraphs, in letter sizes, beyond the room between lines.
PARAGRAPH_ROOM = 0.2
#: Lines of a ragged margin end before it by this part of the letter size at least.
RAGGED = 0.4
#: A size that differs by more than this (points) is another kind of text.
OTHER_SIZE = 1.3
#: Fewer lines than this do not show where the right margin is; it is at this part of the page's width at least.
FEW_LINES = 12
USUAL_RIGHT = 0.86


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the lines of one column begin and end, and how its paragraphs are told apart (points)."""

    left: float
    right: float
    #: How far apart lines stand.
    leading: float
    #: Where lines begin that are not a paragraph's first.
    flow: float
    #: Whether first lines are set in, and whether there is more room above them.
    indented: bool = True
    spaced: bool = True


def frame_of(lines: Sequence[Line], width: float = 0.0) -> Frame:
    """Measure a column by its lines; one that sticks out does not count.

    Few lines tell too little about the right margin: with the page's `width` given, the custom is taken into account.
    """
    rights = sorted((line.right for line in lines), reverse=True)
    lefts = sorted(line.left for line in lines)
    near = [
        (first, second)
        for first, second in pairwise(lines)
        if second.page == first.page and 0.9 * first.size < second.base - first.base < 2.5 * first.size
    ]
    steps = Counter(round((second.base - first.base) * 2) / 2 for first, second in near)
    leading = min((step for step, count in steps.items() if count * 2 >= max(steps.values())), default=20.0)
    outside = min(1, len(lines) // 8)
    usual = USUAL_RIGHT * width if len(lines) < FEW_LINES else 0.0
    flow = median([line.left for line in lines if goes_on_small(line.text)] or [lefts[outside]])
    first = [line for line in lines if has_list_mark(line.text)]
    rooms = [second.base - one.base - leading for one, second in near if has_list_mark(second.text)]
    return Frame(
        lefts[outside],
        max(rights[outside], usual),
        leading,
        flow,
        indented=not first or median(line.left for line in first) - flow > INDENT * first[0].size,
        spaced=bool(rooms) and median(rooms) > PARAGRAPH_ROOM * first[0].size,
    )


@dataclass(slots=True)
class Paragraph:
    """Lines that are one paragraph."""

    lines: list[Line]

    @property
    def text(self) -> str:
        """Its words in one line."""
        text = ""
        for line in self.lines:
            text = joined(text, line.text)
        return text


def goes_on(paragraph: Paragraph, line: Line, frame: Frame, own_frame: Frame) -> bool:
    """Tell whether a line goes on with the paragraph above it, which may stand on the page before.

    `frame` is that of the paragraph's last line, `own_frame` the line's own.
    """
    last = paragraph.lines[-1]
    text, ended, small = line.text, is_ended(last.text), goes_on_small(line.text)
    room = _room(last, line, own_frame)
    if abs(last.size - line.size) > OTHER_SIZE or room > 1.5 * line.size:
        return False
    full = _is_full(last, line, frame)
    if must_open(text) or (own_frame.spaced and not small and room > PARAGRAPH_ROOM * line.size):
        return False
    if has_list_mark(text):  # a wrapped line can begin by chance with what looks like a mark
        return full and not ended and not _is_set_in(paragraph, line, own_frame) and room < PARAGRAPH_ROOM * line.size
    if small and not ended:
        return True
    if not full or (last.bold and not line.bold and not small):
        return False
    if _is_set_in(paragraph, line, own_frame) or own_frame.flow - line.left > INDENT * line.size:
        return False
    if small or not ended:
        return True
    if line.page != last.page:
        return own_frame.indented
    return room < PARAGRAPH_ROOM * line.size and (own_frame.indented or own_frame.spaced)


def _room(last: Line, line: Line, frame: Frame) -> float:
    return line.base - last.base - frame.leading if line.page == last.page else 0.0


def _is_full(last: Line, line: Line, frame: Frame) -> bool:
    """Tell whether the next line's first word would not have fitted behind this line any more."""
    word = line.words[0]
    return last.right + 0.25 * last.size + (word.right - word.left) > frame.right - RAGGED * line.size


def _is_set_in(paragraph: Paragraph, line: Line, frame: Frame) -> bool:
    """Tell whether a line begins further right than the paragraph's lines do, or would."""
    if _is_centred(line, frame) and _is_centred(paragraph.lines[-1], frame):
        return False
    usual = frame.flow
    first = paragraph.lines[0]
    if len(paragraph.lines) > 1:
        usual = paragraph.lines[-1].left
    elif has_list_mark(first.text) and len(first.words) > 1 and abs(line.left - first.words[1].left) < 0.4 * line.size:
        return False  # a hanging list
    return line.left - usual > INDENT * line.size


def _is_centred(line: Line, frame: Frame) -> bool:
    before, behind = line.left - frame.left, frame.right - line.right
    return before > 1.0 and abs(before - behind) < 0.5 * line.size

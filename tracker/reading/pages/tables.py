"""Tables drawn with ruled lines: which words stand in which cell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.reading.pages.marks import joined
from tracker.reading.pages.sheet import Rule, Sheet, Word, lines_of

#: Ends of ruled lines that are so near (points) meet.
NEAR = 3.0
#: Rules that stick out further than this (points) have a column or a row at their open end.
OPEN_SIDE = 12.0
#: A grid larger than this is a drawing.
MAX_CELLS = 20_000


@dataclass(slots=True)
class Cell:
    """A cell; one that spans rows or columns is one cell."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    words: list[Word] = field(default_factory=list)
    text: str = ""


@dataclass(slots=True)
class Table:
    """A table on one page."""

    page: int
    top: float
    bottom: float
    #: Where its columns begin, and where the last one ends.
    edges: list[float]
    #: The cells of each row from left to right; a cell that spans rows is in each of them.
    rows: list[list[Cell]]


def tables_of(sheet: Sheet) -> tuple[list[Table], list[Word]]:
    """Give a page's tables from top to bottom, and the words that stand in none."""
    tables, outside = [], sheet.words
    for upright, level in _grids(_straightened(sheet.rules)):
        edges = _places(upright, [rule.start for rule in level] + [rule.end for rule in level])
        floors = _places(level, [rule.start for rule in upright] + [rule.end for rule in upright])
        if len(edges) < 3 or len(floors) < 2 or len(edges) * len(floors) > MAX_CELLS:
            continue  # a frame or an underline, not a table
        rows, outside = _filled(_cells(edges, floors, upright, level), edges, floors, outside, sheet.number)
        if rows:
            tables.append(Table(sheet.number, floors[0], floors[-1], edges, rows))
    return sorted(tables, key=lambda table: table.top), outside


def _straightened(rules: Sequence[Rule]) -> list[Rule]:
    """Make one rule of pieces that lie in one line and touch."""
    whole: list[Rule] = []
    for upright in (True, False):
        rows: list[list[Rule]] = []
        for rule in sorted((rule for rule in rules if rule.upright == upright), key=lambda rule: rule.at):
            if rows and rule.at - rows[-1][-1].at <= NEAR / 2:
                rows[-1].append(rule)
            else:
                rows.append([rule])
        for row in rows:
            at = sum(rule.at for rule in row) / len(row)
            row.sort(key=lambda rule: rule.start)
            start, end = row[0].start, row[0].end
            for rule in row[1:]:
                if rule.start > end + NEAR:
                    whole.append(Rule(upright, at, start, end))
                    start, end = rule.start, rule.end
                end = max(end, rule.end)
            whole.append(Rule(upright, at, start, end))
    return whole


def _grids(rules: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Gather the rules that touch each other, directly or through others."""
    upright = sorted((rule for rule in rules if rule.upright), key=lambda rule: rule.at)
    places = [rule.at for rule in upright]
    level = [rule for rule in rules if not rule.upright]
    home = list(range(len(upright) + len(level)))

    def root(one: int) -> int:
        while home[one] != one:
            home[one] = home[home[one]]
            one = home[one]
        return one

    for number, rule in enumerate(level, start=len(upright)):
        first, last = bisect_right(places, rule.start - NEAR), bisect_right(places, rule.end + NEAR)
        for other in range(first, last):
            if upright[other].start - NEAR <= rule.at <= upright[other].end + NEAR:
                home[root(number)] = root(other)
    grids: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for number, rule in enumerate([*upright, *level]):
        grids.setdefault(root(number), ([], []))[0 if rule.upright else 1].append(rule)
    return [grid for grid in grids.values() if len(grid[0]) > 0 and len(grid[1]) > 1]


def _places(rules: Sequence[Rule], ends: Sequence[float]) -> list[float]:
    """Give the distinct places of rules, and the outer ends of those across them: many tables have open sides."""
    found: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not found or at - found[-1] > NEAR:
            found.append(at)
    if found[0] - min(ends) > OPEN_SIDE:
        found.insert(0, min(ends))
    if max(ends) - found[-1] > OPEN_SIDE:
        found.append(max(ends))
    return found


def _cells(
    edges: Sequence[float], floors: Sequence[float], upright: Sequence[Rule], level: Sequence[Rule]
) -> dict[tuple[int, int], Cell]:
    """Give the cell at each place of the grid; places with no rule between them are one cell."""
    rows, columns = len(floors) - 1, len(edges) - 1
    home: dict[tuple[int, int], tuple[int, int]] = {
        (row, column): (row, column) for row in range(rows) for column in range(columns)
    }

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while home[place] != place:
            home[place] = home[home[place]]
            place = home[place]
        return place

    walls = _drawn(upright, edges, floors)
    for row in range(rows):
        for column in range(1, columns):
            if (column, row) not in walls:
                home[root((row, column))] = root((row, column - 1))
    lids = _drawn(level, floors, edges)
    for row in range(1, rows):
        for column in range(columns):
            if (row, column) not in lids:
                home[root((row, column))] = root((row - 1, column))
    spans: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in home:
        spans.setdefault(root(place), []).append(place)
    cells: dict[tuple[int, int], Cell] = {}
    for places in spans.values():
        own_rows, own_columns = [row for row, _ in places], [column for _, column in places]
        cell = Cell((min(own_rows), max(own_rows)), (min(own_columns), max(own_columns)))
        cells.update(dict.fromkeys(places, cell))
    return cells


def _drawn(rules: Sequence[Rule], across: Sequence[float], along: Sequence[float]) -> set[tuple[int, int]]:
    """Give (place of the rule, interval it covers) for every piece that is drawn."""
    found = set()
    for rule in rules:
        place = min(range(len(across)), key=lambda number: abs(across[number] - rule.at))
        for interval in range(len(along) - 1):
            if rule.start - NEAR <= (along[interval] + along[interval + 1]) / 2 <= rule.end + NEAR:
                found.add((place, interval))
    return found


def _filled(
    cells: dict[tuple[int, int], Cell],
    edges: Sequence[float],
    floors: Sequence[float],
    words: Sequence[Word],
    page: int,
) -> tuple[list[list[Cell]], list[Word]]:
    outside = []
    for word in words:
        column = bisect_right(edges, (word.left + word.right) / 2) - 1
        row = bisect_right(floors, word.base - 0.3 * word.size) - 1
        if 0 <= row < len(floors) - 1 and 0 <= column < len(edges) - 1:
            cells[row, column].words.append(word)
        else:
            outside.append(word)
    rows: list[list[Cell]] = []
    for row in range(len(floors) - 1):
        printed: list[Cell] = []
        for column in range(len(edges) - 1):
            if not printed or cells[row, column] is not printed[-1]:
                printed.append(cells[row, column])
        rows.append(printed)
    for printed in rows:
        for cell in printed:
            if cell.words and not cell.text:
                for line in lines_of(cell.words, page):
                    cell.text = joined(cell.text, line.text)
    return [row for row in rows if any(cell.text for cell in row)], outside

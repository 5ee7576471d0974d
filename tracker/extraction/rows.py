"""Rows of tables of assignments become provisions."""

from __future__ import annotations

from tracker.extraction.assignments import read_cell
from tracker.extraction.blocks import Block
from tracker.extraction.bodies import Bodies, read_bodies
from tracker.extraction.headings import Zone
from tracker.extraction.provisions import Aside, Duties, Provision, Title
from tracker.extraction.tables import Row, Table, read_header


class RowReader:
    """Reads the rows of one table after the other."""

    def __init__(self, found: Duties) -> None:
        self._found = found
        self._table: Table | None = None
        #: Something else stood between this row and the table; a row that fits still belongs to it.
        self._paused = False
        self._group: str | None = None
        self._number: str | None = None
        self._leads: Bodies | None = None

    @property
    def is_open(self) -> bool:
        """Whether a table is being read, so that a shorter row belongs to it too."""
        return self._table is not None and not self._paused

    def pause(self) -> None:
        """Note that something else stands here: a page number, a heading, the end of the table."""
        self._paused = True

    def read(self, block: Block, heading: str | None, owners: tuple[str, ...]) -> bool:
        """Read one row: a head, a heading inside the table, an order, or furniture; tell whether a table holds it."""
        header = read_header(block)
        if header:
            if self._table is None or self._paused:
                self._group = self._number = self._leads = None
            self._table, self._paused = header, False
            self._title(block)
            return True
        table = self._table
        if table is None or (self._paused and not table.fits(block)):
            self._found.asides.append(Aside("furniture", block.start, block.end))
            return False
        self._paused = False
        if table.take_second_head(block):
            self._title(block)
            return True
        row = table.row(block)
        if row is None or row.is_heading:
            self._title(block)
            self._group, self._number = (row.text, row.number) if row else (None, None)
            self._leads = read_bodies(self._group) if self._group and not table.has_lead else None
            return True
        self._found.provisions.append(self._provision(block, row, heading, owners))
        return True

    def _provision(self, block: Block, row: Row, heading: str | None, owners: tuple[str, ...]) -> Provision:
        names, partners = read_cell(row.lead)
        rule = "table_row" if names else ""
        if row.partner:
            partners += read_cell(row.partner)[0]
        if not names and self._leads:
            names, rule = self._leads.names, "table_row"  # the table has a part for each body
        if not names and owners:
            names, rule = owners, "heading"
        section = ".".join(piece for piece in (block.section, self._number, row.number) if piece) or None
        return Provision(
            row.text,
            row.start,
            row.start + len(row.text),
            section,
            Zone.ASSIGNMENT,
            self._group or heading,
            names,
            False,
            rule,
            partners=partners,
            times=(row.time,) if row.time else (),
            product=row.product,
        )

    def _title(self, block: Block) -> None:
        start = block.start - (block.mark.length if block.mark else 0)
        self._found.titles.append(Title(block.section, block.text, start, block.end, ()))

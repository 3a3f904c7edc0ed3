"""What stands beside the ranking: sparklines, places gained, the numbers charts are drawn from."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from xlsxwriter.utility import xl_col_to_name

from mailaudit.locale import Language
from mailaudit.report.excel.canvas import Canvas, Placed
from mailaudit.report.excel.formats import DATA, LINE, TARGET
from mailaudit.report.excel.names import quoted
from mailaudit.report.value import Cell, Column, Kind, Report, Row, RowGroup, Series, Step, Table

TREND, MOVED, TARGET_COLUMN = "trend", "moved", "target"


def with_history(table: Table, language: Language) -> Table:
    """The ranking with a column for sparklines after the change and one for places gained."""
    _ = language.gettext
    rows = [row for group in table.groups for row in group.rows]
    trend = Column(TREND, _("By month"), Kind.TEXT, width=11)
    moved = Column(MOVED, _("Places gained"), Kind.INTEGER, width=8)
    if any(row.moved is not None for row in rows):
        table = _with_column(table, "rank", moved, lambda row: Cell(row.moved if row.key else ""))
    if any(share is not None for row in rows for share in row.series):
        table = _with_column(table, "change", trend, lambda row: Cell())
    return table


def _with_column(table: Table, after: str, column: Column, cell_of: Callable[[Row], Cell]) -> Table:
    at = [other.key for other in table.columns].index(after) + 1

    def extended(row: Row) -> Row:
        return replace(row, cells=(*row.cells[:at], cell_of(row), *row.cells[at:]))

    return replace(
        table,
        columns=(*table.columns[:at], column, *table.columns[at:]),
        groups=tuple(
            replace(
                group,
                rows=tuple(map(extended, group.rows)),
                total=extended(group.total) if group.total is not None else None,
            )
            for group in table.groups
        ),
        total=extended(table.total) if table.total is not None else None,
    )


def write_history(canvas: Canvas, placed: Placed, report: Report, language: Language) -> Placed:
    """Draws the sparklines; their numbers, and the target, stand right of what is printed.

    Gives the table with the target among its columns.
    """
    if placed.header is None:
        return placed
    _ = language.gettext
    begin = canvas.columns.last + 2
    label, small = canvas.formats.plain(DATA), canvas.formats.data()
    title = _("Numbers that lines and charts are drawn from (%)")
    left = canvas.formats.plain(DATA | {"align": "left"})
    canvas.grid.text(placed.first, begin + 1, title, left)
    for index, text in enumerate((_("Target %"), *report.axis)):
        canvas.grid.text(placed.header, begin + index, text, label)
    placed = replace(placed, columns={**placed.columns, TARGET_COLUMN: begin})
    target = Cell(report.target)
    canvas.grid.value(placed.first, begin, Kind.PERCENT, target, small)
    name = canvas.names.define(
        _("Target %"), placed.cells(TARGET_COLUMN, placed.first, placed.first)
    )
    for row, line in placed.lines:
        if line.key:
            canvas.grid.formula(row, begin, f"={name}", Kind.PERCENT, target, small)
        for index, share in enumerate(line.series, start=1):
            canvas.grid.value(row, begin + index, Kind.PERCENT, _blank(share), small)
        if sum(share is not None for share in line.series) > 1:
            _draw(canvas, placed, row, begin + 1, begin + len(line.series))
        if line.moved is not None:
            look = canvas.formats.moved(line.moved)
            canvas.grid.value(row, placed.columns[MOVED], Kind.INTEGER, Cell(line.moved), look)
    return placed


def _draw(canvas: Canvas, placed: Placed, row: int, first: int, last: int) -> None:
    ends = (xl_col_to_name(first), xl_col_to_name(last))
    options = {
        "range": f"{quoted(canvas.name)}!{ends[0]}{row + 1}:{ends[1]}{row + 1}",
        "min": 0,
        "max": 100,
        "series_color": LINE,
        "last_point": True,
        "last_color": TARGET,
        "weight": 1.5,
    }
    if canvas.sheet.add_sparkline(row, placed.columns[TREND], options):
        raise RuntimeError(f"the workbook refused the sparkline at row {row}")


def months_table(
    axis: tuple[str, ...],
    own: tuple[str, Series],
    group: tuple[str, Series] | None,
    target: Fraction,
    language: Language,
) -> Table:
    """The rate in each month beside the target, and beside the group's; months without are blank.

    Args:
        own, group: What the column is called, and its rates.
    """
    _ = language.gettext
    lines = [own] if group is None else [own, group]
    share = Kind.PERCENT
    return Table(
        key="months",
        caption=_("Rate of regular use by month (%)"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("period", _("Month"), Kind.TEXT, width=40, row_header=True),
            *(
                Column(key, label, share)
                for key, (label, _series) in zip(("own", "group"), lines, strict=False)
            ),
            Column(TARGET_COLUMN, _("Target %"), share),
        ),
        groups=(
            RowGroup(
                tuple(
                    Row(
                        month,
                        (
                            Cell(place),
                            Cell(month),
                            *(_blank(series[place - 1]) for _label, series in lines),
                            Cell(target),
                        ),
                    )
                    for place, month in enumerate(axis, start=1)
                )
            ),
        ),
        empty=_("No period has been measured."),
    )


def steps_table(steps: tuple[Step, ...], language: Language) -> Table:
    """The way from those in scope to regular use, a line a step."""
    _ = language.gettext
    return Table(
        key="steps",
        caption=_("From in scope to regular use"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("step", _("Step"), Kind.TEXT, width=40, row_header=True),
            Column("people", _("People"), Kind.INTEGER),
            Column("share", _("Of all in scope %"), Kind.PERCENT, bar=True),
        ),
        groups=(
            RowGroup(
                tuple(
                    Row(step.key, (Cell(n), Cell(step.label), Cell(step.people), Cell(step.share)))
                    for n, step in enumerate(steps, start=1)
                )
            ),
        ),
    )


def _blank(share: Fraction | None) -> Cell:
    """A month without a rate stays blank: a chart would draw a dash as zero."""
    return Cell("" if share is None else share)

"""The workbook of the whole: summary, charts, the appendices I to V, data."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from mailaudit.errors import N_
from mailaudit.report.excel.book import Book
from mailaudit.report.excel.canvas import Placed
from mailaudit.report.excel.charts import BARS_A_CHART, ranking_chart, ranking_height
from mailaudit.report.excel.extra_tables import (
    TARGET_COLUMN,
    months_table,
    staff_section,
    steps_table,
    units_table,
    uses_by_unit,
)
from mailaudit.report.excel.history import with_history, write_history
from mailaudit.report.excel.layout import (
    SPREAD_WIDTHS,
    Columns,
    columns_for,
    is_landscape,
    page_room,
)
from mailaudit.report.excel.page import Page
from mailaudit.report.excel.table import table_height
from mailaudit.report.tables import Kind, Table
from mailaudit.report.value import Section

# As the document's own wording numbers them; it has no list of people, which comes last.
APPENDICES = {
    "ranking": "I",
    "attention": "II",
    "unmeasured": "III",
    "trend": "IV",
    "method": "IV",
    "exclusions": "IV",
    "staff": "V",
}
ORDER = ("summary", "ranking", "uses", *list(APPENDICES)[1:])
MOVERS = ("falls", "rises")  # of the summary, which stand in the second appendix
CHART_HEIGHT = 230  # pixels
CHARTS = Columns((12,) * 8, shared=True)


def write_province(book: Book) -> None:
    """Writes every section onto its sheets, and the charts and data beside them."""
    _Province(book).write()


class _Province:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._placed: dict[str, Placed] = {}
        self._sections = _arranged(book)

    def write(self) -> None:
        """Sheets are added in reading order; the ranking is written first, others point to it."""
        _ = self._book.language.gettext
        summary = self._book.sheet(self._name("summary"))
        charts = self._book.sheet(_("Charts"))
        sheets = [
            (key, tables, self._book.sheet(self._name(key)))
            for key, section in self._sections.items()
            if key != "summary"
            for tables in _shared_sheets(section)
        ]
        data = self._book.sheet(_("Data"))
        for key, tables, sheet in sheets:
            self._fill(key, tables, sheet)
        self._summary(summary)
        self._charts(charts)
        self._data(data)

    def _name(self, key: str) -> str:
        name = self._sections[key].name
        number = APPENDICES.get(key)
        if number is None:
            return name
        return self._book.appendix_sheet(number, name)

    def _title(self, key: str) -> str:
        number, title = APPENDICES.get(key), self._sections[key].title
        if number is None:
            return title
        return self._book.appendix(number) + f". {title}"

    def _fill(self, key: str, tables: Sequence[Table], sheet: Worksheet) -> None:
        if key == "ranking":
            tables = [with_history(table, self._book.language) for table in tables]
        page = self._book.page(sheet, columns_for(tables))
        page.heading(self._book.list_heading(self._title(key)))
        printed = None
        if len(tables) > 1:
            for table in tables:
                self._placed[table.key] = page.table(table)
        else:
            (table,) = tables
            placed = page.long_table(table)
            if key == "ranking":
                placed = self._ranking(page, table, placed)
                printed = page.row
            self._placed[table.key] = placed
        page.finish(self._footer(self._sections[key].name), last=printed)

    def _ranking(self, page: Page, table: Table, placed: Placed) -> Placed:
        """What only the ranking has: lines by month, the target, names for its sums."""
        placed = write_history(page.canvas, placed, self._book.report, self._book.language)
        if placed.header is None:
            return placed
        page.mark_met(
            placed, "regular_share", placed.cells(TARGET_COLUMN, placed.first, placed.first)
        )
        if table.total is not None and placed.total is not None and not table.total.withheld:
            for column in table.columns:
                if column.summed or column.kind is Kind.PERCENT:
                    cell = placed.cells(column.key, placed.total, placed.total)
                    self._book.names.define(column.label, cell)
        return placed

    def _summary(self, sheet: Worksheet) -> None:
        book, section = self._book, self._sections["summary"]
        report, _ = book.report, book.language.gettext
        page = book.page(sheet, Columns(SPREAD_WIDTHS, shared=True))
        page.heading(book.heading(section.title))
        cards = page.cards(section.figures)
        ranking = self._placed["ranking"]
        page.make_live(cards, book.figure_formulas(section.figures, ranking, ranking.total))
        charts_at = page.row
        page.reserve(CHART_HEIGHT)
        if report.official:
            page.sentences((report.official,))
        steps = [steps_table(report.funnel, book.language)] if report.funnel else []
        own = (N_("Whole"), report.series)
        months = months_table(report.axis, own, None, report.target, book.language)
        for table in (*section.tables, *steps, months):
            self._placed[table.key] = page.table(table)
        if ranking.header is not None:
            target = ranking.cells(TARGET_COLUMN, ranking.first, ranking.first)
            page.point(self._placed["months"], TARGET_COLUMN, target)
        page.facts(report.facts)
        page.history_charts(
            book.workbook,
            self._placed.get("steps"),
            self._placed["months"],
            charts_at,
            CHART_HEIGHT,
            book.language,
        )
        page.finish(self._footer(section.name))

    def _charts(self, sheet: Worksheet) -> None:
        """The ranked units of each group as bars, as many as fit on a page in one chart."""
        book, _ = self._book, self._book.language.gettext
        ranking = self._placed["ranking"]
        page = book.page(sheet, CHARTS)
        page.heading(book.list_heading(_("Rate of regular use of the ranked units (%)")))
        page.sentences(
            (_("A bar has the colour of the unit's grade; the pale bar reaches to the target."),)
        )
        groups = self._sections["ranking"].tables[0].groups if ranking.header is not None else ()
        for group, (first, last) in zip(groups, ranking.groups, strict=False):
            lines = [
                (row, line)
                for row, line in ranking.lines
                if first <= row <= last
                and isinstance(line.cells[ranking.keys.index("rank")].value, int)
            ]
            for begin in range(0, len(lines), BARS_A_CHART):
                part = lines[begin : begin + BARS_A_CHART]
                title = group.title
                if len(lines) > BARS_A_CHART:
                    title += f" ({begin + 1}–{begin + len(part)})"
                chart = ranking_chart(
                    book.workbook,
                    ranking,
                    part,
                    title,
                    target=TARGET_COLUMN,
                    formats=book.formats,
                )
                at, height = page.row, ranking_height(len(part))
                page.reserve(height)
                page.put([(chart, 0, 7, title)], at, height)
        page.finish(self._footer(_("Charts")))

    def _data(self, sheet: Worksheet) -> None:
        """Every unit in one plain table, to filter; its numbers are the ranking's."""
        book, _ = self._book, self._book.language.gettext
        table = units_table(self._sections["ranking"].tables[0], book.language)
        page = book.page(sheet, columns_for([table]))
        page.heading(book.list_heading(_("All units in one table, to filter")))
        placed = page.long_table(table, frozen=3)
        page.link(table, placed, self._placed["ranking"])
        page.finish(self._footer(_("Data")))

    def _footer(self, name: str) -> tuple[str, str]:
        return self._book.report.title, name


def _arranged(book: Book) -> Mapping[str, Section]:
    """The sections in the order of their sheets, the movers among those that need attention."""
    sections = {section.key: section for section in book.report.sections}
    summary, attention = sections["summary"], sections["attention"]
    movers = tuple(table for table in summary.tables if table.key in MOVERS)
    rest = tuple(table for table in summary.tables if table.key not in MOVERS)
    sections["summary"] = replace(summary, tables=rest)
    sections["attention"] = replace(attention, tables=(*movers, *attention.tables))
    ranking = sections["ranking"].tables[0]
    if any(row.uses for group in ranking.groups for row in group.rows):
        by_unit = (uses_by_unit(ranking, book.language),)
        _ = book.language.gettext
        sections["uses"] = Section("uses", _("Why"), by_unit[0].caption, by_unit, wide=True)
    if (staff := staff_section(book.report, book.language)) is not None:
        sections["staff"] = staff
    return {key: sections[key] for key in ORDER if key in sections}


def _shared_sheets(section: Section) -> list[Sequence[Table]]:
    """The tables of each sheet of a section: one that is longer than a page has its own.

    A header can be repeated at the top of a page for one table of a sheet only.
    """
    if section.wide:
        return [[table] for table in section.tables]
    columns = columns_for(section.tables)
    room = page_room(columns.widths, landscape=is_landscape(columns.widths))
    sheets: list[Sequence[Table]] = []
    for is_long, group in groupby(section.tables, lambda t: table_height(columns, t) > room):
        tables = list(group)
        sheets += [[table] for table in tables] if is_long else [tables]
    return sheets

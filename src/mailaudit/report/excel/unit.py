"""The workbook of one unit, for its head: where it stands, what to do, its own list."""

from mailaudit.errors import N_
from mailaudit.report.excel.book import Book
from mailaudit.report.excel.canvas import Placed
from mailaudit.report.excel.extra_tables import months_table, steps_table, unit_uses_table
from mailaudit.report.excel.layout import SPREAD_WIDTHS, Columns, columns_for
from mailaudit.report.tables import Table
from mailaudit.report.value import UnitReport

CHART_HEIGHT = 225  # pixels


def write_unit(book: Book, unit: UnitReport) -> None:
    """A sheet with the unit's page, and one for its staff where they are listed."""
    _, report = book.language.gettext, book.report
    page = book.page(book.sheet(_("This unit")), Columns(SPREAD_WIDTHS, shared=True))
    page.heading(book.heading(unit.name, unit.group))
    cards = page.cards(unit.figures)
    page.sentences((report.regular,), _("What regular use means"))
    asked = (*unit.actions, *unit.remarks, *filter(None, (report.objections,)))
    page.sentences(asked, _("What the unit should do"))
    charts_at = page.row
    page.reserve(CHART_HEIGHT)
    own, group = (N_("This unit"), unit.series), (N_("Group"), unit.group_series)
    months = months_table(
        report.axis,
        own,
        group if any(share is not None for share in unit.group_series) else None,
        report.target,
        book.language,
    )
    placed: dict[str, Placed] = {}
    tables = tuple(table for table in unit.tables if table.key != "staff")
    if unit.uses:
        tables = (*tables, unit_uses_table(unit, book.language))
    for table in (*tables, steps_table(unit.funnel, book.language), months):
        placed[table.key] = page.table(table)
    page.facts(report.facts)
    compared = placed["compare"]
    page.make_live(cards, book.figure_formulas(unit.figures, compared, compared.lines[0][0]))
    page.history_charts(
        book.workbook, placed["steps"], placed["months"], charts_at, CHART_HEIGHT, book.language
    )
    page.finish((unit.name, report.title))
    for table in unit.tables:
        if table.key == "staff" and table.has_rows:
            _staff(book, unit, table)


def _staff(book: Book, unit: UnitReport, table: Table) -> None:
    page = book.page(book.sheet(book.language.gettext("Staff")), columns_for([table]))
    page.heading(book.list_heading(unit.name))
    page.long_table(table)
    page.finish((unit.name, book.report.title))

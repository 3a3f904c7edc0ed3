"""The workbook of the whole, and one for each unit; of many units, in a second process."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC
from io import BytesIO

from xlsxwriter import Workbook

from mailaudit.report.child_process import new_process, result_of, started
from mailaudit.report.excel.book import Book
from mailaudit.report.excel.formats import new_workbook
from mailaudit.report.excel.layout import columns_for
from mailaudit.report.excel.province import write_province
from mailaudit.report.excel.unit import write_unit
from mailaudit.report.filenames import UNITS_FOLDER
from mailaudit.report.packages import same_on_every_system
from mailaudit.report.value import Report, UnitReport
from mailaudit.report.words import roman

LONGEST_PROPERTY = 255
MANY = 100  # units: for fewer it is not worth the second it takes to start a process

Workbooks = Iterable[tuple[str, bytes]]


def render_excel(report: Report) -> bytes:
    """The report as an Excel workbook; equal Reports give the same bytes."""
    buffer = BytesIO()
    workbook = _workbook(buffer, report, report.title)
    write_province(Book(workbook, report))
    workbook.close()
    return same_on_every_system(buffer)


def render_sections(report: Report, *, numbered: bool) -> bytes:
    """A workbook with a sheet for each section of a Report, each of one table, and no others.

    The first says what is known of the data.

    Args:
        numbered: Whether the sheets have the numbers of the document's appendices.
    """
    buffer = BytesIO()
    workbook = _workbook(buffer, report, report.title)
    book = Book(workbook, report)
    for number, section in enumerate(report.sections, start=1):
        name, title = section.name, section.title
        if numbered:
            name = book.appendix_sheet(roman(number), name)
            title = f"{book.appendix(roman(number))}. {title}"
        page = book.page(book.sheet(name), columns_for(section.tables))
        page.heading(book.heading(title))
        for table in section.tables:
            page.long_table(table)
        if number == 1:
            page.facts(report.facts)
        page.finish((report.organisation, section.name))
    workbook.close()
    return same_on_every_system(buffer)


def render_unit_workbooks(report: Report) -> Iterator[tuple[str, bytes]]:
    """Each unit's file name below the report's folder, and its workbook."""
    for unit in report.units:
        yield f"{UNITS_FOLDER}/{unit.stem}.xlsx", render_unit_excel(report, unit)


@contextmanager
def unit_workbooks_in_background(report: Report) -> Iterator[Callable[[], Workbooks]]:
    """Gives the workbooks of `render_unit_workbooks` when they are wanted.

    Those of many units take as long as all else: a second process begins them at once.
    """
    if len(report.units) < MANY:
        yield lambda: render_unit_workbooks(report)
        return
    with new_process() as helper:
        future = started(helper, _all_rendered, report)
        yield lambda: result_of(future)


def _all_rendered(report: Report) -> Workbooks:
    return list(render_unit_workbooks(report))


def render_unit_excel(report: Report, unit: UnitReport) -> bytes:
    """One unit's page as an Excel workbook, for its head."""
    buffer = BytesIO()
    workbook = _workbook(buffer, report, f"{unit.name} – {report.title}")
    write_unit(Book(workbook, report), unit)
    workbook.close()
    return same_on_every_system(buffer)


def _workbook(buffer: BytesIO, report: Report, title: str) -> Workbook:
    workbook = new_workbook(buffer)
    workbook.set_properties(
        {
            "title": title[:LONGEST_PROPERTY],
            "subject": report.subtitle,
            "author": report.organisation[:LONGEST_PROPERTY],
            "company": report.organisation[:LONGEST_PROPERTY],
            "category": report.audience_note[:LONGEST_PROPERTY],
            "keywords": f"SHA-256 {report.digest}",
            "comments": "mailaudit",
            "created": report.cut_off_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    return workbook

"""Tables as CSV: every table of the Report once, exact, nothing a spreadsheet would run."""

import csv
from fractions import Fraction

import pytest
from hostile_texts import HOSTILE_TEXTS
from report_builders import a_report, a_report_of, section_of

from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.model.spreadsheet import FORMULA_STARTS
from mailaudit.report.csv_tables import render_tables
from mailaudit.report.tables import Table
from mailaudit.report.value import Report


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def tables_of(report: Report) -> list[Table]:
    return [table for section in report.sections for table in section.tables]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_table_has_a_file_of_its_lines(audience: Audience, lang: str) -> None:
    """Rows, sums of groups and the total, as many cells each as columns."""
    report = a_report(lang=lang, audience=audience)
    files, tables = render_tables(report), tables_of(report)
    assert len(files) == len(tables)
    for content, table in zip(files.values(), tables, strict=True):
        rows = rows_of(content)
        if not table.has_rows:
            assert rows == [[table.empty]]
            continue
        sums = sum(group.total is not None for group in table.groups)
        assert len(rows) == 1 + len(table.rows) + sums + (table.total is not None)
        assert len({len(row) for row in rows}) == 1
        assert [column.label for column in table.columns] == rows[0][-len(table.columns) :]


def test_shares_are_percent_and_counts_are_whole() -> None:
    """Exact to four places, whatever the language; what is not there is empty."""
    report = a_report()
    (table,) = (one for one in section_of(report, "ranking").tables if one.key == "ranking")
    rows = rows_of(render_tables(report)["ranking.csv"])[1:]
    seen = set()
    lines = [
        line
        for group in table.groups
        for line in (*group.rows, *([group.total] if group.total else ()))
    ]
    for row, line in zip(rows, lines, strict=False):
        for text, cell in zip(row[1:], line.cells, strict=True):
            if isinstance(cell.value, Fraction):
                assert float(text) == pytest.approx(float(cell.value * 100), abs=0.00005)
                seen.add("share")
            elif isinstance(cell.value, int) and not cell.mark:
                assert text == str(cell.value)
                seen.add("count")
            elif cell.value is None:
                assert text == ""
                seen.add("none")
    assert seen == {"share", "count", "none"}


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_name_becomes_a_formula(text: str) -> None:
    """Neither of a unit nor of a group."""
    report = a_report_of(text)
    cells = [
        cell
        for content in render_tables(report).values()
        for row in rows_of(content)
        for cell in row
    ]
    risky = [one for one in cells if one.startswith(FORMULA_STARTS)]
    assert all(one.lstrip("-").replace(".", "").isdecimal() for one in risky), risky


def test_names_of_files_are_the_same_in_each_language() -> None:
    """Reviewers find a table by its name."""
    names = [list(render_tables(a_report(lang=lang))) for lang in LANGUAGES]
    assert names[0] == names[1]
    assert {"ranking.csv", "summary-groups.csv", "unmeasured-causes.csv"} <= set(names[0])

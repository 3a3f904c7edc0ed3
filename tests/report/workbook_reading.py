"""Reading a rendered workbook back with openpyxl: tables by their caption, cells by their label."""

import warnings
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from printed_values import lines_of

from mailaudit.report.tables import Cell, Kind, Table


def opened(content: bytes, *, values: bool = True) -> Workbook:
    """The workbook with the cached values, or with its formulas."""
    with warnings.catch_warnings():  # openpyxl leaves out what Excel 2010 added; tests look at it
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(BytesIO(content), data_only=values)


def place_of(workbook: Workbook, table: Table) -> tuple[Worksheet, int]:
    """The sheet of a table and the row of its header, which follows its caption."""
    for sheet in workbook:
        for (cell,) in sheet.iter_rows(max_col=1):
            if cell.value == table.caption:
                return sheet, cell.row + 1
    raise AssertionError(f"no sheet has the table {table.caption}")


def columns_of(workbook: Workbook, table: Table) -> dict[str, int]:
    """The sheet's column of each of the table's columns, by key."""
    sheet, header = place_of(workbook, table)
    places = {cell.value: cell.column for cell in reversed(sheet[header]) if cell.value}
    return {column.key: places[column.label] for column in table.columns}


def expected(cell: Cell, kind: Kind) -> object:
    """What a cell of the sheet must hold for a cell of the Report."""
    if cell.value is None:
        return "–"
    if isinstance(cell.value, str):
        return cell.value + cell.mark if cell.value else None
    if kind in (Kind.PERCENT, Kind.POINTS):
        return pytest.approx(float(cell.value * 100), rel=1e-14, abs=1e-14)
    return int(cell.value)


def assert_holds(workbook: Workbook, table: Table) -> int:
    """Each cell of the table stands under its label; gives their number."""
    sheet, header = place_of(workbook, table)
    if not table.has_rows:
        assert sheet.cell(header, 1).value == table.empty
        return 0
    columns, compared = columns_of(workbook, table), 0
    for row, line in enumerate(lines_of(table), start=header + 1):
        if isinstance(line, str):
            assert sheet.cell(row, 1).value == line
            continue
        for column, cell in zip(table.columns, line.cells, strict=True):
            found = sheet.cell(row, columns[column.key]).value
            assert found == expected(cell, column.kind), (table.key, row, column.key)
            compared += 1
    after = header + len(lines_of(table)) + 1
    notes = [sheet.cell(after + i, 1).value for i in range(len(table.notes))]
    assert notes == list(table.notes)
    return compared

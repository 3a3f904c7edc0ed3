"""The workbooks of a Report, of a staff list to correct, and of plain lists.

`workbook` begins: it has `province` or `unit` write a Book, which has a Page for each sheet. A page
is filled from top to bottom with headings, `cards`, tables (`table`) and `charts`.
"""

from mailaudit.report.excel.workbook import (
    render_excel,
    render_unit_excel,
    render_unit_workbooks,
    unit_workbooks_in_background,
)

__all__ = [
    "render_excel",
    "render_unit_excel",
    "render_unit_workbooks",
    "unit_workbooks_in_background",
]

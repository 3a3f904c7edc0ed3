"""The workbook renderings of a Report; the only importer of xlsxwriter."""

from mailaudit.report.excel.beside import unit_workbooks_beside
from mailaudit.report.excel.workbook import render_excel, render_unit_excel, render_unit_workbooks

__all__ = [
    "render_excel",
    "render_unit_excel",
    "render_unit_workbooks",
    "unit_workbooks_beside",
]

"""The workbook rendering of a Report; the only importer of xlsxwriter."""

from mailaudit.report.excel.workbook import render_excel

__all__ = ["render_excel"]

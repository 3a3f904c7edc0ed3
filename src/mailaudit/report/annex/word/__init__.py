"""render_word(): the annex as a DOCX file that a clerk can number, edit and have signed."""

from mailaudit.report.annex.word.document import render_word

__all__ = ["render_word"]

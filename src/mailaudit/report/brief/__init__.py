"""The brief: a month on one card, for the slide of a meeting."""

from mailaudit.report.brief.card import render_brief_pdf, render_brief_png

__all__ = ["render_brief_pdf", "render_brief_png"]

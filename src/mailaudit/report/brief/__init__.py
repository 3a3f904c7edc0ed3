"""The brief: a month on one card, for the slide of a meeting.

`card` sets it with Typst; `chart` draws its line of months.
"""

from mailaudit.report.brief.card import render_brief_pdf, render_brief_png

__all__ = ["render_brief_pdf", "render_brief_png"]

"""The report as HTML pages, for screen and for paper; each needs nothing but itself.

`page` fills the templates; `dots`, `trend`, `months` and `funnel` are its drawings, which `drawing`
makes SVG of.
"""

from mailaudit.report.html.page import render_html, render_sections_html, render_units

__all__ = ["render_html", "render_sections_html", "render_units"]

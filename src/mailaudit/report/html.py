"""render_html(): the report as one self-contained page, for screen and for paper."""

from fractions import Fraction

from jinja2 import Environment, PackageLoader, StrictUndefined

from mailaudit.locale import language
from mailaudit.report.printing import shown_cell, shown_value
from mailaudit.report.value import Cell, Column, Kind, Report, Value


def render_html(report: Report) -> str:
    """The report as an HTML document that needs nothing but itself; equal Reports, equal text."""
    spoken = language(report.language)
    environment = Environment(
        loader=PackageLoader("mailaudit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def shown(cell: Cell, column: Column) -> str:
        return shown_cell(cell, column, spoken)

    def figure(value: Value, kind: Kind) -> str:
        return shown_value(value, kind, 1, spoken)

    environment.filters.update(shown=shown, figure=figure, bar_width=bar_width)
    return environment.get_template("report.html").render(report=report, _=spoken.gettext)


def bar_width(value: Value) -> str:
    """A share as a length a style sheet understands, inside 0 % to 100 %."""
    if not isinstance(value, Fraction):
        return "0%"
    return f"{min(max(float(value), 0.0), 1.0) * 100:.2f}%"

"""Native charts over cells that are on the sheets: they change when a reviewer changes a figure."""

import re
from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from mailaudit.report.excel.canvas import Placed
from mailaudit.report.excel.formats import FONT, LINE, PALE, TARGET, TONE_BARS, Formats
from mailaudit.report.excel.grid import CUT_MARK
from mailaudit.report.tables import Row

BAR_HEIGHT = 16  # pixels a unit takes in a ranking
BARS_A_CHART = 45  # as many as fit on a page
LONGEST_TITLE = 120  # characters
_ADDRESS = re.compile(r"!(?=\$?[A-Z]+\$?[0-9])")
_FRAME = 92  # pixels of a chart around its bars: title and legend
_FONT = {"name": FONT, "size": 10}
_TITLE = {"name": FONT, "size": 12, "bold": True}
_GRID = {"visible": True, "line": {"color": "#E3E7EC", "width": 0.75}}
_AXIS_LINE = {"color": "#9AA3AD", "width": 0.75}
_PERCENT_AXIS = {"min": 0, "max": 100, "major_unit": 20, "num_format": "0", "num_font": _FONT}


def funnel_chart(workbook: Workbook, steps: Placed, title: str, formats: Formats) -> Chart:
    """A bar for each step, from everybody in scope down to regular use."""
    first, last = steps.groups[0]
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": title,
            "categories": "=" + steps.cells("step", first, last),
            "values": "=" + steps.cells("people", first, last),
            "fill": {"color": LINE},
            "gap": 35,
            "data_labels": {"value": True, "num_format": formats.whole_number, "font": _FONT},
        }
    )
    chart.set_y_axis({"reverse": True, "num_font": _FONT, "line": _AXIS_LINE})
    chart.set_x_axis({"visible": False, "min": 0, "major_gridlines": {"visible": False}})
    # Room for the names of the steps, and for the number of the longest bar.
    chart.set_plotarea({"layout": {"x": 0.25, "y": 0.15, "width": 0.62, "height": 0.81}})
    return _framed(chart, title, legend=False)


def history_chart(workbook: Workbook, months: Placed, title: str, formats: Formats) -> Chart:
    """The rates month by month against the target."""
    first, last = months.groups[0]
    chart = workbook.add_chart({"type": "line"})
    looks = {
        "own": {"color": LINE, "width": 2.5},
        "group": {"color": "#8A96A3", "width": 1.5},
        "target": {"color": TARGET, "width": 1.25, "dash_type": "dash"},
    }
    for key, look in looks.items():
        if key not in months.columns:
            continue
        series = {
            "name": f"={months.cells(key, months.header or 0, months.header or 0)}",
            "categories": "=" + months.cells("period", first, last),
            "values": "=" + months.cells(key, first, last),
            "line": look,
        }
        if key == "own":
            series["marker"] = {
                "type": "circle",
                "size": 5,
                "fill": {"color": LINE},
                "border": {"color": LINE},
            }
            series["data_labels"] = {
                "value": True,
                "position": "above",
                "num_format": formats.share_number(),
                "font": {**_FONT, "size": 9},
            }
        chart.add_series(series)
    chart.set_y_axis({**_PERCENT_AXIS, "major_gridlines": _GRID, "line": {"none": True}})
    chart.set_x_axis({"num_font": _FONT, "line": _AXIS_LINE, "text_axis": True})
    chart.show_blanks_as("gap")
    return _framed(chart, title, legend=True)


def ranking_chart(
    workbook: Workbook,
    ranking: Placed,
    lines: Sequence[tuple[int, Row]],
    title: str,
    *,
    target: str,
    formats: Formats,
) -> Chart:
    """A bar for each unit in its grade's colour, on a pale one that reaches to the target.

    Args:
        lines: The rows of the units, one below the other.
        target: Name of the column that holds the target.
    """
    first, last = lines[0][0], lines[-1][0]
    grade = ranking.keys.index("grade")
    share = ranking.keys.index("regular_share")
    header = ranking.header or 0
    categories = "=" + ranking.cells("unit", first, last)
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "=" + ranking.cells(target, header, header),
            "categories": categories,
            "values": "=" + ranking.cells(target, first, last),
            "fill": {"color": PALE},
            "gap": 30,
            "overlap": 100,
        }
    )
    decimals = max(row.cells[share].decimals for _, row in lines)
    chart.add_series(
        {
            "name": "=" + ranking.cells("regular_share", header, header),
            "categories": categories,
            "values": "=" + ranking.cells("regular_share", first, last),
            "fill": {"color": LINE},
            "points": [{"fill": {"color": TONE_BARS[row.cells[grade].tone]}} for _, row in lines],
            "data_labels": {
                "value": True,
                "position": "inside_base",
                "num_format": formats.share_number(decimals),
                "font": {**_FONT, "size": 9, "color": "#FFFFFF", "bold": True},
            },
        }
    )
    chart.set_y_axis({"reverse": True, "num_font": {**_FONT, "size": 9}, "line": _AXIS_LINE})
    chart.set_x_axis({**_PERCENT_AXIS, "major_gridlines": _GRID, "line": {"none": True}})
    return _framed(chart, title, legend=False)


def ranking_height(bars: int) -> int:
    """The pixels a ranking of so many units takes."""
    return bars * BAR_HEIGHT + _FRAME


def chart_text(text: str) -> str:
    """The text as a chart's title, cut visibly where it is too long.

    XlsxWriter takes text that contains an address, as `Xã!A1`, for a formula; a word joiner makes
    it text again.
    """
    if len(text) > LONGEST_TITLE:
        text = text[: LONGEST_TITLE - len(CUT_MARK)] + CUT_MARK
    return _ADDRESS.sub("!\N{WORD JOINER}", text)


def _framed(chart: Chart, title: str, *, legend: bool) -> Chart:
    chart.set_title({"name": chart_text(title), "name_font": _TITLE, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _FONT} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": "#C9D1D9"}})
    return chart

"""The report's charts as Vega-Lite specifications: funnel, every unit, months, sparklines.

All are laid out for the width of a phone and grow with the page: their letters stay legible.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from lxml import etree

from mailaudit.locale import Language
from mailaudit.report.html.drawing import SVG, drawn, marks_by_label, svg_text
from mailaudit.report.value import Point, Report, Series, Step

WIDTH = 360
STEP_HEIGHT, BAR_HEIGHT = 44, 16  # of the funnel
BIN = Fraction(2, 100)  # of the rate, a column of dots
DOT, HIGHEST_COLUMN, GROUP_GAP = 7.0, 170.0, 34.0
MONTHS_HEIGHT, MOST_LABELS = 130, 6
PADDING = {"left": 36, "right": 22, "top": 18, "bottom": 24}
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 22, 3

Spec = dict[str, Any]


def funnel_chart(steps: Sequence[Step], spoken: Language) -> str:
    """A bar for each step, as long as its share of the people in scope."""
    values = [
        {
            "row": index,
            "label": step.label,
            "people": f"{spoken.number(step.people)}  ·  {spoken.percent(step.share)}%",
            "share": float(step.share or 0),
            "key": step.key,
        }
        for index, step in enumerate(steps)
    ]
    y = {"field": "row", "type": "ordinal", "axis": None, "scale": {"padding": 0}}
    spec: Spec = {
        "width": WIDTH,
        "height": STEP_HEIGHT * len(steps),
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": [
            _step_bar("var(--band)", {"datum": 1}),
            _step_bar("var(--bar-strong)", {"field": "share", "type": "quantitative"}),
            _step_text("label", "left", 0),
            _step_text("people", "right", WIDTH),
        ],
    }
    label = "; ".join(f"{value['label']}: {value['people']}" for value in values)
    return svg_text(drawn(spec), kind="chart funnel-chart", label=label)


def _step_bar(color: str, x: Spec) -> Spec:
    scale = {"domain": [0, 1], "range": [0, WIDTH]}
    return {
        "mark": {"type": "bar", "height": BAR_HEIGHT, "yOffset": 8, "color": color, "aria": False},
        "encoding": {"x": {**x, "type": "quantitative", "axis": None, "scale": scale}},
    }


def _step_text(field: str, align: str, x: int) -> Spec:
    mark = {"type": "text", "align": align, "baseline": "bottom", "dy": -4, "fontSize": 13}
    if align == "right":
        mark["fontWeight"] = 600
    encoding = {"x": {"value": x}, "text": {"field": field}}
    return {"mark": {**mark, "aria": False}, "encoding": encoding}


def units_chart(report: Report, spoken: Language) -> str:
    """A dot for each unit at its rate, by group, beside the target; hollow where not ranked."""
    values: list[Spec] = []
    titles: list[Spec] = []
    top = 0.0
    for name in dict.fromkeys(point.group for point in report.points):
        points = sorted(
            (point for point in report.points if point.group == name), key=lambda p: p.share
        )
        columns = Counter(_column(point) for point in points)
        step = min(DOT, HIGHEST_COLUMN / max(columns.values()))
        bottom = top + GROUP_GAP + step * max(columns.values())
        titles.append({"y": top + 16, "text": f"{name} ({spoken.number(len(points))})"})
        height: Counter[int] = Counter()
        for point in points:
            column = _column(point)
            y = bottom - step * (height[column] + 0.5)
            height[column] += 1
            values.append(_dot(point, column, y, spoken))
        top = bottom
    spec = _units_spec(values, titles, top, report.target, spoken)
    label = spoken.gettext("Where each unit stands; the ranking below has the figures.")
    return svg_text(drawn(spec), kind="chart units-chart", label=label)


def _dot(point: Point, column: int, y: float, spoken: Language) -> Spec:
    color = f"var(--{point.tone})" if point.ranked else "var(--quiet)"
    return {
        "x": float(min(column * BIN + BIN / 2, Fraction(1))),
        "y": round(y, 2),
        "stroke": color,
        "fill": color if point.ranked else "var(--paper)",
        "about": f"{point.name}: {spoken.percent(point.share)}%",
    }


def _units_spec(
    values: list[Spec], titles: list[Spec], height: float, target: Fraction, spoken: Language
) -> Spec:
    y_scale = {"domain": [0, height], "range": [0, height], "nice": False}
    x_scale = {"domain": [0, 1], "range": [0, WIDTH - 2 * PADDING["right"]], "nice": False}
    axis = {
        "orient": "bottom",
        "format": ".0%",
        "values": [0, 0.2, 0.4, 0.6, 0.8, 1],
        "grid": True,
        "offset": 4,
    }
    x = {"field": "x", "type": "quantitative", "axis": axis, "scale": x_scale}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": y_scale}
    identity = {"type": "nominal", "scale": None}
    words = spoken.gettext("Target")
    rule = [{"x": float(target), "text": f"{words} {spoken.percent(target, 0)}%"}]
    return {
        "width": WIDTH - 2 * PADDING["right"],
        "height": height,
        "padding": {**PADDING, "left": PADDING["right"]},
        "layer": [
            {
                "data": {"values": rule},
                "mark": {"type": "rule", "color": "var(--target-line)", "strokeWidth": 1.5},
                "encoding": {"x": x},
            },
            {
                "data": {"values": rule},
                "mark": {"type": "text", "align": "right", "color": "var(--target-line)", "dx": -5},
                "encoding": {"x": x, "y": {"value": -8}, "text": {"field": "text"}},
            },
            {
                "data": {"values": titles},
                "mark": {"type": "text", "align": "left", "fontSize": 13, "fontWeight": 600},
                "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "text"}},
            },
            {
                "data": {"values": values},
                "mark": {"type": "point", "size": 30, "strokeWidth": 1, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": y,
                    "fill": {"field": "fill", **identity},
                    "stroke": {"field": "stroke", **identity},
                    "description": {"field": "about"},
                },
            },
        ],
    }


def _column(point: Point) -> int:
    return min(int(point.share / BIN), int(1 / BIN) - 1)


def months_chart(series: Series, axis: Sequence[str], target: Fraction, spoken: Language) -> str:
    """The whole's rate by month beside the target."""
    spec = _months_spec({"whole": series}, axis, target, spoken)
    label = _months_label(series, axis, spoken)
    return svg_text(drawn(spec), kind="chart months-chart", label=label)


class MonthsCharts:
    """Charts like `months_chart` for many units, drawn all at once and then told apart."""

    def __init__(self, report: Report, spoken: Language) -> None:
        lines = {f"unit {index}": unit.series for index, unit in enumerate(report.units)}
        lines |= {f"group {unit.group}": unit.group_series for unit in report.units}
        self._axis, self._spoken = report.axis, spoken
        self._root = drawn(_months_spec(lines, report.axis, report.target, spoken))
        self._paths = marks_by_label(self._root)
        self._holder = _lines_of(self._root)

    def of(self, index: int, unit_series: Series, group: str) -> str:
        """The chart of the report's unit with this index: its line, and its group's."""
        for line in list(self._holder):
            self._holder.remove(line)
        for key, kind in ((f"group {group}", "group-line"), (f"unit {index}", "line")):
            if key in self._paths:
                path = etree.SubElement(self._holder, f"{SVG}path")
                path.set("class", kind)
                path.set("d", self._paths[key])
        label = _months_label(unit_series, self._axis, self._spoken)
        return svg_text(self._root, kind="chart months-chart", label=label)


def _lines_of(root: etree._Element) -> etree._Element:
    """The group that holds the lines."""
    return next(g for g in root.iter(f"{SVG}g") if "pathgroup" in str(g.get("class")))


def _months_spec(
    lines: Mapping[str, Series], axis: Sequence[str], target: Fraction, spoken: Language
) -> Spec:
    width = WIDTH - PADDING["left"] - PADDING["right"]
    every = -(-len(axis) // MOST_LABELS)
    last = max(len(axis) - 1, 1)
    shown = list(range(len(axis) - 1, -1, -every))
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, last], "range": [0, width], "nice": False},
        "axis": {
            "values": shown,
            "labelExpr": f"{list(axis)!r}[datum.value]",
            "grid": False,
        },
    }
    y_axis = {
        "format": ".0%",
        "values": [0, 0.2, 0.4, 0.6, 0.8, 1],
        "domain": False,
        "ticks": False,
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [0, 1], "range": [MONTHS_HEIGHT, 0], "nice": False},
        "axis": y_axis,
    }
    words = f"{spoken.gettext('Target')} {spoken.percent(target, 0)}%"
    rule = [{"y": float(target), "text": words}]
    return {
        "width": width,
        "height": MONTHS_HEIGHT,
        "padding": PADDING,
        "layer": [
            {
                "data": {"values": rule},
                "mark": {"type": "rule", "color": "var(--target-line)", "strokeDash": [5, 3]},
                "encoding": {"y": {"field": "y", **y}},
            },
            {
                "data": {"values": rule},
                "mark": {"type": "text", "align": "right", "color": "var(--target-line)", "dy": -6},
                "encoding": {
                    "x": {"value": width},
                    "y": {"field": "y", **y},
                    "text": {"field": "text"},
                },
            },
            {
                "data": {"values": _values(lines)},
                "mark": {"type": "line", "stroke": "var(--accent)", "strokeWidth": 2.5},
                "encoding": {
                    "x": {"field": "month", **x},
                    "y": {"field": "share", **y},
                    "detail": {"field": "key"},
                    "description": {"field": "key"},
                },
            },
        ],
    }


def sparklines(
    lines: Mapping[str, Series], spoken: Language, axis: Sequence[str]
) -> dict[str, str]:
    """A small line of months for each key that has any, all on one scale."""
    shares = [share for series in lines.values() for share in series if share is not None]
    months = max((len(series) for series in lines.values()), default=0)
    if not shares or months < 2:
        return {}
    x_scale = {"domain": [0, months - 1], "range": [SPARK_MARGIN, SPARK_WIDTH - SPARK_MARGIN]}
    y_scale = {
        "domain": [float(min(shares)), max(1.0, float(max(shares)))],
        "range": [SPARK_HEIGHT - SPARK_MARGIN, SPARK_MARGIN],
    }
    spec: Spec = {
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
        "data": {"values": _values({str(n): series for n, series in enumerate(lines.values())})},
        "mark": {"type": "line"},
        "encoding": {
            "x": {"field": "month", "type": "quantitative", "axis": None, "scale": x_scale},
            "y": {"field": "share", "type": "quantitative", "axis": None, "scale": y_scale},
            "detail": {"field": "key"},
            "description": {"field": "key"},
        },
    }
    paths = marks_by_label(drawn(spec))
    return {
        key: _sparkline(paths[str(number)], _span_label(series, axis, spoken))
        for number, (key, series) in enumerate(lines.items())
        if str(number) in paths and any(share is not None for share in series)
    }


def _sparkline(path: str, label: str) -> str:
    root = etree.Element("svg", viewBox=f"0 0 {SPARK_WIDTH} {SPARK_HEIGHT}")
    root.set("class", "spark")
    root.set("role", "img")
    root.set("aria-label", label)
    etree.SubElement(root, "path", d=path)
    return etree.tostring(root, encoding="unicode")


def _values(lines: Mapping[str, Series]) -> list[Spec]:
    return [
        {"key": key, "month": month, "share": None if share is None else round(float(share), 5)}
        for key, series in lines.items()
        for month, share in enumerate(series)
    ]


def _months_label(series: Series, axis: Sequence[str], spoken: Language) -> str:
    return "; ".join(
        f"{month}: {spoken.percent(share)}{'' if share is None else '%'}"
        for month, share in zip(axis, series, strict=True)
    )


def _span_label(series: Series, axis: Sequence[str], spoken: Language) -> str:
    """`10/2025: 71,2% → 10/2026: 87,5%`, from the first month with data to the last."""
    known = _known(series, axis)
    ends = (known[0], known[-1]) if len(known) > 1 else known[:1]
    return " → ".join(f"{month}: {spoken.percent(share)}%" for month, share in ends)


def _known(series: Iterable[Fraction | None], axis: Sequence[str]) -> list[tuple[str, Fraction]]:
    pairs = zip(axis, series, strict=True)
    return [(month, share) for month, share in pairs if share is not None]

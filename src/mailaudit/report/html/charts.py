"""The report's charts as Vega-Lite specifications: the funnel, and where every unit stands.

All are laid out for the width of a phone and grow with the page: their letters stay legible.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mailaudit.locale import Language
from mailaudit.report.html.drawing import drawn, svg_text
from mailaudit.report.value import Point, Report, Step

WIDTH = 360
STEP_HEIGHT, BAR_HEIGHT = 44, 16  # of the funnel
BIN = Fraction(2, 100)  # of the rate, a column of dots
DOT, HIGHEST_COLUMN, GROUP_GAP = 7.0, 170.0, 34.0
SIDE, TOP, BOTTOM = 22, 18, 24  # around the dots

Spec = dict[str, Any]


def funnel_chart(steps: Sequence[Step], spoken: Language) -> str:
    """A bar for each step, as long as its share of the people in scope."""
    values = [
        {
            "row": index,
            "label": step.label,
            "people": spoken.number(step.people),
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
    x_scale = {"domain": [0, 1], "range": [0, WIDTH - 2 * SIDE], "nice": False}
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
        "width": WIDTH - 2 * SIDE,
        "height": height,
        "padding": {"left": SIDE, "right": SIDE, "top": TOP, "bottom": BOTTOM},
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

"""Where every unit stands, as a Vega-Lite specification: a dot at its rate, beside its group's."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from mailaudit.locale import Language
from mailaudit.report.html.drawing import drawn, svg_text
from mailaudit.report.value import Point, Report

WIDTH = 360
SIDE, TOP, BOTTOM = 22, 18, 24  # around the dots
PLOT = WIDTH - 2 * SIDE
DOT, HIGHEST_PILE, GROUP_GAP = 7.0, 170.0, 34.0

Spec = dict[str, Any]


def units_chart(report: Report, spoken: Language) -> str:
    """A dot for each unit at its rate, by group, on the bands of the grades; hollow where not
    ranked. A dashed line is the rate of the group, the red one the target."""
    dots: list[Spec] = []
    titles: list[Spec] = []
    rates: list[Spec] = []
    shares = {group.name: group.total.rate for group in report.results.groups if group.total}
    top = 0.0
    for name in dict.fromkeys(point.group for point in report.points):
        points = sorted(
            (point for point in report.points if point.group == name), key=lambda p: p.share
        )
        levels = list(_levels([float(point.share) for point in points]))
        step = min(DOT, HIGHEST_PILE / (max(levels) + 1))
        bottom = top + GROUP_GAP + step * (max(levels) + 1)
        titles.append({"y": top + 16, "text": f"{name} ({spoken.number(len(points))})"})
        dots += [
            _dot(point, bottom - step * (level + 0.5), spoken)
            for point, level in zip(points, levels, strict=True)
        ]
        if (share := shares.get(name)) is not None:
            rates.append({"x": float(share), "y": top + 22, "end": bottom})
        top = bottom
    layers = [
        *_bands(report, top),
        *_target(report.target, spoken),
        _layer(titles, {"type": "text", "align": "left", "fontSize": 13, "fontWeight": 600}, top),
        _layer(rates, {"type": "rule", "strokeDash": [2, 2], "color": "var(--ink)"}, top),
        _layer(dots, {"type": "point", "size": 30, "strokeWidth": 1, "opacity": 1}, top),
    ]
    spec = {
        "width": PLOT,
        "height": top,
        "padding": {"left": SIDE, "right": SIDE, "top": TOP, "bottom": BOTTOM},
        "layer": layers,
    }
    label = spoken.gettext("Where each unit stands; the ranking below has the figures.")
    return svg_text(drawn(spec), kind="chart units-chart", label=label)


def _levels(shares: Sequence[float]) -> Iterator[int]:
    """How high each dot lies, of shares that ascend: on the lowest level with room beside it."""
    ends: list[float] = []
    for share in shares:
        at = share * PLOT
        level = next((n for n, end in enumerate(ends) if end <= at), len(ends))
        ends[level : level + 1] = [at + DOT]
        yield level


def _dot(point: Point, y: float, spoken: Language) -> Spec:
    color = f"var(--{point.tone})" if point.ranked else "var(--quiet)"
    return {
        "x": round(float(point.share), 5),
        "y": round(y, 2),
        "stroke": color,
        "fill": color if point.ranked else "var(--paper)",
        "about": f"{point.name}: {spoken.percent(point.share)}%",
    }


def _bands(report: Report, height: float) -> Iterator[Spec]:
    """Every other grade on a tinted ground, from its rate to that of the better one."""
    ends = (1.0, *(float(grade.from_share) for grade in report.grades))
    bands = [{"x": low, "end": high} for high, low in pairwise(ends)]
    yield {
        "data": {"values": bands[::2]},
        "mark": {"type": "rect", "color": "var(--band)", "aria": False},
        "encoding": {"x": _X, "x2": {"field": "end"}, "y": {"value": 0}, "y2": {"value": height}},
    }


def _target(target: Fraction, spoken: Language) -> Iterator[Spec]:
    words = f"{spoken.gettext('Target')} {spoken.percent(target, 0)}%"
    data = {"values": [{"x": float(target), "text": words}]}
    color = "var(--target-line)"
    yield {
        "data": data,
        "mark": {"type": "rule", "color": color, "strokeWidth": 1.5},
        "encoding": {"x": _X},
    }
    yield {
        "data": data,
        "mark": {"type": "text", "align": "right", "color": color, "dx": -5},
        "encoding": {"x": _X, "y": {"value": -8}, "text": {"field": "text"}},
    }


def _layer(values: Sequence[Spec], mark: Spec, height: float) -> Spec:
    """Marks at the places that the values give in pixels from the top."""
    scale = {"domain": [0, height], "range": [0, height], "nice": False}
    encoding: Spec = {"y": {"field": "y", "type": "quantitative", "axis": None, "scale": scale}}
    encoding["x"] = {"value": 0} if mark["type"] == "text" else _X
    if mark["type"] == "text":
        encoding["text"] = {"field": "text"}
    elif mark["type"] == "rule":
        encoding["y2"] = {"field": "end"}
    else:
        own = {"type": "nominal", "scale": None}
        encoding |= {name: {"field": name, **own} for name in ("fill", "stroke")}
        encoding["description"] = {"field": "about"}
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


_X: Spec = {
    "field": "x",
    "type": "quantitative",
    "scale": {"domain": [0, 1], "range": [0, PLOT], "nice": False},
    "axis": {
        "orient": "bottom",
        "format": ".0%",
        "values": [0, 0.2, 0.4, 0.6, 0.8, 1],
        "grid": True,
        "offset": 4,
    },
}

"""The card's chart: the whole's rate by month beside the target, drawn by Vega-Lite."""

import json
from collections.abc import Sequence
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.report.tables import Series
from mailaudit.report.typesetting import SANS
from mailaudit.report.vega import PLAIN_LABELS, Spec, months_axis, svg_of

WIDTH, HEIGHT = 520, 184
PADDING = {"left": 52, "right": 48, "top": 14, "bottom": 34}
MOST_LABELS = 6
LOWEST_ABOVE = 0.25  # a share from here on has room for its figure below it
INK, QUIET, LINE, ACCENT, TARGET = "#14233a", "#44546a", "#d5dbe3", "#0b5cad", "#b3261e"


def trend_chart(
    series: Series, axis: Sequence[str], target: Fraction, target_label: str, spoken: Language
) -> str:
    """The chart as SVG; no font is measured for it, so it is the same on every machine."""
    _ends, labelled = months_axis(axis, MOST_LABELS)
    values = [
        {
            "month": month,
            "share": None if share is None else round(float(share), 5),
            "text": f"{spoken.percent(share)}%" if share is not None and month in labelled else "",
        }
        for month, share in enumerate(series)
    ]
    x, y = _x(axis), _y(spoken)
    # Figures keep off the target's line, and off the months below.
    aside = 26 if LOWEST_ABOVE <= (series[-1] or 0) < target else -18
    rule = {"values": [{"share": float(target), "text": target_label}]}
    figure = {"type": "text", "dy": aside, "fontWeight": "bold", "fontSize": 22, "color": INK}
    earlier = {"type": "text", "dy": aside, "color": INK}
    words = {"x": {"value": 4}, "y": y, **_TEXT}
    spec = {
        "width": WIDTH - PADDING["left"] - PADDING["right"],
        "height": HEIGHT - PADDING["top"] - PADDING["bottom"],
        "padding": PADDING,
        "background": None,
        "layer": [
            _layer(rule, {"type": "rule", "color": TARGET, "strokeDash": [7, 4]}, {"y": y}),
            _layer(rule, {**_TARGET_TEXT, **_HALO}, words),
            _layer(rule, _TARGET_TEXT, words),
            _layer({"values": values}, {"type": "line", "color": ACCENT}, {"x": x, "y": y}),
            _layer(
                {"values": values},
                {"type": "point", "filled": True, "color": ACCENT, "size": 70, "opacity": 1},
                {"x": x, "y": y},
            ),
            *(
                _layer({"values": part}, {**mark, **halo}, {"x": x, "y": y, **_TEXT})
                for part, mark in (
                    (values[:-1][:1], {**earlier, "align": "left"}),  # beside the axis's numbers
                    (values[1:-1], earlier),
                    (values[-1:], figure),
                )
                for halo in (_HALO, {})
            ),
        ],
    }
    return svg_of(spec, _CONFIG)


def _layer(data: Spec, mark: Spec, encoding: Spec) -> Spec:
    return {"data": data, "mark": mark, "encoding": encoding}


def _x(axis: Sequence[str]) -> Spec:
    ends, labelled = months_axis(axis, MOST_LABELS)
    return {
        "field": "month",
        "type": "quantitative",
        "scale": {"domain": ends, "nice": False},
        "axis": {
            "values": labelled,
            "labelExpr": f"{json.dumps(list(axis))}[datum.value]",
            "grid": False,
        },
    }


def _y(spoken: Language) -> Spec:
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    labels = {tick: f"{spoken.percent(Fraction(tick), 0)}%" for tick in ticks}
    return {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False},
        "axis": {
            "values": list(labels),
            "labelExpr": f"{json.dumps(list(labels.values()))}[datum.value * 4]",
            "domain": False,
            "ticks": False,
        },
    }


_TEXT: Spec = {"text": {"field": "text"}}
_HALO: Spec = {"stroke": "white", "strokeWidth": 6}  # under the letters, so that no line cuts them
_TARGET_TEXT: Spec = {
    "type": "text",
    "align": "left",
    "baseline": "bottom",
    "dy": -5,
    "color": TARGET,
}
_CONFIG: Spec = {
    "font": SANS,
    "view": {"stroke": None},
    "line": {"strokeWidth": 4},
    "rule": {"strokeWidth": 2},
    "text": {"fontSize": 16},
    "axis": {
        "labelColor": QUIET,
        "labelFontSize": 15,
        "labelPadding": 6,
        **PLAIN_LABELS,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "gridColor": LINE,
    },
}

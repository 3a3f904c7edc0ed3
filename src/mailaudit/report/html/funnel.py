"""The way to regular use as a Vega-Lite specification.

Like all charts it is laid out for the width of a phone and grows with the page: its letters stay
legible.
"""

from collections.abc import Sequence
from typing import Any

from mailaudit.locale import Language
from mailaudit.report.html.drawing import drawn, svg_text
from mailaudit.report.value import Step

WIDTH = 360
STEP_HEIGHT, BAR_HEIGHT = 44, 16  # of the funnel

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

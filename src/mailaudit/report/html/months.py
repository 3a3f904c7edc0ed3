"""The rate of each unit by month as Vega-Lite specifications: on its page, and as a sparkline."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from lxml import etree

from mailaudit.locale import Language
from mailaudit.report.html.drawing import SVG, drawn, marks_by_label, svg_text
from mailaudit.report.sparklines import middle_of, spark_height
from mailaudit.report.tables import Series
from mailaudit.report.value import Report
from mailaudit.report.vega import months_axis

WIDTH, HEIGHT = 360, 130
MOST_LABELS = 6
DASH = 0.15  # months to either side of a share that stands alone
PADDING = {"left": 36, "right": 22, "top": 18, "bottom": 24}
PLOT = WIDTH - PADDING["left"] - PADDING["right"]
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 22, 3

Spec = dict[str, Any]


class MonthsCharts:
    """The rate by month beside the target for many units, drawn at once and then taken apart."""

    def __init__(self, report: Report, spoken: Language) -> None:
        lines = {f"unit {index}": unit.series for index, unit in enumerate(report.units)}
        lines |= {f"group {unit.group}": unit.group_series for unit in report.units}
        self._axis, self._target, self._spoken = report.axis, float(report.target), spoken
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
        self._add_points(unit_series)
        label = months_label(unit_series, self._axis, self._spoken)
        return svg_text(self._root, kind="chart months-chart", label=label)

    def _add_points(self, series: Series) -> None:
        """A point at each of the unit's months, and the value of its first and its last."""
        (first, last), _labelled = months_axis(self._axis, MOST_LABELS)
        known = [(month, share) for month, share in enumerate(series) if share is not None]
        for month, share in known:
            x = round(PLOT * (month - first) / (last - first), 1)
            y = round(HEIGHT * (1 - float(share)), 1)
            point = etree.SubElement(self._holder, f"{SVG}circle", cx=str(x), cy=str(y), r="3")
            point.set("class", "month")
            if (month, share) not in (known[0], known[-1]):
                continue
            # Above the point, but where the target's label is.
            is_above = not self._target - 0.15 < share < self._target + 0.15
            value = etree.SubElement(self._holder, f"{SVG}text", x=str(x))
            value.set("y", str(round(y + (-8 if is_above else 16), 1)))
            value.set("text-anchor", "start" if x == 0 else "end" if x == PLOT else "middle")
            value.set("class", "value")
            value.text = self._spoken.percent(share)


def _lines_of(root: etree._Element) -> etree._Element:
    """The group that holds the lines."""
    return next(g for g in root.iter(f"{SVG}g") if "pathgroup" in str(g.get("class")))


def _months_spec(
    lines: Mapping[str, Series], axis: Sequence[str], target: Fraction, spoken: Language
) -> Spec:
    ends, labelled = months_axis(axis, MOST_LABELS)
    x = {
        "type": "quantitative",
        "scale": {"domain": ends, "range": [0, PLOT], "nice": False},
        "axis": {
            "values": labelled,
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
        "scale": {"domain": [0, 1], "range": [HEIGHT, 0], "nice": False},
        "axis": y_axis,
    }
    words = f"{spoken.gettext('Target')} {spoken.percent(target, 0)}%"
    rule = [{"y": float(target), "text": words}]
    return {
        "width": PLOT,
        "height": HEIGHT,
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
                    "x": {"value": PLOT},
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
    """A small line of months for each key that has any: slopes compare, heights do not.

    Each lies around the middle of its own range, and all span `spark_height`.
    """
    shares = [share for series in lines.values() for share in series if share is not None]
    months = max((len(series) for series in lines.values()), default=0)
    if not shares or months < 2:
        return {}
    half = float(spark_height(lines.values())) / 2
    x_scale = {"domain": [0, months - 1], "range": [SPARK_MARGIN, SPARK_WIDTH - SPARK_MARGIN]}
    y_scale = {
        "domain": [-half, half],
        "range": [SPARK_HEIGHT - SPARK_MARGIN, SPARK_MARGIN],
    }
    spec: Spec = {
        "width": SPARK_WIDTH,
        "height": SPARK_HEIGHT,
        "data": {
            "values": _values({str(n): _centred(series) for n, series in enumerate(lines.values())})
        },
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


def _centred(series: Series) -> Series:
    """The shares, less the middle of their range."""
    middle = middle_of(series)
    return tuple(None if share is None else share - middle for share in series)


def _sparkline(path: str, label: str) -> str:
    root = etree.Element("svg", viewBox=f"0 0 {SPARK_WIDTH} {SPARK_HEIGHT}")
    root.set("class", "spark")
    root.set("role", "img")
    root.set("aria-label", label)
    etree.SubElement(root, "path", d=path)
    return etree.tostring(root, encoding="unicode")


def _values(lines: Mapping[str, Series]) -> list[Spec]:
    return [
        {"key": key, "month": at, "share": None if share is None else round(float(share), 5)}
        for key, series in lines.items()
        for month, share in enumerate(series)
        for at in _ends(series, month)
    ]


def _ends(series: Series, month: int) -> tuple[float, ...]:
    """Where a month's share is drawn: a line needs two ends where no month beside has a share."""
    beside = (*series[max(month - 1, 0) : month], *series[month + 1 : month + 2])
    is_alone = series[month] is not None and all(share is None for share in beside)
    return (month - DASH, month + DASH) if is_alone else (month,)


def months_label(series: Series, axis: Sequence[str], spoken: Language) -> str:
    """Every month with its rate, for those who can't see a chart."""
    return "; ".join(
        f"{month}: {spoken.percent(share)}{'' if share is None else '%'}"
        for month, share in zip(axis, series, strict=True)
    )


def _span_label(series: Series, axis: Sequence[str], spoken: Language) -> str:
    """`10/2025: 71,2% → 10/2026: 87,5%`, from the first month with data to the last."""
    months = zip(axis, series, strict=True)
    known = [(month, share) for month, share in months if share is not None]
    ends = (known[0], known[-1]) if len(known) > 1 else known[:1]
    return " → ".join(f"{month}: {spoken.percent(share)}%" for month, share in ends)

"""The rate of the whole and of its groups by month, as a Vega-Lite specification."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from mailaudit.locale import Language
from mailaudit.report.html.drawing import drawn, svg_text
from mailaudit.report.html.months import months_label
from mailaudit.report.tables import Series
from mailaudit.report.value import Report
from mailaudit.report.vega import months_axis
from mailaudit.report.words import roman

WIDTH, HEIGHT = 360, 170
PADDING = {"left": 36, "right": 58, "top": 18, "bottom": 24}
PLOT = WIDTH - PADDING["left"] - PADDING["right"]
MOST_LABELS, MOST_GROUPS = 6, 6
LINE_HEIGHT = 13.0  # between the texts at the ends of lines
TENTH, MARGIN = Fraction(1, 10), Fraction(3, 100)  # of the axis of rates

Spec = dict[str, Any]


def groups_by_month(report: Report) -> dict[str, Series]:
    """The rate of each group by month, by name; none of many groups, whose lines cross."""
    series = {unit.group: unit.group_series for unit in report.units}
    names = [group.name for group in report.results.groups]
    if len(names) > MOST_GROUPS:
        return {}
    return {name: series.get(name, ()) for name in names}


def scale_of(report: Report) -> tuple[Fraction, Fraction]:
    """The lowest and the highest rate of the chart's axis, in tenths."""
    drawn_lines = (report.series, *groups_by_month(report).values())
    shares = [share for series in drawn_lines for share in series if share is not None]
    lowest, highest = min(*shares, report.target), max(*shares, report.target)
    low = max(floor((lowest - MARGIN) / TENTH), 0) * TENTH
    return low, min(ceil((highest + MARGIN) / TENTH), 10) * TENTH


def trend_chart(report: Report, spoken: Language) -> str:
    """A point with its value for each month; groups are thin lines with their number at the end."""
    low, high = scale_of(report)
    x, y = _x(report.axis), _y(low, high)
    groups = {roman(n): s for n, s in enumerate(groups_by_month(report).values(), start=1)}
    _ends, labelled = months_axis(report.axis, MOST_LABELS)
    months = _points("", report.series)
    for point in months:
        is_labelled = point["month"] in labelled and point["month"] != len(report.axis) - 1
        point["text"] = spoken.percent(report.series[point["month"]]) if is_labelled else ""
    both = {"x": x, "y": y}
    thin = [point for name, series in groups.items() for point in _points(name, series)]
    detail = {"detail": {"field": "name"}}
    layers = [
        *_target(report.target, y, spoken),
        _layer(thin, {"type": "line", "color": "var(--strong-line)"}, both | detail),
        _layer(thin, {**_POINT, "color": "var(--strong-line)", "size": 14}, both),
        _layer(months, {"type": "line", "color": "var(--accent)", "strokeWidth": 2.5}, both),
        _layer(months, {**_POINT, "color": "var(--accent)", "size": 36}, both),
        # The first value begins at its point: left of it are the numbers of the axis.
        _layer(months[:1], {**_VALUE, "align": "left"}, {**both, **_TEXT}),
        _layer(months[1:], _VALUE, {**both, **_TEXT}),
        *_line_ends({"": report.series, **groups}, (low, high), spoken),
    ]
    padding = {"width": PLOT, "height": HEIGHT, "padding": PADDING}
    label = months_label(report.series, report.axis, spoken)
    return svg_text(drawn({**padding, "layer": layers}), kind="chart trend-chart", label=label)


def _points(name: str, series: Series) -> list[Spec]:
    return [
        {"name": name, "month": month, "share": round(float(share), 5)}
        for month, share in enumerate(series)
        if share is not None
    ]


def _line_ends(
    lines: Mapping[str, Series], scale: tuple[Fraction, Fraction], spoken: Language
) -> Iterator[Spec]:
    """The newest rate of each line right of it, moved apart where they would touch."""
    low, high = scale
    newest = [(name, series[-1]) for name, series in lines.items() if series]
    known = sorted(((share, name) for name, share in newest if share is not None), reverse=True)
    places = [float((high - share) / (high - low)) * HEIGHT for share, _name in known]
    for (share, name), at in zip(known, _apart(places), strict=True):
        text = f"{name} {spoken.percent(share)}".strip()
        weight = {} if name else {"fontWeight": 700, "color": "var(--accent)"}
        yield _layer(
            [{"text": text}],
            {"type": "text", "align": "left", "dx": 8, **weight},
            {"x": {"value": PLOT}, "y": {"value": round(at, 1)}, **_TEXT},
        )


def _apart(places: Sequence[float]) -> list[float]:
    """Heights that descend the page, with a line's height between them, none below the foot."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + LINE_HEIGHT) if found else place)
    for index in range(len(found) - 1, -1, -1):
        below = found[index + 1] - LINE_HEIGHT if index + 1 < len(found) else HEIGHT
        found[index] = min(found[index], below)
    return found


def _target(target: Fraction, y: Spec, spoken: Language) -> Iterator[Spec]:
    words = f"{spoken.gettext('Target')} {spoken.percent(target, 0)}%"
    rule, color = [{"share": float(target), "text": words}], {"color": "var(--target-line)"}
    yield _layer(rule, {"type": "rule", "strokeDash": [5, 3], **color}, {"y": y})
    place = {"x": {"value": PLOT}, "y": y, **_TEXT}
    yield _layer(rule, {"type": "text", "align": "right", "dy": -6, **color}, place)


def _layer(values: Sequence[Spec], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


def _x(axis: Sequence[str]) -> Spec:
    ends, labelled = months_axis(axis, MOST_LABELS)
    return {
        "field": "month",
        "type": "quantitative",
        "scale": {"domain": ends, "range": [0, PLOT], "nice": False},
        "axis": {
            "values": labelled,
            "labelExpr": f"{list(axis)!r}[datum.value]",
            "grid": False,
        },
    }


def _y(low: Fraction, high: Fraction) -> Spec:
    tenths = range(int(low * 10), int(high * 10) + 1, 1 if high - low <= Fraction(1, 2) else 2)
    return {
        "field": "share",
        "type": "quantitative",
        "scale": {
            "domain": [float(low), float(high)],
            "range": [HEIGHT, 0],
            "nice": False,
            "zero": False,
        },
        "axis": {
            "format": ".0%",
            "values": [tenth / 10 for tenth in tenths],
            "domain": False,
            "ticks": False,
        },
    }


_POINT: Spec = {"type": "point", "filled": True, "opacity": 1, "aria": False}
_VALUE: Spec = {"type": "text", "dy": -11, "fontWeight": 600}
_TEXT: Spec = {"text": {"field": "text"}}

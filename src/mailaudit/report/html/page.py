"""render_html(): the report as one self-contained page; render_units(): a page for each unit."""

from base64 import b64encode
from collections.abc import Iterator
from fractions import Fraction
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from mailaudit.locale import Language, language
from mailaudit.model.audience import Audience
from mailaudit.report.filenames import UNITS_FOLDER
from mailaudit.report.html.dots import units_chart
from mailaudit.report.html.months import MonthsCharts, sparklines
from mailaudit.report.html.trend import groups_by_month, scale_of, trend_chart
from mailaudit.report.printing import shown_cell, shown_value
from mailaudit.report.sparklines import spark_note
from mailaudit.report.tables import Cell, Column, Row, Series, Table, UsePart, Value
from mailaudit.report.value import Report, UnitReport
from mailaudit.report.words import roman

SORTABLE = ("ranking", "trend", "short", "remarked", "unmeasured", "staff")
SCROLLING = (
    "exclusions_by_unit",
    "groups",
    "kinds",
    "periods",
    "compare",
    "short",
    "trend",
    "ranking",
    "uses",
    "unmeasured",
    "staff",
    "likely",
    "units",
    "mailboxes",
    "by_one",
)
# The page's own order: what is read first stands first; the form of Phụ lục I is the workbook's.
_RANKING_COLUMNS = (
    "number",
    "rank",
    "unit",
    "regular_share",
    "change",
    "grade",
    "in_scope",  # (1)
    "provided",  # (2)
    "provided_share",
    "unmeasured",  # (3)
    "read",
    "sent",
    "regular",  # (4)
    "previous",
    "staff",
    "out_of_scope",
    "remarks",
)
WIDE_COLUMNS = frozenset({"change", "in_scope", "regular", "unmeasured", "remarks"})
_ALWAYS = WIDE_COLUMNS | {"rank", "unit", "regular_share", "grade"}
FULL_COLUMNS = frozenset(_RANKING_COLUMNS) - _ALWAYS
FIRST_COLUMNS = {
    "ranking": _RANKING_COLUMNS,
    "groups": ("number", "group", "regular_share", "change", "previous"),
    "kinds": ("kind", "regular_share", "lower", "upper", "coverage"),
    "compare": ("number", "name", "regular_share", "change", "previous"),
    "periods": ("number", "period", "regular_share", "lower", "upper", "coverage"),
}


def render_html(report: Report, *, alone: bool = False) -> str:
    """The report as an HTML document that needs nothing but itself; equal Reports, equal text.

    Args:
        alone: Whether its readers get no pages of units, which it links to otherwise.
    """
    spoken = language(report.language)
    sections = {section.key: section for section in report.sections}
    series = {row.key: row.series for row in sections["ranking"].tables[0].rows}
    return (
        _environment(report.language)
        .get_template("report.html")
        .render(
            report=report,
            sections=sections,
            sparks=sparklines(series, spoken, report.axis),
            spark_note=spark_note(series.values(), spoken),
            units=units_chart(report, spoken) if report.points else "",
            trend=trend_chart(report, spoken) if _has_any(report.series) else "",
            trend_title=_trend_title(report, spoken),
            trend_groups=groups_by_month(report),
            trend_from=scale_of(report)[0] if _has_any(report.series) else None,
            links={} if alone else _links(report),
            anchors={unit.code: f"u-{unit.stem}" for unit in report.units},
        )
    )


def render_sections_html(report: Report) -> str:
    """A Report's sections alone as one page, without charts and pages of units."""
    return _environment(report.language).get_template("sections.html").render(report=report)


def render_units(report: Report) -> Iterator[tuple[str, str]]:
    """Each unit's file name below the report's folder, and its page."""
    if not report.units:
        return
    spoken = language(report.language)
    template = _environment(report.language).get_template("unit.html")
    charts = MonthsCharts(report, spoken)
    for index, unit in enumerate(report.units):
        text = template.render(
            report=report,
            unit=unit,
            months=charts.of(index, unit.series, unit.group) if _has_any(unit.series) else "",
            home=_home(report, unit),
        )
        yield f"{UNITS_FOLDER}/{unit.stem}.html", text


def _links(report: Report) -> dict[str, str]:
    """Where each unit's page lies, by code. Heads get one page each, so theirs link to none."""
    if report.audience is Audience.LEADER:
        return {}
    folder = f"{report.stem}/{UNITS_FOLDER}"
    return {unit.code: f"{folder}/{unit.stem}.html" for unit in report.units}


def _home(report: Report, unit: UnitReport) -> str:
    """Where the unit stands in the report; its head, who gets this page alone, has no such file."""
    if report.audience is Audience.LEADER:
        return ""
    return f"../../{report.stem}.html#u-{unit.stem}"


@cache
def _environment(code: str) -> Environment:
    """The templates in one language."""
    spoken = language(code)
    environment = Environment(
        loader=PackageLoader("mailaudit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    environment.filters.update(
        shown=partial(shown_cell, spoken=spoken),
        shown_value=partial(shown_value, spoken=spoken),
        bar_width=bar_width,
        sort_value=sort_value,
        in_order=in_order,
        columns_in_order=columns_in_order,
        at_least=at_least,
        roman=roman,
        use_words=partial(use_words, spoken=spoken),
    )
    style, script = (
        "".join(map(_asset, ("report.css", "uses.css", "narrow.css"))),
        _asset("report.js"),
    )
    digest = b64encode(sha256(script.encode()).digest()).decode()
    environment.globals.update(
        _=spoken.gettext,
        number=spoken.number,
        percent=spoken.percent,
        style=style,
        unit_style=_asset("unit.css"),
        script=script,
        policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}';"
        " base-uri 'none'; form-action 'none'",
        sortable=SORTABLE,
        scrolling=SCROLLING,
        wide_columns=WIDE_COLUMNS,
        full_columns=FULL_COLUMNS,
    )
    return environment


@cache
def _asset(name: str) -> str:
    """A file of the templates' folder, as it goes into each page."""
    return files("mailaudit.report").joinpath("templates", name).read_text(encoding="utf-8")


def _trend_title(report: Report, spoken: Language) -> str:
    """What became of the rate of the whole since the first month that has one."""
    months = zip(report.axis, report.series, strict=True)
    known = [(month, share) for month, share in months if share is not None]
    if len(known) < 2:
        return spoken.gettext("Rate of regular use of the whole by month")
    (first, before), (last, now) = known[0], known[-1]
    sentence = (
        spoken.gettext("Rate of the whole: up from {before}% ({first}) to {now}% ({last})")
        if now > before
        else spoken.gettext("Rate of the whole: down from {before}% ({first}) to {now}% ({last})")
        if now < before
        else spoken.gettext("Rate of the whole: {now}% in {last} as in {first}")
    )
    return sentence.format(
        before=spoken.percent(before), first=first, now=spoken.percent(now), last=last
    )


def _has_any(series: Series) -> bool:
    return any(share is not None for share in series)


def columns_in_order(table: Table) -> list[Column]:
    """The table's columns in the order the page shows them."""
    first = {key: place for place, key in enumerate(FIRST_COLUMNS.get(table.key, ()))}
    return sorted(table.columns, key=lambda column: first.get(column.key, len(first)))


def in_order(row: Row, table: Table) -> list[tuple[Column, Cell]]:
    """The row's cells with their columns, in the order the page shows them."""
    cells = dict(zip(table.columns, row.cells, strict=True))
    return [(column, cells[column]) for column in columns_in_order(table)]


def sort_value(cell: Cell) -> str:
    """What a column is sorted by: the number behind the print; "" where there is none."""
    if isinstance(cell.value, Fraction | int):
        return f"{float(cell.value):.6g}"
    return ""


def at_least(parts: tuple[UsePart, ...], share: float) -> tuple[UsePart, ...]:
    """The parts of a bar that have room for their number."""
    people = sum(part.people for part in parts)
    return tuple(part for part in parts if part.people >= share * people)


def use_words(parts: tuple[UsePart, ...], spoken: Language) -> str:
    """A bar for those who can't see it."""
    return "; ".join(f"{part.label}: {spoken.number(part.people)}" for part in parts)


def bar_width(value: Value) -> str:
    """A share as a length a style sheet understands, inside 0 % to 100 %."""
    if not isinstance(value, Fraction):
        return "0%"
    return f"{min(max(float(value), 0.0), 1.0) * 100:.2f}%"

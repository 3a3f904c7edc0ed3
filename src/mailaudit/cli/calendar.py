"""calendar: the working days of a year, month by month, and what decides them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Lang, Verbose
from mailaudit.errors import N_, UsageError

if TYPE_CHECKING:
    from mailaudit.model.calendar import CalendarDay, WorkCalendar
    from mailaudit.settings import Settings

_YEARS = range(1976, 2100)  # of the computed lunar calendar
_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def calendar(
    year: Annotated[
        int | None, typer.Argument(help="The year; without it, this year.", metavar="YEAR")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help="The configuration file. Without it: mailaudit.toml where there is one, else"
            " the calendar mailaudit brings.",
            metavar="FILE",
        ),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit",
            help="The calendar of this unit, by its code in the configured list.",
            metavar="CODE",
        ),
    ] = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Print a year's working days by month, and its days off.

    Days that are not finally decided are marked as estimated.

    Example: mailaudit calendar 2026

    Example: mailaudit calendar 2026 --unit SNV --config audit/mailaudit.toml
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import note
    from mailaudit.model.period import Period
    from mailaudit.roster import read_calendar

    settings = None
    if config is not None or DEFAULT_CONFIG.is_file():
        settings = steps.load(config or DEFAULT_CONFIG, lang)
    asked = steps.now().astimezone(Period(2000, 1).tz).year if year is None else year
    if asked not in _YEARS:
        raise UsageError(
            N_("There is no calendar of the year {year}."),
            N_("Name a year from {first} to {last}."),
            year=str(asked),
            first=str(_YEARS.start),
            last=str(_YEARS.stop - 1),
        )
    known = read_calendar(settings.calendar.file if settings else None, [asked])
    if unit is not None:
        known = known.of_unit(_unit_and_above(unit, asked, settings, known))
    _print_year(asked, known)
    if asked not in known.years:
        note(
            N_(
                "Estimated: the calendar file has no year {year}. Public holidays are computed;"
                " swapped days are missing. Add the year to the file once it is decided."
            ),
            year=str(asked),
        )
    elif asked in known.provisional_years:
        note(N_("Estimated: the days off of {year} are not finally decided."), year=str(asked))


def _unit_and_above(
    code: str, year: int, settings: "Settings | None", calendar: "WorkCalendar"
) -> tuple[str, ...]:
    """The unit and the units above it, on its last day in the year.

    Raises:
        RosterError: The units in force then are not a tree.
        UsageError: There is no configuration to say which units there are, or neither its unit
            list nor the calendar knows the code.
    """
    from mailaudit.metrics.lines import chains
    from mailaudit.model.codes import first_codes, meant_code, similar_codes
    from mailaudit.roster import DEFAULT_GROUP, read_unit_list, units_on

    if settings is None:
        raise UsageError(
            N_("--unit {code} needs a configuration, and there is no {config} here."),
            N_("Name the file: mailaudit calendar --unit {code} --config FILE"),
            code=code,
            config=DEFAULT_CONFIG,
        )
    first, last = date(year, 1, 1), date(year, 12, 31)
    known = {owner: owner for owner, _ in calendar.units}
    if settings.roster.units is not None:
        listed = read_unit_list(settings.roster.units, settings.roster.encoding)
        rows = [row for row in listed.rows if row.is_in_force_between(first, last)]
        known = {row.unit.code: row.unit.name for row in rows}
        code = meant_code(code, known) or code
        days = [min(row.valid_to or last, last) for row in rows if row.unit.code == code]
        if days:
            return chains(units_on(listed, max(days), DEFAULT_GROUP))[code]
    if (meant := meant_code(code, known)) is not None:
        return (meant,)
    close = similar_codes(code, known)
    raise UsageError(
        N_("--unit {code} is not a unit of the unit list in {year}."),
        N_("Did you mean {close}?")
        if close
        else N_("Write the code as in the list; known here: {known}."),
        code=code,
        year=str(year),
        close=close,
        known=first_codes(known) or "–",
    )


def _print_year(year: int, calendar: "WorkCalendar") -> None:
    """The months, the sum, and the days that are not what their weekday says."""
    from mailaudit.cli.console import current_language, say
    from mailaudit.model.period import Period

    gettext = current_language().gettext
    if calendar.name:
        say("{line}", line=calendar.name)
    months = [Period(year, month) for month in range(1, 13)]
    counts = [calendar.working_days_of(month) for month in months]
    lines = [(gettext(N_("Month")), gettext(N_("Working days")), "")]
    for month, count in zip(months, counts, strict=True):
        mark = gettext(N_("estimated")) if calendar.is_estimated(month) else ""
        lines.append((f"{month.month:02d}/{year}", str(count), mark))
    mark = gettext(N_("estimated")) if any(map(calendar.is_estimated, months)) else ""
    lines.append((gettext(N_("Whole year")), str(sum(counts)), mark))
    widths = [max(len(line[column]) for line in lines) for column in (0, 1)]
    for name, number, mark in lines:
        say("{line}", line=f"{name:<{widths[0]}}  {number:>{widths[1]}}  {mark}".rstrip())
    say("")
    for day in calendar.days:
        if day.day.year == year:
            for line in _day_lines(day):
                say("{line}", line=line)


def _day_lines(day: "CalendarDay") -> Iterator[str]:
    """A day off or made up for: when, which of the two and its name; below it the source."""
    from mailaudit.cli.console import current_language

    gettext = current_language().gettext
    kind = gettext(N_("worked") if day.working else N_("day off"))
    mark = f" ({gettext(N_('estimated'))})" if day.provisional else ""
    weekday = gettext(_WEEKDAYS[day.day.weekday()])
    yield f"{weekday:<3} {day.day:%d/%m/%Y}  {kind}: {day.name or '–'}{mark}"
    if day.source:
        yield f"{'':<16}{day.source}"

"""The working-day calendar: a TOML file of days off and days made up for, each with its source."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mailaudit.errors import N_, ConfigurationError, cause, toml_cause
from mailaudit.model.calendar import MONDAY_TO_FRIDAY, CalendarDay, WorkCalendar
from mailaudit.model.codes import first_codes, similar_codes
from mailaudit.roster.shipped import shipped

DEFAULT = "calendar-vn.toml"
SATURDAY, SUNDAY = 5, 6
DAY_KEYS: Mapping[str, type] = {
    "date": date,
    "working": bool,
    "name": str,
    "source": str,
    "provisional": bool,
}
TABLE_KEYS: Mapping[str, Mapping[str, type]] = {
    "years": {"year": int, "provisional": bool, "source": str},
    "days": DAY_KEYS,
    "unit_calendars": {
        "name": str,
        "units": list,
        "saturday": bool,
        "sunday": bool,
        "source": str,
        "days": list,
    },
}
NEEDED_KEYS = {
    "years": ("year",),
    "days": ("date", "working"),
    "unit_calendars": ("name", "units"),
}
KIND_MESSAGES = {
    int: N_("In the calendar {file}, {key} must be a whole number."),
    bool: N_("In the calendar {file}, {key} must be true or false."),
    str: N_("In the calendar {file}, {key} must be a text in quotation marks."),
    date: N_("In the calendar {file}, {key} must be a date without quotation marks: 2026-11-24."),
    list: N_('In the calendar {file}, {key} must be a list in square brackets: ["H01", "H02"].'),
}
UNKNOWN_KEY = N_("The calendar {file} has the unknown key {key}.")
NO_ENTRIES = N_("In the calendar {file}, {key} must be written as [[{table}]] entries.")

File = Path | Traversable


def read_calendar(path: Path | None, needed: Iterable[int] = ()) -> WorkCalendar:
    """The calendar of a file, or Vietnam's as mailaudit brings it when `path` is None.

    The file has one [[years]] for each year it knows, one [[days]] for each day that is not what
    its weekday says, and one [[unit_calendars]] for units that work on other days;
    config/calendar-vn.toml explains itself.

    Args:
        needed: Years that are asked about. Of those the file lacks, public holidays are computed;
            they are not among the calendar's `years`.

    Raises:
        ConfigurationError: The file can't be read, or a key of it can't be used.
    """
    file: File = shipped(DEFAULT) if path is None else path
    content = _read_toml(file)
    for table in content:
        if table not in TABLE_KEYS:
            raise _unusable(file, table, UNKNOWN_KEY)
    years = [row for _, row in _entries(file, content, "years", "years")]
    known = [row["year"] for row in years]
    _check_unique(file, "years", "year", known)
    general = _days(file, content, "days", known)
    lacking = frozenset(needed) - frozenset(known)
    calendar = WorkCalendar(
        years=frozenset(known),
        provisional_years=frozenset(row["year"] for row in years if row.get("provisional", False)),
    )
    calendar = _with_days(calendar, (*general, *estimated_days(lacking)))
    return replace(calendar, units=tuple(_unit_calendars(file, content, calendar)))


def require_units(path: Path | None, codes: Iterable[str], known: Mapping[str, str]) -> None:
    """Refuses calendars of unknown units: their Saturdays would count nowhere.

    Args:
        path: The calendar file.
        codes: The units that have a calendar of their own.
        known: The names of the units there are, by code.

    Raises:
        ConfigurationError: One of the codes is unknown; the message suggests similar ones.
    """
    unknown = next((code for code in codes if code not in known), None)
    if unknown is None:
        return
    close = similar_codes(unknown, known)
    raise ConfigurationError(
        N_("In the calendar {file}, [[unit_calendars]] names the unknown unit {code}."),
        N_("Did you mean {close}?")
        if close
        else N_("Write the code as in the list; known here: {known}."),
        file=path or DEFAULT,
        code=unknown,
        close=close,
        known=first_codes(known),
    )


def _unit_calendars(
    file: File, content: Mapping[str, object], general: WorkCalendar
) -> Iterable[tuple[str, WorkCalendar]]:
    """The general calendar with the weekdays and days of its own, for each unit that has one."""
    codes: list[str] = []
    for place, row in _entries(file, content, "unit_calendars", "unit_calendars"):
        own = _days(file, row, f"{place}.days", sorted(general.years))
        weekdays = set(MONDAY_TO_FRIDAY)
        weekdays |= {SATURDAY} if row.get("saturday", False) else set()
        weekdays |= {SUNDAY} if row.get("sunday", False) else set()
        calendar = replace(
            _with_days(general, own),
            weekdays=frozenset(weekdays),
            name=row["name"],
            source=row.get("source", ""),
        )
        for code in row["units"]:
            if not isinstance(code, str) or not code.strip():
                raise _unusable(file, f"{place}.units", KIND_MESSAGES[list])
            if code.strip() in codes:
                raise _unusable(
                    file,
                    f"{place}.units",
                    N_("In the calendar {file}, {key} says {value} for the second time."),
                    value=code.strip(),
                )
            codes.append(code.strip())
            yield code.strip(), calendar


def _with_days(calendar: WorkCalendar, own: tuple[CalendarDay, ...]) -> WorkCalendar:
    """The calendar with these days, in place of those that it has of the same dates."""
    replaced = {day.day for day in own}
    others = (day for day in calendar.days if day.day not in replaced)
    days = tuple(sorted((*own, *others), key=lambda day: day.day))
    return replace(
        calendar,
        off=frozenset(day.day for day in days if not day.working),
        worked=frozenset(day.day for day in days if day.working),
        days=days,
    )


def _days(
    file: File, content: Mapping[str, object], place: str, known: list[int]
) -> tuple[CalendarDay, ...]:
    """The [[days]] of the file, or of a unit calendar, as they stand."""
    rows = [row for _, row in _entries(file, content, "days", place)]
    _check_unique(file, place, "date", [row["date"] for row in rows])
    for number, row in enumerate(rows, start=1):
        if row["date"].year not in known:
            raise _unusable(
                file,
                f"{place}[{number}].date",
                N_("In the calendar {file}, {key} lies in a year without a [[years]] entry."),
            )
    return tuple(CalendarDay(day=row.pop("date"), **row) for row in rows)


def _read_toml(file: File) -> dict[str, Any]:
    remedy = N_("Correct calendar.file in the configuration, or remove it to use the default.")
    text = ""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise ConfigurationError(
            N_("The calendar {file} can't be read: {why}."),
            remedy,
            file=file,
            why=cause(error),
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            N_("The calendar {file} is not UTF-8 text."),
            N_("Save it as UTF-8 in a text editor."),
            file=file,
        ) from None
    except (ValueError, RecursionError) as error:  # also of a number or a nesting without end
        line, why = toml_cause(error, text)
        raise ConfigurationError(
            N_("The calendar {file} is not valid TOML at line {line}: {why}."),
            N_("Correct the line, or start again from a copy of calendar-vn.toml."),
            file=file,
            line=line,
            why=why,
        ) from None


def _entries(
    file: File, content: Mapping[str, object], table: str, place: str
) -> list[tuple[str, dict[str, Any]]]:
    """The checked entries of [[table]] with their places, "days[1]" being the first."""
    rows = content.get(table, [])
    if not isinstance(rows, list):
        raise _unusable(file, place, NO_ENTRIES, table=re.sub(r"\[\d+\]", "", place))
    return [
        (f"{place}[{number}]", _checked(file, table, f"{place}[{number}]", row))
        for number, row in enumerate(rows, start=1)
    ]


def _checked(file: File, table: str, place: str, row: object) -> dict[str, Any]:
    """One entry with all keys known, of their kind, and the needed ones there."""
    if not isinstance(row, dict):
        raise _unusable(file, place, NO_ENTRIES, table=re.sub(r"\[\d+\]", "", place))
    for key, value in row.items():
        kind = TABLE_KEYS[table].get(key)
        if kind is None:
            raise _unusable(file, f"{place}.{key}", UNKNOWN_KEY)
        # bool is an int and datetime a date to isinstance, but not to a reader of the file.
        if type(value) is not kind:
            raise _unusable(file, f"{place}.{key}", KIND_MESSAGES[kind])
    for key in NEEDED_KEYS[table]:
        if key not in row:
            raise _unusable(file, f"{place}.{key}", N_("In the calendar {file}, {key} is missing."))
    return row


def _check_unique(file: File, place: str, key: str, values: list[Any]) -> None:
    for number, value in enumerate(values, start=1):
        if value in values[: number - 1]:
            raise _unusable(
                file,
                f"{place}[{number}].{key}",
                N_("In the calendar {file}, {key} says {value} for the second time."),
                value=value,
            )


def _unusable(file: File, key: str, message: str, **values: object) -> ConfigurationError:
    remedy = N_("Correct it; the calendar mailaudit brings, calendar-vn.toml, explains the keys.")
    return ConfigurationError(message, remedy, file=file, key=key, **values)


SOURCE = "holidays (PyPI)"


def estimated_days(years: Iterable[int]) -> tuple[CalendarDay, ...]:
    """Viet Nam's public holidays of these years, in order, each provisional.

    Swapped days are decided by the Government year by year; those the package has not heard of
    are missing, which is why whatever is made with these days says so.
    """
    wanted = sorted(set(years))
    if not wanted:
        return ()
    import holidays  # takes a while to load, and is needed once in a few years

    found = holidays.country_holidays("VN", years=wanted, language="vi")
    off = [CalendarDay(day, False, name, SOURCE, True) for day, name in found.items()]
    worked = [
        CalendarDay(day, True, "", SOURCE, True)
        for day in found.weekend_workdays
        if day.year in wanted
    ]
    return tuple(sorted(off + worked, key=lambda day: day.day))

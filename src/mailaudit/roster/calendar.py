"""The working-day calendar: a TOML file of days off and days made up for, each with its source."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.calendar import WorkCalendar
from mailaudit.roster.shipped import shipped

DEFAULT = "calendar-vn.toml"
TABLE_KEYS = {
    "years": {"year": int, "provisional": bool, "source": str},
    "days": {"date": date, "working": bool, "name": str, "source": str},
}
NEEDED_KEYS = {"years": ("year",), "days": ("date", "working")}
KIND_MESSAGES = {
    int: N_("In the calendar {file}, {key} must be a whole number."),
    bool: N_("In the calendar {file}, {key} must be true or false."),
    str: N_("In the calendar {file}, {key} must be a text in quotation marks."),
    date: N_("In the calendar {file}, {key} must be a date without quotation marks: 2026-11-24."),
}
UNKNOWN_KEY = N_("The calendar {file} has the unknown key {key}.")
NO_ENTRIES = N_("In the calendar {file}, {key} must be written as [[years]] or [[days]] entries.")


def read_calendar(path: Path | None) -> WorkCalendar:
    """The calendar of a file, or Vietnam's as mailaudit brings it when `path` is None.

    The file has one [[years]] for each year it knows and one [[days]] for each day that is not
    what its weekday says; config/calendar-vn.toml explains itself.

    Raises:
        ConfigurationError: The file can't be read, or a key of it can't be used.
    """
    file: Path | Traversable = shipped(DEFAULT) if path is None else path
    content = _read_toml(file)
    for table in content:
        if table not in TABLE_KEYS:
            raise _unusable(file, table, UNKNOWN_KEY)
    years = [_checked(file, "years", n, row) for n, row in _rows(file, content, "years")]
    days = [_checked(file, "days", n, row) for n, row in _rows(file, content, "days")]
    known = [row["year"] for row in years]
    _check_unique(file, "years", "year", known)
    _check_unique(file, "days", "date", [row["date"] for row in days])
    for number, row in enumerate(days, start=1):
        if row["date"].year not in known:
            raise _unusable(
                file,
                f"days[{number}].date",
                N_("In the calendar {file}, {key} lies in a year without a [[years]] entry."),
            )
    return WorkCalendar(
        off=frozenset(row["date"] for row in days if not row["working"]),
        worked=frozenset(row["date"] for row in days if row["working"]),
        years=frozenset(known),
        provisional_years=frozenset(row["year"] for row in years if row.get("provisional", False)),
    )


def _read_toml(file: Path | Traversable) -> dict[str, Any]:
    remedy = N_("Correct calendar.file in the configuration, or remove it to use the default.")
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(
            N_("The calendar {file} can't be read: {why}."),
            remedy,
            file=file,
            why=error.strerror or type(error).__name__,
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            N_("The calendar {file} is not valid TOML: {why}."),
            N_("Correct the line, or start again from a copy of calendar-vn.toml."),
            file=file,
            why=error,
        ) from None


def _rows(
    file: Path | Traversable, content: Mapping[str, object], table: str
) -> list[tuple[int, object]]:
    """The entries of [[table]], numbered from 1."""
    rows = content.get(table, [])
    if not isinstance(rows, list):
        raise _unusable(file, table, NO_ENTRIES)
    return list(enumerate(rows, start=1))


def _checked(file: Path | Traversable, table: str, number: int, row: object) -> dict[str, Any]:
    """One entry with all keys known, of their kind, and the needed ones there."""
    place = f"{table}[{number}]"
    if not isinstance(row, dict):
        raise _unusable(file, place, NO_ENTRIES)
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


def _check_unique(file: Path | Traversable, table: str, key: str, values: list[Any]) -> None:
    for number, value in enumerate(values, start=1):
        if value in values[: number - 1]:
            raise _unusable(
                file,
                f"{table}[{number}].{key}",
                N_("In the calendar {file}, {key} says {value} for the second time."),
                value=value,
            )


def _unusable(
    file: Path | Traversable, key: str, message: str, **values: object
) -> ConfigurationError:
    remedy = N_("Correct it; the calendar mailaudit brings, calendar-vn.toml, explains the keys.")
    return ConfigurationError(message, remedy, file=file, key=key, **values)

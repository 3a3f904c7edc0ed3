"""One file of a usage report: the e-mail activity of a tenant's users on one day.

Source: Microsoft Graph, `reportRoot: getEmailActivityUserDetail(date=…)`, as CSV. Days are UTC. The
file does not say which day it is of: its name does. Read counts are acts of reading, no states of
mails, and are not read.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO
from unicodedata import normalize

from mailaudit.errors import N_, Phrase, ServerError, cause

LARGEST = 256 * 1024 * 1024  # bytes: a day of a million users
LONGEST_FIELD, LONGEST_LINE = 8192, 65536  # characters

REFRESHED, USER, DELETED = "Report Refresh Date", "User Principal Name", "Is Deleted"
SENT, RECEIVED, PERIOD = "Send Count", "Receive Count", "Report Period"
NEEDED = (REFRESHED, USER, DELETED, SENT, RECEIVED, PERIOD)

_DAY = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_CONCEALED = re.compile(r"[0-9A-Fa-f]{32}")
_COUNT = re.compile(r"[0-9]{1,6}")  # of a user on a day
_YES_OR_NO = {"True": True, "False": False}
_OF_A_DAY = ("", "0", "1")  # what the period of a report of one day may say
_AGAIN = N_("Download the report of this day again, and leave it as it is.")


@dataclass(frozen=True, slots=True)
class UserDay:
    """What one user did on the day of a report.

    Attributes:
        address: Lower case, NFC.
        is_deleted: Whether the account was deleted since.
    """

    address: str
    sent: int
    received: int
    is_deleted: bool


def day_of(file: Path) -> date:
    """The day that the file's name says its report is of: `m365-2026-10-05.csv`.

    Raises:
        ServerError: It says none, or more than one.
    """
    days = set()
    for year, month, day in _DAY.findall(file.stem):
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    if len(days) == 1:
        return days.pop()
    raise ServerError(
        N_("The name of {file} does not say which day its report is of, nor does what is in it."),
        N_("Name each file by the day that it was downloaded for: {example}."),
        file=file.name,
        example="m365-2026-10-05.csv",
    )


def read_report(file: Path, day: date) -> Iterator[UserDay]:
    """The users in a report of that day, one after the other.

    Raises:
        ServerError: It can't be read, is of several days, was made before the day was over, its
            names are concealed, or it is not such a report.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise _not_a_report(file, N_("it is too large"))
        with file.open(encoding="utf-8-sig", newline="") as opened:
            yield from _rows(file, day, _lines(file, opened))
    except UnicodeDecodeError:
        raise _not_a_report(file, N_("its text is not UTF-8")) from None
    except OSError as error:
        raise ServerError(
            N_("{file} can't be read: {cause}."),
            N_("Check the path and the right to read it."),
            file=file.name,
            cause=cause(error),
        ) from None


def _lines(file: Path, opened: TextIO) -> Iterator[str]:
    """The lines, none of which is longer than one can be."""
    number = 0
    while line := opened.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise _damaged(file, number)
        yield line


def _rows(file: Path, day: date, lines: Iterator[str]) -> Iterator[UserDay]:
    limit = csv.field_size_limit(LONGEST_FIELD)
    try:
        reader = csv.reader(lines, strict=True)
        header = next(reader, [])
        places = _places(file, header)
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise _damaged(file, reader.line_num)
            yield _user_day(file, day, reader.line_num, [row[place] for place in places])
    except csv.Error:
        # What it says can quote a field.
        raise _damaged(file, reader.line_num) from None
    finally:
        csv.field_size_limit(limit)


def _places(file: Path, header: Sequence[str]) -> list[int]:
    """Where the columns that are read stand."""
    names = [name.strip() for name in header]
    missing = [name for name in NEEDED if names.count(name) != 1]
    if not missing:
        return [names.index(name) for name in NEEDED]
    if len(missing) == len(NEEDED):
        raise _not_a_report(file, N_("its first line has none of the columns of one"))
    raise ServerError(
        N_("The columns of {file} are not those that are known: {missing} missing or there twice."),
        N_(
            "Microsoft may have changed the report: nothing is read by guess. Download it again,"
            " and look for an update of mailaudit."
        ),
        file=file.name,
        missing=", ".join(missing),
    )


def _user_day(file: Path, day: date, line: int, fields: Sequence[str]) -> UserDay:
    refreshed, user, deleted, sent, received, period = (field.strip() for field in fields)
    if period not in _OF_A_DAY:
        raise ServerError(
            N_("{file} is a report of several days, not of one: its sums can't be divided by day."),
            N_("Download a report for each day: getEmailActivityUserDetail(date={day})."),
            file=file.name,
            day=day.isoformat(),
        )
    if _CONCEALED.fullmatch(user):
        raise ServerError(
            N_("The names of users in {file} are concealed: nobody can be found in it."),
            N_(
                "In the Microsoft 365 admin center, Settings, Org settings, Reports, switch off"
                " “Display concealed user, group, and site names in all reports”"
                " (displayConcealedNames), download the reports again, and switch it back on."
            ),
            file=file.name,
        )
    try:
        refreshed_on = date.fromisoformat(refreshed)
    except ValueError:
        raise _damaged(file, line) from None
    if refreshed_on < day:
        raise ServerError(
            N_("{file} was made before {day} was over: its data go to {refreshed}."),
            N_("Microsoft is about two days late. Download the report of this day again."),
            file=file.name,
            day=day.isoformat(),
            refreshed=refreshed_on.isoformat(),
        )
    if not (_COUNT.fullmatch(sent) and _COUNT.fullmatch(received) and deleted in _YES_OR_NO):
        raise _damaged(file, line)
    address = normalize("NFC", user).lower()
    return UserDay(address, int(sent), int(received), is_deleted=_YES_OR_NO[deleted])


def _damaged(file: Path, line: int) -> ServerError:
    return ServerError(
        N_("Line {line} of {file} can't be understood as one of a usage report."),
        _AGAIN,
        line=str(line),
        file=file.name,
    )


def _not_a_report(file: Path, why: str) -> ServerError:
    return ServerError(
        N_("{file} is no usage report as Microsoft 365 writes it: {why}."),
        _AGAIN,
        file=file.name,
        why=Phrase(why),
    )

"""What is wrong in a unit list and its events, all of it at once, each with what to do.

Reading a list for a month stops at what that month can't be counted with; this looks at all times.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from mailaudit.errors import N_, RosterError
from mailaudit.model.lineage import EventKind, UnitEvent
from mailaudit.model.roster import Problem
from mailaudit.model.tones import with_tones_placed
from mailaudit.roster.cells import bare_letters
from mailaudit.roster.events import look_through_events
from mailaudit.roster.units import (
    ListedUnit,
    UnitList,
    look_through_units,
    misplaced,
    repeated_codes,
)

ONE_DAY = timedelta(days=1)
# Spellings of one word: Đăk and Đắc for Đắk, Mĩ for Mỹ.
_DAK = re.compile(r"\bđ[ăắ][kc]\b")
_FINAL_Y = re.compile(r"(?<=[hklmst])[yỳỷỹýỵ]\b")
_I_FOR_Y = str.maketrans("yỳỷỹýỵ", "iìỉĩíị")

ORPHAN = N_(
    'the unit "{code}" belongs to "{parent}", which is not in the list from {day} on; add that'
    " unit, or correct the code or the dates"
)
ALWAYS_ORPHAN = N_(
    'the unit "{code}" belongs to "{parent}", which is not in the list; add that unit, or correct'
    " the code"
)
CYCLE = N_('the unit "{code}" is above itself; correct the unit it belongs to')
REPEATED = N_(
    'the code "{code}" stands at {first} already; give one of the two another code, or remove it'
)
OVERLAPPING = N_(
    'the code "{code}" is in force here and at {first} on the same days; end one of them before'
    " the other begins"
)
SPELLING = N_(
    'the name "{name}" differs from "{other}" at {first} only by spelling; if both are one unit,'
    " keep one of them, else name them apart"
)
SAME_NAME = N_(
    'the name "{name}" stands at {first} too, with another code; if both are one unit, keep one'
    " of them, else name them apart"
)
UNKNOWN_UNIT = N_(
    'the event names the unit "{code}", which is not in the unit list; add it with the dates it'
    " was in force, or correct the code"
)
STILL_THERE = N_(
    'the unit "{code}" should have ended by this event on {day}, and is in force after it at'
    " {place}; enter its last day in the unit list"
)
NOT_YET_THERE = N_(
    'the unit "{code}" should exist from this event on {day}, and is not in force then; correct'
    " its first day in the unit list, or the event"
)
_ONE_TO_ONE = N_(
    '"{kind}" goes from one unit to one; correct the kind of event, or its units before and after'
)
WRONG_NUMBER = {
    EventKind.RENAMED: _ONE_TO_ONE,
    EventKind.MOVED: _ONE_TO_ONE,
    EventKind.MERGED: N_(
        '"{kind}" goes from several units to one; correct the kind of event, or its units before'
        " and after"
    ),
    EventKind.SPLIT: N_(
        '"{kind}" goes from one unit to several; correct the kind of event, or its units before'
        " and after"
    ),
}


@dataclass(frozen=True, slots=True)
class UnitCheck:
    """Everything to be corrected in a unit list and its events, in the order of the files.

    Attributes:
        errors: What made a whole file unreadable.
    """

    problems: tuple[Problem, ...]
    errors: tuple[RosterError, ...]


def check_units(
    units_file: Path, events_file: Path | None = None, encoding: str | None = None
) -> UnitCheck:
    """Looks through both lists as far as they can be read.

    A row that can't be understood leads to no second fault: that its unit is missing elsewhere.
    """
    problems: list[Problem] = []
    errors: list[RosterError] = []
    listed = None
    try:
        listed = look_through_units(units_file, encoding)
    except RosterError as error:
        errors.append(error)
    else:
        problems += [*listed.faults, *_codes(listed.rows), *_trees(listed), *_names(listed.rows)]
        problems.sort(key=_row_number)
    if events_file is not None:
        try:
            events, faults = look_through_events(events_file, encoding)
        except RosterError as error:
            errors.append(error)
        else:
            found = _events(events, listed, is_whole=not faults)
            problems += sorted([*faults, *found], key=_row_number)
    return UnitCheck(tuple(problems), tuple(errors))


def _row_number(problem: Problem) -> int:
    """12 of "units.csv:12"."""
    return int(problem.row.rpartition(":")[2])


def _codes(rows: Sequence[ListedUnit]) -> Iterator[Problem]:
    """Codes that stand twice, on the same days."""
    for row, first in repeated_codes(rows):
        dated = {row.valid_from, row.valid_to, first.valid_from, first.valid_to} != {None}
        values = (("code", row.unit.code), ("first", first.place))
        yield Problem(row.place, OVERLAPPING if dated else REPEATED, values)


def _trees(listed: UnitList) -> Iterator[Problem]:
    """Orphans and cycles of any time, each reported for the first day it is there."""
    reported: set[tuple[str, bool]] = set()
    for day in _days_of_change(listed.rows):
        for row, is_orphan in misplaced(listed.in_force(day)):
            unit = row.unit
            is_unread = is_orphan and unit.parent in listed.unread_codes
            if is_unread or (row.place, is_orphan) in reported:
                continue
            reported.add((row.place, is_orphan))
            values = [("code", unit.code), ("parent", unit.parent or "")]
            message = CYCLE
            if is_orphan:
                message = ALWAYS_ORPHAN if day == date.min else ORPHAN
            if message is ORPHAN:
                values.append(("day", f"{day:%d/%m/%Y}"))
            yield Problem(row.place, message, tuple(values))


def _days_of_change(rows: Iterable[ListedUnit]) -> list[date]:
    """The days on which another set of rows comes into force, with the beginning of time."""
    days = {date.min}
    for row in rows:
        if row.valid_from is not None:
            days.add(row.valid_from)
        if row.valid_to is not None and row.valid_to < date.max:
            days.add(row.valid_to + ONE_DAY)
    return sorted(days)


def _names(rows: Sequence[ListedUnit]) -> Iterator[Problem]:
    """Units of other codes and the same parent, named alike at the same time."""
    for number, row in enumerate(rows):
        for other in rows[:number]:
            if (
                other.unit.code != row.unit.code
                and other.unit.parent == row.unit.parent
                and _is_one_name(other.unit.name, row.unit.name)
                and other.overlaps(row)
            ):
                values = (
                    ("name", row.unit.name),
                    ("other", other.unit.name),
                    ("first", other.place),
                )
                same = other.unit.name == row.unit.name
                yield Problem(row.place, SAME_NAME if same else SPELLING, values)
                break


def _is_one_name(one: str, other: str) -> bool:
    """Whether two names are one name in two spellings.

    "Sở Y tế" and "SỞ  Y TẾ", "Hoà Bình" and "Hòa Bình", "Đăk Mil" and "Đắk Mil", "Mỹ An" and
    "Mĩ An", "Sở Nội vụ" and "So Noi vu"; but "Tân Hà" and "Tân Hạ" are two places.
    """
    if _spelt(one) == _spelt(other):
        return True
    return bare_letters(one) == bare_letters(other) and (one.isascii() or other.isascii())


def _spelt(name: str) -> str:
    """The name with one spelling for each word."""
    text = _DAK.sub("đắk", with_tones_placed(name.replace("Ð", "Đ")).lower())
    text = _FINAL_Y.sub(lambda found: found[0].translate(_I_FOR_Y), text)
    return "".join(letter for letter in text if letter.isalnum())


def _events(
    events: Sequence[UnitEvent], listed: UnitList | None, *, is_whole: bool
) -> Iterator[Problem]:
    """Events of unknown units, or of units that are there when they should not be.

    Args:
        listed: None where the unit list can't be read.
        is_whole: Whether `events` are all rows: else one of them may be the other half of a
            merger or split.
    """
    codes = frozenset() if listed is None else frozenset(row.unit.code for row in listed.rows)
    for event in events:
        if listed is not None:
            yield from _units_of_event(event, listed, codes)
        stands_alone = is_whole or event.kind not in (EventKind.MERGED, EventKind.SPLIT)
        if stands_alone and not _fits(event, events):
            kind = ("kind", event.kind.value)
            yield Problem(event.place, WRONG_NUMBER[event.kind], (kind,))


def _units_of_event(event: UnitEvent, listed: UnitList, codes: frozenset[str]) -> Iterator[Problem]:
    named = dict.fromkeys((*event.predecessors, *event.successors))
    for code in named:
        if code not in codes and code not in listed.unread_codes:
            yield Problem(event.place, UNKNOWN_UNIT, (("code", code),))
    if named.keys() <= codes - listed.unread_codes:
        yield from _times(event, listed)


def _times(event: UnitEvent, listed: UnitList) -> Iterator[Problem]:
    after = {row.unit.code: row for row in listed.in_force(event.day)}
    day = ("day", f"{event.day:%d/%m/%Y}")
    for code in event.predecessors:
        if code in after and code not in event.successors and event.kind is not EventKind.SPLIT:
            values = (("code", code), day, ("place", after[code].place))
            yield Problem(event.place, STILL_THERE, values)
    for code in event.successors:
        if code not in after:
            yield Problem(event.place, NOT_YET_THERE, (("code", code), day))


def _fits(event: UnitEvent, events: Sequence[UnitEvent]) -> bool:
    """Whether so many units before and after make such an event.

    Several rows of one day with the same successor are one merger, those with the same
    predecessor one split.
    """
    same_day = [other for other in events if other.day == event.day and other.kind is event.kind]
    before = {
        code
        for other in same_day
        if set(other.successors) & set(event.successors)
        for code in other.predecessors
    }
    after = {
        code
        for other in same_day
        if set(other.predecessors) & set(event.predecessors)
        for code in other.successors
    }
    if event.kind is EventKind.MERGED:
        return len(before) > 1 and len(event.successors) == 1
    if event.kind is EventKind.SPLIT:
        return len(event.predecessors) == 1 and len(after) > 1
    if event.kind is EventKind.DISSOLVED:
        return True
    return len(event.predecessors) == len(event.successors) == 1

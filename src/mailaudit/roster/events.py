"""Lists of what became of units: renamed, merged, split, dissolved, moved to another level."""

import re
from functools import partial
from pathlib import Path

from mailaudit.errors import N_
from mailaudit.model.lineage import EventKind, UnitEvent
from mailaudit.model.roster import Problem
from mailaudit.roster.cells import bare_letters, date_of
from mailaudit.roster.columns import EVENT_COLUMNS
from mailaudit.roster.errors import BadCell, RosterFaults
from mailaudit.roster.files.sheet import Row
from mailaudit.roster.list_file import ListFile, open_list

REQUIRED = (("day",), ("kind",), ("predecessors",))
KINDS = {
    **{bare_letters(kind.value): kind for kind in EventKind},
    "renamed": EventKind.RENAMED,
    "merged": EventKind.MERGED,
    "hopnhat": EventKind.MERGED,
    "split": EventKind.SPLIT,
    "chia": EventKind.SPLIT,
    "tach": EventKind.SPLIT,
    "dissolved": EventKind.DISSOLVED,
    "moved": EventKind.MOVED,
}


def read_events(file: Path, encoding: str | None = None) -> tuple[UnitEvent, ...]:
    """The events of a list, by day, those of one day as listed.

    The file may be the workbook of the unit list, with the events on a sheet of their own.

    Args:
        encoding: What text that is not Unicode is written in, where a person has said so.

    Raises:
        RosterError: The list can't be read, or rows of it can't be understood.
    """
    events, faults = look_through_events(file, encoding)
    if faults:
        raise RosterFaults(file, faults)
    return events


def look_through_events(
    file: Path, encoding: str | None = None
) -> tuple[tuple[UnitEvent, ...], tuple[Problem, ...]]:
    """The events of a list, and what is wrong with the rows that can't be understood.

    Raises:
        RosterError: The list can't be read.
    """
    opened = open_list(file, EVENT_COLUMNS, REQUIRED, encoding)
    events, faults = opened.read(partial(_event, opened))
    in_order = tuple(sorted(events, key=lambda event: event.day))
    return in_order, tuple(fault for _, fault in faults)


def _event(opened: ListFile, row: Row) -> UnitEvent:
    """The event of a row. Raises BadCell."""
    day = date_of(opened.cell(row, "day"))
    if day is None:
        raise BadCell(N_("the event has no date"))
    text = opened.text(row, "kind")
    kind = KINDS.get(bare_letters(text))
    if kind is None:
        raise BadCell(
            N_('"{text}" is not a kind of event; write one of: {kinds}'),
            text=text,
            kinds=", ".join(EventKind),
        )
    predecessors = _codes(opened.text(row, "predecessors"))
    if not predecessors:
        raise BadCell(N_("the event names no unit it happened to"))
    successors = _codes(opened.text(row, "successors"))
    if not successors and kind is not EventKind.DISSOLVED:
        raise BadCell(N_("the event names no unit that came of it"))
    return UnitEvent(
        day, kind, predecessors, successors, opened.text(row, "document"), place=row.place
    )


def _codes(text: str) -> tuple[str, ...]:
    """Unit codes, separated by commas, semicolons or plus signs."""
    parts = (part.strip() for part in re.split(r"[,;+]", text))
    return tuple(dict.fromkeys(part for part in parts if part and part not in ("-", "–")))

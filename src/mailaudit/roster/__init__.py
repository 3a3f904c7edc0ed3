"""Lists of staff, units, events, corrections, working days in; a Roster and what was odd out."""

from mailaudit.roster.calendar import read_calendar, require_units
from mailaudit.roster.correction_check import check_corrections
from mailaudit.roster.corrections import read_corrections
from mailaudit.roster.errors import RosterFaults
from mailaudit.roster.events import read_events
from mailaudit.roster.people import same_mailboxes
from mailaudit.roster.reading import DEFAULT_GROUP, read_lists, read_roster
from mailaudit.roster.unit_check import check_units
from mailaudit.roster.units import read_unit_list, units_of, units_on

__all__ = [
    "DEFAULT_GROUP",
    "RosterFaults",
    "check_corrections",
    "check_units",
    "read_calendar",
    "read_corrections",
    "read_events",
    "read_lists",
    "read_roster",
    "read_unit_list",
    "require_units",
    "same_mailboxes",
    "units_of",
    "units_on",
]

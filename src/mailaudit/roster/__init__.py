"""Staff lists, unit lists and the working-day calendar in; a Roster and what was odd out."""

from mailaudit.roster.calendar import read_calendar
from mailaudit.roster.faults import RosterFaults
from mailaudit.roster.reading import DEFAULT_GROUP, read_roster

__all__ = ["DEFAULT_GROUP", "RosterFaults", "read_calendar", "read_roster"]

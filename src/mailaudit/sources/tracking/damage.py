"""What can be wrong with a log. Never says what stands in it: subjects do."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a log can't be counted. Its value is stored and logged."""

    CUT = "cut short"
    FIELDS = "wrong number of fields"
    QUOTES = "quotation mark not closed"
    LONG = "row too long"
    NO_HEAD = "no head"
    NO_LOG = "no message tracking log"
    EXPORT = "export of a shell"
    COLUMNS = "columns missing"
    TIME = "times not UTC"
    UNREADABLE = "unreadable"
    CHANGED = "still written"
    OTHER_NAME = "name changed"
    OTHER_HOURS = "rows of other hours"
    OTHER_SERVER = "another server's"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class Damage:
    """One fault of one log.

    Attributes:
        line: Where it begins, counted from 1; 0 where that says nothing.
        found, expected: Numbers of fields, where they differ.
        detail: Names of columns, of a file, or what the system said; nothing from a row.
    """

    fault: Fault
    line: int = 0
    found: int = 0
    expected: int = 0
    detail: str = ""


class DamagedLogError(Exception):
    """A log can't be counted."""

    def __init__(self, damage: Damage) -> None:
        super().__init__(damage.fault.value)
        self.damage = damage

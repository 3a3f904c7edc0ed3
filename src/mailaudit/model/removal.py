"""Removal: what is left of people who were removed from a snapshot, as sums of units."""

from dataclasses import dataclass
from datetime import datetime

from mailaudit.model.outcome import Reason
from mailaudit.model.usage import OutOfScope, Silence, StaffState


@dataclass(frozen=True, slots=True)
class Alike:
    """People of one unit who count alike: what sums need of them, and no more.

    Attributes:
        unit_code: The unit that listed them, topmost or not.
        out_of_scope, word, undated: Why they are out of scope: by which rule, with which word of
            the staff list, and whether without dates. Kept while others of the month are stored.
        reason: Why they were not measured; kept likewise.
        kind: As of a StaffUsage.
        people: How many, at least 1.
    """

    unit_code: str
    state: StaffState
    out_of_scope: OutOfScope | None = None
    word: str = ""
    undated: bool = False
    reason: Reason | None = None
    has_read: bool = False
    has_sent: bool = False
    sent_enough: bool = False
    regular: bool = False
    kind: str = ""
    people: int = 1


@dataclass(frozen=True, slots=True)
class Sums:
    """What people come to by the rules of the day on which they were summed.

    Attributes:
        rules: SHA-256 (hex) of all that decides how a person of the month counts; see
            metrics.summing.
        silence: As in `Measurement`, of the whole month.
        alike: In a fixed order.
    """

    rules: str
    silence: Silence | None
    alike: tuple[Alike, ...]

    @property
    def people(self) -> int:
        """How many."""
        return sum(one.people for one in self.alike)


@dataclass(frozen=True, slots=True)
class Removal:
    """That people were removed from a snapshot, and their Sums.

    Attributes:
        removed_at: When the last of them was, UTC.
        is_whole: Whether nobody is left; else those are gone who asked for it.
        first_digest: The seal the snapshot had before, SHA-256 (hex); "" where it had none.
    """

    removed_at: datetime
    is_whole: bool
    first_digest: str
    sums: Sums

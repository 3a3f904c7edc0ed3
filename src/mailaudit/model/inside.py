"""MonthInside: what a longer period has of one of its months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from mailaudit.model.period import Period
from mailaudit.model.usage import Silence


@dataclass(frozen=True, slots=True)
class MonthInside:
    """A month that a longer period has days of.

    Attributes:
        counts: Most of its working days lie inside: people are judged in it.
        edition: Of the snapshot that was used; 0 where none is stored.
        cut_off_at: None where none is stored.
        final: It is sealed or, where it does not count, was collected after the longer period.
        coverage: Of everybody in scope in the whole month; None where nobody has a mailbox.
        sufficient: Whether that is enough.
        silence: As in `Measurement`, of the whole month.
        digest: Of the snapshot, "" where it is not sealed.
        kinds: Of the sources by which people in scope were measured.
        left_out: People who can't be found again, and so are not counted by this month.
    """

    period: Period
    counts: bool
    edition: int = 0
    cut_off_at: datetime | None = None
    final: bool = False
    coverage: Fraction | None = None
    sufficient: bool = False
    silence: Silence | None = None
    digest: str = ""
    kinds: frozenset[str] = frozenset()
    left_out: int = 0

    @property
    def is_stored(self) -> bool:
        """Whether there is anything of it."""
        return self.edition > 0

    @property
    def is_sound(self) -> bool:
        """Whether its figures are final and of enough mailboxes."""
        return self.is_stored and self.final and self.sufficient and self.silence is None


def text_of_months(period: Period, months: Iterable[MonthInside]) -> str:
    """What the SHA-256 of a longer period covers: its name, then a line for each of its months.

    `2026-09 1 2026-10-02T00:00:00+00:00 <the month's own SHA-256>`; a dash stands for what a month
    has not.
    """
    lines = (
        f"{m.period} {m.edition} {m.cut_off_at.isoformat() if m.cut_off_at else '-'}"
        f" {m.digest or '-'}\n"
        for m in months
    )
    return f"{period}\n{''.join(lines)}"

"""Reconciliation: a stored month held against what a second source, its witness, says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from mailaudit.model.outcome import Reason
from mailaudit.model.period import Period
from mailaudit.model.ranking import NotRanked
from mailaudit.model.roster import Staff, Unit
from mailaudit.model.snapshot import SourceInfo
from mailaudit.model.usage import Counts


class Flow(StrEnum):
    """Which mail of a mailbox: what every source counts by day."""

    SENT = "sent"
    RECEIVED = "received"


class Side(StrEnum):
    """One of the two sources."""

    STORED = "stored"
    WITNESS = "witness"

    @property
    def other(self) -> "Side":
        """The other one."""
        return Side.WITNESS if self is Side.STORED else Side.STORED


class Likely(StrEnum):
    """Why only one source saw some mail, in the order the rules are tried; docs/metrics.md."""

    OUTSIDE_DAYS = "outside the days of the other source"
    OTHER_DAY = "counted on the day before or after"
    NO_COPY = "no copy in Sent Items"
    MOVED = "moved or sent on by a rule"
    DELETED = "deleted for good"
    ALIAS = "another address of the mailbox"
    PUT_THERE = "put into the mailbox without being delivered"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Seen:
    """Numbers of mails: those both sources saw, and those that only one of them did.

    Sources give numbers by day, so "both" is the smaller number of each day.
    """

    both: int = 0
    stored: int = 0
    witness: int = 0

    def __add__(self, other: "Seen") -> "Seen":
        return Seen(
            self.both + other.both, self.stored + other.stored, self.witness + other.witness
        )

    @property
    def different(self) -> int:
        """Mails that only one source saw."""
        return self.stored + self.witness

    @property
    def different_share(self) -> Fraction | None:
        """Of all mails that any source saw. 90 of both, 8 and 2 of one: 10/100. None of none."""
        every = self.both + self.different
        return Fraction(self.different, every) if every else None

    def only(self, side: Side) -> int:
        """Mails that only this source saw."""
        return self.stored if side is Side.STORED else self.witness


@dataclass(frozen=True, slots=True)
class Difference:
    """Mails of one mailbox that only one source saw, for one likely reason.

    Attributes:
        side: The source that saw them.
    """

    flow: Flow
    side: Side
    likely: Likely
    mails: int


@dataclass(frozen=True, slots=True)
class MailboxReconciled:
    """One mailbox that both sources measured.

    Attributes:
        unit: The name of the person's own unit.
        line: The code of the unit it counts in.
        differences: Empty where both saw the same.
    """

    person: Staff
    unit: str
    line: str
    sent: Seen
    received: Seen
    differences: tuple[Difference, ...]

    @property
    def seen(self) -> Seen:
        """Sent and received together."""
        return self.sent + self.received


@dataclass(frozen=True, slots=True)
class MeasuredByOne:
    """A mailbox that only one source measured, and why the other one did not.

    Attributes:
        side: The source that measured it.
        mails: Sent and received, as it saw them.
    """

    person: Staff
    unit: str
    line: str
    side: Side
    mails: int
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What a unit comes to by one source, over the mailboxes that both measured.

    Attributes:
        rank: None where `not_ranked` says why.
    """

    counts: Counts
    rank: int | None
    tied: bool = False
    not_ranked: NotRanked | None = None


@dataclass(frozen=True, slots=True)
class UnitReconciled:
    """One unit by both sources.

    Attributes:
        mailboxes: How many both measured.
        differing: Of how many of them the sources say something different.
        stored, witness: Its rate and rank by each.
    """

    unit: Unit
    mailboxes: int
    differing: int
    sent: Seen
    received: Seen
    stored: Place
    witness: Place

    @property
    def seen(self) -> Seen:
        """Sent and received together."""
        return self.sent + self.received

    @property
    def change(self) -> Fraction | None:
        """By how much the rate would move; percentage points once multiplied by 100.

        None where one of the sources gives no rate that may be compared.
        """
        if NotRanked.LOW_COVERAGE in (self.stored.not_ranked, self.witness.not_ranked):
            return None
        then, now = self.stored.counts.regular_share, self.witness.counts.regular_share
        return None if then is None or now is None else now - then


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The sums of a reconciliation: what the store keeps of it. Nothing in it is of one person.

    Attributes:
        edition, digest: Of the stored month, and its seal; "" of one that is not sealed.
        name: What the configuration calls the witness.
        kind: The kind of source it is.
        made_at: When the witness was asked, UTC.
        mailboxes: How many both measured.
        differing: Of how many of them the sources say something different.
    """

    period: Period
    edition: int
    digest: str
    name: str
    kind: str
    made_at: datetime
    mailboxes: int
    differing: int
    sent: Seen
    received: Seen

    @property
    def seen(self) -> Seen:
        """Sent and received together."""
        return self.sent + self.received

    def differs_beyond(self, most: Fraction) -> bool:
        """Whether more than this share of the mails was seen by one source only."""
        share = self.seen.different_share
        return share is not None and share > most


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A month of two sources side by side.

    Attributes:
        sums: What is kept of it.
        asked: How many mailboxes the witness was asked for.
        neither: How many of them neither source measured.
        stored, witness: The sources.
        by_definition: Whether both know what the definition of regular use needs, so that rates
            are by it; else by mail sent alone, which every source knows.
        silent_days: The days of which a source has nothing of anybody, while the other has.
        mailboxes: Those both measured, in the order of the staff list.
        by_one: Those that one of them measured.
        units: Units that are lines of a ranking, in official order.
        total: Rates of the whole.
    """

    sums: Reconciled
    asked: int
    neither: int
    stored: SourceInfo
    witness: SourceInfo
    by_definition: bool
    silent_days: tuple[tuple[Side, date], ...]
    mailboxes: tuple[MailboxReconciled, ...]
    by_one: tuple[MeasuredByOne, ...]
    units: tuple[UnitReconciled, ...]
    total: tuple[Counts, Counts]

    @property
    def differing(self) -> tuple[MailboxReconciled, ...]:
        """The mailboxes of which the sources say something different."""
        return tuple(one for one in self.mailboxes if one.differences)


def summed(parts: Iterable[Seen]) -> Seen:
    """The sums of several."""
    return sum(parts, Seen())

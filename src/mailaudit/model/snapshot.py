"""Snapshot: everything a report is made from, as it was on the day it was collected; Job: what is
still to ask for it; Collected: its sums, which fit into memory whatever its size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from mailaudit.model.correction import AppliedCorrection
from mailaudit.model.inside import MonthInside
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.outcome import Activity, Outcome, Reason
from mailaudit.model.period import Period
from mailaudit.model.removal import Removal
from mailaudit.model.roster import Roster

SEALED_FROM = Fraction(1, 2)  # of all mailboxes measured; fewer are sealed where that is asked for

MUCH_LATER_DAYS = 7  # more than that, and what was read in two months is hardly comparable


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Where the outcomes came from, as printed in reports. Holds no secret.

    Attributes:
        kind: "ews", "imap", "tracking" or "m365": what it measures is never set beside what another
            kind does.
        server: Host name of the mail server.
        version: The schema asked for ("Exchange2016").
        account: The reading account's name.
        reported: What the server said it is ("Exchange Server 2019 (15.2.1544.9)"); empty where it
            said nothing, or nobody asked yet.
        name: What the configuration calls the server; empty where there is one alone.
        knows: What it can say of a mailbox; of several servers what each of them can.
        parts: The servers, where there are several; what is said above is then of all of them.
    """

    kind: str
    server: str
    version: str
    account: str
    reported: str = ""
    name: str = ""
    knows: frozenset[Knowledge] = EXCHANGE
    parts: tuple["SourceInfo", ...] = ()

    @property
    def each(self) -> tuple["SourceInfo", ...]:
        """The servers one by one."""
        return self.parts or (self,)

    def knows_at(self, server: str) -> frozenset[Knowledge]:
        """What the server of this name can say of its mailboxes."""
        return self._named(server).knows

    def kind_at(self, server: str) -> str:
        """The kind of the server of this name."""
        return self._named(server).kind

    def _named(self, server: str) -> "SourceInfo":
        return next((one for one in self.each if one.name == server), self)

    def over(self, earlier: "SourceInfo") -> "SourceInfo":
        """This source, with the servers of an earlier one that it has no more.

        What they measured stays in the snapshot, so where it came from does.
        """
        names = {one.name for one in self.each}
        gone = tuple(one for one in earlier.each if one.name not in names)
        return joined((*self.each, *gone)) if gone else self


def joined(sources: Sequence[SourceInfo]) -> SourceInfo:
    """Several servers as one source: what each says, once, with commas between."""

    def text(name: str) -> str:
        said = (getattr(one, name) for one in sources)
        return ", ".join(dict.fromkeys(filter(None, said)))

    return SourceInfo(
        text("kind"),
        text("server"),
        text("version"),
        text("account"),
        text("reported"),
        knows=frozenset.intersection(*(one.knows for one in sources)),
        parts=tuple(sources),
    )


@dataclass(frozen=True, slots=True)
class Job:
    """What a mail server is to be asked.

    Attributes:
        mailboxes: Those without an outcome, in staff-list order.
        opened_before: Whether a mailbox was opened for this Snapshot already, so that refusals are
            said of the mailboxes refused, not of the reading account.
        aliases: Further addresses of those mailboxes that have some.
        servers: The server to ask, of those mailboxes for which the staff list names one.
        opened_at: Of several servers, the names of those for which `opened_before` holds.
    """

    mailboxes: Sequence[str]
    period: Period
    opened_before: bool = False
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    opened_at: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One Period's Roster and outcomes; immutable once sealed.

    Attributes:
        edition: 1 for the first snapshot of a Period; a sealed one is never changed, a new
            collection of the same Period makes the next edition.
        cut_off_at: When its collection began, UTC (ngày chốt số liệu).
        sealed_at: When every mailbox of the Roster had an outcome, the Period was over, and enough
            was measured, UTC; None while it is provisional.
        outcomes: By mailbox. Holds each mailbox of the Roster once the snapshot is complete.
        tool_version: The mailaudit that collected it.
        digest: SHA-256 (hex) over all of this in canonical form.
        digest_version: 1 where it covers Period, Roster and outcomes only.
        corrections: What the Roster was corrected by, the oldest first.
        removal: That people were removed, and their sums; None where nobody was.
        months: Of a longer period, which is made of them and never stored: every month of it.
    """

    period: Period
    edition: int
    cut_off_at: datetime
    sealed_at: datetime | None
    roster: Roster
    outcomes: Mapping[str, Outcome]
    source: SourceInfo
    tool_version: str
    digest: str
    digest_version: int = 2
    corrections: tuple[AppliedCorrection, ...] = ()
    removal: Removal | None = None
    months: tuple[MonthInside, ...] = ()

    @property
    def is_too_little(self) -> bool:
        """Whether too few mailboxes were measured for a seal that nobody asked for."""
        measured = sum(isinstance(outcome, Activity) for outcome in self.outcomes.values())
        return measured < SEALED_FROM * len(self.outcomes)


@dataclass(frozen=True, slots=True)
class Edition:
    """What the store has of a Period, without its content.

    Attributes:
        cut_off_at, sealed_at: As of a Snapshot.
        mailboxes: All of the Roster.
        pending: How many of them have no outcome yet.
    """

    period: Period
    number: int
    cut_off_at: datetime
    sealed_at: datetime | None
    mailboxes: int
    pending: int

    @property
    def days_after_end(self) -> int | None:
        """Whole days from the end of the Period to the cut-off; None where it was not over.

        October, cut off at 01:00 on 3 November: 2.
        """
        if self.cut_off_at < self.period.end:
            return None
        return (self.cut_off_at.astimezone(self.period.tz).date() - self.period.end.date()).days

    def is_much_later_than(self, other: "Edition") -> bool:
        """Whether its mail had MUCH_LATER_DAYS more to be read than that of the other one."""
        own, others = self.days_after_end, other.days_after_end
        return own is not None and others is not None and own - others > MUCH_LATER_DAYS

    @property
    def is_complete(self) -> bool:
        """Whether it can be reported; what was sealed was complete, or was changed since."""
        return self.sealed_at is not None or not self.pending


@dataclass(frozen=True, slots=True)
class Collected:
    """A finished collection in numbers.

    Attributes:
        sealed_at: None while the snapshot is provisional.
        measured: Mailboxes with an Activity.
        unmeasured: Mailboxes without one, by reason; no reason without a mailbox.
        digest: The seal, SHA-256 (hex); "" while the snapshot is provisional.
        servers: Where there are several, how many mailboxes each measured, and how many it was to
            be asked for, by name.
    """

    period: Period
    edition: int
    sealed_at: datetime | None
    measured: int
    unmeasured: Mapping[Reason, int]
    digest: str = ""
    servers: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def mailboxes(self) -> int:
        """All mailboxes of the Roster."""
        return self.measured + sum(self.unmeasured.values())

    @property
    def coverage(self) -> Fraction | None:
        """Measured of all mailboxes, in scope or not. 43 of 45: 43/45. None where there is none."""
        return Fraction(self.measured, self.mailboxes) if self.mailboxes else None

    @property
    def is_too_little(self) -> bool:
        """As of a Snapshot."""
        return self.measured < SEALED_FROM * self.mailboxes

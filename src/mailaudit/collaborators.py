"""What an audit needs of its collaborators: a mail server to ask, and a store to fill and read.

Protocols, so that the rooms which fulfil them know nothing of the line that joins them.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mailaudit.model.correction import Correction
from mailaudit.model.outcome import Activity, Outcome
from mailaudit.model.period import Period
from mailaudit.model.reconciliation import Reconciled
from mailaudit.model.roster import Roster
from mailaudit.model.run_record import Entry, Run
from mailaudit.model.snapshot import Collected, Edition, Job, Snapshot, SourceInfo
from mailaudit.publication.register import Register


class MailSource(Protocol):
    """Mail servers or their logs, of any kind, that can be asked what mailboxes did. Close it."""

    def describe(self) -> SourceInfo:
        """Where the outcomes come from, as printed in reports; in full once it was checked."""
        ...

    def check(self) -> None:
        """Logs in once. Raises ServerError when the server as a whole can't be used."""
        ...

    def outcomes(self, job: Job) -> Generator[Sequence[Outcome]]:
        """One Outcome per mailbox, in any order, in batches as they come.

        A batch of none is given now and then while nothing comes. Closing the generator ends the
        asking. Raises ServerError when the server fails.
        """
        ...

    def pause(self) -> None:
        """Asks for nothing more until `resume`. May be called by a handler of signals."""
        ...

    def resume(self) -> None:
        """Goes on after `pause`. May be called by a handler of signals."""
        ...

    def close(self) -> None:
        """Closes every connection."""
        ...


class Collection(Protocol):
    """The open snapshot of one Period: what is still to ask, and where outcomes go."""

    @property
    def period(self) -> Period:
        """The month that is collected."""
        ...

    @property
    def pending(self) -> Sequence[str]:
        """The mailboxes of the Roster without an outcome yet, in staff-list order."""
        ...

    def unfitting(self) -> Sequence[Correction]:
        """The Period's corrections that its Roster has no place for any more."""
        ...

    def uses(self, roster: Roster) -> bool:
        """Whether it counts with this Roster, not with the one its Period was collected with."""
        ...

    def job(self) -> Job:
        """What the source is to be asked: the pending mailboxes, and what is known of them."""
        ...

    @property
    def total(self) -> int:
        """How many mailboxes the Roster has."""
        ...

    def record(self, outcomes: Sequence[Outcome]) -> None:
        """Stores the outcomes in one transaction, merged with what was seen earlier."""
        ...

    def came_from(self, source: SourceInfo) -> None:
        """Stores what is known of the source once it was checked."""
        ...

    def finish(self, now: datetime, *, however_little: bool = False) -> Collected:
        """Seals the snapshot if the Period was over when collection began, and sums it up.

        Where less than SEALED_FROM was measured, only with `however_little`.
        """
        ...


class Store(Register, Protocol):
    """Snapshots by Period and edition, and what was published of them."""

    def begin(
        self, period: Period, roster: Roster, source: SourceInfo, *, now: datetime
    ) -> Collection:
        """Goes on with the Period's open snapshot, or opens its next."""
        ...

    def renew(
        self, period: Period, roster: Roster, source: SourceInfo, *, now: datetime
    ) -> Collection:
        """Counts the Period with today's Roster, as its next edition where it is sealed."""
        ...

    def retry(self, period: Period, source: SourceInfo, *, now: datetime) -> Collection | None:
        """The mailboxes that could not be measured, pending again; None where there are none."""
        ...

    def load(self, period: Period, edition: int | None = None, *, sums: bool = False) -> Snapshot:
        """The Period's newest complete snapshot, or one edition. StoreError when there is none.

        With `sums` also one whose people were removed, so that only their sums are left.
        """
        ...

    def roster(self, period: Period, edition: int) -> Roster:
        """The staff list of one complete edition. StoreError when there is none."""
        ...

    def to_correct(self, period: Period) -> Snapshot:
        """The Period's newest edition. Raises StoreError where it is not sealed."""
        ...

    def measured(self, period: Period, mailboxes: Sequence[str]) -> Mapping[str, Activity]:
        """What the newest edition that measured it saw of each mailbox, where one did."""
        ...

    def correct(
        self, period: Period, edition: int, corrections: Sequence[Correction], *, now: datetime
    ) -> Snapshot:
        """Makes corrections to that sealed edition, as the next one, whole or not at all."""
        ...

    def editions(self, timezone: str) -> Sequence[Edition]:
        """What is stored of every Period of the time zone: oldest Period and edition first."""
        ...

    def kinds(self, period: Period) -> Sequence[str]:
        """The kinds of sources that the Period's editions came from."""
        ...

    def history(self, period: Period, months: int) -> Iterator[Snapshot]:
        """The complete snapshots of the `months` Periods before `period`, oldest first."""
        ...

    def unit_names(self) -> dict[str, str]:
        """The names of the units of all months by code; of several names of one the newest."""
        ...

    def reconciled(self, period: Period) -> Sequence[Reconciled]:
        """What second sources said of the Period: the newest of each, by name."""
        ...

    def add_reconciled(self, made: Reconciled) -> None:
        """Adds what a second source said of a Period."""
        ...

    def add_run(self, run: Run) -> None:
        """Adds to the run record that a command made something."""
        ...

    def run_record(self) -> Sequence[Entry]:
        """All entries of the run record, the oldest first."""
        ...

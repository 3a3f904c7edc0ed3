"""UsageReports: a MailSource that reads Microsoft 365 usage reports, and asks no server."""

from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import Activity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job, SourceInfo
from mailaudit.sources.m365.month import MonthOfReports, files_by_day

BATCH = 50  # outcomes given at once


def describe() -> SourceInfo:
    """Where the outcomes come from. A report knows how much was sent and received, nothing else."""
    return SourceInfo("m365", "Microsoft 365", "", "", knows=frozenset())


class UsageReports:
    """Gives what the reports of a month say of each mailbox.

    Args:
        files: CSV files, one for each day, whose names say which; or folders that have them.
        clock: Now, UTC.
    """

    def __init__(self, files: Sequence[Path], clock: Callable[[], datetime]) -> None:
        self._files, self._clock = tuple(_files_of(files)), clock

    def describe(self) -> SourceInfo:
        """Where the outcomes come from."""
        return describe()

    def check(self) -> None:
        """Raises ServerError where there is no file, or one of them is not there."""
        for file in self._files:
            if not file.exists():
                raise ServerError(N_("There is no file {file}."), N_("Check the path."), file=file)
        if not self._files:
            raise ServerError(
                N_("There is no usage report to read."),
                N_("Name the files, or the folder that has them; they end in .csv."),
            )

    def verify(self, period: Period) -> None:
        """Reads every report of the Period. Raises ServerError where one can't be used."""
        self.check()
        MonthOfReports.read(files_by_day(self._files, period), period, {})

    def outcomes(self, job: Job) -> Generator[Sequence[Outcome]]:
        """One Outcome per mailbox, once every report of the month was read.

        A mailbox that no report has is unmeasured: whether it was not used or is not there, the
        reports don't say.
        """
        addresses = {box: box for box in job.mailboxes}
        for box, aliases in job.aliases.items():
            for alias in aliases:
                addresses.setdefault(alias, box)
        files = files_by_day(self._files, job.period)
        yield ()
        month = MonthOfReports.read(files, job.period, addresses)
        for start in range(0, len(job.mailboxes), BATCH):
            batch = job.mailboxes[start : start + BATCH]
            yield [self._outcome(mailbox, month) for mailbox in batch]

    def pause(self) -> None:
        """Nothing is asked that could wait."""

    def resume(self) -> None:
        """As `pause`."""

    def close(self) -> None:
        """Nothing is left open."""

    def _outcome(self, mailbox: str, month: MonthOfReports) -> Outcome:
        days, now = month.days_of(mailbox), self._clock()
        if days is None:
            return Unmeasured(mailbox, now, Reason.NO_MAILBOX, "NotInReports")
        return Activity(mailbox, now, days)


def _files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """The files; of a folder those in it that end in .csv."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.iterdir() if one.suffix.lower() == ".csv")
        else:
            yield path

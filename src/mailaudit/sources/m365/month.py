"""The usage reports of a month together: a file for each day, all of one tenant."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mailaudit.errors import N_, ServerError
from mailaudit.model.outcome import DayActivity
from mailaudit.model.period import Period
from mailaudit.model.wording import first_of
from mailaudit.sources.m365.report import day_of, read_report

_EXAMPLES = 5


def files_by_day(files: Sequence[Path], period: Period) -> dict[date, Path]:
    """The file of each day of the month. Files of other months are left out.

    Raises:
        ServerError: A day has no file, or two; or the name of a file names no day.
    """
    found: dict[date, Path] = {}
    for file in files:
        day = day_of(file)
        if not period.first_day <= day <= period.last_day:
            continue
        if day in found:
            raise ServerError(
                N_("{one} and {other} are both of {day}: one day twice, or of two tenants."),
                N_("Leave one of them out; reports of two tenants are two sources."),
                one=found[day].name,
                other=file.name,
                day=day.isoformat(),
            )
        found[day] = file
    missing = [day.isoformat() for day in period.days() if day not in found]
    if missing:
        raise ServerError(
            N_("{count} days of {period} have no usage report: {missing}."),
            N_(
                "Download them: Microsoft gives single days for the last 30 days only, so a month"
                " is collected while it runs. A day that is lost can't be counted as unused."
            ),
            count=len(missing),
            period=period,
            missing=first_of(missing, _EXAMPLES),
        )
    return found


@dataclass(slots=True)
class MonthOfReports:
    """What the users did by day, of those asked for.

    Holds two numbers for each day and mailbox, whoever else is in the reports.
    """

    period: Period
    counts: Mapping[str, "array[int]"]
    seen: set[str]

    @classmethod
    def read(
        cls, files: Mapping[date, Path], period: Period, addresses: Mapping[str, str]
    ) -> "MonthOfReports":
        """Reads every file once.

        Args:
            addresses: The mailbox that each address asked for belongs to, aliases too.

        Raises:
            ServerError: A file can't be used, or they are of two tenants.
        """
        days = list(period.days())
        boxes = set(addresses.values())
        month = cls(period, {box: array("L", [0] * (2 * len(days))) for box in boxes}, set())
        tenants = _Tenants()
        for at, day in enumerate(days):
            month._add(at, files[day], day, addresses, tenants)
        tenants.require_one()
        return month

    def days_of(self, mailbox: str) -> tuple[DayActivity, ...] | None:
        """What the mailbox sent and received; None where no report of the month has it."""
        if mailbox not in self.seen:
            return None
        counts = self.counts[mailbox]
        return tuple(
            DayActivity(day, sent=sent, received=received)
            for at, day in enumerate(self.period.days())
            if (sent := counts[2 * at]) + (received := counts[2 * at + 1])
        )

    def _add(
        self, at: int, file: Path, day: date, addresses: Mapping[str, str], tenants: "_Tenants"
    ) -> None:
        there: dict[str, bool] = {}  # whether the account of an address was deleted since
        domains = set()
        for user in read_report(file, day):
            domains.add(user.address.rpartition("@")[2])
            before = there.get(user.address)
            if before is False and not user.is_deleted:
                raise ServerError(
                    N_("{file} has a user twice: reports of two days or tenants were joined."),
                    N_("Download the report of this day again, and leave it as it is."),
                    file=file.name,
                )
            # An account that was deleted and made anew had one mailbox after the other.
            there[user.address] = before is not False and user.is_deleted
            if (mailbox := addresses.get(user.address)) is not None:
                self.seen.add(mailbox)
                self.counts[mailbox][2 * at] += user.sent
                self.counts[mailbox][2 * at + 1] += user.received
        tenants.add(file, frozenset(domains))


class _Tenants:
    """Whether files are of one tenant: a mail domain belongs to one, so their domains meet."""

    def __init__(self) -> None:
        self._groups: list[tuple[Path, frozenset[str]]] = []

    def add(self, file: Path, domains: frozenset[str]) -> None:
        """Joins the domains of a file with those that they meet."""
        if not domains:
            return
        met = [group for group in self._groups if group[1] & domains]
        first = met[0][0] if met else file
        joined = domains.union(*(group[1] for group in met))
        self._groups = [group for group in self._groups if group not in met]
        self._groups.append((first, joined))

    def require_one(self) -> None:
        """Raises ServerError where there are several."""
        if len(self._groups) > 1:
            (one, _), (other, _) = self._groups[:2]
            raise ServerError(
                N_("{one} and {other} have no mail domain in common: they are of two tenants."),
                N_("Import the reports of one tenant; those of another are a source of their own."),
                one=one.name,
                other=other.name,
            )

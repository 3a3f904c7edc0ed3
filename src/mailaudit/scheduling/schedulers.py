"""Scheduler: what installs jobs; which of them a machine has, and what is installed there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from mailaudit.errors import N_, ConfigurationError
from mailaudit.scheduling.cron import Cron
from mailaudit.scheduling.job import Fault, Job
from mailaudit.scheduling.machine import Machine
from mailaudit.scheduling.systemd import Systemd
from mailaudit.scheduling.task_scheduler import TaskScheduler

KINDS = ("systemd", "cron", "windows")
_HALF_A_YEAR = timedelta(days=182)


class Scheduler(Protocol):
    """What starts jobs.

    Attributes:
        kind: One of KINDS.
        title: What it is called.
        is_there: Whether it starts jobs on this machine.
    """

    @property
    def kind(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def is_there(self) -> bool: ...

    def preview(self, jobs: Sequence[Job], now: datetime) -> Iterator[tuple[str, str]]: ...

    def install(self, jobs: Sequence[Job], now: datetime) -> None: ...

    def installed(self, key: str) -> tuple[Job, ...]: ...

    def remove(self, names: Sequence[str]) -> tuple[str, ...]: ...

    def require_removable(self, names: Sequence[str]) -> None: ...

    def fault(self, job: Job) -> Fault | None: ...


@dataclass(frozen=True, slots=True)
class Installed:
    """A Job, and the Scheduler that it is installed in."""

    job: Job
    scheduler: Scheduler


def schedulers(machine: Machine, account: str) -> tuple[Scheduler, ...]:
    """Every scheduler that may have jobs of an account, the preferred ones first."""
    own_first = not machine.is_root
    return (
        Systemd(machine, is_own=own_first),
        Systemd(machine, is_own=not own_first),
        Cron(machine, account if machine.is_root else machine.account),
        TaskScheduler(machine),
    )


def choose(known: Sequence[Scheduler], kind: str | None) -> Scheduler:
    """The scheduler of a kind, or the first one that the machine has.

    Raises:
        ConfigurationError: It has none.
    """
    for one in known:
        if one.kind == kind or (kind is None and one.is_there):
            return one
    raise ConfigurationError(
        N_("This computer has no scheduler that is known here: {known}."),
        N_(
            "Install one, or have the command that --print --with systemd shows started in another"
            " way."
        ),
        known=", ".join(KINDS),
    )


def find_installed(known: Sequence[Scheduler], key: str) -> tuple[Installed, ...]:
    """The jobs of a configuration, wherever they are."""
    return tuple(Installed(job, one) for one in known for job in one.installed(key))


def require_own_time(scheduler: Scheduler, job: Job, now: datetime) -> None:
    """Refuses a scheduler that goes by the computer's clock where that shows another time.

    Raises:
        ConfigurationError: It does.
    """
    if scheduler.kind == "systemd":
        return
    zone = ZoneInfo(job.timezone)
    for moment in (now, now + _HALF_A_YEAR):
        if moment.astimezone().utcoffset() != moment.astimezone(zone).utcoffset():
            raise ConfigurationError(
                N_(
                    "{scheduler} starts by the computer's clock, which is not in the zone {zone}"
                    " of organisation.timezone."
                ),
                N_("Set the computer's time zone to it, or use systemd, which knows zones."),
                scheduler=scheduler.title,
                zone=job.timezone,
            )

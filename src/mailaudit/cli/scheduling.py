"""What is scheduled for a configuration: its jobs, put in and taken out of schedulers."""

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.console import note
from mailaudit.cli.steps import RUNNING, now
from mailaudit.errors import N_, UsageError
from mailaudit.scheduling import (
    Installed,
    Job,
    Kind,
    Machine,
    Scheduler,
    choose,
    find_installed,
    key_of,
    schedulers,
)
from mailaudit.scheduling.job import NOTIFY, name_of, place_of, require_plain
from mailaudit.scheduling.machine import account_of
from mailaudit.scheduling.schedulers import require_own_time

if TYPE_CHECKING:
    from mailaudit.settings import Settings

DEFAULT_AT = time(0, 30)


def jobs_of(
    settings: "Settings", config: Path, day: int, at: str | None, weekday: int | None
) -> tuple[Job, ...]:
    """The monthly run, and the weekly collection where a weekday (1 is Monday) is given.

    Raises:
        UsageError: `at` is not a time, or not within the window of any server.
        ConfigurationError: A path can't be written into a schedule.
    """
    start, file = _start(settings, at), place_of(config)
    weekly = ("collect", "--period", RUNNING)
    notify = () if settings.notify is None else (NOTIFY,)
    days = ((Kind.MONTHLY, day, ("run",)), (Kind.WEEKLY, weekday, weekly))
    jobs = []
    for kind, number, command in days:
        if number is None:
            continue
        log = file.with_name(f"{file.stem}-{kind}.log")
        options = ("--config", str(file), "--log", str(log), *notify)
        job = Job(
            key=key_of(config),
            kind=kind,
            day=number,
            at=start,
            timezone=settings.organisation.timezone,
            # Not what lies in the working folder under a module's name.
            program=(sys.executable, "-P", "-m", "mailaudit"),
            arguments=(*command, *options),
            folder=str(file.parent),
            log=str(log),
            account=account_of(file),
        )
        require_plain(job)
        jobs.append(job)
    return tuple(jobs)


def preview(
    machine: Machine, jobs: Sequence[Job], config: Path, name: str | None
) -> Iterator[tuple[str, str]]:
    """What `install` would write: each place, and its content."""
    scheduler = choose(_known(machine, config), name)
    require_own_time(scheduler, jobs[0], now())
    return scheduler.preview(jobs, now())


def install(
    machine: Machine, jobs: Sequence[Job], config: Path, name: str | None
) -> tuple[Installed, ...]:
    """Installs the jobs in the scheduler of this name, or the first that the machine has.

    What else was scheduled for the configuration is taken away once they are in.
    """
    known = _known(machine, config)
    scheduler = choose(known, name)
    require_own_time(scheduler, jobs[0], now())
    obsolete = {
        one: sorted(names_of(config) - ({job.name for job in jobs} if one == scheduler else set()))
        for one in known
    }
    for one, names in obsolete.items():
        one.require_removable(names)
    scheduler.install(jobs, now())
    for one, names in obsolete.items():
        one.remove(names)
    return tuple(Installed(job, scheduler) for job in jobs)


def installed(machine: Machine, config: Path) -> tuple[Installed, ...]:
    """What is scheduled for the configuration."""
    return find_installed(_known(machine, config), key_of(config))


def remove(machine: Machine, config: Path) -> tuple[str, ...]:
    """Takes away what is scheduled for the configuration; what that was."""
    names = sorted(names_of(config))
    return tuple(one for known in _known(machine, config) for one in known.remove(names))


def names_of(config: Path) -> set[str]:
    """The names of all jobs that a configuration may have."""
    return {name_of(key_of(config), kind) for kind in Kind}


def warn(settings: "Settings", installed: Sequence[Installed]) -> None:
    """Says what a run that starts by itself will lack."""
    servers = settings.live_servers
    kind = installed[0].scheduler.kind
    by_account = [one for one in servers if one.mail_server("").auth == "windows"]
    if by_account and kind == "windows":
        note(
            N_("{place}.auth is windows: give the task its password: {command}"),
            place=by_account[0].place,
            command=f"schtasks /change /tn {installed[0].job.name} /ru ACCOUNT /rp *",
        )
    for one in servers:
        if one.password_file is None and not one.has_ticket:
            note(
                N_(
                    "{place}.password_file names no file: a run that starts by itself has no"
                    " variables of yours, and rarely a keyring."
                ),
                place=one.place,
            )
    if settings.notify is None:
        note(
            N_(
                "Nobody will be notified of a run: the configuration has no table [notify]. Once it"
                " has, install the schedule again."
            )
        )
    if kind == "cron":
        note(N_("Cron does not make up for a start while the computer is off."))


def _known(machine: Machine, config: Path) -> tuple[Scheduler, ...]:
    return schedulers(machine, account_of(config))


def _start(settings: "Settings", text: str | None) -> time:
    windows = {one.place: one.limits.window for one in settings.mail_servers}
    # Outside the windows of some, a run begins with the other servers.
    place, window = next(iter(windows.items()))
    if None in windows.values():
        window = None
    if text is None:
        return window[0] if window else DEFAULT_AT
    match = re.fullmatch(r"(\d{1,2}):(\d\d)", text, flags=re.ASCII)
    hour, minute = map(int, match.groups()) if match else (24, 0)
    if hour > 23 or minute > 59:
        raise UsageError(
            N_("--at {text} is not a time of day."),
            N_("Write it as in {example}."),
            text=text,
            example="00:30",
        )
    start = time(hour, minute)
    if window is not None and not any(_is_within(start, *one) for one in windows.values() if one):
        raise UsageError(
            N_("--at {text} is outside {place}.window, from {opens} to {closes}."),
            N_("Name a time within it, or leave --at out."),
            place=place,
            text=text,
            opens=f"{window[0]:%H:%M}",
            closes=f"{window[1]:%H:%M}",
        )
    return start


def _is_within(moment: time, opens: time, closes: time) -> bool:
    if opens < closes:
        return opens <= moment < closes
    return moment >= opens or moment < closes

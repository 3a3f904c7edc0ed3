"""The check of what is scheduled: when it starts next, and how it ended the last time."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.checkup.finding import Finding, ok, warning
from mailaudit.checkup.setup import Setup
from mailaudit.errors import N_
from mailaudit.scheduling import Kind, last_run
from mailaudit.scheduling.job import NOTIFY
from mailaudit.scheduling.last_run import is_running, result_of

if TYPE_CHECKING:
    from mailaudit.scheduling import Installed, Job

_LATE = {Kind.MONTHLY: timedelta(days=34), Kind.WEEKLY: timedelta(days=10)}
_STATES = {
    Kind.MONTHLY: N_("Monthly run: next start {start}; last run: {result}."),
    Kind.WEEKLY: N_("Weekly collection: next start {start}; last run: {result}."),
}
_MENDED = N_(
    "See the end of {log}; once the cause is mended, start the command again that this prints:"
    " mailaudit schedule show{options}"
)
_MISSED = N_(
    "A start was missed: was the computer off? Start the command that this prints:"
    " mailaudit schedule show{options}"
)


def scheduled(setup: Setup) -> Iterator[Finding]:
    """Whether the runs start by themselves, and the last ones came to their end."""
    installed = setup.find_scheduled()
    if not installed:
        yield warning(
            N_("Nothing is scheduled: no run starts by itself."),
            N_("To have it run each month: mailaudit schedule install{options}"),
        )
    for one in installed:
        yield _finding(setup, one)


def _finding(setup: Setup, installed: "Installed") -> Finding:
    job, part = installed.job, str(installed.job.kind)
    if fault := installed.scheduler.fault(job):
        return warning(
            N_("{name} is installed, but {reason}."),
            N_("Type: {command}"),
            part,
            name=job.name,
            reason=fault.reason,
            command=fault.command,
        )
    if NOTIFY not in job.arguments and setup.settings.notify is not None:
        return warning(
            N_("{name} was installed before there was a table [notify]: nobody is notified."),
            N_("Install it again: mailaudit schedule install{options}"),
            part,
            name=job.name,
        )
    if NOTIFY in job.arguments and setup.settings.notify is None:
        return warning(
            N_("{name} is to notify somebody, but there is no table [notify]: nobody is notified."),
            N_("Install it again: mailaudit schedule install{options}"),
            part,
            name=job.name,
        )
    remedy = _remedy(setup, job)
    values = {
        "start": setup.language.instant(job.next_start(setup.clock())),
        "result": result_of(job, setup.language),
        "log": job.log,
    }
    if remedy is None:
        return ok(_STATES[job.kind], part, **values)
    return warning(_STATES[job.kind], remedy, part, **values)


def _remedy(setup: Setup, job: "Job") -> str | None:
    """What to do about the last run; None where it is as it should be."""
    last = last_run(Path(job.log))
    if last is None:
        return None
    if last.code is None:
        return None if is_running(job) else _MENDED
    if last.code != 0:
        return _MENDED
    return _MISSED if setup.clock() - last.began > _LATE[job.kind] else None

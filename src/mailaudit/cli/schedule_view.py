"""What is printed of a schedule: files to write, next starts, last results."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from mailaudit.cli.console import current_language, in_command, say
from mailaudit.cli.steps import now
from mailaudit.errors import N_
from mailaudit.scheduling import Installed, Job, Kind
from mailaudit.scheduling.last_run import result_of

TITLES = {
    Kind.MONTHLY: N_("Monthly run, on day {day} at {at} ({zone}), by {scheduler}"),
    Kind.WEEKLY: N_("Weekly collection, on {day} at {at} ({zone}), by {scheduler}"),
}


def print_preview(places: Iterable[tuple[str, str]]) -> None:
    """Prints what would be written."""
    for place, content in places:
        say(N_("── {place}"), place=place)
        say("{content}", content=content)


def print_jobs(installed: Sequence[Installed]) -> None:
    """Prints each job: when it starts, how it ended, what is wrong with it."""
    for one in installed:
        job = one.job
        say(
            TITLES[job.kind],
            day=str(job.day) if job.kind is Kind.MONTHLY else _weekday(job),
            at=f"{job.at:%H:%M}",
            zone=job.timezone,
            scheduler=one.scheduler.title,
        )
        start = job.next_start(now())
        say(N_("  Next start:  {moment}"), moment=current_language().instant(start))
        say(N_("  Last run:    {result}"), result=result_of(job, current_language()))
        say(N_("  Command:     mailaudit {arguments}"), arguments=_arguments(job))
        say(N_("  Log:         {file}"), file=job.log)
        if fault := one.scheduler.fault(job):
            reason = current_language().gettext(fault.reason)
            say(
                N_("  Attention:   {reason}; type: {command}"),
                reason=reason,
                command=fault.command,
            )


def _arguments(job: Job) -> str:
    return " ".join(in_command(Path(one)) for one in job.arguments)


def _weekday(job: Job) -> str:
    """Its name: day 1 is a Monday, as 1 January 2024 was."""
    from babel.dates import format_date

    return format_date(date(2024, 1, job.day), "EEEE", locale=current_language().code)

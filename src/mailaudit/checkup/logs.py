"""Checks of files that are read instead of a server: whether the month's are all there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from mailaudit.checkup.finding import Finding, failed, failure, ok, warning
from mailaudit.checkup.setup import Setup
from mailaudit.errors import N_, ServerError

if TYPE_CHECKING:
    from mailaudit.settings.servers import Named
    from mailaudit.sources.tracking.survey import ServerLogs

_MOST_DAYS, _MOST_STRAYS = 5, 5


def tracking(setup: Setup) -> Iterator[Finding]:
    """Whether people can be judged by logs, which there are, and which days of the month lack some;
    nothing is read of them.

    Those of witnesses too, under their names.
    """
    from mailaudit.settings import NamedLogs, Witness
    from mailaudit.sources.tracking.messages import said_of, values_of
    from mailaudit.sources.tracking.source import no_logs
    from mailaudit.sources.tracking.survey import survey

    for table in (*setup.settings.mail_servers, *setup.settings.witnesses):
        if not isinstance(table, NamedLogs):
            continue
        witness = table.name if isinstance(table, Witness) else ""
        yield from _judges_nobody(setup, table)
        found = survey(table.folders, setup.period, setup.clock())
        for server, folder in found.without.items():
            lacks = failed(no_logs(server, folder, found.found), setup.language.gettext)
            yield replace(lacks, part=_part(witness, server))
        for logs in found.servers:
            yield _covered(setup, logs, witness)
        for stray in found.strays[:_MOST_STRAYS]:
            message, remedy = said_of(stray.damage)
            part = _part(witness, stray.server)
            yield warning(message, remedy, part, **values_of(stray.damage, str(stray.path)))


def usage_reports(setup: Setup) -> Iterator[Finding]:
    """Whether people can be judged by usage reports, and whether these can be read, every day of
    the month; those of witnesses too.
    """
    from mailaudit.settings.servers import NamedUsageReports
    from mailaudit.sources.m365 import UsageReports

    for table in (*setup.settings.mail_servers, *setup.settings.witnesses):
        if not isinstance(table, NamedUsageReports):
            continue
        yield from _judges_nobody(setup, table)
        try:
            UsageReports([table.folder], setup.clock).verify(setup.period)
        except ServerError as error:
            yield replace(failed(error, setup.language.gettext), part=table.name)
        else:
            yield ok(
                N_("{server}: the reports of every day of {period} can be read."),
                table.name,
                server=table.name,
                period=str(setup.period),
            )


def _judges_nobody(setup: Setup, table: "Named") -> Iterator[Finding]:
    """A warning where a source of mail does not know what regular use is judged by."""
    from mailaudit.settings import Witness

    if setup.settings.rules.needs - table.describe().knows and not isinstance(table, Witness):
        yield warning(
            N_("{name} does not say what was read, so that nobody is judged by it."),
            N_('Set rules.regular = "sent": then mail sent alone decides.'),
            table.name,
            name=table.name,
        )


def _part(witness: str, server: str) -> str:
    return f"{witness}:{server}" if witness else server


def _covered(setup: Setup, logs: "ServerLogs", witness: str) -> Finding:
    part = _part(witness, logs.server)
    values = {
        "server": f"{witness}, {logs.server}" if witness else logs.server,
        "count": logs.logs,
        "series": ", ".join(logs.series),
        "first": _written(setup, logs.first.astimezone(setup.period.tz).date()),
        "last": _written(setup, logs.end.astimezone(setup.period.tz).date()),
        "period": str(setup.period),
    }
    if not logs.missing:
        return ok(
            N_(
                "{server}: {count} logs ({series}), from {first} to {last}; no hour of {period}"
                " is missing."
            ),
            part,
            **values,
        )
    return failure(
        N_("{server}: {count} logs ({series}); of {period} they lack {days} days: {which}."),
        N_(
            "Copy the missing logs into the folder; where the server has deleted them, the month"
            " can't be measured from logs: let it keep them longer (MessageTrackingLogMaxAge)."
        ),
        part,
        days=len(logs.missing),
        which=_listed(setup, logs.missing),
        **values,
    )


def _listed(setup: Setup, days: Sequence[date]) -> str:
    named = ", ".join(_written(setup, day) for day in days[:_MOST_DAYS])
    return f"{named} …" if len(days) > _MOST_DAYS else named


def _written(setup: Setup, day: date) -> str:
    return setup.language.date(day)

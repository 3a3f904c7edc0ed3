"""Checks of message tracking logs: whether each server's are there, for each day of the month."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from mailaudit.checkup.finding import Finding, failed, failure, ok, warning
from mailaudit.checkup.setup import Setup
from mailaudit.errors import N_
from mailaudit.model.knowledge import TRACKING_LOGS

if TYPE_CHECKING:
    from mailaudit.sources.tracking.survey import ServerLogs

_MOST_DAYS, _MOST_STRAYS = 5, 5


def tracking(setup: Setup) -> Iterator[Finding]:
    """Whether people can be judged by logs, which there are, and which days of the month lack some;
    nothing is read of them."""
    from mailaudit.settings import NamedLogs
    from mailaudit.sources.tracking.messages import said_of, values_of
    from mailaudit.sources.tracking.source import no_logs
    from mailaudit.sources.tracking.survey import survey

    for table in setup.settings.mail_servers:
        if not isinstance(table, NamedLogs):
            continue
        if setup.settings.rules.needs - TRACKING_LOGS:
            yield warning(
                N_("{name}: logs do not say what is read, so that nobody is judged by them."),
                N_('Set rules.regular = "sent": then mail sent alone decides.'),
                table.name,
                name=table.name,
            )
        found = survey(table.folders, setup.period, setup.clock())
        for server, folder in found.without.items():
            yield failed(no_logs(server, folder, found.found), setup.language.gettext)
        for logs in found.servers:
            yield _covered(setup, logs)
        for stray in found.strays[:_MOST_STRAYS]:
            message, remedy = said_of(stray.damage)
            yield warning(message, remedy, stray.server, **values_of(stray.damage, str(stray.path)))


def _covered(setup: Setup, logs: "ServerLogs") -> Finding:
    values = {
        "server": logs.server,
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
            logs.server,
            **values,
        )
    return failure(
        N_("{server}: {count} logs ({series}); of {period} they lack {days} days: {which}."),
        N_(
            "Copy the missing logs into the folder; where the server has deleted them, the month"
            " can't be measured from logs: let it keep them longer (MessageTrackingLogMaxAge)."
        ),
        logs.server,
        days=len(logs.missing),
        which=_listed(setup, logs.missing),
        **values,
    )


def _listed(setup: Setup, days: Sequence[date]) -> str:
    named = ", ".join(_written(setup, day) for day in days[:_MOST_DAYS])
    return f"{named} …" if len(days) > _MOST_DAYS else named


def _written(setup: Setup, day: date) -> str:
    return setup.language.date(day)

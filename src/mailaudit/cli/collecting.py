"""Collecting a month from the mail server, or asking again for what could not be measured."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import typer

from mailaudit import audit
from mailaudit.cli.console import announce, current_language, note, say, worded
from mailaudit.cli.mail_server import asked_servers, mail_source
from mailaudit.cli.progress import progress
from mailaudit.cli.signals import Signalled
from mailaudit.cli.staff_lists import note_unfitting, staff_list
from mailaudit.cli.steps import (
    COVERAGE_TOO_LOW,
    INTERRUPTED,
    calendar,
    now,
    opened_store,
    require_calendar_units,
)
from mailaudit.collaborators import Collection, MailSource, Store
from mailaudit.errors import N_, StoreInUse
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Collected
from mailaudit.report.words import REASONS

if TYPE_CHECKING:
    from mailaudit.settings import Server, Settings

WAIT_S = 2.0  # between two looks whether another collection has ended


def collect(
    settings: "Settings",
    period: Period,
    *,
    renew: bool = False,
    however_little: bool = False,
    patient: bool = False,
    without: Sequence[str] = (),
    source: MailSource | None = None,
) -> Collected:
    """Collects the Period, showing progress; stopping it says how to go on.

    Args:
        renew: Whether a Period that is sealed is counted with today's staff list, as its next
            edition.
        however_little: Whether a Period is sealed of which less than half was measured.
        patient: Whether to wait while another collection is running, instead of an error.
        without: Names of servers that are left out.
        source: What to ask, instead of the servers of the configuration.
    """
    servers = () if source is not None else asked_servers(settings, without)
    source = mail_source(settings, without) if source is None else source
    with _listening(source) as asked, opened_store(settings) as store:
        begin = partial(_begun, settings, store, asked, period, renew)
        collection = _when_free(begin) if patient else begin()
        return fill(collection, asked, servers, however_little=however_little)


def retry_unmeasured(
    settings: "Settings",
    period: Period,
    *,
    however_little: bool = False,
    without: Sequence[str] = (),
) -> Collected | None:
    """Asks the Period's unmeasured mailboxes again; None, and says so, where there are none."""
    with (
        _listening(mail_source(settings, without)) as source,
        opened_store(settings) as store,
    ):
        collection = store.retry(period, source.describe(), now=now())
        if collection is None:
            say(
                N_("Every mailbox of {period} was measured: there is nothing to ask again."),
                period=period,
            )
            return None
        asked = len(collection.pending)
        note(
            N_("{period}: asking {count} mailboxes again that could not be measured."),
            period=period,
            count=asked,
        )
        servers = asked_servers(settings, without)
        collected = fill(collection, source, servers, however_little=however_little)
    left = collected.mailboxes - collected.measured
    say(N_("Asked again: {asked}. Still not measured: {left}."), asked=asked, left=left)
    if left < asked:
        note(
            N_("To make the month's reports anew: mailaudit report{options} --period {period}"),
            period=period,
        )
    return collected


def warn_of_provisional(collected: Collected) -> None:
    """Warns that a month that is not over can't be judged yet, or was measured too little."""
    if collected.sealed_at is not None:
        return
    if _lacks_coverage(collected):
        note(
            N_(
                "Less than half of the mailboxes of {period} were measured: the month is not"
                " sealed, and its figures are provisional. Once the cause is mended, ask again:"
                " mailaudit collect{options} --period {period} --retry-unmeasured"
                " To seal it as it is:"
                " mailaudit collect{options} --period {period} --seal-low-coverage"
            ),
            period=collected.period,
        )
    else:
        note(
            N_("{period} is not over yet: these figures are provisional."), period=collected.period
        )


def summarise(collected: Collected) -> None:
    """Prints how much was measured, what was not and why, and whether it can still change."""
    language = current_language()
    announce(
        N_(
            "{period}, edition {edition}: {measured} of {total} mailboxes measured ({coverage} %)."
            " The coverage in reports is of people in scope alone."
        ),
        period=collected.period,
        edition=collected.edition,
        measured=collected.measured,
        total=collected.mailboxes,
        coverage=language.percent(collected.coverage),
    )
    for reason, count in collected.unmeasured.items():
        reason_name = language.gettext(REASONS[reason])
        announce("{count:>8}  {reason}", count=count, reason=reason_name)
    for name, (measured, total) in collected.servers.items():
        announce(
            N_("{server}: {measured} of {total} mailboxes measured."),
            server=name,
            measured=measured,
            total=total,
        )
    if collected.sealed_at is not None:
        sealed_at = collected.sealed_at.astimezone(collected.period.tz)
        announce(N_("Sealed {moment}."), moment=language.written_instant(sealed_at))
    warn_of_provisional(collected)


def leave_collected(settings: "Settings", collected: Collected) -> None:
    """Ends the command: with COVERAGE_TOO_LOW when too few mailboxes were measured."""
    if not advise(settings, collected):
        raise typer.Exit(COVERAGE_TOO_LOW)


def advise(settings: "Settings", collected: Collected) -> bool:
    """Whether enough mailboxes were measured; says what to do where they were not."""
    coverage = collected.coverage
    if settings.rules.is_sufficient(coverage):
        return True
    if not _lacks_coverage(collected):  # which has been reported
        note(
            N_(
                "Only {coverage} % of all mailboxes were measured, below the {least} % of"
                " rules.min_coverage_percent."
                " Ask again: mailaudit collect{options} --period {period} --retry-unmeasured"
            ),
            coverage=current_language().percent(coverage),
            least=current_language().percent(settings.rules.min_coverage),
            period=collected.period,
        )
    return False


def _lacks_coverage(collected: Collected) -> bool:
    """Whether that alone keeps a month from being sealed."""
    is_over = now() >= collected.period.end
    return collected.sealed_at is None and is_over and collected.is_too_little


def _when_free(begin: Callable[[], Collection]) -> Collection:
    """A collection, begun once no other one is running."""
    has_said = False
    while True:
        try:
            return begin()
        except StoreInUse as error:
            if not has_said:
                note(
                    N_("{cause} Waiting until it is done."),
                    cause=worded(error.message, error.values),
                )
            has_said = True
            time.sleep(WAIT_S)


def _begun(
    settings: "Settings", store: Store, source: Signalled, period: Period, renew: bool
) -> Collection:
    """The Period's collection, with the staff list in the store: it may be long, and goes here."""
    roster = staff_list(settings, period)
    require_calendar_units(settings, calendar(settings, period), store, roster)
    if renew:
        renewed = store.renew(period, roster, source.describe(), now=now())
        note_unfitting(renewed.unfitting())
        return renewed
    collection = store.begin(period, roster, source.describe(), now=now())
    if not collection.uses(roster):
        note(
            N_(
                "{period} was collected with another staff list, which stays: today's list is not"
                " used. To count with today's list, as the next edition:"
                " mailaudit collect{options} --period {period} --new-edition"
            ),
            period=period,
        )
    return collection


@contextmanager
def _listening(source: MailSource) -> Iterator[Signalled]:
    """The source, listening to this process's signals while it is asked; closed at the end."""
    with closing(source):
        yield signalled(source)


def signalled(source: MailSource) -> Signalled:
    """The source, which signals stop, pause and resume; says so."""
    return Signalled(
        source,
        on_pause=lambda: note(N_("Paused: the server is asked nothing until SIGUSR2.")),
        on_resume=lambda: note(N_("Going on.")),
    )


def fill(
    collection: Collection,
    source: Signalled,
    servers: "Sequence[Server]",
    *,
    however_little: bool,
    label: str = "",
) -> Collected:
    """Runs the collection under its progress; says how to go on when it is stopped.

    Args:
        label: What stands before the progress, instead of the Period.
    """
    run = partial(audit.collect, collection, source, clock=now, however_little=however_little)
    if not collection.pending:
        note(
            N_("{period} is complete: all {count} mailboxes are stored, none was asked."),
            period=collection.period,
            count=collection.total,
        )
        return run(on_progress=lambda _done, _total: None)
    note_closed_windows(servers, collection.period)
    done = 0

    def on_progress(done_now: int, total: int) -> None:
        nonlocal done
        done = done_now
        show(done_now, total)

    try:
        with source.listening(), progress(label or str(collection.period)) as show:
            return run(on_progress=on_progress)
    except KeyboardInterrupt:
        note(
            N_(
                "Stopped. {done} of {total} mailboxes are stored;"
                " the same command goes on from there."
            ),
            done=done,
            total=collection.total,
        )
        raise typer.Exit(INTERRUPTED) from None


def note_closed_windows(servers: "Iterable[Server]", period: Period) -> None:
    """Says which servers will not be asked yet, as nothing of theirs moves until then."""
    for server in servers:
        window = server.limits.window
        if window is None or server.limits.closed_s(now().astimezone(period.tz)) <= 0:
            continue
        note(
            N_("Outside {place}.window: the server is asked from {opens} on, until {closes}."),
            place=server.place,
            opens=f"{window[0]:%H:%M}",
            closes=f"{window[1]:%H:%M}",
        )

"""The steps the commands share, each wired from one configuration file."""

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import typer

from mailaudit import audit
from mailaudit.cli.bugs import conceal
from mailaudit.cli.console import (
    choose_language,
    current_language,
    note,
    remember_config,
    say,
)
from mailaudit.cli.options import LanguageCode
from mailaudit.cli.staff_remarks import tell_uncategorised, tell_unnamed
from mailaudit.cli.standings import print_ranking
from mailaudit.errors import N_
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.roster import Problem, Roster

if TYPE_CHECKING:
    from mailaudit.settings import Settings
    from mailaudit.sources.ews import EwsFleet, EwsSource, Limits
    from mailaudit.store import SnapshotStore

COVERAGE_TOO_LOW = 6
_PROBLEMS_SHOWN = 10
_FILES_SHOWN = 10
_log = logging.getLogger(__name__)


def now() -> datetime:
    """This instant, UTC: the clock that is passed in everywhere."""
    return datetime.now(UTC)


def load(config: Path, lang: LanguageCode | None) -> "Settings":
    """The settings of `config`; sets the terminal's language."""
    from mailaudit.settings import load_settings

    if lang is not None:
        choose_language(lang)
    remember_config(config)
    settings = load_settings(config)
    choose_language(lang or settings.report.language)
    _log.info("configuration %s, settings %s", config.absolute(), settings.digest)
    return settings


@contextmanager
def opened_store(settings: "Settings") -> "Iterator[SnapshotStore]":
    """The store of snapshots the configuration names."""
    from mailaudit.store import SnapshotStore

    _log.info("store %s", settings.store.file)
    with SnapshotStore.at(settings.store.file) as store:
        yield store


def calendar(settings: "Settings", period: Period) -> WorkCalendar:
    """The working days of every month a report of the Period looks at, and a year after it."""
    from mailaudit.roster import read_calendar

    first = period.shifted(1 - audit.TREND_MONTHS).year
    return read_calendar(settings.calendar.file, range(first, period.year + 2))


def require_calendar_units(
    settings: "Settings", days: WorkCalendar, store: "SnapshotStore", roster: Roster | None = None
) -> None:
    """Refuses a calendar file with a calendar of a unit that is on no list, of no month."""
    from mailaudit.roster import read_unit_list, require_units

    codes = [code for code, _ in days.units]
    known = {} if roster is None else {unit.code: unit.name for unit in roster.units}
    if not known.keys() >= set(codes):
        known = store.unit_names() | known
        if settings.roster.units is not None:
            listed = read_unit_list(settings.roster.units, settings.roster.encoding)
            known |= {row.unit.code: row.unit.name for row in listed.rows}
    require_units(settings.calendar.file, codes, known)


def lineage(settings: "Settings") -> Lineage:
    """What became of units and mail domains, as the configuration says today."""
    from mailaudit.roster import read_events

    file = settings.roster.events
    return Lineage(
        events=() if file is None else read_events(file, settings.roster.encoding),
        mail_domains=settings.organisation.renamed_domains,
    )


def evaluate(
    settings: "Settings", period: Period, days: WorkCalendar, unit: str | None = None
) -> audit.Audited:
    """Measures and ranks the stored Period, within a unit where one is named."""
    with opened_store(settings) as store:
        require_calendar_units(settings, days, store)
        return audit.evaluate(store, period, days, settings.rules, lineage(settings), within=unit)


def report(
    settings: "Settings",
    period: Period,
    *,
    audience: Audience | None = None,
    unit: str | None = None,
    out: Path | None,
    despite_difference: bool = False,
) -> audit.Audited:
    """Writes the Period's reports, prints what to know, its ranking and where the files are."""
    from mailaudit.cli.documents import documents
    from mailaudit.publication.own_line_name import with_own_line_named
    from mailaudit.publication.publish import publish
    from mailaudit.report.apart import no_memory

    # A report makes millions of values that live to its end: to look for garbage among them again
    # and again would take a tenth of the time.
    gc.set_threshold(100_000, 50, 100)
    wanted = documents(settings)
    days = calendar(settings, period)
    note(N_("{period}: measuring, and writing the reports …"), period=period)
    try:
        audited = evaluate(settings, period, days, unit)
        with opened_store(settings) as store:
            written = audit.report(
                audited,
                settings.organisation.name,
                days,
                settings.rules,
                language=current_language(),
                audience=audience or Audience(settings.report.audience),
                names=settings.report.names,
                illustrative=settings.report.illustrative,
                documents=wanted,
                folder=out or settings.report.folder,
                register=store,
                despite_difference=despite_difference,
            )
    except MemoryError:
        raise no_memory() from None
    for notice in written.notices:
        say("{notice}", notice=notice)
    if written.concealed:
        note(
            N_(
                "Not shown: {months}. They differ from what was published of them in the figures of"
                " fewer than {least} people; --despite-difference shows them."
            ),
            months=", ".join(written.concealed),
            least=settings.rules.min_published,
        )
    ranking, _ = with_own_line_named(audited.ranking, audited.measurement, current_language())
    print_ranking(publish(ranking, Audience.IT, settings.rules))
    for path in written.paths:
        say("{path}", path=path)
    _name_left(written.left)
    return audited


def _name_left(files: Sequence[Path]) -> None:
    """Names what lies beside the reports and could be taken for one of them."""
    if files:
        shown = list(map(str, files[:_FILES_SHOWN]))
        if len(files) > _FILES_SHOWN:
            shown.append("…")
        note(
            N_(
                "Not written by this run, and left as they are: {files}. Their figures may be"
                " out of date: make them again, or remove them."
            ),
            files=", ".join(shown),
        )


def leave(settings: "Settings", audited: audit.Audited) -> None:
    """Ends the command: with COVERAGE_TOO_LOW when too little was measured to rely on, or nobody
    had any mail in the whole month."""
    coverage = audited.ranking.total.coverage
    if coverage is not None and coverage < settings.rules.min_coverage:
        note(
            N_(
                "Coverage is {coverage} %, below the {least} % of rules.min_coverage_percent."
                " The reports of --audience it list the mailboxes that could not be measured,"
                " and why."
            ),
            coverage=current_language().percent(coverage),
            least=current_language().percent(settings.rules.min_coverage),
        )
        raise typer.Exit(COVERAGE_TOO_LOW)
    if audited.ranking.silence is not None:
        raise typer.Exit(COVERAGE_TOO_LOW)  # the notices of the report said why


def mail_source(settings: "Settings") -> "EwsSource | EwsFleet":
    """The mail server the configuration names.

    Says where its password came from, unless from the file the configuration names.
    """
    from mailaudit.sources.ews import EwsServer, open_source

    server = settings.server
    secret = server.find_secret()
    conceal(secret.value)
    if server.password_file is None:
        note(N_("Password from {origin}."), origin=secret.origin)
    _log.info(
        "%s as %s (%s), password from %s", server.url, server.account, server.auth, secret.origin
    )
    return open_source(
        EwsServer(
            url=server.url,
            version=server.version,
            auth=server.auth,
            username=server.username or "",
            secret=secret.value,
            ca_file=server.ca_file,
            max_connections=server.max_connections,
            timeout_s=server.timeout_s,
            tenant_id=server.tenant_id or "",
            client_id=server.client_id or "",
            limits=limits(settings),
            recoverable_items=server.recoverable_items,
        ),
        frozenset(settings.organisation.domains),
        now,
        lambda seconds, of_server: _tell_wait(settings, seconds, of_server),
    )


def _tell_wait(settings: "Settings", seconds: float, of_server: bool) -> None:
    """Says why nothing moves, and until when."""
    until = now() + timedelta(seconds=seconds)
    moment = until.astimezone(ZoneInfo(settings.organisation.timezone))
    note(
        N_("The mail server asks to be asked nothing before {moment}: waiting until then.")
        if of_server
        else N_("The mail server lets the mailboxes that are left wait until {moment}."),
        moment=current_language().instant(moment),
    )


def staff_list(
    settings: "Settings", period: Period, files: tuple[Path, ...] | None = None
) -> Roster:
    """The staff list of the Period; what was odd in it is told in _PROBLEMS_SHOWN lines at most.

    Args:
        files: Read instead of those the configuration names.
    """
    from mailaudit.roster import RosterFaults, read_roster, same_mailboxes

    listed = settings.roster
    files = listed.file if files is None else files
    layout = listed.layout(settings.organisation.domains)
    roster, problems = read_roster(files, listed.units, period, layout=layout)
    moved = Lineage(mail_domains=settings.organisation.renamed_domains)
    if faults := same_mailboxes(roster.staff, moved):
        raise RosterFaults(", ".join(map(str, files)), faults)
    _log.info(
        "staff list %s: %d entries, %d mailboxes",
        ", ".join(map(str, files)),
        len(roster.staff),
        len(roster.mailboxes()),
    )
    tell_uncategorised(roster.staff, note)
    tell_problems(problems)
    tell_unnamed(roster.staff, settings.rules, note)
    return roster


def tell_problems(problems: Sequence[Problem]) -> None:
    """Prints what was odd in a list, at most _PROBLEMS_SHOWN lines of it."""
    gettext = current_language().gettext
    for problem in problems[:_PROBLEMS_SHOWN]:
        note(
            "{row}: {text}",
            row=problem.row,
            text=gettext(problem.message).format_map(dict(problem.values)),
        )
    if len(problems) > _PROBLEMS_SHOWN:
        note(
            N_("… and {count} more remarks on the staff list."),
            count=current_language().number(len(problems) - _PROBLEMS_SHOWN),
        )


def limits(settings: "Settings") -> "Limits":
    """What the audit may take of the server."""
    from mailaudit.sources.ews import Limits

    return Limits(settings.server.requests_per_minute, settings.server.window)

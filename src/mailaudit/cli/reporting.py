"""Reporting a stored month: measured, ranked, written, its ranking printed."""

import gc
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mailaudit import audit
from mailaudit.cli.console import announce, current_language, note, say
from mailaudit.cli.periods import option_of
from mailaudit.cli.ranking import leaves_out, print_ranking
from mailaudit.cli.steps import COVERAGE_TOO_LOW, calendar, opened_store, require_calendar_units
from mailaudit.collaborators import Store
from mailaudit.errors import N_, UsageError
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Reason
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.rules import Rules
from mailaudit.model.wording import first_of
from mailaudit.publication.register import Register

if TYPE_CHECKING:
    from mailaudit.settings import Settings

_FILES_SHOWN = 10


def lineage(settings: "Settings") -> Lineage:
    """What became of units and mail domains, as the configuration says today."""
    from mailaudit.roster import read_events

    file = settings.roster.events
    return Lineage(
        events=() if file is None else read_events(file, settings.roster.encoding),
        mail_domains=settings.organisation.renamed_domains,
    )


@contextmanager
def drawing() -> Iterator[None]:
    """Makes reports within it: quickly, and without memory an error that says so.

    Raises:
        DrawingError: There is too little memory.
    """
    from mailaudit.report.child_process import no_memory

    # A report makes millions of values that live to its end: to look for garbage among them again
    # and again would take a tenth of the time.
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    except MemoryError:
        raise no_memory() from None


def evaluate(
    settings: "Settings",
    store: Store,
    period: Period,
    days: WorkCalendar,
    unit: str | None = None,
    edition: int | None = None,
    editions: Mapping[Period, int] | None = None,
) -> audit.Audited:
    """Measures and ranks the stored Period, or an edition of it, within a unit if one is named.

    Args:
        editions: Of the months of a longer period; None for the newest of all that are stored.

    Raises:
        UsageError: An edition of a longer period is asked for.
    """
    require_calendar_units(settings, days, store)
    events, rules = lineage(settings), settings.rules
    if isinstance(period, LongPeriod):
        if edition is not None:
            raise UsageError(
                N_("--edition goes with a month, not with {period}."),
                N_("A longer period is made of the newest edition of each month: leave it out."),
                period=period,
            )
        return audit.evaluate_longer(
            store, period, days, rules, events, within=unit, editions=editions
        )
    return audit.evaluate(store, period, days, rules, events, within=unit, edition=edition)


def composed(
    settings: "Settings",
    register: Register,
    audited: audit.Audited,
    days: WorkCalendar,
    audience: Audience,
    language: Language,
    *,
    despite_difference: bool,
) -> audit.Composed:
    """The report as the configuration wants it, written nowhere; see `audit.compose_report`."""
    return audit.compose_report(
        audited,
        settings.organisation.name,
        days,
        settings.rules,
        language=language,
        audience=audience,
        names=settings.report.names,
        illustrative=settings.report.illustrative,
        register=register,
        despite_difference=despite_difference,
        objections=settings.report.objections,
    )


def report(
    settings: "Settings",
    period: Period,
    *,
    audience: Audience | None = None,
    unit: str | None = None,
    edition: int | None = None,
    out: Path | None,
    despite_difference: bool = False,
    command: str = "report",
    every: bool = False,
) -> audit.Audited:
    """Writes the Period's reports, prints what to know, its ranking and where the files are.

    Args:
        command: Which one it was, for the run record.
        every: Whether to print every unit, instead of the best and worst of each group.
    """
    from mailaudit.cli.documents import documents
    from mailaudit.cli.run_record import record_reports
    from mailaudit.publication.publish import publish
    from mailaudit.report.own_line_name import with_own_line_named

    wanted = documents(settings)
    reader, folder = audience or Audience(settings.report.audience), out or settings.report.folder
    days = calendar(settings, period)
    note(N_("{period}: measuring, and writing the reports …"), period=period)
    with drawing(), opened_store(settings) as store:
        audited = evaluate(settings, store, period, days, unit, edition)
        spoken, despite = current_language(), despite_difference
        made = composed(settings, store, audited, days, reader, spoken, despite_difference=despite)
        written = audit.report(made, wanted, folder, store)
    record_reports(settings, command, audited.snapshot, folder, written.stem)
    if made.report.definition:
        say("{subtitle}", subtitle=made.report.subtitle)
    for notice in written.notices:
        say("{notice}", notice=notice)
    note_concealed(written.concealed, settings.rules)
    ranking, _ = with_own_line_named(audited.ranking, audited.measurement, current_language())
    everything = publish(ranking, Audience.IT, settings.rules, withheld=made.withheld)
    print_ranking(everything, every=every)
    if not every and leaves_out(everything):
        note(
            N_("Every unit: mailaudit report{options} {period}{chosen} --all"),
            period=option_of(period),
            chosen=(f" --unit {shlex.quote(unit)}" if unit else "")
            + (f" --edition {edition}" if edition else ""),
        )
    for path in written.paths:
        announce("{path}", path=path)
    name_left(written.left)
    return audited


def note_concealed(months: Iterable[Period], rules: Rules) -> None:
    """Names the earlier months that are not shown."""
    from mailaudit.report.words import short_period

    language = current_language()
    if named := ", ".join(short_period(one, language) for one in sorted(months, key=str)):
        note(
            N_(
                "Not shown: {months}. They differ from what was published of them in the figures of"
                " fewer than {least} people; --despite-difference shows them."
            ),
            months=named,
            least=rules.min_published,
        )


def name_left(files: Sequence[Path]) -> None:
    """Names what lies beside the reports and could be taken for one of them."""
    if files:
        note(
            N_(
                "Not written by this run, and left as they are: {files}. Their figures may be"
                " out of date: make them again, or remove them."
            ),
            files=first_of(files, _FILES_SHOWN),
        )


def leave(settings: "Settings", audited: audit.Audited) -> None:
    """Ends the command: with COVERAGE_TOO_LOW when too little was measured to rely on, or nobody
    had any mail in the whole month."""
    lacking = sum(u.reason is Reason.UNKNOWN_TO_SOURCE for u in audited.measurement.staff)
    if lacking:
        note(
            N_(
                "{number} people can't be judged: their mail source does not say what was read."
                ' With rules.regular = "sent" mail sent alone decides.'
            ),
            number=lacking,
        )
    total, coverage = audited.ranking.total, audited.ranking.total.coverage
    if not settings.rules.is_sufficient(coverage):
        note(
            N_(
                "Coverage is {coverage} %: {part} of {whole} mailboxes of people in scope were"
                " measured. That is below the {least} % of rules.min_coverage_percent. The reports"
                " of --audience it list the mailboxes that could not be measured, and why."
            ),
            coverage=current_language().percent(coverage),
            part=total.measured,
            whole=total.provided,
            least=current_language().percent(settings.rules.min_coverage),
        )
        raise typer.Exit(COVERAGE_TOO_LOW)
    if audited.ranking.silence is not None:
        raise typer.Exit(COVERAGE_TOO_LOW)  # the notices of the report said why

"""run, collect, report: the monthly audit, whole and in its two halves."""

from pathlib import PurePath
from typing import Annotated

import typer

from mailaudit.cli.log_options import LogFile, LogFormatName
from mailaudit.cli.options import (
    DEFAULT_CONFIG,
    AllUnits,
    AnyPeriodText,
    AudienceName,
    Config,
    DespiteDifference,
    FirstDay,
    Lang,
    LastDay,
    Notify,
    Out,
    PeriodText,
    Verbose,
)
from mailaudit.errors import N_, UsageError

SealLowCoverage = Annotated[
    bool,
    typer.Option(
        "--seal-low-coverage",
        help="Seal the month even where less than half of its mailboxes were measured.",
    ),
]

Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        help="Of several servers one that is not asked, by its name: its mailboxes end as not"
        " measured, and can be asked later with collect --retry-unmeasured. May be repeated.",
        metavar="NAME",
    ),
]


def run(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    audience: AudienceName = None,
    out: Out = None,
    seal_low_coverage: SealLowCoverage = False,
    without: Without = None,
    despite_difference: DespiteDifference = False,
    every: AllUnits = False,
    notify: Notify = False,
    log: LogFile = None,
    log_format: LogFormatName = None,
    verbose: Verbose = False,
) -> None:
    """Collect a month from the mail server, and report on it.

    Can be stopped and started again at any time; nothing collected is lost or asked for twice.

    It ends with what was measured, and of each group of units the best and worst three. With
    --log or --notify, as a scheduled run, it waits while another collection is running.

    Example: mailaudit run --config mailaudit.toml --period 2026-10
    """
    from mailaudit.cli import collecting, reporting, steps
    from mailaudit.cli.console import in_command
    from mailaudit.cli.documents import documents
    from mailaudit.cli.notifying import notifying
    from mailaudit.cli.run_record import record_snapshot

    chosen = {
        f" --audience {audience}": audience is not None,
        f" --out {out and in_command(out.absolute())}": out is not None,
        " --seal-low-coverage": seal_low_coverage,
        **{f" --without {in_command(PurePath(name))}": True for name in without or ()},
        " --despite-difference": despite_difference,
    }
    command = "run" + "".join(option for option, is_set in chosen.items() if is_set)
    with notifying(config, command, period, wanted=notify) as course:
        settings, month = steps.load_for_month(config, lang, period)
        course.period = month
        documents(settings)  # a wrong wording stops here, not after hours of collecting
        collected = collecting.collect(
            settings,
            month,
            however_little=seal_low_coverage,
            patient=notify or log is not None,
            without=without or (),
        )
        course.collected = collected
        record_snapshot(settings, "run", collected, without or ())
        collecting.summarise(collected)
        collecting.advise(settings, collected)
        audited = reporting.report(
            settings,
            month,
            audience=audience,
            out=out,
            despite_difference=despite_difference,
            command="run",
            every=every,
        )
        course.folder = out or settings.report.folder
        course.audited, course.despite_difference = audited, despite_difference
        reporting.leave(settings, audited)


def collect(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    retry_unmeasured: Annotated[
        bool,
        typer.Option(
            "--retry-unmeasured",
            help="Ask again only the mailboxes that could not be measured the last time.",
        ),
    ] = False,
    new_edition: Annotated[
        bool,
        typer.Option(
            "--new-edition",
            help="Count a month that is sealed with today's staff list, as its next edition.",
        ),
    ] = False,
    seal_low_coverage: SealLowCoverage = False,
    without: Without = None,
    notify: Notify = False,
    log: LogFile = None,
    log_format: LogFormatName = None,
    verbose: Verbose = False,
) -> None:
    """Collect a month from the mail server, without reports.

    Can be stopped (Ctrl-C, SIGTERM) and started again at any time. SIGUSR1 pauses it: the server
    is asked nothing more until SIGUSR2. Ends with 6 when fewer of all mailboxes were measured
    than rules.min_coverage_percent; reports judge by those in scope. A month of which less than
    half was measured is not sealed without --seal-low-coverage.

    Asking again leaves what was measured, and the staff list of the month, as they are. It makes
    a new edition of the month; a sealed one never changes.

    A new edition keeps what was measured too, but counts with the staff list as it is now; asked
    are the mailboxes that came to it and those that could not be measured.

    With --period running it waits while another collection is running.

    Example: mailaudit collect --config mailaudit.toml --period 2026-10

    Example: mailaudit collect --period 2026-10 --retry-unmeasured
    """
    from mailaudit.cli import collecting, steps
    from mailaudit.cli.console import in_command
    from mailaudit.cli.notifying import notifying
    from mailaudit.cli.run_record import record_snapshot

    if retry_unmeasured and new_edition:
        raise UsageError(
            N_("--retry-unmeasured and --new-edition do not go together."),
            N_("A new edition asks again for what could not be measured as well."),
        )
    chosen = {
        " --retry-unmeasured": retry_unmeasured,
        " --new-edition": new_edition,
        " --seal-low-coverage": seal_low_coverage,
        **{f" --without {in_command(PurePath(name))}": True for name in without or ()},
    }
    command = "collect" + "".join(option for option, is_set in chosen.items() if is_set)
    with notifying(config, command, period, wanted=notify) as course:
        settings, month = steps.load_for_month(config, lang, period)
        course.period = month
        if retry_unmeasured:
            collected = collecting.retry_unmeasured(
                settings, month, however_little=seal_low_coverage, without=without or ()
            )
            if collected is None:
                return
        else:
            collected = collecting.collect(
                settings,
                month,
                renew=new_edition,
                however_little=seal_low_coverage,
                patient=period == steps.RUNNING,
                without=without or (),
            )
        course.collected = collected
        record_snapshot(settings, "collect", collected, without or ())
        collecting.summarise(collected)
        collecting.leave_collected(settings, collected)


def report(
    config: Config = DEFAULT_CONFIG,
    period: AnyPeriodText = None,
    first: FirstDay = None,
    last: LastDay = None,
    lang: Lang = None,
    audience: AudienceName = None,
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit",
            help="The code of a unit: report on it alone, the units directly below it ranked.",
            metavar="CODE",
        ),
    ] = None,
    edition: Annotated[
        int | None,
        typer.Option(
            "--edition",
            min=1,
            help="An earlier complete edition of the month, instead of the newest; its files say so"
            " and have names of their own.",
            metavar="N",
        ),
    ] = None,
    out: Out = None,
    despite_difference: DespiteDifference = False,
    every: AllUnits = False,
    log: LogFile = None,
    log_format: LogFormatName = None,
    verbose: Verbose = False,
) -> None:
    """Write the reports of a month or a longer period, offline.

    A longer period is made of the months stored: nothing is asked again. Months that are missing,
    provisional or of low coverage are named in the report.

    Example: mailaudit report --config mailaudit.toml --period 2026-10 --lang en

    Example: mailaudit report --period 2026-10 --unit SNV

    Example: mailaudit report --period 2026-10 --edition 1

    Example: mailaudit report --period 2026-Q3

    Example: mailaudit report --from 2025-12-10 --to 2026-12-10
    """
    from mailaudit.cli import reporting
    from mailaudit.cli.periods import load_for_report

    settings, month = load_for_report(config, lang, period, first, last)
    audited = reporting.report(
        settings,
        month,
        audience=audience,
        unit=unit,
        edition=edition,
        out=out,
        despite_difference=despite_difference,
        every=every,
    )
    reporting.leave(settings, audited)

"""unit-report: the report each unit hands in, as documents to be numbered and signed."""

from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import (
    DEFAULT_CONFIG,
    AnyPeriodText,
    Config,
    DespiteDifference,
    FirstDay,
    Lang,
    LastDay,
    Out,
    Verbose,
)
from mailaudit.errors import N_, ConfigurationError

if TYPE_CHECKING:
    from mailaudit.settings import Settings


def unit_report(
    config: Config = DEFAULT_CONFIG,
    period: AnyPeriodText = None,
    first: FirstDay = None,
    last: LastDay = None,
    unit: Annotated[
        str | None,
        typer.Option("--unit", help="The code of a unit. Without it: every unit.", metavar="CODE"),
    ] = None,
    out: Out = None,
    lang: Lang = None,
    despite_difference: DespiteDifference = False,
    verbose: Verbose = False,
) -> None:
    """Write the reports that units hand in.

    One of each unit: a document (DOCX, PDF) with its own figures, what is lacking and what it
    asks for, made offline from the stored months. Number, day, place and signature stay open.
    annex.unit_wording names a file with other sentences.

    It is for the head of that unit: only its owner can read a file, and with report.names = true
    an appendix lists the unit's people.

    Example: mailaudit unit-report --config mailaudit.toml --from 2025-12-10 --to 2026-12-10

    Example: mailaudit unit-report --period 2026 --unit SNV
    """
    from mailaudit import audit
    from mailaudit.cli import reporting, steps
    from mailaudit.cli.console import announce, current_language, note, say
    from mailaudit.cli.documents import unit_documents
    from mailaudit.cli.periods import load_for_report
    from mailaudit.cli.progress import UnitLines
    from mailaudit.cli.run_record import record_reports
    from mailaudit.model.audience import Audience

    settings, month = load_for_report(config, lang, period, first, last)
    _require_format(settings)
    wanted, folder = unit_documents(settings), out or settings.report.folder
    days, names = steps.calendar(settings, month), settings.report.names
    note(N_("{period}: measuring, and writing the reports …"), period=month)
    with reporting.drawing(), steps.opened_store(settings) as store:
        audited = reporting.evaluate(settings, store, month, days)
        spoken, despite = current_language(), despite_difference
        heads = Audience.LEADER
        made = reporting.composed(
            settings, store, audited, days, heads, spoken, despite_difference=despite
        )
        written = audit.write_unit_reports(
            made,
            audited,
            days,
            settings.rules,
            wanted,
            folder,
            store,
            unit=unit,
            names=names,
            on_progress=UnitLines(),
        )
    record_reports(settings, "unit-report", audited.snapshot, folder, written.stem)
    for notice in written.notices:
        say("{notice}", notice=notice)
    if unit is None:
        units = len({path.with_suffix("") for path in written.paths})
        announce(N_("{count} units: {path}"), count=units, path=folder / written.stem)
    else:
        for path in written.paths:
            announce("{path}", path=path)
    if names:
        note(
            N_(
                "The appendix lists people: it is for the unit's head only. Pass the report on"
                " without it."
            )
        )
    reporting.leave(settings, audited)


def _require_format(settings: "Settings") -> None:
    """Raises ConfigurationError where no file that can be written is wanted."""
    from mailaudit.report.unit_documents import FORMATS

    if not set(FORMATS) & set(settings.report.formats):
        raise ConfigurationError(
            N_("report.formats has none of the kinds of files that units' reports are: {kinds}."),
            N_("Add one of them."),
            kinds=", ".join(FORMATS),
        )

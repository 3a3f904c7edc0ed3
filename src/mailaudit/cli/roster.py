"""roster: what can be said of a staff list before anybody's mailbox is asked for."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Lang, Verbose
from mailaudit.errors import RosterError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def roster() -> None:
    """Check staff lists, and compare them with the directory.

    Example: mailaudit roster check
    """


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="The staff list in one or several files, instead of the configured.",
            metavar="FILE",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help="The configuration: what it says of the lists' form holds for FILE as well.",
            metavar="FILE",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Also write the lists as a workbook with each problem beside its row.",
            metavar="FILE",
        ),
    ] = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Read staff lists as the audit would, and show what was found.

    For each sheet: the header, what each column was taken for, and what became of every row. Then
    what has to be corrected, and what should be looked at. Ends with 3 where there is something to
    correct.

    With a configuration also: mailboxes outside the organisation's domains, and categories and
    statuses that no rule names. They are not errors.

    The workbook of --out is in Vietnamese. Correct it and use it in place of the lists.

    Example: mailaudit roster check danh-sach.xlsx --out can-sua.xlsx

    Example: mailaudit roster check --config mailaudit.toml
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import report_error, say
    from mailaudit.cli.roster_view import show
    from mailaudit.cli.staff_lists import warn_of_no_category, warn_of_outside, warn_of_unnamed
    from mailaudit.model.layout import Layout
    from mailaudit.model.routing import no_server
    from mailaudit.roster import read_lists

    settings, units, layout = None, None, Layout()
    if config is not None or not files:
        settings = steps.load(config or DEFAULT_CONFIG, lang)
        units = settings.roster.units
        layout = settings.roster.layout(settings.organisation.domains)
        files = files or list(settings.roster.file)
    reading = read_lists(files, units, layout=layout)
    show(reading)
    warn_of_no_category(reading.staff, say)
    if settings is not None:
        organisation = settings.organisation
        warn_of_outside(reading.staff, {*organisation.domains, *organisation.renamed_domains}, say)
        warn_of_unnamed(reading.staff, settings.rules, say)
    astray = () if settings is None else settings.routing.astray(reading.staff)
    if astray:
        say("")
        report_error(no_server(astray))
    if out is not None:
        from mailaudit.report.excel.corrections import render_corrections
        from mailaudit.report.files import write_atomically

        write_atomically(out, render_corrections(reading), private=True)
        say("{path}", path=out)
    if reading.roster is None or astray:
        raise typer.Exit(RosterError.exit_code)

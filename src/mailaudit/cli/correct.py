"""correct: what units objected to in a month's staff list, shown, then made as its next edition."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import (
    DEFAULT_CONFIG,
    Config,
    DespiteDifference,
    Lang,
    Out,
    Verbose,
)


def correct(
    file: Annotated[
        Path,
        typer.Argument(help="The list of corrections; init gives an example.", metavar="FILE"),
    ],
    config: Config = DEFAULT_CONFIG,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            "-p",
            help="The month to correct, as 2026-10, where the list has several.",
            metavar="YYYY-MM",
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Make the corrections, as the month's next edition.")
    ] = False,
    lang: Lang = None,
    out: Out = None,
    despite_difference: DespiteDifference = False,
    verbose: Verbose = False,
) -> None:
    """Correct a sealed month by objections that were approved.

    Shows what the corrections change of every unit, and changes nothing without --apply. With it
    the month gets its next edition, sealed, and the reports' folder the documents that compare
    both: one for the IT department, with each correction, and one for the public, without people,
    where it gives nobody away. The edition before stays in the store as it is.

    Giving the same list again changes nothing. A list may grow: only what is new is made.

    Example: mailaudit correct corrections.csv --config mailaudit.toml

    Example: mailaudit correct corrections.xlsx --period 2026-10 --apply
    """
    from mailaudit.cli.correcting import Correcting

    Correcting.begun(config, lang, file, period).run(
        apply=apply, out=out, despite_difference=despite_difference
    )

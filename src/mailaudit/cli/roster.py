"""roster: what can be said of a staff list before anybody's mailbox is asked for."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import Lang
from mailaudit.errors import N_

app = typer.Typer(no_args_is_help=True, help="Check staff lists.")


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="The staff list, one or several files.", metavar="FILE…")
    ],
    lang: Lang = None,
) -> None:
    """Read staff lists as the audit would, and show what was found.

    Example: mailaudit roster check danh-sach.xlsx
    """
    from mailaudit.cli.console import choose_language, say
    from mailaudit.roster import read_roster

    if lang is not None:
        choose_language(lang)
    for file in files:
        roster, problems = read_roster(file)
        say(
            N_("{file}: {staff} staff, {problems} remarks."),
            file=file,
            staff=len(roster.staff),
            problems=len(problems),
        )

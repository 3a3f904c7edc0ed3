"""init: example files to start from."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import MessagesLang
from mailaudit.errors import N_

EXAMPLES = {
    "mailaudit.example.toml": "mailaudit.toml",
    "roster.example.csv": "roster.csv",
    "units.example.csv": "units.csv",
    "events.example.csv": "events.csv",
    "corrections.example.csv": "corrections.csv",
    "calendar-vn.toml": "calendar-vn.toml",
    "wording.vi.txt": "wording.vi.txt",
    "wording.en.txt": "wording.en.txt",
    "unit-report.vi.txt": "unit-report.vi.txt",
    "unit-report.en.txt": "unit-report.en.txt",
    "mail.vi.txt": "mail.vi.txt",
    "mail.en.txt": "mail.en.txt",
    "reminder.vi.txt": "reminder.vi.txt",
    "reminder.en.txt": "reminder.en.txt",
}


def init(
    directory: Annotated[
        Path, typer.Argument(help="Folder to put them in.", metavar="DIR")
    ] = Path(),
    lang: MessagesLang = None,
) -> None:
    """Put a configuration and example lists into a folder.

    Never overwrites: a file that is already there stays as it is.

    Example: mailaudit init audit
    """
    from mailaudit.cli.console import choose_language, in_command, note, say
    from mailaudit.report.files import write_atomically
    from mailaudit.roster.shipped import shipped

    if lang is not None:
        choose_language(lang)
    for example, name in EXAMPLES.items():
        path = directory / name
        if path.exists():
            note(N_("{path} is already there, left as it is."), path=path)
        else:
            write_atomically(path, shipped(example).read_bytes())
            say("{path}", path=path)
    if sys.platform == "win32":
        note(
            N_("On Windows, files have the access of their folder. Close it to others: {command}"),
            command=f"icacls {in_command(directory)} /inheritance:r"
            f' /grant:r "{getpass.getuser()}:(OI)(CI)F"',
        )
    note(
        N_("Fill them in, then: mailaudit check --config {config}"),
        config=in_command(directory / EXAMPLES["mailaudit.example.toml"]),
    )

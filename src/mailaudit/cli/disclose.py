"""disclose: everything that is stored of one person, for that person to read."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Verbose
from mailaudit.errors import N_, UsageError

PersonText = Annotated[
    str,
    typer.Argument(
        help="An address of the person, as on a staff list, or the staff code.", metavar="ADDRESS"
    ),
]


def disclose(
    person: PersonText,
    config: Config = DEFAULT_CONFIG,
    lang: Lang = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The text file to write; without it the text is printed.",
            metavar="FILE",
        ),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Write down everything that is stored of a person.

    The person is found by address and staff code in all months, with every other address that a
    staff list or a correction has beside these; never by name.

    The file is about one person: only its owner can read it. Reports, packs and exports that were
    written, and copies of the store, are not looked at.

    Example: mailaudit disclose an@vidu.gov.vn --config mailaudit.toml --out an.txt
    """
    from zoneinfo import ZoneInfo

    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language, note, say
    from mailaudit.report.disclosure import render_disclosure
    from mailaudit.report.files import write_atomically
    from mailaudit.store import PersonRecords

    settings = steps.load(config, lang)
    require_person(person)
    if out is not None and not out.parent.is_dir():
        # Not made here: a mistyped folder would leave it where nobody looks.
        raise UsageError(
            N_("The folder of --out {path} does not exist."),
            N_("Create it, or name another file."),
            path=out,
        )
    found, records = PersonRecords(settings.store.file).of(person)
    made_at = steps.now().astimezone(ZoneInfo(settings.organisation.timezone))
    text = render_disclosure(
        found, records, settings.organisation.name, current_language(), made_at=made_at
    )
    if out is None:
        say("{text}", text=text.rstrip("\n"))
    else:
        write_atomically(out, text.encode(), private=True)
        say(N_("{path}: {count} records."), path=out, count=len(records))
    note(
        N_(
            "Read it before you pass it on: what was written by hand, such as reasons, may name"
            " somebody else."
        )
    )


def require_person(person: str) -> None:
    """Refuses what can be neither an address nor a staff code. Raises UsageError."""
    if not person.strip() or any(not one.isprintable() for one in person):
        raise UsageError(
            N_("{text} is neither an address nor a staff code."),
            N_("Write it as the staff list of a month has it."),
            text=repr(person),
        )

"""pack: the reports of a month or longer period and all they were made with, in one file."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.options import (
    DEFAULT_CONFIG,
    AnyPeriodText,
    AudienceName,
    Config,
    DespiteDifference,
    FirstDay,
    Lang,
    LastDay,
    Verbose,
)
from mailaudit.errors import N_, UsageError


def pack(
    config: Config = DEFAULT_CONFIG,
    period: AnyPeriodText = None,
    first: FirstDay = None,
    last: LastDay = None,
    audience: AudienceName = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="The ZIP file to write, instead of one in the folder of the reports.",
            metavar="FILE",
        ),
    ] = None,
    despite_difference: DespiteDifference = False,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Put a period's reports and their proof into a ZIP file.

    Beside the reports there are their tables as CSV, the rules, the calendar, the method, the
    versions, the SHA-256 of the data and of each file. It is for the public unless --audience says
    otherwise, and made anew from the store: the same store and settings give the same file.

    That of a longer period also has the tables of each of its months, to check sums by.

    Example: mailaudit pack --config mailaudit.toml --period 2026-10

    Example: mailaudit pack --period 2026-10 --audience it --out review.zip

    Example: mailaudit pack --period 2026-Q3
    """
    from hashlib import sha256

    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language, note, say
    from mailaudit.cli.packing import packed
    from mailaudit.cli.periods import load_for_report
    from mailaudit.cli.reporting import note_concealed
    from mailaudit.cli.run_record import record
    from mailaudit.evidence.archive import archive_of
    from mailaudit.evidence.circumstances import record_file
    from mailaudit.model.audience import Audience
    from mailaudit.model.run_record import Made, newest_kept_by_packs
    from mailaudit.report.files import write_atomically

    settings, month = load_for_report(config, lang, period, first, last)
    _refuse_other_place(out)
    reader = audience or Audience.PUBLIC
    with steps.opened_store(settings) as store:
        newest = newest_kept_by_packs(store.run_record())
    note(N_("{period}: measuring, and making the pack …"), period=month)
    made = packed(
        settings,
        month,
        reader,
        current_language(),
        despite_difference=despite_difference,
        record=record_file(newest),
    )
    content = archive_of(made.files)
    digest = sha256(content).hexdigest()
    # Both first: a pack that is there was registered, and its entry shows when it is removed.
    with steps.opened_store(settings) as store:
        made.register(store)
    record(settings, "pack", str(month), made.audited.snapshot.edition, Made.PACK, digest)
    path = out or settings.report.folder / f"{made.composed.report.stem}-pack.zip"
    write_atomically(path, content, private=reader is not Audience.PUBLIC)
    for notice in made.composed.report.remarks:
        say("{notice}", notice=notice)
    note_concealed(made.left_out, settings.rules)
    say(N_("{count} files in {path}"), count=len(made.files), path=path)
    say("SHA-256: {digest}", digest=digest)


def _refuse_other_place(out: Path | None) -> None:
    """Refuses a place that no file can be written to. Raises UsageError."""
    if out is None:
        return
    if out.is_dir():
        raise UsageError(N_("--out {path} is a folder."), N_("Name a file in it."), path=out)
    if not out.parent.is_dir():
        # Not made here: a mistyped folder would leave the file where nobody looks.
        raise UsageError(
            N_("The folder of --out {path} does not exist."),
            N_("Create it, or name another file."),
            path=out,
        )

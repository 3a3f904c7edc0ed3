"""verify: whether a pack is as it was made, and whether the store makes it again."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import Lang, Verbose
from mailaudit.errors import N_, PackError, Phrase, UsageError, cause

if TYPE_CHECKING:
    from mailaudit.evidence.check import Pack
    from mailaudit.settings import Settings

_SHOWN = 20  # names of files under one heading


def verify(
    file: Annotated[Path, typer.Argument(help="The pack.", metavar="FILE")],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            "-c",
            help="The configuration: the store it names is asked to make the pack again.",
            metavar="FILE",
        ),
    ] = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Check whether a pack was changed.

    It says what each checksum covers, and names files that were changed, are missing or were added.

    With a configuration it also makes the pack's files again from the store, names those that
    differ and where that is likely to come from, and checks the run record. Nothing is unpacked to
    the disk, nothing is written. Ends with 7 where anything is not as it was.

    Example: mailaudit verify mailaudit-2026-10-pack.zip

    Example: mailaudit verify mailaudit-2026-10-pack.zip --config mailaudit.toml
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import choose_language, say
    from mailaudit.evidence.check import read_pack

    settings = steps.load(config, lang) if config is not None else None
    if settings is None and lang is not None:
        choose_language(lang)
    pack = read_pack(_content(file), file)
    _say_how_it_stands(pack, file)
    verdict = N_("RESULT: the pack was changed after it was made.")
    is_good = pack.is_untouched
    if is_good and settings is None:
        verdict = N_("RESULT: the pack is untouched. It was not compared with the store: --config")
    elif is_good and settings is not None:
        is_good = _is_made_again(settings, pack, file)
        verdict = (
            N_("RESULT: the pack is untouched, and the store makes it again.")
            if is_good
            else N_("RESULT: the pack is untouched, but the store does not bear it out.")
        )
    say(verdict)
    if not is_good:
        raise typer.Exit(PackError.exit_code)


def _content(file: Path) -> bytes:
    """The file's content. Raises PackError if it is too large, UsageError if there is no file."""
    from mailaudit.evidence.archive import refuse_size

    try:
        if file.exists() and not file.is_file():
            raise _unreadable(file, Phrase(N_("it is not a file")))
        refuse_size(file.stat().st_size, file)
        return file.read_bytes()
    except OSError as error:
        raise _unreadable(file, cause(error)) from None


def _unreadable(file: Path, why: Phrase) -> UsageError:
    return UsageError(
        N_("The pack {file} can't be read: {why}."),
        N_("Name the file of a pack."),
        file=file,
        why=why,
    )


def _say_how_it_stands(pack: "Pack", file: Path) -> None:
    """What each digest covers, and what is not as it was."""
    from mailaudit.cli.console import say
    from mailaudit.evidence.check import asked_of
    from mailaudit.evidence.checksums import CHECKSUMS
    from mailaudit.evidence.circumstances import MONTHS

    say("{file}: SHA-256 {digest}", file=file, digest=pack.digest)
    say(
        N_(
            "  covers every byte of the pack. Compare it with what whoever made the pack says: who"
            " makes a whole pack anew makes its checksums too."
        )
    )
    say(N_("{file}: {count} digests"), file=CHECKSUMS, count=pack.listed)
    say(N_("  cover every byte of one file each, of all files of the pack but this one."))
    if pack.is_untouched:
        asked = asked_of(pack, file)
        say(N_("SHA-256 of the data: {digest}"), digest=asked.digest)
        say(
            N_(
                "  covers the editions that {file} names for {period}, each by its own SHA-256,"
                " which only the store can show: --config"
            )
            if asked.months
            else N_(
                "  covers the staff list of {period}, edition {edition}, and what each mailbox did."
                " Only the store can show it: --config"
            ),
            file=MONTHS,
            period=asked.period,
            edition=asked.edition,
        )
    say(N_("Untouched: {count} files"), count=pack.untouched)
    _say_names(N_("Changed: {count} files"), pack.changed)
    _say_names(N_("Missing: {count} files"), pack.missing)
    _say_names(N_("Added: {count} files"), pack.added)
    if not pack.is_as_written and not (pack.changed or pack.missing or pack.added):
        say(
            N_(
                "The ZIP file itself is not as mailaudit writes it: it was changed around its"
                " files, or made by another program."
            )
        )


def _say_names(heading: str, names: Sequence[str]) -> None:
    from mailaudit.cli.console import say

    if names:
        say(heading, count=len(names))
        for name in names[:_SHOWN]:
            say("  {name}", name=name)
        if len(names) > _SHOWN:
            say("  …")


def _is_made_again(settings: "Settings", pack: "Pack", file: Path) -> bool:
    """Whether the store makes the same files, and its run record is the one of the pack."""
    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language, note, report_error, say
    from mailaudit.cli.packing import packed
    from mailaudit.evidence.check import CAUSES, asked_of, broken_record, difference, proved_up_to
    from mailaudit.evidence.circumstances import RECORD
    from mailaudit.locale import language

    asked = asked_of(pack, file)
    timezone = settings.organisation.timezone
    period = replace(asked.period, timezone=timezone)
    months = {replace(month, timezone=timezone): n for month, n in asked.months.items()}
    with steps.opened_store(settings) as store:
        entries = store.run_record()
    note(N_("{period}: measuring, and making the pack again …"), period=period)
    made = packed(
        settings,
        period,
        asked.audience,
        language(asked.language),
        despite_difference=asked.despite_difference,
        record=pack.files[RECORD],
        edition=None if months else asked.edition,
        editions=months or None,
    )
    for month, newer in made.newer.items():
        packed_one = months.get(month, 0) if months else asked.edition
        say(
            N_("Edition {newer} of {period} has replaced edition {edition}, which the pack is of.")
            if packed_one
            else N_("{period} is stored by now; the pack was made without it."),
            newer=str(newer),
            period=month,
            edition=str(packed_one),
        )
    removal = made.audited.snapshot.removal
    if removal is not None and removal.first_digest == asked.digest:
        say(
            N_(
                "From edition {edition} of {period} people were removed since: its data are no"
                " longer those of the pack, whose SHA-256 was the seal before that."
            ),
            edition=str(asked.edition),
            period=period,
        )
    found = difference(pack, made.files)
    if not found.files:
        say(N_("The store makes the same {count} files again."), count=len(made.files))
    else:
        _say_names(N_("The store makes {count} files differently:"), found.files)
        for name, keys in found.causes.items():
            say(
                N_("  likely from {why} ({file}: {keys})"),
                why=current_language().gettext(CAUSES[name]),
                file=name,
                keys=", ".join(keys),
            )
        if not found.causes:
            say(
                N_(
                    "  nothing in the pack says why: somebody changed it and its checksums, or this"
                    " machine sets or compresses files differently"
                )
            )
    broken = broken_record(pack, entries)
    if broken is not None:
        report_error(broken)
    else:
        say(
            N_(
                "The run record holds: {count} entries, each with the one before it. This pack"
                " proves them up to entry {number}; what came later, a later pack."
            ),
            count=len(entries),
            number=proved_up_to(pack),
        )
    return not found.files and broken is None

"""Checks of what lies on this computer: the store, the reports' folder, the wording."""

import os
from collections.abc import Iterator
from pathlib import Path

from mailaudit.checkup.finding import Finding, failure, ok, warning
from mailaudit.checkup.setup import Setup
from mailaudit.errors import N_
from mailaudit.locale import language
from mailaudit.model.audience import Audience

MB = 1024 * 1024
LITTLE_ROOM, NO_ROOM = 500 * MB, 50 * MB
_ROOM = N_("Free some disk space, or put store.file on another disk.")


def store(setup: Setup) -> Iterator[Finding]:
    """Whether the store is sound, its seals hold, and there is room; it is read, never changed."""
    from mailaudit.store import inspect_store

    file = setup.settings.store.file
    folder = file.parent
    if not folder.is_dir():
        yield failure(
            N_("The folder of the store {file} does not exist."),
            N_("Create it, or correct store.file in the configuration."),
            file=file,
        )
        return
    setup.store = found = inspect_store(file)
    if not (_is_writable(folder) and (not file.exists() or os.access(file, os.W_OK))):
        yield failure(
            N_("The store {file} can't be written."),
            N_("Give this account write access to the file and its folder."),
            file=file,
        )
        return
    room = setup.free_bytes(folder) // MB
    if found is None:
        yield ok(N_("{file} is made by the first collection."), file=file)
    elif not found.is_current:
        yield warning(
            N_("{file} ({size} MB) is sound, but of an older mailaudit; no seal was checked."),
            N_("Copy it to a safe place: the next command that uses it brings it up to date."),
            file=file,
            size=_megabytes(found.size),
        )
    else:
        yield ok(
            N_("{file} ({size} MB) is sound; {count} sealed editions are as they were sealed."),
            file=file,
            size=_megabytes(found.size),
            count=found.seals,
        )
        if setup.period in found.sealed:
            setup.period = setup.period.shifted(1)
    if room * MB < NO_ROOM:
        yield failure(N_("{room} MB are left on the disk of {file}."), _ROOM, file=file, room=room)
    elif room * MB < LITTLE_ROOM:
        yield warning(N_("{room} MB are left on the disk of {file}."), _ROOM, file=file, room=room)


def reports(setup: Setup) -> Iterator[Finding]:
    """Whether reports can be written; nothing is, not even to try it."""
    folder = setup.settings.report.folder
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not there.is_dir():
        yield failure(
            N_("{path} is a file, not a folder."), N_("Correct report.folder."), path=there
        )
    elif not _is_writable(there):
        yield failure(
            N_("The folder {folder} can't be written to by this account."),
            N_("Give it write access, or correct report.folder."),
            folder=there,
        )
    elif there == folder:
        yield ok(N_("{folder} can be written to."), folder=folder)
    else:
        yield ok(N_("{folder} is made by the first report."), folder=folder)


def objections(setup: Setup) -> Iterator[Finding]:
    """Whether readers learn to whom to object, and until when."""
    from mailaudit.report.sections.notices import objections_sentence

    report = setup.settings.report
    spoken, reader = language(report.language), Audience(report.audience)
    if sentence := objections_sentence(report.objections, reader, spoken):
        yield ok(N_("Units' pages say: {sentence}"), sentence=sentence)
    else:
        yield ok(
            N_(
                "report.contact and report.objection_days are not set: units' pages name nobody to"
                " object to."
            )
        )


def wording(setup: Setup) -> Iterator[Finding]:
    """Whether the documents' sentences can be used."""
    setup.read_wording()
    annex = setup.settings.annex
    own = [str(file) for file in (annex.wording, annex.unit_wording) if file is not None]
    if own:
        yield ok(N_("{file} can be used."), file=", ".join(own))
    else:
        yield ok(N_("The wording brought along is used."))


def _is_writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK)


def _megabytes(size: int) -> int:
    return -(-size // MB)

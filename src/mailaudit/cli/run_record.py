"""Adding to the store's run record that a command made something, and who ran it."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.cli.console import current_language, note
from mailaudit.cli.steps import now, opened_store
from mailaudit.errors import N_, StoreError
from mailaudit.model.run_record import Made, Run
from mailaudit.model.snapshot import Collected, Snapshot

if TYPE_CHECKING:
    from mailaudit.settings import Settings


def record_snapshot(
    settings: "Settings", command: str, collected: Collected, without: Sequence[str] = ()
) -> None:
    """Records that a month was collected, and which servers were left out."""
    command = " ".join([command, *(f"--without {name}" for name in without)])
    period, edition = str(collected.period), collected.edition
    record(settings, command, period, edition, Made.SNAPSHOT, collected.digest)


def record_reports(
    settings: "Settings", command: str, snapshot: Snapshot, folder: Path, stem: str
) -> None:
    """Records that a month's reports were written into a folder, by what their names begin with."""
    from mailaudit.report.manifest import digest_of_list

    digest = digest_of_list(folder, stem)
    record(settings, command, str(snapshot.period), snapshot.edition, Made.REPORTS, digest)


def record(
    settings: "Settings", command: str, period: str, edition: int, made: Made, made_digest: str
) -> None:
    """Adds an entry; says so where the store can't be written.

    Args:
        command: Its name only: what stands after it may be secret.
        made_digest: See `Run`.
    """
    run = run_now(command, made, period, edition, made_digest)
    try:
        with opened_store(settings) as store:
            store.add_run(run)
    except StoreError as error:
        note(
            N_("No entry could be added to the run record: {why}"),
            why=error.text(current_language().gettext),
        )


def run_now(command: str, made: Made, period: str, edition: int, made_digest: str) -> Run:
    """The entry of something made now by this account; arguments as of `record`."""
    return Run(
        at=now().isoformat(timespec="seconds"),
        account=_account(),
        command=command,
        period=period,
        edition=edition,
        made=made,
        made_digest=made_digest,
        version=version("mailaudit"),
    )


# The account this process runs under, as the system knows it; variables could say another.
if sys.platform == "win32":

    def _account() -> str:
        return os.getlogin()

else:
    import pwd

    def _account() -> str:
        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return str(os.getuid())

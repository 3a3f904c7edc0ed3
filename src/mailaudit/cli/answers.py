"""The files that hold what second sources said of mailboxes, until it is compared.

Each is a store of its own beside the other one: of a source, a month, and what was asked.
"""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.errors import N_
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot

if TYPE_CHECKING:
    from mailaudit.settings import Settings, Witness

_DIGITS = 12
_ENDING = re.compile(r"\.asked\.(?P<name>.+)\.(?P<period>\d{4}-\d\d)\.[0-9a-f]{12}")
# Keys that change nothing of what it says.
_HOW_IT_IS_ASKED = {
    "password_file",
    "ca_file",
    "max_connections",
    "timeout_s",
    "requests_per_minute",
    "window",
}
_BESIDE = ("-wal", "-shm")  # what SQLite has beside a file


def file_of_answers(settings: "Settings", witness: "Witness", snapshot: Snapshot) -> Path:
    """Where what the witness says of the month is stored; what else it said of it is removed.

    Other keys of the witness that decide what it says, or other people, make another file.
    """
    keys = witness.model_dump_json(exclude=_HOW_IT_IS_ASKED)
    asked = (keys, snapshot.edition, snapshot.roster.digest)
    digest = sha256(repr(asked).encode()).hexdigest()[:_DIGITS]
    store, name, period = settings.store.file, witness.name.lower(), str(snapshot.period)
    file = store.with_name(f"{store.name}.asked.{name}.{period}.{digest}")
    _remove(settings, lambda path, of, at: (of, at) == (name, period) and path != file)
    return file


def remove_answers(settings: "Settings", name: str, period: Period) -> None:
    """Removes what a witness said of a month. Raises StoreInUse where it is being asked."""
    _remove(settings, lambda _, of, at: (of, at) == (name.lower(), str(period)))


def remove_all_answers(settings: "Settings", before: Period | None = None) -> None:
    """Removes what any witness said, of months before one only where it is given.

    Raises:
        StoreInUse: One is being asked.
    """
    _remove(settings, lambda _path, _name, at: before is None or at < str(before))


def _remove(settings: "Settings", is_meant: Callable[[Path, str, str], bool]) -> None:
    """Removes the files that are meant by their path, and their witness's name and month."""
    from mailaudit.store import WriterLock

    store = settings.store.file
    for path in store.parent.glob("*.asked.*"):
        found = _ENDING.fullmatch(path.name.removeprefix(store.name))
        if found is None or not is_meant(path, found["name"], found["period"]):
            continue
        lock = WriterLock(
            path,
            held=N_(
                "Another mailaudit is asking a second source, and keeps its answers in {file}."
            ),
            remedy=N_("Wait until it is done, or stop it."),
        )
        lock.acquire()
        try:
            for ending in ("", *_BESIDE):
                path.with_name(path.name + ending).unlink(missing_ok=True)
        finally:
            lock.release()
        path.with_name(f"{path.name}.lock").unlink(missing_ok=True)

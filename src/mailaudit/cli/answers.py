"""The files that hold what second sources said of mailboxes, until it is compared.

Each is a store of its own beside the other one: of a source, a month, and what was asked.
"""

from glob import escape
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.model.period import Period
from mailaudit.model.snapshot import Snapshot

if TYPE_CHECKING:
    from mailaudit.settings import Settings, Witness

_DIGITS = 12


def file_of_answers(settings: "Settings", witness: "Witness", snapshot: Snapshot) -> Path:
    """Where what the witness says of the month is stored; what else it said of it is removed.

    Another server, other domains or people make another file, so that answers are never mixed.
    """
    source, period = witness.describe(), snapshot.period
    asked = (source.kind, source.server, witness.domains, snapshot.edition, snapshot.roster.digest)
    digest = sha256(repr(asked).encode()).hexdigest()[:_DIGITS]
    store = settings.store.file
    file = store.with_name(f"{store.name}{_ending(witness.name, str(period))}{digest}")
    _remove(settings, _ending(witness.name, str(period)), but=file.name)
    return file


def remove_answers(settings: "Settings", name: str = "*", period: Period | None = None) -> None:
    """Removes what a witness said of a month; without these, whatever any said of any."""
    _remove(settings, _ending(name, "*" if period is None else str(period)))


def _ending(name: str, period: str) -> str:
    return f".asked.{name.lower()}.{period}."


def _remove(settings: "Settings", ending: str, but: str | None = None) -> None:
    """Removes the files with such an ending, with what SQLite and the lock have beside them."""
    store = settings.store.file
    for path in store.parent.glob(f"{escape(store.name)}{ending}*"):
        if but is None or not path.name.startswith(but):
            path.unlink(missing_ok=True)

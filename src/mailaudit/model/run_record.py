"""The run record: who made what and when, as a chain in which a changed or removed entry shows."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256


class Made(StrEnum):
    """What a command made."""

    SNAPSHOT = "snapshot"
    REPORTS = "reports"
    PACK = "pack"
    MAILS = "mails"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class Run:
    """That a command made something.

    Attributes:
        at: When, UTC, as ISO text.
        account: The user of the operating system.
        command: Its name, without options and arguments but `--without`.
        period: The month it is about ("2026-10").
        edition: Of the month's snapshot.
        made: What it made, one of `Made` where nobody changed it.
        made_digest: SHA-256 (hex) of that: of a sealed snapshot its seal, of reports the list of
            their files in the form of `sha256sum`, of mails the list of those that may have
            arrived, with their Message-IDs, of a removal of people the new seal; "" of a snapshot
            that is not sealed.
        version: Of mailaudit.
    """

    at: str
    account: str
    command: str
    period: str
    edition: int
    made: str
    made_digest: str
    version: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A Run in its place.

    Attributes:
        number: From 1 on.
        digest: SHA-256 (hex) over the digest of the entry before, the number and the Run.
    """

    number: int
    run: Run
    digest: str


def following(before: Entry | None, run: Run) -> Entry:
    """The entry that comes after `before`, or the first one."""
    number, digest = (before.number + 1, before.digest) if before is not None else (1, "")
    content = json.dumps([digest, number, asdict(run)], ensure_ascii=False, sort_keys=True)
    return Entry(number, run, sha256(content.encode("utf-8", "surrogatepass")).hexdigest())


def first_broken(entries: Sequence[Entry]) -> int | None:
    """The number of the first entry that does not follow from the one before it; None if all do."""
    before = None
    for entry in entries:
        if entry != following(before, entry.run):
            return entry.number
        before = entry
    return None


def newest_kept_by_packs(entries: Sequence[Entry]) -> Entry | None:
    """The newest entry that is not of a pack: a pack made twice of the same store is the same."""
    return next((entry for entry in reversed(entries) if entry.run.made != Made.PACK), None)

"""Checking a pack: against its own checksums, against the store's files made anew, against the
run record."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from mailaudit.errors import N_, PackError, Phrase
from mailaudit.evidence import circumstances as of
from mailaudit.evidence.archive import NO_PACK, REMEDY, read_archive
from mailaudit.evidence.checksums import CHECKSUMS, read_checksums
from mailaudit.locale import LANGUAGES
from mailaudit.model.audience import Audience
from mailaudit.model.period import LongPeriod, Period, read_period
from mailaudit.model.run_record import Entry, Made, first_broken

_LONGEST_NAME = 40  # of a period
_LONGEST = timedelta(days=800)
_YEARS = range(1990, 9000)
_ZIP = b"PK\x03\x04"  # what each begins with
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MANY = 100_000  # editions; no month has so many
_LARGEST_OBJECT = 2**20  # bytes
# Where a difference of the other files is likely to come from.
CAUSES = {
    of.DATA: N_(
        "other data: another edition, another month before, or another comparison with a second"
        " source"
    ),
    of.RULES: N_("other rules in the configuration"),
    of.CALENDAR: N_("another calendar"),
    of.SETTINGS: N_("another setting of reports, list of events or wording"),
    of.VERSIONS: N_("another version of mailaudit, Python or a library"),
}


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was read, and how it stands against its own checksums.

    Attributes:
        digest: SHA-256 (hex) of its file.
        files: Content by name.
        listed: How many files its checksums name.
        untouched: How many of them are as these say.
        changed, missing, added: Names of files that are not.
        is_as_written: Whether every byte around the files is as mailaudit writes it.
    """

    digest: str
    files: Mapping[str, bytes]
    listed: int
    untouched: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    is_as_written: bool

    @property
    def is_untouched(self) -> bool:
        """Whether nothing at all was changed, so far as the pack itself can show it."""
        return self.is_as_written and not (self.changed or self.missing or self.added)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pack says it is of.

    Attributes:
        digest: SHA-256 (hex) of the data.
        audience, language: Of its reports.
        months: Of a longer period, the edition of each month that it is made of.
        period: In any time zone.
    """

    period: Period
    edition: int
    digest: str
    audience: Audience
    language: str
    despite_difference: bool
    months: Mapping[Period, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """How files made anew differ from those of a pack.

    Attributes:
        files: Names of those that differ, or are on one side only.
        causes: Names of files that show where it is likely to come from, with the keys that differ
            in them.
    """

    files: tuple[str, ...]
    causes: Mapping[str, tuple[str, ...]]


def read_pack(content: bytes, file: PurePath) -> Pack:
    """The pack in a file's content.

    Raises:
        PackError: It is not a pack, or can't be read as one.
    """
    no_checksums = PackError(
        NO_PACK,
        REMEDY,
        file=file,
        why=Phrase(N_("it has no list of checksums, or one that can't be read")),
    )
    if content.startswith(_ZIP) and CHECKSUMS.encode() not in content:
        raise no_checksums  # a workbook, say: what else no pack has would be beside the point
    archive = read_archive(content, file)
    listed = read_checksums(archive.files.get(CHECKSUMS, b""))
    if listed is None:
        raise no_checksums
    files = {name: one for name, one in archive.files.items() if name != CHECKSUMS}
    same = {name for name, one in files.items() if sha256(one).hexdigest() == listed.get(name)}
    there = files.keys() | set(archive.damaged)
    return Pack(
        digest=sha256(content).hexdigest(),
        files=archive.files,
        listed=len(listed),
        untouched=len(same),
        changed=tuple(sorted((there & listed.keys()) - same)),
        missing=tuple(sorted(listed.keys() - there)),
        added=tuple(sorted(there - listed.keys() - {CHECKSUMS})),
        is_as_written=archive.is_as_written,
    )


def asked_of(pack: Pack, file: PurePath) -> Asked:
    """What an untouched pack says it is of.

    Raises:
        PackError: It does not say so.
    """
    data, settings = (_object(pack.files.get(name, b"")) for name in (of.DATA, of.SETTINGS))
    period, edition = _period(data.get("period")), _edition(data.get("edition"))
    digest = data.get("sha256")
    months = _editions(data.get("months", []), period)
    audience, language = settings.get("audience"), settings.get("language")
    despite = settings.get("despite_difference")
    if (
        period is not None
        and months is not None
        and isinstance(period, LongPeriod) == bool(months)
        and edition
        and isinstance(digest, str)
        and _DIGEST.fullmatch(digest)
        and audience in list(Audience)
        and language in LANGUAGES
        and isinstance(despite, bool)
    ):
        return Asked(period, edition, digest, Audience(audience), str(language), despite, months)
    why = Phrase(N_("it does not say of which month and for whom it is"))
    raise PackError(NO_PACK, REMEDY, file=file, why=why)


def _period(text: object) -> Period | None:
    """The period of that name; None where none has it, or it is of no length or year of ours."""
    if not isinstance(text, str) or len(text) > _LONGEST_NAME:
        return None
    try:
        period = read_period(text)
    except ValueError:
        return None
    first, last = period.first_day, period.last_day
    is_usual = first.year in _YEARS and last.year in _YEARS and last - first < _LONGEST
    return period if is_usual else None


def _editions(rows: object, period: Period | None) -> Mapping[Period, int] | None:
    """The edition of each month of a longer period that was used; None where it is no list."""
    inside = period.months() if isinstance(period, LongPeriod) else ()
    if not isinstance(rows, list) or len(rows) > len(inside):
        return None
    found = {}
    for row in rows:
        month = _period(row.get("period")) if isinstance(row, dict) else None
        edition = _edition(row.get("edition")) if month in inside else None
        if month is None or edition is None:
            return None
        found[month] = edition
    return {month: edition for month, edition in found.items() if edition}


def _edition(value: object) -> int | None:
    return value if type(value) is int and 0 <= value < _MANY else None  # not True


def difference(pack: Pack, made: Mapping[str, bytes]) -> Difference:
    """How the files of a pack differ from the same made anew."""
    names = pack.files.keys() | made.keys()
    files = {name for name in names if pack.files.get(name) != made.get(name)}
    return Difference(
        files=tuple(sorted(files - {CHECKSUMS})),  # which differs with any of them
        causes={
            name: _keys(_object(pack.files.get(name, b"")), _object(made.get(name, b"")))
            for name in CAUSES
            if name in files
        },
    )


def proved_up_to(pack: Pack) -> int:
    """The number of the newest entry of the run record that this pack holds to; 0 for none."""
    number = _object(pack.files.get(of.RECORD, b"")).get("entry")
    return number if isinstance(number, int) else 0


def broken_record(pack: Pack, entries: Sequence[Entry]) -> PackError | None:
    """What is wrong with a store's run record, held against a pack; None where nothing is."""
    newest = entries[-1].number if entries else 0
    if (broken := first_broken(entries)) is not None:
        return PackError(
            N_(
                "The run record breaks at entry {number}: it was changed, or one before it was"
                " removed."
            ),
            number=broken,
        )
    kept = _object(pack.files.get(of.RECORD, b""))
    number, digest = kept.get("entry"), kept.get("sha256")
    known = [(entry.number, entry.digest) for entry in entries]
    if number != 0 and (number, digest) not in known:
        return PackError(
            N_(
                "The run record is not the one this pack was made with: entry {number} is missing"
                " or another one; the newest is {newest}."
            ),
            number=number,
            newest=newest,
        )
    made = {entry.run.made_digest for entry in entries if entry.run.made == Made.PACK}
    if pack.digest not in made:
        return PackError(
            N_(
                "The run record has no entry of this pack; its newest is {newest}. The pack was"
                " made from another store or one that could not be written, or entries were removed"
                " from the end."
            ),
            newest=newest,
        )
    return None


def _keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of `after`, our own, that are not the same in `before`."""
    return tuple(sorted(key for key in after if key not in before or before[key] != after[key]))


def _object(content: bytes) -> Mapping[str, Any]:
    """The JSON object; empty where the content is not one, or too large to be one of ours."""
    if len(content) > _LARGEST_OBJECT:
        return {}
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}

"""What a report was made with, as JSON: the data it is of, rules, calendar, settings, versions.

Of the snapshot it holds what reports print of it, and neither staff nor the reading account.
"""

import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import requires, version

from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.inside import MonthInside, text_of_months
from mailaudit.model.ranking import Ranking
from mailaudit.model.reconciliation import Reconciled
from mailaudit.model.rules import Rules
from mailaudit.model.run_record import Entry
from mailaudit.model.snapshot import Snapshot

_LIBRARY = re.compile(r"[^A-Za-z0-9._-]")  # what follows its name in a requirement
DATA, RULES, CALENDAR = "data.json", "rules.json", "calendar.json"
SETTINGS, VERSIONS, RECORD = "settings.json", "versions.json", "run-record.json"
MONTHS = "months.txt"


@dataclass(frozen=True, slots=True)
class PackSettings:
    """What a pack was asked to be, and what its reports depend on beside data, rules and calendar.

    Attributes:
        audience, language: Codes.
        names: Whether people's names stand beside their addresses, where that may be.
        formats: Of the reports.
        despite_difference: Whether they may differ by few people from what was published.
        documents: SHA-256 (hex) of letterhead, wording, typeface, and whom to object to.
        events: SHA-256 (hex) of what became of units.
    """

    audience: str
    language: str
    organisation: str
    names: bool
    illustrative: bool
    formats: tuple[str, ...]
    despite_difference: bool
    documents: str
    events: str


def circumstances(
    snapshot: Snapshot,
    ranking: Ranking,
    rules: Rules,
    calendar: WorkCalendar,
    settings: PackSettings,
    reconciled: tuple[Reconciled, ...] = (),
) -> Mapping[str, bytes]:
    """The files, by name."""
    months = text_of_months(snapshot.period, snapshot.months) if snapshot.months else ""
    return {
        **({MONTHS: months.encode()} if months else {}),
        DATA: data_file(snapshot, ranking, reconciled),
        RULES: _json(plain(rules)),
        CALENDAR: _json(plain(calendar)),
        SETTINGS: _json(plain(settings)),
        VERSIONS: _json(_versions()),
    }


def data_file(
    snapshot: Snapshot, ranking: Ranking, reconciled: tuple[Reconciled, ...] = ()
) -> bytes:
    """Which data a report is of, and what it is compared with.

    Args:
        reconciled: What second sources said of it, which goes in as its SHA-256 alone.
    """
    beside = {"sha256_of_second_sources": digest_of(reconciled)} if reconciled else {}
    return _json(_data(snapshot, ranking) | beside)


def record_file(entry: Entry | None) -> bytes:
    """The entry of the run record that was the newest when a pack was made."""
    number, digest = (entry.number, entry.digest) if entry is not None else (0, "")
    return _json({"entry": number, "sha256": digest})


def digest_of(value: object) -> str:
    """SHA-256 (hex) of a value made of what `plain` knows."""
    return sha256(_json(plain(value))).hexdigest()


def plain(value: object) -> object:
    """A frozen dataclass and what it holds, as JSON has it: exact, sets in order."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        return [plain(one) for one in sorted(value)]
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Fraction) else value


def _data(snapshot: Snapshot, ranking: Ranking) -> dict[str, object]:
    sealed = snapshot.sealed_at
    return {
        "period": str(snapshot.period),
        "timezone": snapshot.period.timezone,
        "edition": snapshot.edition,
        "cut_off_at": snapshot.cut_off_at.isoformat(),
        "sealed_at": sealed.isoformat() if sealed is not None else None,
        "sha256": snapshot.digest,
        "sha256_version": snapshot.digest_version,
        "sha256_of_staff_list": snapshot.roster.digest,
        "server": snapshot.source.server,
        **_several(snapshot),
        "collected_by": f"mailaudit {snapshot.tool_version}",
        "earlier_months": [
            {"period": str(point.period), "edition": point.edition}
            for point in ranking.trend
            if point.period != snapshot.period
        ],
        **({"months": list(map(_month, snapshot.months))} if snapshot.months else {}),
    }


def _month(month: MonthInside) -> dict[str, object]:
    """A month of a longer period; of edition 0 where none is stored."""
    at = month.cut_off_at
    return {
        "period": str(month.period),
        "counts": month.counts,
        "edition": month.edition,
        "cut_off_at": at.isoformat() if at is not None else None,
        "final": month.final,
        "sha256": month.digest,
    }


def _several(snapshot: Snapshot) -> dict[str, object]:
    """The hosts of several servers by their names."""
    parts = snapshot.source.parts
    return {"servers": {one.name: one.server for one in parts}} if parts else {}


def _versions() -> dict[str, object]:
    """Of the program, of Python, and of the libraries it needs."""
    needed = (line for line in requires("mailaudit") or () if ";" not in line)
    names = sorted({_LIBRARY.split(line)[0] for line in needed})
    return {
        "mailaudit": version("mailaudit"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in names},
    }


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return f"{text}\n".encode("utf-8", "surrogatepass")

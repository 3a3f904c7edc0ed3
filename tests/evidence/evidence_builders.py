"""A small pack, and run records to hold it against."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from mailaudit.evidence.archive import archive_of
from mailaudit.evidence.check import Pack, read_pack
from mailaudit.evidence.circumstances import RECORD, PackSettings, circumstances, record_file
from mailaudit.evidence.pack import pack_of
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.roster import Roster
from mailaudit.model.rules import Rules
from mailaudit.model.run_record import Entry, Made, Run, following
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.model.usage import Counts

OCTOBER = Period(2026, 10)
FILE = Path("pack.zip")
RUN = Run("2026-11-02T01:00:00+00:00", "an", "run", "2026-10", 1, Made.SNAPSHOT, "ab" * 32, "0.1.0")
SETTINGS = PackSettings(
    "public", "vi", "Ví Dụ", False, False, ("html",), False, documents="d", events="e"
)
SNAPSHOT = Snapshot(
    period=OCTOBER,
    edition=1,
    cut_off_at=datetime(2026, 11, 2, tzinfo=UTC),
    sealed_at=None,
    roster=Roster((), (), (), "00" * 32),
    outcomes={},
    source=SourceInfo("ews", "mail.x.vn", "Exchange2016", "reader-account"),
    tool_version="0.1.0",
    digest="11" * 32,
)
RANKING = Ranking(OCTOBER, (), Counts(), None, ())


def entries(*runs: Run) -> list[Entry]:
    """A run record of these runs."""
    found: list[Entry] = []
    for run in runs:
        found.append(following(found[-1] if found else None, run))
    return found


def the_files(
    *,
    record: Entry | None = None,
    rules: Rules | None = None,
    snapshot: Snapshot = SNAPSHOT,
    calendar: WorkCalendar | None = None,
    settings: PackSettings = SETTINGS,
    page: bytes = b"<p>a</p>",
) -> Mapping[str, bytes]:
    """The files of a pack with two reports."""
    files = {"reports/a.html": page, "reports/units/b.html": b"<p>b</p>"}
    files |= circumstances(
        snapshot, RANKING, rules or Rules(), calendar or WorkCalendar(), settings
    )
    files[RECORD] = record_file(record)
    return pack_of(OCTOBER, snapshot.edition, Audience(settings.audience), files)


def a_pack(files: Mapping[str, bytes] | None = None) -> Pack:
    return read_pack(archive_of(files or the_files()), FILE)


def recorded(pack: Pack, *before: Run) -> list[Entry]:
    """A run record with an entry of the pack at its end."""
    return entries(*before, replace(RUN, made=Made.PACK, made_digest=pack.digest))

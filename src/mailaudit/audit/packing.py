"""The files of a pack, made of the store: the same when it is written and when it is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.audit.measuring import Audited, evaluate
from mailaudit.audit.reporting import Composed
from mailaudit.collaborators import Store
from mailaudit.evidence.circumstances import DATA, RECORD, PackSettings, circumstances, data_file
from mailaudit.evidence.pack import MONTHS, REPORTS, TABLES, pack_of
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.publication.register import GivesFewAway, Published, Register, Staged, beside

if TYPE_CHECKING:
    from mailaudit.report.rendering import Documents

# Makes the report of what was audited, beside what a register says was published.
Compose = Callable[[Register, Audited], Composed]


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of a pack, and what they were made of.

    Attributes:
        newer: The editions that have replaced those packed, by month.
        months: Of a longer period, what its pack has of each month.
        left_out: Its months that the pack has nothing of, for they would give few people away.
    """

    files: Mapping[str, bytes]
    audited: Audited
    composed: Composed
    newer: Mapping[Period, int]
    months: tuple[Composed, ...] = ()
    left_out: tuple[Period, ...] = ()

    def register(self, register: Register) -> None:
        """Adds what it gives to the register; to be done before anybody can get it.

        Raises:
            StoreError: The register can't be written.
            GivesFewAway: Something was published meanwhile from which it differs by few people.
        """
        parts = (self.composed, *self.months)

        def check(published: Published) -> None:
            for part in parts:
                part.check(published)
                published = beside(published, part.records)

        register.publish([record for part in parts for record in part.records], check)


def pack(
    store: Store,
    audited: Audited,
    calendar: WorkCalendar,
    rules: Rules,
    wanted: "Documents",
    asked: PackSettings,
    record: bytes,
    compose: Compose,
) -> Packed:
    """Everything that a pack of a Period holds; writes nothing.

    Of a longer period each month that counts is composed too, by itself.

    Args:
        wanted: Its files.
        asked: What they were made with.
        record: The file of the newest entry of the run record.

    Raises:
        GivesFewAway: The report differs by few people from what was published.
        StoreError: A month can't be read.
    """
    from mailaudit.report.csv_tables import render_tables
    from mailaudit.report.rendering import render

    newer = _newer(store, audited)
    audited = replace(audited, superseded_by=None)  # as it was when the pack was made
    made = compose(store, audited)
    staged = Staged(store, made.records)
    months, left_out = _months(store, staged, audited, calendar, rules, compose)
    contents, pages = render(made.report, wanted, Path(REPORTS))
    files = {path.as_posix(): content for path, content in (contents | pages).items()}
    files |= {f"{TABLES}/{name}": one for name, one in render_tables(made.report).items()}
    files |= circumstances(
        audited.snapshot, audited.ranking, rules, calendar, asked, audited.reconciled
    )
    for month, one in months:
        folder = f"{MONTHS}/{month.snapshot.period}"
        files |= {f"{folder}/{TABLES}/{n}": t for n, t in render_tables(one.report).items()}
        files[f"{folder}/{DATA}"] = data_file(month.snapshot, month.ranking, month.reconciled)
    files[RECORD] = record
    snapshot = audited.snapshot
    return Packed(
        pack_of(snapshot.period, snapshot.edition, Audience(asked.audience), files),
        audited,
        made,
        newer,
        tuple(one for _, one in months),
        left_out,
    )


def _months(
    store: Store,
    staged: Staged,
    audited: Audited,
    calendar: WorkCalendar,
    rules: Rules,
    compose: Compose,
) -> tuple[list[tuple[Audited, Composed]], tuple[Period, ...]]:
    """Each month of a longer period that counts, by itself; and those that must be left out.

    Args:
        staged: The register with what the longer period gives.
    """
    found, left_out = [], []
    for inside in audited.snapshot.months:
        if not (inside.counts and inside.is_stored):
            continue
        one = evaluate(store, inside.period, calendar, rules, edition=inside.edition, months=1)
        one = replace(one, superseded_by=None)
        try:
            made = compose(staged, one)
        except GivesFewAway:
            left_out.append(inside.period)
            continue
        found.append((one, made))
        staged = Staged(staged.register, (*staged.records, *made.records))
    return found, tuple(left_out)


def _newer(store: Store, audited: Audited) -> Mapping[Period, int]:
    """The editions that have replaced those audited, and months stored since, by month."""
    snapshot = audited.snapshot
    if not snapshot.months:
        newer = audited.superseded_by
        return {} if newer is None else {snapshot.period: newer}
    used = {month.period: month.edition for month in snapshot.months}
    newest = {e.period: e.number for e in store.editions(snapshot.period.timezone) if e.is_complete}
    return {month: newest[month] for month in used if newest.get(month, 0) > used[month]}

"""The straight line of one monthly audit: collect() fills a snapshot, report() makes files of it.

Only this module knows all the rooms it joins; the mail server and the store come in as Protocols
(`collaborators`).
pandas, Jinja2 and XlsxWriter are loaded when a report is made, not before.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.collaborators import Collection, MailSource, Store
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Outcome
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Collected, Snapshot
from mailaudit.model.usage import Measurement
from mailaudit.publication.held import hold
from mailaudit.publication.record import Record
from mailaudit.publication.register import Published, Register

if TYPE_CHECKING:
    from mailaudit.metrics.retrospect import Earlier
    from mailaudit.report.rendering import Documents
    from mailaudit.report.value import Report

TREND_MONTHS = 12  # the Period reported and up to eleven before it
RECORD_EVERY = 50  # outcomes in one transaction: what a kill can cost
RECORD_AFTER_S = 1.0  # or sooner: when the next outcome comes after so long


def collect(
    collection: Collection,
    source: MailSource,
    *,
    clock: Callable[[], datetime],
    on_progress: Callable[[int, int], None],
    however_little: bool = False,
) -> Collected:
    """Asks every mailbox that has no outcome yet, storing outcomes as they come.

    Stopping it at any moment loses the last RECORD_EVERY outcomes at most; beginning or retrying
    the same Period again goes on from there. What it holds in memory does not grow with
    what was collected.

    Args:
        collection: From `Store.begin` or `Store.retry`.
        on_progress: Called with (mailboxes done, mailboxes in all) as outcomes are stored.
        however_little: Whether to seal a month of which less than half was measured.
    """
    job = collection.job()
    recorder = _Recorder(collection, collection.total - len(job.mailboxes), on_progress)
    recorder.record()
    if job.mailboxes:
        source.check()
        collection.came_from(source.describe())
        outcomes = source.outcomes(job)
        try:
            for outcome in outcomes:
                recorder.add(outcome)
        finally:  # also when stopped: what was handed over is not asked again
            if isinstance(outcomes, Generator):
                outcomes.close()  # and nothing more is asked for
            recorder.record()
    return collection.finish(clock(), however_little=however_little)


class _Recorder:
    """Stores outcomes in batches, and says how far it is."""

    def __init__(
        self, collection: Collection, done: int, on_progress: Callable[[int, int], None]
    ) -> None:
        self._collection = collection
        self._done = done
        self._on_progress = on_progress
        self._batch: list[Outcome] = []
        self._since = time.monotonic()

    def add(self, outcome: Outcome) -> None:
        self._batch.append(outcome)
        if len(self._batch) >= RECORD_EVERY or time.monotonic() - self._since >= RECORD_AFTER_S:
            self.record()

    def record(self) -> None:
        """Stores what has come since the last time."""
        batch, self._batch, self._since = self._batch, [], time.monotonic()
        if batch:
            self._collection.record(batch)
        self._done += len(batch)
        self._on_progress(self._done, self._collection.total)


@dataclass(frozen=True, slots=True)
class Audited:
    """A stored Period, measured and ranked with today's rules.

    Attributes:
        superseded_by: The newest complete edition, where `snapshot` is an earlier one.
        earlier: The months before as the units of this one see them, oldest first.
    """

    snapshot: Snapshot
    measurement: Measurement
    ranking: Ranking
    superseded_by: int | None = None
    earlier: "tuple[Earlier, ...]" = ()


def evaluate(
    store: Store,
    period: Period,
    calendar: WorkCalendar,
    rules: Rules,
    lineage: Lineage | None = None,
    *,
    within: str | None = None,
    edition: int | None = None,
    months: int = TREND_MONTHS,
    against: Period | None = None,
) -> Audited:
    """Measures a stored Period and those before it, all with the same rules, and ranks it.

    Args:
        lineage: What became of units; earlier months are counted in the units of this one.
        within: The code of a unit: only its people count, and its parts are ranked.
        edition: Of the Period, where it is not to be the newest complete one.
        months: The Period and how many before it at the most.
        against: The one earlier Period to compare with, instead of those before.

    Raises:
        StoreError: A Period is not in the store, or its collection is not complete.
        UsageError: The Period has no unit `within`.
    """
    from mailaudit.metrics.heirs import Heirs
    from mailaudit.metrics.lines import chains, lines_of, unit_of
    from mailaudit.metrics.measure import measure
    from mailaudit.metrics.rank import rank
    from mailaudit.metrics.retrospect import Earlier, look_back

    lineage = lineage or Lineage()
    snapshot = store.load(period, edition)
    units = snapshot.roster.units
    wanted = None if within is None else unit_of(snapshot, within)
    levels = [None, *(chains(units)[within][::-1] if within is not None else ())]
    measured = {level: measure(snapshot, calendar, rules, level) for level in levels}
    history: dict[str | None, list[Earlier]] = {level: [] for level in levels}
    before = store.history(period, months - 1) if against is None else [store.load(against)]
    for earlier in before:
        then = measure(earlier, calendar, rules)
        heirs = Heirs.between(earlier, snapshot, lineage)
        for level, present in measured.items():
            seen = look_back(earlier, then, snapshot, present, heirs, lineage, rules, level)
            history[level].append(seen)
    rankings = [
        rank(
            period,
            measured[level],
            snapshot.roster.groups,
            history[level],
            rules,
            within=None if level is None else unit_of(snapshot, level),
            provisional=snapshot.sealed_at is None,
            against=against,
        )
        for level in levels
    ]
    above = (
        ()
        if wanted is None
        else tuple(
            (lines_of(units, level)[wanted.code], outer)
            for level, outer in zip(levels[:-1], rankings[:-1], strict=True)
        )
    )
    return Audited(
        snapshot,
        measured[within],
        replace(rankings[-1], above=above),
        superseded_by=_newer_edition(store, snapshot),
        earlier=tuple(history[within]),
    )


def _newer_edition(store: Store, snapshot: Snapshot) -> int | None:
    """The newest complete edition of its Period, where the snapshot is an earlier one."""
    newest = max(
        (
            edition.number
            for edition in store.editions(snapshot.period.timezone)
            if edition.period == snapshot.period and edition.is_complete
        ),
        default=snapshot.edition,
    )
    return newest if newest > snapshot.edition else None


@dataclass(frozen=True, slots=True)
class Written:
    """The reports of a Period: the files for all units, and what to know before any figure.

    Attributes:
        left: Files in the same folder that this run did not write, and did not remove.
        concealed: Earlier months that are not shown, for they differ from what was published.
    """

    paths: tuple[Path, ...]
    notices: tuple[str, ...]
    left: tuple[Path, ...]
    concealed: tuple[Period, ...]


def report(
    audited: Audited,
    organisation: str,
    calendar: WorkCalendar,
    rules: Rules,
    *,
    language: Language,
    audience: Audience,
    names: bool,
    illustrative: bool,
    documents: "Documents",
    folder: Path,
    register: Register,
    despite_difference: bool = False,
) -> Written:
    """Writes the reports of an audited Period into `folder`, atomically.

    The same snapshot and settings give the same bytes. Files for others than the public say so in
    their name and can be read by their owner alone; those of one unit carry its code. The pages of
    units lie in a folder beside the report. What the report before it wrote, and this one does not,
    is removed.

    Args:
        documents: Which formats are wanted, and what documents need beside the figures.
        register: What was published before; what this report shows is added before any file.
        despite_difference: Whether it may differ from that in the figures of few people.

    Raises:
        ConfigurationError: The folder can't be written, or the wording can't be used.
        UsageError: It is about a unit that has none below it, or that the report of a whole
            withholds from this audience; or it differs from what was published by few people.
    """
    from mailaudit.report.filenames import report_stem
    from mailaudit.report.manifest import others, write_report
    from mailaudit.report.rendering import render

    composed = compose_report(
        audited,
        organisation,
        calendar,
        rules,
        language=language,
        audience=audience,
        names=names,
        illustrative=illustrative,
        register=register,
        despite_difference=despite_difference,
    )
    stem = composed.report.stem
    contents, pages = render(composed.report, documents, folder)
    composed.register(register)  # first: a report that is stopped now may be out in part
    files = contents | pages
    changed = write_report(folder, stem, files, private=audience is not Audience.PUBLIC)
    month = report_stem(audited.ranking.period, Audience.PUBLIC)
    left = dict.fromkeys((*changed, *others(folder, stem, month, files)))
    return Written(tuple(contents), composed.report.notices, tuple(left), composed.concealed)


@dataclass(frozen=True, slots=True)
class Composed:
    """A Report for one audience, held against what was published before.

    Attributes:
        records: What it gives of each month it shows; nothing for the IT department.
        concealed: Earlier months that it does not show, for they differ by few people.
        check: Raises UsageError where it differs by few people from what a register has.
    """

    report: "Report"
    records: tuple[Record, ...]
    concealed: tuple[Period, ...]
    check: Callable[[Published], None]

    def register(self, register: Register) -> None:
        """Adds what it gives to the register; to be done before anybody can get it.

        Raises:
            StoreError: The register can't be written.
            UsageError: Another report was published meanwhile from which it differs by few people.
        """
        register.publish(self.records, self.check)


def compose_report(
    audited: Audited,
    organisation: str,
    calendar: WorkCalendar,
    rules: Rules,
    *,
    language: Language,
    audience: Audience,
    names: bool,
    illustrative: bool,
    register: Register,
    despite_difference: bool = False,
) -> Composed:
    """The Report of an audited Period for one audience; nothing is written or registered.

    Raises:
        UsageError: As `report`.
    """
    from mailaudit.report.compose import compose
    from mailaudit.report.filenames import refuse_without_parts
    from mailaudit.report.own_line_name import with_own_line_named

    ranking, measurement = with_own_line_named(audited.ranking, audited.measurement, language)
    held = hold(
        ranking,
        measurement,
        audited.snapshot.edition,
        audience,
        rules,
        register,
        language,
        despite_difference=despite_difference,
    )
    refuse_without_parts(audited.snapshot, ranking.within, audience)
    held.check(register.published)
    composed = compose(
        organisation,
        audited.snapshot,
        measurement,
        ranking,
        held.publication,
        rules,
        calendar,
        language=language,
        names=names,
        illustrative=illustrative,
        superseded_by=audited.superseded_by,
    )
    concealed = tuple(sorted(held.concealed, key=str))
    return Composed(composed, held.records, concealed, held.check)

"""The files of a pack, made of the store: the same when it is written and when it is checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit import audit
from mailaudit.cli.documents import documents, wording_file
from mailaudit.cli.reporting import composed, drawing, evaluate, lineage
from mailaudit.cli.steps import calendar, opened_store
from mailaudit.collaborators import Store
from mailaudit.errors import UsageError
from mailaudit.evidence.circumstances import (
    DATA,
    RECORD,
    PackSettings,
    circumstances,
    data_file,
    digest_of,
)
from mailaudit.evidence.pack import MONTHS, REPORTS, TABLES, pack_of
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.publication.register import Published, Register, Staged, beside

if TYPE_CHECKING:
    from mailaudit.settings import Settings


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of a pack, and what they were made of.

    Attributes:
        newer: The editions that have replaced those packed, by month.
        months: Of a longer period, what its pack has of each month.
        left_out: Its months that the pack has nothing of, for they would give few people away.
    """

    files: Mapping[str, bytes]
    audited: audit.Audited
    composed: audit.Composed
    newer: Mapping[Period, int]
    months: tuple[audit.Composed, ...] = ()
    left_out: tuple[Period, ...] = ()

    def register(self, register: Register) -> None:
        """Adds what it gives to the register; to be done before anybody can get it.

        Raises:
            StoreError: The register can't be written.
            UsageError: Something was published meanwhile from which it differs by few people.
        """
        parts = (self.composed, *self.months)

        def check(published: Published) -> None:
            for part in parts:
                part.check(published)
                published = beside(published, part.records)

        register.publish([record for part in parts for record in part.records], check)


def packed(
    settings: "Settings",
    period: Period,
    audience: Audience,
    spoken: Language,
    *,
    despite_difference: bool,
    record: bytes,
    edition: int | None = None,
    editions: Mapping[Period, int] | None = None,
) -> Packed:
    """Measures the stored Period and makes everything a pack of it holds; writes nothing.

    Of a longer period each month that counts is composed too, by itself.

    Args:
        spoken: The language of the reports.
        record: The file of the newest entry of the run record.
        edition: Of the month; None for the newest.
        editions: Of the months of a longer period; None for the newest.

    Raises:
        DrawingError: There is too little memory.
        MailauditError: As `audit.report`.
    """
    from mailaudit.report.csv_tables import render_tables
    from mailaudit.report.rendering import render

    wanted, days = documents(settings, spoken), calendar(settings, period)
    with drawing():
        with opened_store(settings) as store:
            audited = evaluate(settings, store, period, days, edition=edition, editions=editions)
            newer = _newer(store, audited)
            audited = replace(audited, superseded_by=None)  # as it was when the pack was made
            made = composed(
                settings,
                store,
                audited,
                days,
                audience,
                spoken,
                despite_difference=despite_difference,
            )
            months, left_out = _months(
                settings,
                Staged(store, made.records),
                store,
                audited,
                days,
                audience,
                spoken,
                despite_difference=despite_difference,
            )
        contents, pages = render(made.report, wanted, Path(REPORTS))
    asked = _settings(settings, audience, spoken, despite_difference=despite_difference)
    files = {path.as_posix(): content for path, content in (contents | pages).items()}
    files |= {f"{TABLES}/{name}": one for name, one in render_tables(made.report).items()}
    files |= circumstances(
        audited.snapshot, audited.ranking, settings.rules, days, asked, audited.reconciled
    )
    for month, one in months:
        folder = f"{MONTHS}/{month.snapshot.period}"
        files |= {f"{folder}/{TABLES}/{n}": t for n, t in render_tables(one.report).items()}
        files[f"{folder}/{DATA}"] = data_file(month.snapshot, month.ranking, month.reconciled)
    files[RECORD] = record
    return Packed(
        pack_of(period, audited.snapshot.edition, audience, files),
        audited,
        made,
        newer,
        tuple(one for _, one in months),
        left_out,
    )


def _months(
    settings: "Settings",
    staged: Staged,
    store: Store,
    audited: audit.Audited,
    days: WorkCalendar,
    audience: Audience,
    spoken: Language,
    *,
    despite_difference: bool,
) -> tuple[list[tuple[audit.Audited, audit.Composed]], tuple[Period, ...]]:
    """Each month of a longer period that counts, by itself; and those that must be left out.

    Args:
        staged: The register with what the longer period gives.
    """
    found, left_out = [], []
    for inside in audited.snapshot.months:
        if not (inside.counts and inside.is_stored):
            continue
        one = audit.evaluate(
            store, inside.period, days, settings.rules, edition=inside.edition, months=1
        )
        one = replace(one, superseded_by=None)
        try:
            made = composed(
                settings, staged, one, days, audience, spoken, despite_difference=despite_difference
            )
        except UsageError:  # it would give few people away beside what is published
            left_out.append(inside.period)
            continue
        found.append((one, made))
        staged = Staged(staged.register, (*staged.records, *made.records))
    return found, tuple(left_out)


def _newer(store: Store, audited: audit.Audited) -> Mapping[Period, int]:
    """The editions that have replaced those audited, and months stored since, by month."""
    snapshot = audited.snapshot
    if not snapshot.months:
        newer = audited.superseded_by
        return {} if newer is None else {snapshot.period: newer}
    used = {month.period: month.edition for month in snapshot.months}
    newest = {e.period: e.number for e in store.editions(snapshot.period.timezone) if e.is_complete}
    return {month: newest[month] for month in used if newest.get(month, 0) > used[month]}


def _settings(
    settings: "Settings", audience: Audience, spoken: Language, *, despite_difference: bool
) -> PackSettings:
    report, annex = settings.report, settings.annex
    letterhead = (annex.superior, annex.issuer, annex.symbol, annex.place)
    people = (annex.signer, annex.recipients, annex.typeface)
    _, wording = wording_file(settings, spoken)
    return PackSettings(
        audience=audience.value,
        language=spoken.code,
        organisation=settings.organisation.name,
        names=report.names,
        illustrative=report.illustrative,
        formats=tuple(sorted(report.formats)),
        despite_difference=despite_difference,
        documents=digest_of((*letterhead, *people, wording, report.objections)),
        events=_events_digest(lineage(settings)),
    )


def _events_digest(lineage: Lineage) -> str:
    """Of what became of units, wherever the list of it lies."""
    events = tuple(replace(event, place="") for event in lineage.events)
    return digest_of((events, tuple(sorted(lineage.mail_domains.items()))))

"""The files of a pack, made of the store: the same when it is written and when it is checked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit import audit
from mailaudit.cli.documents import documents, wording_file
from mailaudit.cli.reporting import composed, drawing, evaluate, lineage
from mailaudit.cli.steps import calendar, opened_store
from mailaudit.evidence.circumstances import RECORD, PackSettings, circumstances, digest_of
from mailaudit.evidence.pack import REPORTS, TABLES, pack_of
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period

if TYPE_CHECKING:
    from mailaudit.settings import Settings


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of a pack, and what they were made of.

    Attributes:
        newer: The edition that has replaced the one packed; None where it is the newest.
    """

    files: Mapping[str, bytes]
    audited: audit.Audited
    composed: audit.Composed
    newer: int | None


def packed(
    settings: "Settings",
    period: Period,
    audience: Audience,
    spoken: Language,
    *,
    despite_difference: bool,
    record: bytes,
    edition: int | None = None,
) -> Packed:
    """Measures the stored Period and makes everything a pack of it holds; writes nothing.

    Args:
        spoken: The language of the reports.
        record: The file of the newest entry of the run record.
        edition: Of the month; None for the newest.

    Raises:
        DrawingError: There is too little memory.
        MailauditError: As `audit.report`.
    """
    from mailaudit.report.csv_tables import render_tables
    from mailaudit.report.rendering import render

    wanted, days = documents(settings, spoken), calendar(settings, period)
    with drawing():
        with opened_store(settings) as store:
            audited = evaluate(settings, store, period, days, edition=edition)
            newer = audited.superseded_by
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
        contents, pages = render(made.report, wanted, Path(REPORTS))
    asked = _settings(settings, audience, spoken, despite_difference=despite_difference)
    files = {path.as_posix(): content for path, content in (contents | pages).items()}
    files |= {f"{TABLES}/{name}": one for name, one in render_tables(made.report).items()}
    files |= circumstances(audited.snapshot, audited.ranking, settings.rules, days, asked)
    files[RECORD] = record
    return Packed(pack_of(period, audited.snapshot.edition, audience, files), audited, made, newer)


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

"""A pack as the configuration wants it: the same when it is written and when it is checked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from mailaudit import audit
from mailaudit.cli.documents import documents, wording_file
from mailaudit.cli.reporting import composed, drawing, evaluate, lineage
from mailaudit.cli.steps import calendar, opened_store
from mailaudit.evidence.circumstances import PackSettings, digest_of
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.publication.register import Register

if TYPE_CHECKING:
    from mailaudit.settings import Settings


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
) -> audit.Packed:
    """Measures the stored Period and makes everything a pack of it holds; writes nothing.

    Args:
        spoken: The language of the reports.
        record: The file of the newest entry of the run record.
        edition: Of the month; None for the newest.
        editions: Of the months of a longer period; None for the newest.

    Raises:
        DrawingError: There is too little memory.
        MailauditError: As `audit.report`.
    """
    wanted, days = documents(settings, spoken), calendar(settings, period)
    asked = _settings(settings, audience, spoken, despite_difference=despite_difference)

    def compose(register: Register, audited: audit.Audited) -> audit.Composed:
        return composed(
            settings,
            register,
            audited,
            days,
            audience,
            spoken,
            despite_difference=despite_difference,
        )

    with drawing(), opened_store(settings) as store:
        audited = evaluate(settings, store, period, days, edition=edition, editions=editions)
        return audit.pack(store, audited, days, settings.rules, wanted, asked, record, compose)


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

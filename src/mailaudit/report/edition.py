"""prepare(): a Period's report for one audience, held against what was published before."""

from dataclasses import dataclass

from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Measurement
from mailaudit.publication.record import Record
from mailaudit.publication.register import Register, RegisterCheck
from mailaudit.report.compose import compose
from mailaudit.report.filenames import refuse_without_parts
from mailaudit.report.sections.exclusions import reasons_printed
from mailaudit.report.value import Report


@dataclass(frozen=True, slots=True)
class Edition:
    """A report for one audience that nobody has yet, and what the register has to know of it.

    Attributes:
        records: What it gives; to be added to the register before anybody gets it.
        concealed: Earlier months that are not shown, for they differ from what was published.
    """

    report: Report
    records: tuple[Record, ...]
    concealed: tuple[str, ...]


def prepare(
    organisation: str,
    snapshot: Snapshot,
    measurement: Measurement,
    ranking: Ranking,
    rules: Rules,
    calendar: WorkCalendar,
    *,
    language: Language,
    audience: Audience,
    names: bool,
    illustrative: bool,
    register: Register,
    despite_difference: bool = False,
) -> Edition:
    """Composes the report; see `compose` for what it is made from.

    Args:
        register: What was published before; nothing is added to it here.
        despite_difference: Whether it may differ from that in the figures of few people.

    Raises:
        UsageError: It is about a unit that has none below it, or that the report of a whole
            withholds from this audience; or it differs from what was published by few people.
    """
    check = RegisterCheck(ranking, snapshot.edition, audience, rules, register, despite_difference)
    concealed = check.differing_months()
    report = compose(
        organisation,
        snapshot,
        measurement,
        ranking,
        rules,
        calendar,
        language=language,
        audience=audience,
        names=names,
        illustrative=illustrative,
        concealed=concealed,
    )
    refuse_without_parts(snapshot, ranking.within, audience)
    records = check.records(reasons_printed(report), concealed)
    check.refuse_difference(records, language)
    return Edition(report, records, tuple(sorted(map(str, concealed))))

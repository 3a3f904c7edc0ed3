"""hold(): what one audience may see of a Ranking, held against what was published before."""

from collections.abc import Callable
from dataclasses import dataclass

from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Measurement
from mailaudit.model.wording import readable
from mailaudit.publication.difference import uses_differ
from mailaudit.publication.publish import publish
from mailaudit.publication.reasons import published_reasons
from mailaudit.publication.record import Record, records_of
from mailaudit.publication.register import (
    Published,
    Register,
    differing_months,
    listing,
    refuse_difference,
)
from mailaudit.publication.values import Publication, Withheld
from mailaudit.publication.withheld import withheld_above, withheld_units


@dataclass(frozen=True, slots=True)
class Held:
    """A Publication, and what it gives beside what was published before.

    Attributes:
        records: What it gives of each month it shows; nothing for the IT department.
        concealed: Earlier months that it does not show, for they differ by few people.
        check: Raises UsageError where it differs by few people from what a register has.
    """

    publication: Publication
    records: tuple[Record, ...]
    concealed: frozenset[Period]
    check: Callable[[Published], None]


def hold(
    ranking: Ranking,
    measurement: Measurement,
    edition: int,
    audience: Audience,
    rules: Rules,
    register: Register,
    language: Language,
    *,
    despite_difference: bool,
) -> Held:
    """What `audience` may see beside all that is in the register; nothing is added to that.

    A unit that would show few people beside other periods has no figures. What can't be helped so
    is refused by `check`.

    Args:
        measurement: What `ranking` was made of.
        edition: Of the Period ranked.
        despite_difference: Whether it may differ by few people from what was published.

    Raises:
        UsageError: As `publish`.
    """
    code = ranking.within.code if ranking.within is not None else ""
    least = rules.min_published
    units = (s.usage.unit for group in ranking.groups for s in group.standings)
    names = {unit.code: readable(unit.name) for unit in units}

    def records(publication: Publication) -> tuple[Record, ...]:
        if audience is Audience.IT:
            return ()
        counted = publication.counted_of(measurement)
        reasons = published_reasons(counted, publication, rules) or ()
        return tuple(records_of(publication, edition, reasons, code))

    def check(published: Published) -> None:
        if not despite_difference:
            refuse_difference(published, given, rules, language, names)

    withheld: Withheld = {}
    concealed, shows_uses, shows_listed = frozenset[Period](), True, True
    if not despite_difference:
        withheld = withheld_units(ranking, edition, rules, register.published)
        if audience is not Audience.IT:
            concealed = withheld_above(ranking, edition, rules, register.published)
    publication = publish(ranking, audience, rules, concealed=concealed, withheld=withheld)
    if not despite_difference:
        first = records(publication)
        differing = differing_months(register.published, first, rules)
        concealed |= {p.period for p in ranking.trend if p.period.published_as in differing}
        concealed -= {ranking.period}
        # The report is not refused for that: it shows less of how mailboxes are used, and not how
        # many people are listed.
        shows_uses = not any(uses_differ(r, register.published(r.period), least) for r in first)
        shows_listed = not any(listing(r, register.published, rules) for r in first)
    if concealed or not (shows_uses and shows_listed):
        publication = publish(
            ranking,
            audience,
            rules,
            concealed=concealed,
            shows_uses=shows_uses,
            shows_listed=shows_listed,
            withheld=withheld,
        )
    given = records(publication)
    return Held(publication, given, concealed, check)

"""Units that a report has no figures of, because of what was published of other periods.

A longer period beside a month inside it may show what the few did who count in only one of the
two. The report is then published without the unit, which is in no sum of it and has no place. That
it is withheld says of the few that none of them adds to those who read, or none to those who sent,
or that all do: not which of these.
"""

from mailaudit.model.audience import Audience
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.publication.publish import publish
from mailaudit.publication.record import FEW, UNIT, Record, records_of
from mailaudit.publication.register import Published, overlapping
from mailaudit.publication.values import Beside, Publication, Withheld


def withheld_units(ranking: Ranking, edition: int, rules: Rules, published: Published) -> Withheld:
    """The units to be left out of the Period ranked, and of a longer one it is compared with.

    The same for every audience, so that all read one headline. Nothing of a Period that has no unit
    left: its figures are refused, or not shown, as a whole. Nothing in the report of a unit either.
    """
    if ranking.within is not None:
        return {}
    found: dict[Period, Beside] = {}
    for period in (ranking.before, ranking.period):
        if period == ranking.period or isinstance(period, LongPeriod):
            units = _units(ranking, period, edition, rules, published)
            found |= {period: units} if units else {}
    return found


def withheld_above(
    ranking: Ranking, edition: int, rules: Rules, published: Published
) -> frozenset[Period]:
    """The Periods in which the unit that `ranking` is about is left out of a report above it: its
    own report would have the figures."""
    return frozenset(
        period
        for line, outer in ranking.above
        for period, units in withheld_units(outer, edition, rules, published).items()
        if line in units
    )


def _units(
    ranking: Ranking, period: Period, edition: int, rules: Rules, published: Published
) -> Beside:
    """Leaves out what shows few people until nothing does; the smallest unit where no line alone
    does so, but only all lines together."""
    left_out: dict[str, tuple[Period, ...]] = {}
    while True:
        publication = publish(
            ranking, Audience.PUBLIC, rules, shows_uses=False, withheld={period: left_out}
        )
        record = _record(publication, period, edition)
        if record is None:
            return {}
        shown = overlapping(record, published, rules)
        units = {code for kind, code in record.lines if kind == UNIT and code}
        more = {
            code: beside
            for (kind, key), beside in shown.items()
            for code in ((key,) if kind == UNIT else record.few[key] if kind == FEW else ())
            if code
        }
        if shown and not more:
            smallest = min(units, key=lambda c: (record.lines[UNIT, c]["measured"], c), default="")
            more = {smallest: shown.get((UNIT, ""), ())} if smallest else {}
        if not more:
            return left_out
        if units <= more.keys():
            return {}
        left_out |= more


def _record(publication: Publication, period: Period, edition: int) -> Record | None:
    """What it gives of the Period; None where that is not in it."""
    points = [point.period for point in publication.trend if point.month is not None]
    records = dict(zip(points, records_of(publication, edition, ()), strict=True))
    return records.get(period)

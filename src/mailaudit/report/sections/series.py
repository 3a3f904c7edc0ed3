"""The rate of regular use in each month: of the whole, of a group, of each unit."""

from collections.abc import Mapping
from fractions import Fraction

from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.usage import Counts
from mailaudit.publication.values import Publication, PublishedPoint
from mailaudit.report.tables import Series


def axis(publication: Publication) -> tuple[Period, ...]:
    """Every month from the first stored to this one, those not stored too.

    Of a longer period to the last of its months that is stored.
    """
    stored = [p.period for p in publication.points if not isinstance(p.period, LongPeriod)]
    month = stored[-1] if isinstance(publication.period, LongPeriod) else publication.period
    months = [month]
    first = publication.points[0].period
    while (month.year, month.month) > (first.year, first.month):
        month = month.shifted(-1)
        months.append(month)
    return tuple(reversed(months))


def series_of_units(publication: Publication) -> dict[str, Series]:
    """Each unit's rate in each month of the axis, by code; None where there is none to show."""
    points = {point.period: _comparable_units(point) for point in publication.points}
    codes = dict.fromkeys(
        s.usage.unit.code for s in (*publication.standings(), *publication.few_standings)
    )
    return {
        code: tuple(_share(points.get(period, {}).get(code)) for period in axis(publication))
        for code in codes
    }


def series_of_group(publication: Publication, name: str) -> Series:
    """A group's rate in each month of the axis."""
    points = {
        point.period: point.groups.get(name)
        for point in publication.points
        if name not in point.partial_groups
    }
    return tuple(_share(points.get(period)) for period in axis(publication))


def series_of_whole(publication: Publication) -> Series:
    """The whole's rate in each month of the axis."""
    points = {point.period: point.total for point in publication.points if point.comparable}
    return tuple(_share(points.get(period)) for period in axis(publication))


def _comparable_units(point: PublishedPoint) -> Mapping[str, Counts | None]:
    """The sums of the units that can be compared with those of other months."""
    lost = {code for code, origin in point.origins.items() if origin.why_not is not None}
    return {code: counts for code, counts in point.units.items() if code not in lost}


def _share(counts: Counts | None) -> Fraction | None:
    return counts.regular_share if counts is not None else None

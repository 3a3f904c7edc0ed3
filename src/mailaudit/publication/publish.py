"""publish(): of a Ranking, what one audience may see; the rest is not in it any more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import GroupRanking, Line, Ranking, Standing, TrendPoint
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.extremes import coarse
from mailaudit.publication.months import Month, is_spread, month_of
from mailaudit.publication.values import Publication, PublishedGroup, PublishedPoint


def publish(
    ranking: Ranking,
    audience: Audience,
    rules: Rules,
    *,
    concealed: frozenset[Period] = frozenset(),
) -> Publication:
    """What `audience` may see of `ranking`; every Period is judged by its own units.

    Args:
        concealed: Earlier Periods of which it has no figures, from `register.differing_months`.

    Raises:
        UsageError: It is the ranking of a unit that the ranking above it gives no figures of, or
            with whose figures those of a part of few people could be computed.
    """
    small = audience.sees_everything
    found = _Publisher(ranking, audience, rules, small, concealed).publication()
    if ranking.within is not None and found.trend[-1].month is None:
        raise UsageError(
            N_("The figures of unit {code} in {period} are withheld from this audience."),
            N_(
                "With them those of fewer than {least} people could be computed. Leave out --unit,"
                " or use --audience it."
            ),
            code=ranking.within.code,
            period=ranking.period,
            least=rules.min_published,
        )
    return found


def publish_own(ranking: Ranking, audience: Audience, rules: Rules) -> Publication:
    """As `publish`, with the figures of every unit, each for its own head only.

    An earlier month is left out where a unit had people of one that was divided: with the figures
    of the whole, which were published then, those of the other part could be computed.
    """
    return _Publisher(ranking, audience, rules, small=True).publication()


@dataclass(frozen=True, slots=True)
class _Publisher:
    """Publishes one Ranking; `small` is whether units of few people are shown."""

    ranking: Ranking
    audience: Audience
    rules: Rules
    small: bool
    concealed: frozenset[Period] = frozenset()

    def _concealed_above(self) -> frozenset[Period]:
        """The Periods in which a ranking above this one has no figures of the unit it is about."""
        if self.audience.sees_everything:
            return frozenset()
        return frozenset(
            point.period
            for line, outer in self.ranking.above
            for point in publish(outer, self.audience, self.rules).trend
            if point.units.get(line) is None
        )

    def publication(self) -> Publication:
        ranking, concealed = self.ranking, self._concealed_above() | self.concealed
        points = tuple(
            self._point(point, self._month(point) if point.period not in concealed else None)
            for point in ranking.trend
        )
        this = (points[-1].month if points else None) or Month({}, frozenset(), None)
        before = ranking.period.shifted(-1)
        previous = next((point for point in points if point.period == before), None)
        few = [s for group in ranking.groups for s in group.standings if self._is_few(s)]
        # Of a part of the whole these sums are those of one unit.
        lines = [
            line.counts
            for point in ranking.trend[-1:]
            for line in point.lines
            if line.code in this.counted and ranking.within is None
        ]
        sees_all, least = self.audience.sees_everything, self.rules.min_published
        groups = (self._group(group, previous) for group in ranking.groups)
        return Publication(
            audience=self.audience,
            period=ranking.period,
            groups=tuple(group for group in groups if group.standings),
            few=tuple(standing.usage.unit for standing in few),
            few_standings=tuple(few) if self.small else (),
            few_total=this.few_total,
            total=self._seen(this.total),
            previous_total=previous.total if previous and ranking.previous_total else None,
            everyone=ranking.total if sees_all else None,
            shows_listed=sees_all or is_spread([c.exempt + c.excluded for c in lines], least),
            shows_reasons=sees_all or is_spread([c.excluded for c in lines], least),
            trend=points,
            has_previous=ranking.previous is not None,
            has_mail=ranking.has_mail,
        )

    def _month(self, point: TrendPoint) -> Month | None:
        return month_of(
            point.lines,
            self.rules.min_published,
            is_part=self.ranking.within is not None,
            shows_all=self.audience.sees_everything,
        )

    def _is_few(self, standing: Standing) -> bool:
        return standing.usage.counts.is_few(self.rules.min_published)

    def _seen(self, counts: Counts | None) -> Counts | None:
        """Sums as this audience reads them."""
        is_coarse = self.rules.coarse_extremes and not self.small
        return coarse(counts) if is_coarse and counts is not None else counts

    def _group(self, group: GroupRanking, previous: PublishedPoint | None) -> PublishedGroup:
        shown = [standing for standing in group.standings if not self._is_few(standing)]
        is_comparable = previous is not None and group.previous_total is not None
        return PublishedGroup(
            name=group.name,
            standings=tuple(self._standing(standing, previous) for standing in shown),
            total=self._seen(sum((s.usage.counts for s in shown), Counts())) or Counts(),
            previous_total=previous.groups[group.name] if previous and is_comparable else None,
        )

    def _standing(self, standing: Standing, previous: PublishedPoint | None) -> Standing:
        """The unit with its figures, and those of the month before where that has them."""
        code, counts = standing.usage.unit.code, self._seen(standing.usage.counts) or Counts()
        then = previous.units.get(code, Counts()) if previous is not None else Counts()
        if then is None:
            standing = replace(standing, previous_rank=None, origin=None)
        if then is None or then.is_coarse:
            standing = replace(standing, previous_share=None, change=None)
        if counts.is_coarse:
            standing = replace(standing, short_of=None, change=None)
        return replace(standing, usage=replace(standing.usage, counts=counts))

    def _point(self, point: TrendPoint, month: Month | None) -> PublishedPoint:
        known, units = dict(point.units), dict[str, Counts | None]()
        for group in self.ranking.groups:
            for code in (standing.usage.unit.code for standing in group.standings):
                if not self._shows(code, point, month):
                    units[code] = None
                elif code in known:
                    units[code] = self._unit(code, known[code], point)
        everybody = sum((line.counts for line in point.lines), Counts())
        total = month.total if month is not None and everybody == point.total else None
        return PublishedPoint(
            period=point.period,
            edition=point.edition,
            month=month,
            total=self._seen(total),
            units=units,
            groups={
                group.name: self._seen(self._group_then(group, point.lines, month))
                for group in self.ranking.groups
            },
            origins={
                code: origin
                for code, origin in point.origins
                if code not in units or units[code] is not None
            },
            provisional=point.provisional,
            comparable=point.comparable,
            partial_groups=point.partial_groups,
        )

    def _shows(self, code: str, point: TrendPoint, month: Month | None) -> bool:
        """Whether a month's own publication has all that a unit of today was."""
        if self.small:
            return True
        parts = (line.code for line in point.lines if code in line.heirs)
        return month is not None and month.shown.keys() >= set(parts)

    def _unit(self, code: str, sums: Counts, point: TrendPoint) -> Counts | None:
        """A unit's sums in a month where they are whole lines of that month.

        With a part of a unit that was divided, the other part could be computed.
        """
        if self.audience.sees_everything:
            return sums
        lines = (line.counts for line in point.lines if line.heirs == {code})
        return self._seen(sums) if sum(lines, Counts()) == sums else None

    def _group_then(
        self, group: GroupRanking, lines: Iterable[Line], month: Month | None
    ) -> Counts | None:
        """The units of then that have figures and count in the group today."""
        if month is None:
            return None
        members = {standing.usage.unit.code for standing in group.standings}
        found = Counts()
        for line in lines:
            if line.code in month.shown and line.heirs & members:
                if not line.heirs <= members:
                    return None
                found += line.counts
        return found

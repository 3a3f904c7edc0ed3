"""publish(): of a Ranking, what one audience may see; the rest is not in it any more."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.gaps import HIDDEN_GAPS
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import (
    GroupRanking,
    Incomparable,
    Line,
    Origin,
    Ranking,
    Standing,
    TrendPoint,
)
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, Silence, UnitUsage
from mailaudit.publication.months import Month, is_spread, month_of
from mailaudit.publication.places import placed_anew, without_place
from mailaudit.publication.uses import HIDDEN, SumGaps, all_gaps, public_gaps
from mailaudit.publication.values import Publication, PublishedPoint, Withheld


def publish(
    ranking: Ranking,
    audience: Audience,
    rules: Rules,
    *,
    own: bool = False,
    concealed: frozenset[Period] = frozenset(),
    shows_uses: bool = True,
    shows_listed: bool = True,
    withheld: Withheld | None = None,
) -> Publication:
    """What `audience` may see of `ranking`; every Period is judged by its own units.

    Args:
        own: With the figures of every unit, each for its own head only.
        concealed: Earlier Periods of which it has no figures, from `register.differing_months`.
        shows_uses: Whether sums have their gaps, as far as these may be known.
        shows_listed: The same of the numbers of people listed and out of scope.
        withheld: Units without figures, in no sum and no place, from `withheld.withheld_units`.

    Raises:
        UsageError: It is the ranking of a unit that the ranking above it gives no figures of, or
            with whose figures those of a part of few people could be computed.
    """
    small = own or audience.sees_everything
    found = _Publisher(
        ranking, audience, rules, small, concealed, shows_uses, shows_listed, withheld or {}
    ).publication()
    if ranking.within is not None and not own and found.trend[-1].month is None:
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


@dataclass(frozen=True, slots=True)
class _Publisher:
    """Publishes one Ranking; `small` is whether units of few people are shown."""

    ranking: Ranking
    audience: Audience
    rules: Rules
    small: bool
    concealed: frozenset[Period] = frozenset()
    shows_uses: bool = True
    shows_listed: bool = True
    withheld: Withheld = field(default_factory=dict)

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
        sees_all, least = self.audience.sees_everything, self.rules.min_published
        is_part = ranking.within is not None
        months = (
            None
            if point.period in concealed
            else month_of(
                point.lines,
                least,
                is_part=is_part,
                shows_all=sees_all,
                withheld=self.withheld.get(point.period, ()),
            )
            for point in ranking.trend
        )
        newest = [p for p in ranking.trend if not isinstance(p.period, LongPeriod)][-1]
        points = tuple(
            self._point(point, month, newest)
            for point, month in zip(ranking.trend, months, strict=True)
        )
        this = points[-1].month or Month({}, frozenset(), None)
        previous = next((point for point in points if point.period == ranking.before), None)
        standings = [s for group in ranking.groups for s in group.standings]
        few = [
            without_place(standing) if self._is_withheld(standing) else standing
            for standing in standings
            if self._is_few(standing)
        ]
        # In the report of a unit the sums would be of that one unit.
        counted = [s.usage.counts for s in standings if s.usage.unit.code in this.counted]
        shows_listed = self.shows_listed and not is_part
        listed = [counts for counts in counted if counts.staff and shows_listed]
        groups = (self._group(group, previous) for group in ranking.groups)
        return Publication(
            audience=self.audience,
            period=ranking.period,
            groups=tuple(group for group in groups if group.standings),
            few=tuple(standing.usage.unit for standing in few),
            few_standings=tuple(few) if self.small else (),
            few_total=this.few_total,
            total=self._seen(this.total),
            previous_total=previous.total
            if previous and ranking.previous_total and not self._in_one_only
            else None,
            everyone=ranking.total if sees_all else None,
            shows_listed=sees_all or is_spread([c.out_of_scope for c in listed], least),
            shows_reasons=sees_all or is_spread([c.excluded for c in listed], least),
            trend=points,
            has_previous=ranking.previous is not None,
            has_mail=ranking.has_mail,
            has_uses=self._has_uses,
            gaps=self._gaps([s.usage for s in few if s.usage.unit.code in this.counted]),
            withheld=self.withheld,
        )

    @property
    def _has_uses(self) -> bool:
        return self.ranking.has_mail and self.ranking.tells_uses

    def _gaps(self, few: Sequence[UnitUsage]) -> SumGaps:
        """The gaps of the sums; in the public report of a unit they would be of that one unit."""
        groups = {
            group.name: [s.usage for s in group.standings if not self._is_few(s)]
            for group in self.ranking.groups
        }
        if self.audience.sees_everything:
            return all_gaps(groups, few)
        if not self.shows_uses or self.ranking.within is not None or not self._has_uses:
            return HIDDEN
        return public_gaps(groups, few, self.rules.min_published)

    def _is_few(self, standing: Standing) -> bool:
        return self._is_withheld(standing) or standing.usage.counts.is_few(self.rules.min_published)

    def _is_withheld(self, standing: Standing) -> bool:
        return standing.usage.unit.code in self.withheld.get(self.ranking.period, ())

    @property
    def _in_one_only(self) -> frozenset[str]:
        """The units that are withheld either in this Period or in the one it is compared with."""
        found = [self.withheld.get(p, {}) for p in (self.ranking.period, self.ranking.before)]
        return frozenset(found[0].keys() ^ found[1].keys())

    def _seen(self, counts: Counts | None) -> Counts | None:
        """Sums as this audience reads them."""
        is_coarse = self.rules.coarse_extremes and not self.small
        return counts.coarsened() if is_coarse and counts is not None else counts

    def _group(self, group: GroupRanking, previous: PublishedPoint | None) -> GroupRanking:
        shown = [standing for standing in group.standings if not self._is_few(standing)]
        if self.withheld.get(self.ranking.period):
            shown = placed_anew(shown)
        if self.withheld.get(self.ranking.before):
            shown = [replace(standing, previous_rank=None) for standing in shown]
        # The sums of one of the two would lack a unit that those of the other have.
        is_whole = self._in_one_only.isdisjoint(s.usage.unit.code for s in group.standings)
        is_comparable = previous is not None and group.previous_total is not None and is_whole
        return GroupRanking(
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
        gaps = standing.usage.gaps if self.small else HIDDEN_GAPS
        return replace(standing, usage=replace(standing.usage, counts=counts, gaps=gaps))

    def _point(self, point: TrendPoint, month: Month | None, newest: TrendPoint) -> PublishedPoint:
        """A Period as it may stand beside the newest month of the trend."""
        members = (s.usage.unit.code for group in self.ranking.groups for s in group.standings)
        known, units = dict(point.units), dict[str, Counts | None]()
        beside = _sums_by_heir(newest.lines) if point is not newest else {}
        broken = {c for c in known if c in beside and not known[c].is_like(beside[c])}
        known = {code: counts for code, counts in known.items() if code not in broken}
        lines_of = _by_heir(point.lines)
        for code in members:
            lines = lines_of.get(code, ())
            was_shown = month is not None and all(line.code in month.shown for line in lines)
            if not was_shown and not self.small:
                units[code] = None
            elif code in known:
                # With a part of a unit that was divided, the other part could be computed.
                whole = sum((line.counts for line in lines if line.heirs == {code}), Counts())
                is_whole = whole == known[code] or self.audience.sees_everything
                units[code] = self._seen(known[code]) if is_whole else None
        origins = {c: origin for c, origin in point.origins if units.get(c, origin) is not None}
        origins |= dict.fromkeys(broken - units.keys(), Origin((), Incomparable.OTHER_KIND))
        is_of_all = sum((line.counts for line in point.lines), Counts()) == point.total
        groups = {
            group.name: self._seen(_group_then(group, point.lines, month))
            for group in self.ranking.groups
        }
        unlike = {
            group.name
            for group in self.ranking.groups
            if (then := groups[group.name]) is not None
            and not then.is_like(_sum_beside(group, beside))
        }
        is_broken = point is not newest and not point.total.is_like(newest.total)
        return PublishedPoint(
            period=point.period,
            edition=point.edition,
            month=month,
            total=self._seen(month.total) if month is not None and is_of_all else None,
            units=units,
            groups=groups,
            origins=origins,
            has_mail=not origins or point.silence is not Silence.NO_MAIL,
            provisional=point.provisional,
            comparable=point.comparable and not is_broken,
            partial_groups=point.partial_groups | unlike,
            is_outdated=point.is_outdated,
            other_kind=point.other_kind or is_broken,
        )


def _by_heir(lines: Iterable[Line]) -> Mapping[str, Sequence[Line]]:
    """The lines that go on in each unit of today, by its code."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        for heir in line.heirs:
            found[heir].append(line)
    return found


def _sums_by_heir(lines: Iterable[Line]) -> dict[str, Counts]:
    """The sums of all lines that go on in each unit of today, by its code."""
    return {
        code: sum((line.counts for line in of_unit), Counts())
        for code, of_unit in _by_heir(lines).items()
    }


def _sum_beside(group: GroupRanking, beside: Mapping[str, Counts]) -> Counts:
    """Of the units of a group that stand beside another Period."""
    codes = (standing.usage.unit.code for standing in group.standings)
    return sum((beside[code] for code in codes if code in beside), Counts())


def _group_then(group: GroupRanking, lines: Iterable[Line], month: Month | None) -> Counts | None:
    """The units of then that have figures and count in the group today; None where only a part."""
    members = {standing.usage.unit.code for standing in group.standings}
    shown = month.shown if month is not None else {}
    inside = [line for line in lines if line.code in shown and line.heirs & members]
    if month is None or not all(line.heirs <= members for line in inside):
        return None
    return sum((line.counts for line in inside), Counts())

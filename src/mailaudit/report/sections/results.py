"""What can be said of the month in sentences."""

from collections.abc import Iterable, Sequence

from mailaudit.model.ranking import GroupRanking, NotRanked, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.results import GroupResult, KindResult, NamedRate, Results, Sums
from mailaudit.report.sections.kinds import by_kind

MOST_NAMED = 3  # units that one sentence names


def results_of(publication: Publication, rules: Rules) -> Results:
    """The figures that sentences about the month need, of what its readers may see."""
    groups = tuple(_group(group, publication, rules) for group in publication.groups)
    standings = list(publication.standings())
    best, weakest = _ends(groups)
    total, before = publication.total, publication.previous_total
    return Results(
        units=sum(group.units for group in groups) + len(publication.few),
        ranked=sum(group.ranked for group in groups),
        met=sum(group.met for group in groups),
        short=sum(group.short for group in groups),
        has_mail=publication.has_mail,
        has_previous=publication.has_previous,
        low_coverage=_unranked(standings, NotRanked.LOW_COVERAGE),
        too_few=_unranked(standings, NotRanked.TOO_FEW),
        nobody=_unranked(standings, NotRanked.NOBODY_IN_SCOPE),
        no_mail=_unranked(standings, NotRanked.NO_MAIL),
        withheld=len(publication.few) - len(publication.withheld_here),
        withheld_counted=publication.few_total is not None,
        total=_sums(total, before, publication, rules, listed=publication.shows_listed),
        groups=groups,
        best_group=best,
        weakest_group=weakest,
        kinds=tuple(
            KindResult(one.name, Sums(one.counts, None, False, publication.has_mail, rules.target))
            for one in by_kind(publication)
        ),
        counts_reading=rules.counts_reading,
    )


def met_by(standings: Iterable[Standing], rules: Rules) -> int:
    """How many of the units are ranked and met the target."""
    ranked = (standing.usage.counts for standing in standings if standing.rank is not None)
    return sum(counts.meets(rules.target) for counts in ranked)


def _group(group: GroupRanking, publication: Publication, rules: Rules) -> GroupResult:
    ranked = [standing for standing in group.standings if standing.rank is not None]
    met = met_by(ranked, rules)
    ranks = sorted({standing.rank for standing in ranked if standing.rank is not None})
    several = len(ranks) > 1
    listed = publication.audience.sees_everything
    return GroupResult(
        name=readable(group.name),
        units=len(group.standings),
        ranked=len(ranked),
        met=met,
        short=len(ranked) - met,
        first=_named(s for s in ranked if several and s.rank == ranks[0]),
        last=_named(s for s in ranked if several and s.rank == ranks[-1]),
        total=_sums(group.total, group.previous_total, publication, rules, listed=listed),
    )


def _named(standings: Iterable[Standing]) -> tuple[NamedRate, ...]:
    named = (
        NamedRate(readable(standing.usage.unit.name), standing.share)
        for standing in standings
        if standing.share is not None
    )
    return tuple(named)[:MOST_NAMED]


def _ends(groups: Sequence[GroupResult]) -> tuple[NamedRate | None, NamedRate | None]:
    named = [
        NamedRate(group.name, group.total.rate)
        for group in groups
        if group.total is not None and group.total.rate is not None
    ]
    kinds = {kind for g in groups if g.total is not None for kind in g.total.counts.kinds}
    if len({group.rate for group in named}) < 2 or len(kinds) > 1:
        return None, None
    return max(named, key=lambda group: group.rate), min(named, key=lambda group: group.rate)


def _sums(
    counts: Counts | None,
    previous: Counts | None,
    publication: Publication,
    rules: Rules,
    *,
    listed: bool,
) -> Sums | None:
    if counts is None:
        return None
    return Sums(counts, previous, listed, publication.has_mail, rules.target)


def _unranked(standings: Iterable[Standing], reason: NotRanked) -> int:
    return sum(1 for standing in standings if standing.not_ranked is reason)

"""conclude(): what can be said of the month in sentences."""

from collections.abc import Iterable, Sequence

from mailaudit.model.ranking import GroupRanking, NotRanked, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.values import Publication
from mailaudit.report.results import GroupResult, NamedShare, Results, Sums
from mailaudit.report.sections.counts import share_change
from mailaudit.report.words import readable

MOST_NAMED = 3  # units that one sentence names


def conclude(publication: Publication, rules: Rules) -> Results:
    """The figures that sentences about the month need, of what its readers may see."""
    has_mail = publication.has_mail
    groups = tuple(_group(group, publication, rules) for group in publication.groups)
    standings = list(publication.standings())
    best, weakest = _ends(groups)
    return Results(
        units=sum(group.units for group in groups) + len(publication.few),
        ranked=sum(group.ranked for group in groups),
        met=sum(group.met for group in groups),
        short=sum(group.short for group in groups),
        has_mail=has_mail,
        has_previous=publication.has_previous,
        low_coverage=_unranked(standings, NotRanked.LOW_COVERAGE),
        too_few=_unranked(standings, NotRanked.TOO_FEW),
        nobody=_unranked(standings, NotRanked.NOBODY_IN_SCOPE),
        no_mail=_unranked(standings, NotRanked.NO_MAIL),
        withheld=len(publication.few),
        withheld_counted=publication.few_total is not None,
        sums=_sums(
            publication.total,
            publication.previous_total,
            rules,
            has_mail,
            listed=publication.shows_listed,
        ),
        groups=groups,
        best=best,
        weakest=weakest,
    )


def _group(group: GroupRanking, publication: Publication, rules: Rules) -> GroupResult:
    ranked = [standing for standing in group.standings if standing.rank is not None]
    met = sum(1 for standing in ranked if standing.usage.counts.meets(rules.target))
    ranks = sorted({standing.rank for standing in ranked if standing.rank is not None})
    several = len(ranks) > 1
    return GroupResult(
        name=readable(group.name),
        units=len(group.standings),
        ranked=len(ranked),
        met=met,
        short=len(ranked) - met,
        first=_named(s for s in ranked if several and s.rank == ranks[0]),
        last=_named(s for s in ranked if several and s.rank == ranks[-1]),
        sums=_sums(
            group.total,
            group.previous_total,
            rules,
            publication.has_mail,
            listed=publication.audience.sees_everything,
        ),
    )


def _named(standings: Iterable[Standing]) -> tuple[NamedShare, ...]:
    named = (
        NamedShare(readable(standing.usage.unit.name), standing.share)
        for standing in standings
        if standing.share is not None
    )
    return tuple(named)[:MOST_NAMED]


def _ends(groups: Sequence[GroupResult]) -> tuple[NamedShare | None, NamedShare | None]:
    named = [
        NamedShare(group.name, group.sums.regular_share)
        for group in groups
        if group.sums is not None and group.sums.regular_share is not None
    ]
    if len({group.share for group in named}) < 2:
        return None, None
    return max(named, key=lambda group: group.share), min(named, key=lambda group: group.share)


def _sums(
    counts: Counts | None,
    previous: Counts | None,
    rules: Rules,
    has_mail: bool,
    *,
    listed: bool,
) -> Sums | None:
    if counts is None:
        return None
    share = counts.regular_share if has_mail else None
    return Sums(
        staff=counts.staff if listed else None,
        out_of_scope=counts.out_of_scope if listed else None,
        in_scope=counts.in_scope,
        provided=counts.provided,
        without_mailbox=counts.in_scope - counts.provided,
        unmeasured=counts.unmeasured,
        judged=counts.judged,
        read=counts.read,
        sent=counts.sent,
        regular=counts.regular,
        provided_share=counts.provided_share,
        regular_share=share,
        lower_bound=counts.lower_bound if has_mail else None,
        upper_bound=counts.upper_bound if has_mail else None,
        coverage=counts.coverage,
        previous_share=previous.regular_share if previous is not None else None,
        change=share_change(counts, previous),
        meets_target=has_mail and counts.meets(rules.target),
    )


def _unranked(standings: Iterable[Standing], reason: NotRanked) -> int:
    return sum(1 for standing in standings if standing.not_ranked is reason)

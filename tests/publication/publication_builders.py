"""Builders: months of units whose sums are chosen, and the Ranking of them."""

from collections.abc import Iterable, Mapping

from mailaudit.metrics.places import place
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import GroupRanking, Line, Ranking, Standing, TrendPoint
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.usage import NUMBERS, Counts, UnitUsage
from mailaudit.publication.publish import publish
from mailaudit.publication.values import Publication

OCTOBER = Period(2026, 10)
SEPTEMBER = OCTOBER.shifted(-1)
GROUP = "Sở, ban, ngành"

Group = Mapping[str, Counts]


def counts(
    measured: int,
    regular: int,
    *,
    read: int | None = None,
    sent: int | None = None,
    unprovided: int = 0,
    unmeasured: int = 0,
    exempt: int = 0,
    excluded: int = 0,
) -> Counts:
    """Sums of a unit with so many people measured; regular users read and send."""
    in_scope = measured + unprovided + unmeasured
    return Counts(
        staff=in_scope + exempt + excluded,
        exempt=exempt,
        excluded=excluded,
        in_scope=in_scope,
        provided=measured + unmeasured,
        unmeasured=unmeasured,
        read=regular if read is None else read,
        sent=regular if sent is None else sent,
        regular=regular,
    )


def a_month(
    units: Group, period: Period = OCTOBER, heirs: Mapping[str, Iterable[str]] | None = None
) -> TrendPoint:
    """A month of these units of then; `heirs` are those of today they became, else themselves."""
    became = {code: frozenset((heirs or {}).get(code, {code})) for code in units}
    today: dict[str, Counts] = {}
    for code, sums in units.items():
        for heir in became[code] - {""}:
            # Of a divided unit half the people, rounded, count in each part.
            part = Counts(*(getattr(sums, n) // len(became[code]) for n in NUMBERS))
            today[heir] = today.get(heir, Counts()) + part
    return TrendPoint(
        period,
        sum(units.values(), Counts()),
        tuple(today.items()),
        lines=tuple(Line(code, sums, became[code]) for code, sums in units.items()),
    )


def a_ranking(
    groups: Mapping[str, Group], *before: TrendPoint, rules: Rules | None = None
) -> Ranking:
    """October, ranked by the program, after these months."""
    rules = rules or Rules()
    ranked = []
    for name, members in groups.items():
        usages = [UnitUsage(Unit(code, code, name), sums) for code, sums in members.items()]
        by_code = {usage.unit.code: usage for usage in usages}
        standings = (
            Standing(by_code[code], at.rank, at.tied, at.not_ranked)
            for code, at in place(usages, rules).items()
        )
        total = sum(members.values(), Counts())
        previous = Counts() if before else None  # something: the months say what
        ranked.append(GroupRanking(name, tuple(standings), total, previous))
    everybody = {code: sums for members in groups.values() for code, sums in members.items()}
    this = a_month(everybody)
    return Ranking(
        OCTOBER, tuple(ranked), this.total, Counts() if before else None, (*before, this)
    )


def published(
    groups: Mapping[str, Group],
    *before: TrendPoint,
    audience: Audience = Audience.PUBLIC,
    rules: Rules | None = None,
) -> Publication:
    rules = rules or Rules()
    return publish(a_ranking(groups, *before, rules=rules), audience, rules)

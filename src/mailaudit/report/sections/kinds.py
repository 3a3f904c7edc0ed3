"""What is said where sources of several kinds measured a month: sums of each kind, and breaks."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import Incomparable, Ranking, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.values import Publication, PublishedPoint
from mailaudit.report.columns import ColumnOf, table_of
from mailaudit.report.sections.counts import BY_PERIOD, Line
from mailaudit.report.sections.small_units import few_label
from mailaudit.report.tables import Column, Kind, Table
from mailaudit.report.words import kinds_text, short_period


@dataclass(frozen=True, slots=True)
class KindSums:
    """The units of one kind, those of few people left out; each sum is one of printed groups.

    Attributes:
        name: As printed, `EWS`.
        is_largest: Whether no other kind has more people.
    """

    name: str
    counts: Counts
    units: int
    is_largest: bool = False


def by_kind(publication: Publication) -> tuple[KindSums, ...]:
    """The sums of each kind, the largest first; none of a whole that one kind measured."""
    if publication.total is None or not publication.total.is_mixed or not publication.has_mail:
        return ()
    sums: dict[str, Counts] = {}
    units = Counter[str]()
    for group in publication.groups:
        for kind in group.total.kinds if not group.total.is_mixed else ():
            sums[kind] = sums.get(kind, Counts()) + group.total
            units[kind] += len(group.standings)
    order = sorted(sums, key=lambda kind: (-sums[kind].in_scope, kind))
    return tuple(
        KindSums(kinds_text({kind}), sums[kind], units[kind], is_largest=kind == order[0])
        for kind in order
    )


def ranked_by_kind(
    publication: Publication, language: Language
) -> Iterator[tuple[str, list[Standing]]]:
    """The ranked units of each kind, in printing order, with its name; "" where all are of one."""
    found: dict[frozenset[str], list[Standing]] = {}
    for group in publication.groups:
        ranked = [standing for standing in group.standings if standing.rank is not None]
        found.setdefault(group.total.kinds, []).extend(ranked)
    several = len(frozenset[str]().union(*found)) > 1
    if not several:
        yield "", [standing for standings in found.values() for standing in standings]
        return
    nobody = language.gettext("nobody measured")
    for kinds, standings in found.items():
        if standings:
            yield (kinds_text(kinds) if kinds else nobody), standings


def kinds_tables(publication: Publication, rules: Rules, language: Language) -> Iterator[Table]:
    """A line for each kind, and for what is of several; no table where there is one kind."""
    kinds = by_kind(publication)
    if not kinds:
        return
    _ = language.gettext
    lines = [(Line(one.name, one.counts), one.units) for one in kinds]
    others = {
        _("Units measured by several kinds"): [
            group for group in publication.groups if group.total.is_mixed
        ],
        _("Units in which nobody was measured"): [
            group for group in publication.groups if not group.total.kinds
        ],
    }
    for name, groups in others.items():
        if groups:
            counts = sum((group.total for group in groups), Counts())
            lines.append((Line(name, counts), sum(len(group.standings) for group in groups)))
    if publication.few_total is not None:
        small = len(publication.few) - len(publication.withheld_here)
        lines.append((Line(few_label(publication, language), publication.few_total), small))
    yield table_of(
        "kinds",
        _("Results by kind of source"),
        _COLUMNS,
        lines,
        language,
        rules=rules,
        notes=(
            _(
                "The kinds do not see the same, so what people did is neither added up over them"
                " nor compared."
            ),
        ),
    )


def _line_of(line: tuple[Line, int]) -> Line:
    return line[0]


_COLUMNS: tuple[ColumnOf[tuple[Line, int]], ...] = (
    ColumnOf(
        Column("kind", N_("Kind of source"), Kind.TEXT, width=40, row_header=True),
        lambda line: line[0].name,
    ),
    ColumnOf(Column("units", N_("Units"), Kind.INTEGER), lambda line: line[1]),
    *(column.about(_line_of) for column in BY_PERIOD),
)


def kind_notices(ranking: Ranking, language: Language) -> Iterator[str]:
    """That the period has several kinds, and that a break lies between it and the one before."""
    _ = language.gettext
    if ranking.total.is_mixed:
        yield _(
            "Mailboxes were measured by sources of several kinds ({kinds}), which do not see the"
            " same. What people did, and rates, are given for each kind alone; a unit is ranked"
            " among those of its own kind."
        ).format(kinds=kinds_text(ranking.total.kinds))
    previous = ranking.previous
    if previous is None:
        return
    then, now = previous.total.kinds, ranking.total.kinds
    month = short_period(previous.period, language)
    if previous.other_kind and then != now:
        yield _(
            "Between {month} and this period lies a break: {then} measured then, {now} now. What"
            " different kinds of sources measured is not compared."
        ).format(month=month, then=kinds_text(then), now=kinds_text(now))
    elif any(origin.why_not is Incomparable.OTHER_KIND for _code, origin in previous.origins):
        yield _(
            "Units that one and the same kind of source did not measure in {month} and in this"
            " period are not compared."
        ).format(month=month)


def is_beside_a_break(point: PublishedPoint) -> bool:
    """Whether something of a month has no rate beside today's for its kind of source."""
    sums = (point.total, *point.units.values(), *point.groups.values())
    return (
        point.other_kind
        or any(counts is not None and counts.is_mixed for counts in sums)
        or any(origin.why_not is Incomparable.OTHER_KIND for origin in point.origins.values())
    )

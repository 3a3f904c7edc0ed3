"""What units need, a few of each kind: those furthest behind, almost there, without mailboxes."""

from collections.abc import Callable, Iterator, Sequence

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.columns import NUMBER, ColumnOf, columns_of, rows_of
from mailaudit.report.sections.counts import UNMEASURED, rate_value
from mailaudit.report.sections.kinds import ranked_by_kind
from mailaudit.report.tables import Column, Kind, RowGroup, Table

MOST = 5  # of each kind: a list of all of them would be the ranking again


def needs_table(publication: Publication, rules: Rules, language: Language) -> Table:
    """The units that something can be done about, grouped by what."""
    _ = language.gettext
    columns = _columns(rules)
    return Table(
        key="needs",
        caption=_("Units in need, by what they need"),
        columns=columns_of(columns, language),
        groups=tuple(
            RowGroup(tuple(rows_of(columns, units, language, _code)), title=title)
            for title, units in _kinds(publication, rules, language)
            if units
        ),
        empty=_("None."),
    )


def _kinds(
    publication: Publication, rules: Rules, language: Language
) -> Iterator[tuple[str, Sequence[Standing]]]:
    _, everybody = language.gettext, list(publication.standings())
    almost: list[Standing] = []
    for kind, ranked in ranked_by_kind(publication, language):
        short = [
            (standing.share, standing)
            for standing in ranked
            if standing.share is not None and not standing.usage.counts.meets(rules.target)
        ]
        weakest = sorted(short, key=lambda pair: pair[0])[:MOST]
        title = _("Lowest rates") + (f" · {kind}" if kind else "")
        yield title, [standing for _share, standing in weakest]
        almost += [one for _share, one in short if one.usage.counts.short_of(rules.target) == 1]
    yield _("One person short of the target"), almost
    yield _("Most people without a mailbox"), _largest(everybody, _without)
    yield _("Most mailboxes not measured"), _largest(everybody, _unmeasured)


def _largest(standings: Sequence[Standing], number: Callable[[Standing], int]) -> list[Standing]:
    """The MOST units with the largest number; of equal ones all or none, unless all are equal."""
    ordered = sorted((s for s in standings if number(s)), key=number, reverse=True)
    most, left_out = ordered[:MOST], ordered[MOST : MOST + 1]
    return [s for s in most if not left_out or number(s) > number(left_out[0])] or most


def _without(standing: Standing) -> int:
    return standing.usage.counts.in_scope - standing.usage.counts.provided


def _unmeasured(standing: Standing) -> int:
    return standing.usage.counts.unmeasured


def _code(standing: Standing) -> str:
    return standing.usage.unit.code


def _needed(standing: Standing, rules: Rules) -> int | None:
    """People short of the target, where there is a rank, and a rate that is printed exactly."""
    if standing.rank is None or standing.share is None:
        return None
    return standing.usage.counts.short_of(rules.target)


def _columns(rules: Rules) -> tuple[ColumnOf[Standing], ...]:
    return (
        NUMBER,
        ColumnOf(
            Column("unit", N_("Unit"), Kind.TEXT, width=40, row_header=True),
            lambda standing: readable(standing.usage.unit.name),
        ),
        ColumnOf(
            Column("share", N_("Regular use %"), Kind.PERCENT),
            lambda standing: rate_value(standing.usage.counts),
        ),
        ColumnOf(
            Column("needed", N_("Regular users needed for the target"), Kind.INTEGER, width=13),
            lambda standing: _needed(standing, rules),
        ),
        ColumnOf(Column("without", N_("Without a mailbox"), Kind.INTEGER), _without),
        ColumnOf(Column("unmeasured", UNMEASURED.head.label, Kind.INTEGER), _unmeasured),
    )

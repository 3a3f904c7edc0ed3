"""Units before and after the corrections of a month's staff list."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.publication.comparison import Comparison
from mailaudit.report.columns import NUMBER, ColumnOf, columns_of, rows_of
from mailaudit.report.results import share_change
from mailaudit.report.sections.counts import change_cell, rate_value
from mailaudit.report.sections.ranking import rounding_note, tied_mark
from mailaudit.report.sections.small_units import few_label, few_notes
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Table, Value
from mailaudit.report.words import roman


@dataclass(frozen=True, slots=True)
class _Line:
    """A unit or a sum in both editions."""

    name: str
    before: Counts | None
    after: Counts
    then: Standing | None = None
    now: Standing | None = None


def effects_table(comparison: Comparison, rules: Rules, language: Language) -> Table:
    """The units whose figures or ranks changed, and the whole, before and after."""
    _ = language.gettext
    sees_all = comparison.after.audience.sees_everything
    columns = _effect_columns(sees_all=sees_all, language=language)
    groups = [
        RowGroup(
            tuple(rows_of(columns, changed, language)),
            title=title,
            total=_sum(columns, total, language) if total else None,
        )
        for title, lines, total in _groups(comparison, language)
        if (changed := [line for line in lines if _is_changed(line, sees_all=sees_all)])
        or (total and _is_changed(total, sees_all=sees_all))
    ]
    before, after = comparison.before, comparison.after
    whole = _Line(_("GRAND TOTAL"), before.total, after.total or Counts())
    if after.everyone is not None:
        whole = _Line(_("ALL UNITS"), before.everyone, after.everyone)
    return Table(
        key="effects",
        caption=_("Units that changed, by group and rank"),
        columns=columns_of(columns, language),
        groups=tuple(groups),
        total=_sum(columns, whole, language),
        notes=(rounding_note(language), *few_notes(after, rules, language)),
        empty=_("No figure of a unit changed."),
    )


def unchanged_table(comparison: Comparison, language: Language) -> Table:
    """The other units shortly, with what they have in both editions."""
    _ = language.gettext
    sees_all = comparison.after.audience.sees_everything
    columns = _unchanged_columns(language)
    groups = []
    for title, lines, _total in _groups(comparison, language):
        if same := [line for line in lines if not _is_changed(line, sees_all=sees_all)]:
            groups.append(RowGroup(tuple(rows_of(columns, same, language)), title=title))
    return Table(
        key="unchanged",
        caption=_("Units of which nothing changed"),
        columns=columns_of(columns, language),
        groups=tuple(groups),
        empty=_("Figures or ranks of every unit changed."),
    )


def _groups(
    comparison: Comparison, language: Language
) -> Iterator[tuple[str, Sequence["_Line"], "_Line | None"]]:
    """Title, units and sum of each group; a sum only of the units of few people."""
    for number, group in enumerate(comparison.groups(), start=1):
        title = f"{roman(number)}. {readable(group.name)}"
        yield title, tuple(map(_line, group.units)), None
    before, after = comparison.before, comparison.after
    few = tuple(map(_line, comparison.few()))
    if few or after.few_total is not None:
        label, sums = few_label(after, language), after.few_total
        total = None if sums is None else _Line(label, before.few_total, sums)
        yield (label if few else ""), few, total


def _is_changed(line: "_Line", *, sees_all: bool) -> bool:
    """Whether anything that is shown of it differs."""
    if line.before is None:
        return True
    shown = [
        (counts.staff if sees_all else 0, counts.in_scope, counts.measured, _regular(counts))
        for counts in (line.before, line.after)
    ]
    rates = rate_value(line.before), rate_value(line.after)
    places = [one and (one.rank, one.tied) for one in (line.then, line.now)]
    return shown[0] != shown[1] or rates[0] != rates[1] or places[0] != places[1]


def _regular(counts: Counts) -> int | None:
    return None if counts.is_coarse or not counts.tells_deeds else counts.regular


def _line(pair: tuple[Standing | None, Standing]) -> _Line:
    then, now = pair
    counts = None if then is None else then.usage.counts
    return _Line(readable(now.usage.unit.name), counts, now.usage.counts, then, now)


def _sum(columns: Sequence[ColumnOf[_Line]], line: _Line, language: Language) -> Row:
    return Row("", tuple(column.cell(line, "", language) for column in columns))


def _effect_columns(*, sees_all: bool, language: Language) -> tuple[ColumnOf[_Line], ...]:
    return (
        NUMBER,
        ColumnOf(
            Column("unit", N_("Unit"), Kind.TEXT, width=30, row_header=True), lambda line: line.name
        ),
        *(
            _both("staff", N_("Staff, before"), N_("Staff, after"), lambda c: c.staff)
            if sees_all
            else ()
        ),
        *_both("in_scope", N_("In scope, before"), N_("In scope, after"), lambda c: c.in_scope),
        *_both("measured", N_("Measured, before"), N_("Measured, after"), lambda c: c.measured),
        *_both(
            "regular",
            N_("Regular use, before"),
            N_("Regular use, after"),
            _regular,
        ),
        *_both("share", N_("Rate %, before"), N_("Rate %, after"), rate_value, kind=Kind.PERCENT),
        ColumnOf(
            Column("change", N_("Change (points)"), Kind.POINTS),
            lambda line: change_cell(share_change(line.after, line.before)),
        ),
        ColumnOf(
            Column("rank_before", N_("Rank, before"), Kind.RANK, width=13),
            lambda line: _rank(line.then, language),
        ),
        ColumnOf(
            Column("rank_after", N_("Rank, after"), Kind.RANK, width=13),
            lambda line: _rank(line.now, language),
        ),
    )


def _unchanged_columns(language: Language) -> tuple[ColumnOf[_Line], ...]:
    return (
        NUMBER,
        ColumnOf(
            Column("unit", N_("Unit"), Kind.TEXT, width=30, row_header=True), lambda line: line.name
        ),
        ColumnOf(Column("in_scope", N_("In scope"), Kind.INTEGER), lambda one: one.after.in_scope),
        ColumnOf(Column("measured", N_("Measured"), Kind.INTEGER), lambda one: one.after.measured),
        ColumnOf(
            Column("regular", N_("Regular use"), Kind.INTEGER), lambda one: _regular(one.after)
        ),
        ColumnOf(Column("share", N_("Rate %"), Kind.PERCENT), lambda one: rate_value(one.after)),
        ColumnOf(Column("rank", N_("Rank"), Kind.RANK, width=13), lambda o: _rank(o.now, language)),
    )


def _both(
    key: str, before: str, after: str, value: Callable[[Counts], Value], kind: Kind = Kind.INTEGER
) -> tuple[ColumnOf[_Line], ColumnOf[_Line]]:
    """A figure in both editions."""
    return (
        ColumnOf(
            Column(f"{key}_before", before, kind),
            lambda line: Cell(None if line.before is None else value(line.before)),
        ),
        ColumnOf(Column(f"{key}_after", after, kind), lambda line: Cell(value(line.after))),
    )


def _rank(standing: Standing | None, language: Language) -> Cell:
    if standing is None:
        return Cell("")
    return Cell(standing.rank, mark=tied_mark(standing, language))

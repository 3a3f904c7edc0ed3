"""Who is out of scope and why, as far as an audience may know; words that no rule names."""

from collections import Counter
from dataclasses import dataclass, replace

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.usage import (
    Counts,
    Measurement,
    OutOfScope,
    StaffState,
    StaffUsage,
    UnnamedWord,
    WordKind,
)
from mailaudit.model.wording import folded
from mailaudit.publication.values import Publication
from mailaudit.report.columns import (
    NUMBER,
    ColumnOf,
    cells_of,
    sum_of,
    table_of,
    withheld_table,
)
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Table
from mailaudit.report.value import Report, Section
from mailaudit.report.words import readable, threshold

KINDS = {
    OutOfScope.JOB_TITLE: N_("Out of scope by job title"),
    OutOfScope.CATEGORY: N_("Out of scope by category"),
    OutOfScope.AWAY: N_("Excluded: away for long enough"),
    OutOfScope.JOINED: N_("Excluded: newly appointed"),
    OutOfScope.LEFT: N_("Excluded: left"),
}
WORD_KINDS = {WordKind.CATEGORY: N_("Category"), WordKind.STATUS: N_("Status")}

_Reason = tuple[OutOfScope, str]


def exclusions_section(
    measurement: Measurement, publication: Publication, rules: Rules, language: Language
) -> Section:
    """Staff out of scope by reason; by unit, and words without a rule, for who sees everything.

    Reasons such as illness are about health: elsewhere those of few people are put together.

    Args:
        measurement: Of the units whose sums the whole is; of all, for who sees everything.
    """
    _, by_reason = language.gettext, _by_reason(measurement, language)
    if not publication.shows_reasons:
        tables: tuple[Table, ...] = (withheld_table(by_reason, language),)
    elif not publication.audience.sees_everything:
        tables = (_with_rare_reasons_merged(by_reason, rules.min_published, language),)
    else:
        by_unit = _by_unit(measurement, rules, language)
        tables = (by_reason, by_unit, _unnamed(measurement, language))
    return Section("exclusions", _("Out of scope"), _("Staff out of scope"), tables)


def reasons_printed(report: Report) -> dict[str, int]:
    """Each reason of the table of reasons, and of how many people it is; none where it is empty."""
    return {
        row.key: _numbers(row, table)["people"]
        for section in report.sections
        for table in section.tables
        if table.key == "exclusions"
        for row in table.rows
    }


def _by_reason(measurement: Measurement, language: Language) -> Table:
    _ = language.gettext
    people: Counter[_Reason] = Counter()
    undated: Counter[_Reason] = Counter()
    for usage in measurement.staff:
        if (kind := usage.out_of_scope) is not None:
            reason = kind, _word(kind, usage)
            people[reason] += 1
            undated[reason] += kind.state is StaffState.EXCLUDED and _is_undated(usage)
    order = list(OutOfScope)
    columns: tuple[ColumnOf[_Reason], ...] = (
        NUMBER,
        ColumnOf(
            Column("reason", N_("Reason on the staff list"), Kind.TEXT, width=40, row_header=True),
            lambda reason: reason[1],
        ),
        ColumnOf(Column("people", N_("People"), Kind.INTEGER, summed=True), people.__getitem__),
        ColumnOf(
            Column("undated", N_("Without dates"), Kind.INTEGER, summed=True),
            lambda reason: undated[reason] if reason[0].state is StaffState.EXCLUDED else "",
        ),
        ColumnOf(Column("kind", N_("Kind"), Kind.TEXT, width=61), lambda r: _(KINDS[r[0]])),
    )
    note = _(
        "Without dates: the staff list says neither from when nor until when, so the person"
        " is excluded in every period."
    )
    return table_of(
        "exclusions",
        _("Staff out of scope, by reason"),
        columns,
        sorted(people, key=lambda r: (order.index(r[0]), -people[r], r[1])),
        language,
        row_key=lambda reason: f"{reason[0]}: {reason[1]}",
        total=_("Total"),
        notes=(note,) if undated.total() else (),
        empty=_("None."),
    )


def _by_unit(measurement: Measurement, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    reasons: dict[str, Counter[str]] = {}
    for usage in measurement.staff:
        if (kind := usage.out_of_scope) is not None:
            reasons.setdefault(usage.unit_code, Counter())[_word(kind, usage)] += 1
    units = [unit for unit in measurement.units if unit.counts.out_of_scope]
    lines = [
        _Line(
            usage.unit.code,
            readable(usage.unit.name),
            usage.counts,
            usage.counts.exempts_more_than(rules.max_exempt_share),
            reasons.get(usage.unit.code, Counter()),
        )
        for usage in units
    ]
    whole = _Line("", _("GRAND TOTAL"), measurement.total, False, Counter())
    note = _(
        "Units with nobody out of scope are left out; the grand total has everybody."
        " “!” marks more than {most} out of scope by job."
    ).format(most=threshold(rules.max_exempt_share, language))
    table = table_of(
        "exclusions_by_unit",
        _("Staff out of scope, by unit"),
        _BY_UNIT,
        lines,
        language,
        row_key=lambda line: line.code,
        notes=(note,),
        empty=_("None."),
    )
    return replace(table, total=Row("", cells_of(_BY_UNIT, whole, language)) if lines else None)


@dataclass(frozen=True, slots=True)
class _Line:
    """A unit, or the whole; `has_many` are more exempt than goes without a remark."""

    code: str
    name: str
    counts: Counts
    has_many: bool
    reasons: Counter[str]


_BY_UNIT: tuple[ColumnOf[_Line], ...] = (
    NUMBER,
    ColumnOf(
        Column("unit", N_("Unit"), Kind.TEXT, width=40, row_header=True), lambda line: line.name
    ),
    ColumnOf(Column("staff", N_("Total staff"), Kind.INTEGER), lambda line: line.counts.staff),
    ColumnOf(
        Column("exempt", N_("Out of scope by job"), Kind.INTEGER, summed=True, width=11),
        lambda line: line.counts.exempt,
    ),
    ColumnOf(
        Column("exempt_share", N_("Out of scope by job %"), Kind.PERCENT, width=11),
        lambda line: Cell(line.counts.exempt_share, mark=" !" if line.has_many else ""),
    ),
    ColumnOf(
        Column("excluded", N_("Excluded in this period"), Kind.INTEGER, summed=True, width=11),
        lambda line: line.counts.excluded,
    ),
    ColumnOf(
        Column("reasons", N_("Reasons"), Kind.TEXT, width=39),
        lambda line: "; ".join(
            f"{word}: {people}"
            for word, people in sorted(line.reasons.items(), key=lambda item: (-item[1], item[0]))
        ),
    ),
)


def _unnamed(measurement: Measurement, language: Language) -> Table:
    _ = language.gettext
    columns: tuple[ColumnOf[UnnamedWord], ...] = (
        NUMBER,
        ColumnOf(
            Column("word", N_("As on the staff list"), Kind.TEXT, width=40, row_header=True),
            lambda unnamed: readable(unnamed.word),
        ),
        ColumnOf(Column("people", N_("People"), Kind.INTEGER), lambda unnamed: unnamed.people),
        ColumnOf(
            Column("kind", N_("Kind"), Kind.TEXT, width=70),
            lambda unnamed: _(WORD_KINDS[unnamed.kind]),
        ),
    )
    note = _("These people count in scope. Name each word in [rules] of the configuration.")
    return table_of(
        "unnamed",
        _("Categories and statuses that no rule names"),
        columns,
        measurement.unnamed,
        language,
        row_key=lambda unnamed: f"{unnamed.kind}: {unnamed.word}",
        notes=(note,) if measurement.unnamed else (),
        empty=_("None."),
    )


def _word(kind: OutOfScope, usage: StaffUsage) -> str:
    """One spelling for what the staff list writes as "Thai sản" here and "thai  sản" there."""
    return readable(folded(kind.word(usage.staff)))


def _is_undated(usage: StaffUsage) -> bool:
    return usage.staff.status_from is None and usage.staff.status_to is None


def _with_rare_reasons_merged(table: Table, least: int, language: Language) -> Table:
    """The table of reasons with those of fewer than `least` people as one line.

    The next rarest join them until the line is of enough people, as no fewer may be the difference
    of the total and the lines printed.
    """
    by_people = sorted(table.rows, key=lambda row: _numbers(row, table)["people"])
    rare: list[Row] = []
    while len(rare) < len(by_people) and _is_too_few(rare, by_people[len(rare)], table, least):
        rare.append(by_people[len(rare)])
    if not rare:
        return table
    kept = [row for row in table.rows if row not in rare]
    kept.append(_merged(rare, table, least, language))
    numbered = (replace(row, cells=(Cell(n), *row.cells[1:])) for n, row in enumerate(kept, 1))
    return replace(table, groups=(RowGroup(tuple(numbered)),))


def _is_too_few(rare: list[Row], following: Row, table: Table, least: int) -> bool:
    people = sum(_numbers(row, table)["people"] for row in rare)
    return 0 < people < least or _numbers(following, table)["people"] < least


def _merged(rare: list[Row], table: Table, least: int, language: Language) -> Row:
    reason = language.gettext("Other reasons, of fewer than {number} people each").format(
        number=least
    )
    return sum_of(table.columns, rare, reason)


def _numbers(row: Row, table: Table) -> dict[str, int]:
    """The row's sums by column; text in place of a number counts as nothing."""
    return {
        column.key: cell.value if isinstance(cell.value, int) else 0
        for column, cell in zip(table.columns, row.cells, strict=True)
        if column.summed
    }

"""Who is out of scope and why; words that no rule names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.usage import (
    Counts,
    Measurement,
    OutOfScope,
    StaffState,
    UnnamedWord,
    WordKind,
)
from mailaudit.model.wording import readable
from mailaudit.publication.reasons import ReasonCount, published_reasons, word_of
from mailaudit.publication.values import Publication
from mailaudit.report.columns import (
    NUMBER,
    ColumnOf,
    cells_of,
    table_of,
    withheld_table,
)
from mailaudit.report.tables import Cell, Column, Kind, Row, Table
from mailaudit.report.value import Section
from mailaudit.report.words import threshold

KINDS = {
    OutOfScope.JOB_TITLE: N_("Out of scope by job title"),
    OutOfScope.CATEGORY: N_("Out of scope by category"),
    OutOfScope.AWAY: N_("Excluded: away for long enough"),
    OutOfScope.JOINED: N_("Excluded: newly appointed"),
    OutOfScope.LEFT: N_("Excluded: left"),
}
WORD_KINDS = {WordKind.CATEGORY: N_("Category"), WordKind.STATUS: N_("Status")}


def exclusions_section(
    measurement: Measurement, publication: Publication, rules: Rules, language: Language
) -> Section:
    """Staff out of scope by reason; for those who see everything by unit too, and unnamed words.

    Args:
        measurement: Of the units whose sums the whole is; of all, for those who see everything.
    """
    _, reasons = language.gettext, published_reasons(measurement, publication, rules)
    by_reason = _by_reason(reasons or (), rules, language)
    if reasons is None:
        tables: tuple[Table, ...] = (withheld_table(by_reason, language),)
    elif not publication.audience.sees_everything:
        tables = (by_reason,)
    else:
        by_unit = _by_unit(measurement, rules, language)
        tables = (by_reason, by_unit, _unnamed(measurement, language))
    return Section("exclusions", _("Out of scope"), _("Staff out of scope"), tables)


def _by_reason(reasons: Sequence[ReasonCount], rules: Rules, language: Language) -> Table:
    _ = language.gettext
    others = _("Other reasons, of fewer than {number} people each").format(
        number=rules.min_published
    )
    columns: tuple[ColumnOf[ReasonCount], ...] = (
        NUMBER,
        ColumnOf(
            Column("reason", N_("Reason on the staff list"), Kind.TEXT, width=40, row_header=True),
            lambda reason: others if reason.kind is None else reason.word,
        ),
        ColumnOf(
            Column("people", N_("People"), Kind.INTEGER, summed=True), lambda reason: reason.people
        ),
        ColumnOf(
            Column("undated", N_("Without dates"), Kind.INTEGER, summed=True),
            lambda reason: "" if _is_exempt(reason) else reason.undated,
        ),
        ColumnOf(
            Column("kind", N_("Kind"), Kind.TEXT, width=61),
            lambda reason: "" if reason.kind is None else _(KINDS[reason.kind]),
        ),
    )
    note = _(
        "Without dates: the staff list says neither from when nor until when, so the person"
        " is excluded in every period."
    )
    return table_of(
        "exclusions",
        _("Staff out of scope, by reason"),
        columns,
        reasons,
        language,
        row_key=lambda reason: reason.key,
        total=_("Total"),
        notes=(note,) if any(reason.undated for reason in reasons) else (),
        empty=_("None."),
    )


def _is_exempt(reason: ReasonCount) -> bool:
    return reason.kind is not None and reason.kind.state is StaffState.EXEMPT


def _by_unit(measurement: Measurement, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    reasons: dict[str, Counter[str]] = {}
    for usage in measurement.staff:
        if (kind := usage.out_of_scope) is not None:
            reasons.setdefault(usage.unit_code, Counter())[word_of(kind, usage)] += 1
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

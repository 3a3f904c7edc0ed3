"""Who is out of scope and why, by reason and by unit; words of the list that no rule names."""

from collections import Counter
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.usage import (
    Counts,
    Measurement,
    OutOfScope,
    StaffState,
    StaffUsage,
    UnitUsage,
    WordKind,
)
from mailaudit.model.wording import folded
from mailaudit.publication.values import Publication
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Table
from mailaudit.report.words import readable, threshold

KINDS = {
    OutOfScope.JOB_TITLE: N_("Out of scope by job title"),
    OutOfScope.CATEGORY: N_("Out of scope by category"),
    OutOfScope.AWAY: N_("Excluded: away for long enough"),
    OutOfScope.JOINED: N_("Excluded: newly appointed"),
    OutOfScope.LEFT: N_("Excluded: left"),
}
WORD_KINDS = {WordKind.CATEGORY: N_("Category"), WordKind.STATUS: N_("Status")}


def scope_tables(measurement: Measurement, rules: Rules, language: Language) -> tuple[Table, ...]:
    """All that takes people out of scope, and what might have been meant to."""
    return (
        _by_reason(measurement, language),
        _by_unit(measurement, rules, language),
        _unnamed(measurement, language),
    )


def scope_notices(
    measurement: Measurement, publication: Publication, rules: Rules, language: Language
) -> tuple[str, ...]:
    """What the reader must know of the scope before any figure.

    Args:
        measurement: Of the units whose sums the whole is.
    """
    _ = language.gettext
    found = []
    total = measurement.total
    if total.exempt > rules.max_exempt_share * total.staff:
        sentence = _(
            "{exempt} of {staff} staff ({share}%) are out of scope by job, more than {most}:"
            " the rates are of the others."
        )
        if not publication.shows_reasons:
            sentence = _("More than {most} of the staff are out of scope by job.")
        found.append(
            sentence.format(
                exempt=language.number(total.exempt),
                staff=language.number(total.staff),
                share=language.percent(Fraction(total.exempt, total.staff)),
                most=threshold(rules.max_exempt_share, language),
            )
        )
    if measurement.unnamed:
        # Without the words: a status may tell of an illness, and this is for every audience.
        found.append(
            _(
                "Categories and statuses of the staff list that no rule names: {words}; those who"
                " have them are counted in scope ({people} entries)."
            ).format(
                words=language.number(len(measurement.unnamed)),
                people=language.number(sum(word.people for word in measurement.unnamed)),
            )
        )
    return tuple(found)


def _by_reason(measurement: Measurement, language: Language) -> Table:
    _ = language.gettext
    people: Counter[tuple[OutOfScope, str]] = Counter()
    undated: Counter[tuple[OutOfScope, str]] = Counter()
    for usage in measurement.staff:
        if (kind := usage.out_of_scope) is not None:
            reason = kind, _word(kind, usage)
            people[reason] += 1
            undated[reason] += kind.state is StaffState.EXCLUDED and _is_undated(usage)
    order = list(OutOfScope)
    ordered = sorted(people, key=lambda r: (order.index(r[0]), -people[r], r[1]))
    rows = tuple(
        Row(
            f"{kind}: {word}",
            (
                Cell(place),
                Cell(word),
                Cell(people[kind, word]),
                Cell(undated[kind, word] if kind.state is StaffState.EXCLUDED else ""),
                Cell(_(KINDS[kind])),
            ),
        )
        for place, (kind, word) in enumerate(ordered, start=1)
    )
    sums = (Cell(people.total()), Cell(undated.total()))
    return Table(
        key="exclusions",
        caption=_("Staff out of scope, by reason"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("reason", _("Reason on the staff list"), Kind.TEXT, width=40, row_header=True),
            Column("people", _("People"), Kind.INTEGER, summed=True),
            Column("undated", _("Without dates"), Kind.INTEGER, summed=True),
            Column("kind", _("Kind"), Kind.TEXT, width=61),
        ),
        groups=(RowGroup(rows),),
        total=Row("", (Cell(), Cell(_("Total")), *sums, Cell())) if rows else None,
        notes=(
            _(
                "Without dates: the staff list says neither from when nor until when, so the person"
                " is excluded in every period."
            ),
        )
        if undated.total()
        else (),
        empty=_("None."),
    )


def _by_unit(measurement: Measurement, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    reasons: dict[str, Counter[str]] = {}
    for usage in measurement.staff:
        if (kind := usage.out_of_scope) is not None:
            reasons.setdefault(usage.unit_code, Counter())[_word(kind, usage)] += 1
    units = [unit for unit in measurement.units if unit.counts.exempt + unit.counts.excluded]
    rows = tuple(
        _unit_row(place, unit, reasons.get(unit.unit.code, Counter()), rules)
        for place, unit in enumerate(units, start=1)
    )
    total = measurement.total
    sums = (total.staff, total.exempt, _exempt_share(total), total.excluded)
    return Table(
        key="exclusions_by_unit",
        caption=_("Staff out of scope, by unit"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("unit", _("Unit"), Kind.TEXT, width=40, row_header=True),
            Column("staff", _("Total staff"), Kind.INTEGER),
            Column("exempt", _("Out of scope by job"), Kind.INTEGER, summed=True, width=11),
            Column("exempt_share", _("Out of scope by job %"), Kind.PERCENT, width=11),
            Column("excluded", _("Excluded in this period"), Kind.INTEGER, summed=True, width=11),
            Column("reasons", _("Reasons"), Kind.TEXT, width=39),
        ),
        groups=(RowGroup(rows),),
        total=Row("", (Cell(), Cell(_("GRAND TOTAL")), *map(Cell, sums), Cell())) if rows else None,
        notes=(
            _(
                "Units with nobody out of scope are left out; the grand total has everybody."
                " “!” marks more than {most} out of scope by job."
            ).format(most=threshold(rules.max_exempt_share, language)),
        ),
        empty=_("None."),
    )


def _unit_row(place: int, usage: UnitUsage, reasons: Counter[str], rules: Rules) -> Row:
    counts = usage.counts
    many = counts.exempt > rules.max_exempt_share * counts.staff
    listed = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return Row(
        usage.unit.code,
        (
            Cell(place),
            Cell(readable(usage.unit.name)),
            Cell(counts.staff),
            Cell(counts.exempt),
            Cell(_exempt_share(counts), mark=" !" if many else ""),
            Cell(counts.excluded),
            Cell("; ".join(f"{word}: {people}" for word, people in listed)),
        ),
    )


def _unnamed(measurement: Measurement, language: Language) -> Table:
    _ = language.gettext
    rows = tuple(
        Row(
            f"{unnamed.kind}: {unnamed.word}",
            (
                Cell(place),
                Cell(readable(unnamed.word)),
                Cell(unnamed.people),
                Cell(_(WORD_KINDS[unnamed.kind])),
            ),
        )
        for place, unnamed in enumerate(measurement.unnamed, start=1)
    )
    return Table(
        key="unnamed",
        caption=_("Categories and statuses that no rule names"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("word", _("As on the staff list"), Kind.TEXT, width=40, row_header=True),
            Column("people", _("People"), Kind.INTEGER),
            Column("kind", _("Kind"), Kind.TEXT, width=70),
        ),
        groups=(RowGroup(rows),),
        notes=(_("These people count in scope. Name each word in [rules] of the configuration."),)
        if rows
        else (),
        empty=_("None."),
    )


def _word(kind: OutOfScope, usage: StaffUsage) -> str:
    """One spelling for what the staff list writes as "Thai sản" here and "thai  sản" there."""
    return readable(folded(kind.word(usage.staff)))


def _is_undated(usage: StaffUsage) -> bool:
    return usage.staff.status_from is None and usage.staff.status_to is None


def _exempt_share(counts: Counts) -> Fraction | None:
    return Fraction(counts.exempt, counts.staff) if counts.staff else None

"""Who is out of scope and why; words of the staff list that no rule names."""

from collections import Counter
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.model.usage import (
    Measurement,
    OutOfScope,
    StaffState,
    StaffUsage,
    WordKind,
)
from mailaudit.model.wording import folded
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Table
from mailaudit.report.words import readable

KINDS = {
    OutOfScope.JOB_TITLE: N_("Out of scope by job title"),
    OutOfScope.CATEGORY: N_("Out of scope by category"),
    OutOfScope.AWAY: N_("Excluded: away for long enough"),
    OutOfScope.JOINED: N_("Excluded: newly appointed"),
    OutOfScope.LEFT: N_("Excluded: left"),
}
WORD_KINDS = {WordKind.CATEGORY: N_("Category"), WordKind.STATUS: N_("Status")}


def scope_tables(measurement: Measurement, language: Language) -> tuple[Table, ...]:
    """All that takes people out of scope, and what might have been meant to."""
    return (
        _by_reason(measurement, language),
        _unnamed(measurement, language),
    )


def scope_notices(measurement: Measurement, rules: Rules, language: Language) -> tuple[str, ...]:
    """What the reader must know of the scope before any figure."""
    _ = language.gettext
    found = []
    total = measurement.total
    if total.exempt > rules.max_exempt_share * total.staff:
        found.append(
            _(
                "{exempt} of {staff} staff ({share}%) are out of scope by job, more than {most}%:"
                " the rates are of the others."
            ).format(
                exempt=language.number(total.exempt),
                staff=language.number(total.staff),
                share=language.percent(Fraction(total.exempt, total.staff)),
                most=language.percent(rules.max_exempt_share),
            )
        )
    if measurement.unnamed:
        words = ", ".join(f"“{readable(unnamed.word)}”" for unnamed in measurement.unnamed[:5])
        more = "…" if len(measurement.unnamed) > 5 else ""
        found.append(
            _(
                "Categories or statuses of the staff list that no rule names take nobody out of"
                " scope: {words}"
            ).format(words=words + more)
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

"""The columns several tables share, and their cells: sums, rates, changes."""

from dataclasses import replace
from fractions import Fraction

from mailaudit.locale import Language
from mailaudit.model.usage import Counts
from mailaudit.report.value import (
    Cell,
    Column,
    Difference,
    Kind,
    Ratio,
    RowGroup,
    Table,
    Tone,
    Value,
)

REGULAR = Ratio("regular", "in_scope", "unmeasured")
LOWER_BOUND = Ratio("regular", "in_scope")
UPPER_BOUND = Ratio("regular", "in_scope", plus="unmeasured")
COVERAGE = Ratio("provided", "provided", minus="unmeasured")


def number_column(language: Language) -> Column:
    """The number of a line."""
    return Column("number", language.gettext("No."), Kind.ORDINAL, width=5)


def unit_columns(language: Language, *, width: int = 40) -> tuple[Column, Column]:
    """The number of a line and the unit's name."""
    unit = Column("unit", language.gettext("Unit"), Kind.TEXT, width=width, row_header=True)
    return number_column(language), unit


def in_scope_columns(language: Language) -> tuple[Column, Column]:
    """Who should use a mailbox, and who has one."""
    _ = language.gettext
    return (
        Column("in_scope", _("In scope (1)"), Kind.INTEGER, summed=True, width=8),
        Column("provided", _("Provided (2)"), Kind.INTEGER, summed=True, width=8),
    )


def provided_share_column(language: Language) -> Column:
    """The share of those in scope who have a mailbox."""
    label = language.gettext("Provided % (2/1)")
    return Column("provided_share", label, Kind.PERCENT, Ratio("provided", "in_scope"))


def unmeasured_column(language: Language) -> Column:
    """Mailboxes that gave no answer."""
    label = language.gettext("Not measured (3)")
    return Column("unmeasured", label, Kind.INTEGER, summed=True)


def regular_columns(language: Language) -> tuple[Column, Column]:
    """Who uses the mailbox regularly, and the rate R."""
    _ = language.gettext
    return (
        Column("regular", _("Regular use (4)"), Kind.INTEGER, summed=True, width=8),
        Column(
            "regular_share",
            _("Regular use % (4/(1−3))"),
            Kind.PERCENT,
            REGULAR,
            width=11,
            bar=True,
        ),
    )


def change_columns(language: Language, *, of: str = "regular_share") -> tuple[Column, Column]:
    """The rate of the month before, and the difference of column `of` from it."""
    _ = language.gettext
    return (
        Column("previous", _("Previous period %"), Kind.PERCENT),
        Column("change", _("Change (points)"), Kind.POINTS, Difference(of, "previous")),
    )


def count_cells(counts: Counts, *, decimals: int = 1) -> tuple[Cell, ...]:
    """The sums and rates of a unit, a group or the whole, as the ranking's columns `in_scope` to
    `regular_share` hold them."""
    return (
        Cell(counts.in_scope),
        Cell(counts.provided),
        Cell(counts.provided_share),
        Cell(counts.unmeasured),
        Cell(counts.read),
        Cell(counts.sent),
        *regular_cells(counts, decimals=decimals),
    )


def regular_cells(counts: Counts, *, decimals: int = 1) -> tuple[Cell, Cell]:
    """The cells of `regular_columns`."""
    if counts.is_coarse:
        return Cell(None), Cell(rate_value(counts))
    return Cell(counts.regular), Cell(counts.regular_share, decimals=decimals)


def rate_value(counts: Counts) -> Value:
    """R, or the words that stand for it."""
    if counts.is_coarse:
        return "≥ 90 %" if counts.regular else "≤ 10 %"
    return counts.regular_share


def share_change(now: Counts | None, before: Counts | None) -> Fraction | None:
    """The change of R from `before` to `now`; None where either has none."""
    if now is None or before is None:
        return None
    if now.regular_share is None or before.regular_share is None:
        return None
    return now.regular_share - before.regular_share


def change_cells(now: Counts | None, before: Counts | None) -> tuple[Cell, Cell]:
    """The cells of `change_columns` for a group or the whole."""
    change = share_change(now, before)
    return Cell(before.regular_share if before else None), change_cell(change)


def change_cell(change: Fraction | None) -> Cell:
    """A difference that looks good when it is a rise, poor when it is a fall."""
    return Cell(change, tone=change_tone(change))


def change_tone(change: Fraction | None) -> Tone:
    """Good for a rise, poor for a fall."""
    if not change:
        return Tone.PLAIN
    return Tone.GOOD if change > 0 else Tone.POOR


def withheld_cells(number: int, language: Language) -> tuple[Cell, ...]:
    """So many cells whose values are not for this audience."""
    return (Cell(language.gettext("(hidden)")),) * number


def withheld_table(table: Table, language: Language) -> Table:
    """The table without any line, because the sum of its lines is not published."""
    return replace(
        table, groups=(RowGroup(()),), total=None, notes=(), empty=withheld_note(language)
    )


def withheld_note(language: Language) -> str:
    """What a withheld cell means."""
    return language.gettext(
        "(hidden): not published, so that nothing can be learned about fewer than five people,"
        " neither from the figure itself nor as the difference of others."
    )

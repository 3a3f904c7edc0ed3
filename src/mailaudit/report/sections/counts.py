"""Every count and rate that a line prints: of a unit, a group, the whole, a month."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.model.ranking import Standing
from mailaudit.model.rules import ANY_ACTIVITY, SENT_ALONE, Rules
from mailaudit.model.usage import Counts
from mailaudit.model.wording import readable
from mailaudit.report.columns import WITHHELD, ColumnOf, Definition
from mailaudit.report.results import share_change
from mailaudit.report.tables import Cell, Column, Difference, Formula, Kind, Ratio, Tone, Value


@dataclass(frozen=True, slots=True)
class Line:
    """What a line prints the counts of.

    Attributes:
        name: As printed.
        counts: None where they are not for this audience.
        previous: R of the Period before.
        change: The difference of R from it.
        standing: Of a unit; None for sums.
        decimals: Of R.
        has_mail: Whether anybody had any mail; without it there is no rate.
        other_kind: Whether other kinds of sources measured it than what it stands beside; what
            people did is not shown then.
    """

    name: str
    counts: Counts | None
    previous: Fraction | None = None
    change: Fraction | None = None
    standing: Standing | None = None
    decimals: int = 1
    has_mail: bool = True
    other_kind: bool = False

    @property
    def has_rate(self) -> bool:
        """Whether a rate of it means anything where it stands."""
        return self.has_mail and not self.other_kind


def name_of(line: Line) -> str:
    """The line's name."""
    return line.name


def line_of(standing: Standing, decimals: int = 1) -> Line:
    """A unit's line."""
    return Line(
        name=readable(standing.usage.unit.name),
        counts=standing.usage.counts,
        previous=standing.previous_share,
        change=standing.change,
        standing=standing,
        decimals=decimals,
    )


def sums_of(name: str, counts: Counts | None, previous: Counts | None) -> Line:
    """The line of a group or of the whole."""
    is_like = counts is None or previous is None or counts.is_like(previous)
    before = previous.regular_share if previous is not None and is_like else None
    return Line(name, counts, before, share_change(counts, previous))


def rate_value(counts: Counts) -> Value:
    """R, or the words that stand for it."""
    if counts.is_coarse:
        return "≥ 90 %" if counts.regular else "≤ 10 %"
    return counts.regular_share


def change_cell(change: Fraction | None) -> Cell:
    """A difference that looks good when it is a rise, poor when it is a fall."""
    return Cell(change, tone=change_tone(change))


def change_tone(change: Fraction | None) -> Tone:
    """Good for a rise, poor for a fall."""
    if not change:
        return Tone.PLAIN
    return Tone.GOOD if change > 0 else Tone.POOR


def formulas_of(*columns: ColumnOf[Line]) -> tuple[Formula, ...]:
    """What the values of a figure are made of: as those of these columns are."""
    return tuple(column.head.formula for column in columns if column.head.formula is not None)


def _of(value: Callable[[Counts], Value]) -> Callable[[Line], Cell | Value]:
    return lambda line: WITHHELD if line.counts is None else value(line.counts)


def deed(value: Callable[[Counts], int]) -> Callable[[Counts], int | None]:
    """How many people did something; None where that is not known."""
    return lambda counts: value(counts) if counts.tells_deeds else None


def _deed(value: Callable[[Counts], int | None]) -> Callable[[Line], Cell | Value]:
    return _of_line(
        lambda line, c: Cell(value(c) if c.tells_deeds and not line.other_kind else None)
    )


def _rate(value: Callable[[Counts], Value]) -> Callable[[Line], Cell | Value]:
    """A rate of use: of a month without any mail there is none, nor of one of another kind."""
    return _of_line(lambda line, c: Cell(value(c) if line.has_rate else None))


def _of_line(cell: Callable[[Line, Counts], Cell]) -> Callable[[Line], Cell]:
    return lambda line: WITHHELD if line.counts is None else cell(line, line.counts)


STAFF = ColumnOf(
    Column("staff", N_("Total staff"), Kind.INTEGER, summed=True),
    _of(lambda counts: counts.staff),
    Definition("B", N_("Total staff"), N_("Everybody on the staff list in force in the period")),
)
OUT_OF_SCOPE = ColumnOf(
    Column("out_of_scope", N_("Out of scope"), Kind.INTEGER, summed=True, width=8),
    _of(lambda counts: counts.out_of_scope),
)
IN_SCOPE = ColumnOf(
    Column("in_scope", N_("In scope (1)"), Kind.INTEGER, summed=True, width=8),
    _of(lambda counts: counts.in_scope),
    Definition("D (1)", N_("In scope"), N_("B − out of scope by job − excluded in this period")),
)
PROVIDED = ColumnOf(
    Column("provided", N_("Provided (2)"), Kind.INTEGER, summed=True, width=8),
    _of(lambda counts: counts.provided),
    Definition("C (2)", N_("Provided"), N_("Those in scope (1) who have an official mailbox")),
)
PROVIDED_SHARE = ColumnOf(
    Column(
        "provided_share",
        N_("Provided % (2/1)"),
        Kind.PERCENT,
        formula=Ratio("provided", "in_scope"),
    ),
    _of(lambda counts: counts.provided_share),
    Definition("C/D", N_("Rate provided"), N_("Provided ÷ in scope: (2)/(1)")),
)
UNMEASURED = ColumnOf(
    Column("unmeasured", N_("Not measured (3)"), Kind.INTEGER, summed=True),
    _of(lambda counts: counts.unmeasured),
    Definition(
        "U (3)",
        N_("Not measured"),
        N_("Those of (2) whose mailbox could not be measured; never zero, never “used”"),
    ),
)
READ = ColumnOf(
    Column("read", N_("Accessed"), Kind.INTEGER, summed=True, width=8),
    _deed(lambda counts: counts.read),
    Definition("F2", N_("Accessed"), N_("At least one message received in the period was read")),
)
SENT = ColumnOf(
    Column("sent", N_("Sent mail"), Kind.INTEGER, summed=True, width=8),
    _deed(lambda counts: counts.sent),
    Definition("F3", N_("Sent mail"), N_("At least one message was sent in the period")),
)
REGULAR = ColumnOf(
    Column("regular", N_("Regular use (4)"), Kind.INTEGER, summed=True, width=8),
    _deed(lambda counts: None if counts.is_coarse else counts.regular),
    Definition(
        "F4 (4)",
        N_("Regular use"),
        N_(
            "In the month, mail was sent on at least {days} different working days, and at least"
            " {share} of the mail received {grace} or more working days before the cut-off was read"
            " (waived with fewer than {few} such messages)"
        ),
        {
            ANY_ACTIVITY: N_(
                "At least one message was sent in the period, or one received in it was read"
            ),
            SENT_ALONE: N_("In the month, mail was sent on at least {days} different working days"),
        },
    ),
)
REGULAR_SHARE = ColumnOf(
    Column(
        "regular_share",
        N_("Regular use % (4/(1−3))"),
        Kind.PERCENT,
        formula=Ratio("regular", "in_scope", "unmeasured"),
        width=11,
        bar=True,
    ),
    _of_line(
        lambda line, counts: Cell(
            rate_value(counts) if line.has_rate else None,
            decimals=line.decimals,
        )
    ),
    Definition(
        "R",
        N_("Rate of regular use"),
        N_("F4 ÷ (D − U): (4)/((1) − (3)); somebody without a mailbox counts as not using it"),
    ),
)
_BOUNDS = Definition("", N_("Lower and upper bound"), N_("F4 ÷ D and (F4 + U) ÷ D"))
LOWER = ColumnOf(
    Column("lower", N_("Lower bound %"), Kind.PERCENT, formula=Ratio("regular", "in_scope")),
    _rate(lambda counts: counts.lower_bound),
    _BOUNDS,
)
UPPER = ColumnOf(
    Column(
        "upper",
        N_("Upper bound %"),
        Kind.PERCENT,
        formula=Ratio("regular", "in_scope", plus="unmeasured"),
    ),
    _rate(lambda counts: counts.upper_bound),
    _BOUNDS,
)
COVERAGE = ColumnOf(
    Column(
        "coverage",
        N_("Coverage %"),
        Kind.PERCENT,
        formula=Ratio("provided", "provided", minus="unmeasured"),
    ),
    _of(lambda counts: counts.coverage),
    Definition("", N_("Coverage"), N_("(C − U) ÷ C; “–” where nobody has a mailbox")),
)
PREVIOUS = ColumnOf(
    Column("previous", N_("Previous period %"), Kind.PERCENT),
    _of_line(lambda line, _counts: Cell(line.previous)),
)
CHANGE = ColumnOf(
    Column(
        "change",
        N_("Change (points)"),
        Kind.POINTS,
        formula=Difference("regular_share", "previous"),
    ),
    _of_line(lambda line, _counts: change_cell(line.change)),
    Definition(
        "",
        N_("Change"),
        N_("R of this period − R of the previous period, in percentage points"),
    ),
)

LISTED = (STAFF, OUT_OF_SCOPE)  # for those who see everything
RANKED = (
    *(IN_SCOPE, PROVIDED, PROVIDED_SHARE, UNMEASURED, READ, SENT),
    *(REGULAR, REGULAR_SHARE, PREVIOUS, CHANGE),
)
COMPARED = tuple(column for column in RANKED if column not in (READ, SENT))
BY_PERIOD = (IN_SCOPE, PROVIDED, UNMEASURED, REGULAR, REGULAR_SHARE, LOWER, UPPER, COVERAGE)

# In the order in which they build on each other.
DEFINED = (
    *(STAFF, IN_SCOPE, PROVIDED, UNMEASURED, READ, SENT, REGULAR),
    *(PROVIDED_SHARE, REGULAR_SHARE, LOWER, COVERAGE, CHANGE),
)


def counted(columns: Iterable[ColumnOf[Line]], rules: Rules) -> tuple[ColumnOf[Line], ...]:
    """The columns without READ where reading is not counted."""
    return tuple(column for column in columns if column is not READ or rules.counts_reading)

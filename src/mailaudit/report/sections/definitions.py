"""What each published count and rate means, as the method prints it and columns explain it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailaudit.locale import Language
from mailaudit.model.rules import Rules
from mailaudit.report.value import Table
from mailaudit.report.words import threshold

DEFINED_TABLES = frozenset({"ranking", "groups", "periods", "compare"})


@dataclass(frozen=True, slots=True)
class Definition:
    """One notion.

    Attributes:
        columns: Keys of the columns that hold it, in the tables DEFINED_TABLES.
        symbol: As in docs/metrics.md, with its number in the ranking; may be empty.
    """

    columns: tuple[str, ...]
    symbol: str
    name: str
    text: str


def definitions(rules: Rules, language: Language) -> tuple[Definition, ...]:
    """Every notion, in the order in which they build on each other."""
    _ = language.gettext
    regular = _(
        "In the period, mail was sent on at least {days} different working days, and at least"
        " {share} of the mail received {grace} or more working days before the cut-off was read"
        " (waived with fewer than {few} such messages)"
    ).format(
        days=rules.min_sent_days,
        share=threshold(rules.min_read_share, language),
        grace=rules.read_grace_working_days,
        few=rules.read_waived_below,
    )
    lines = (
        (
            ("staff",),
            "B",
            _("Total staff"),
            _("Everybody on the staff list in force in the period"),
        ),
        (
            ("in_scope",),
            "D (1)",
            _("In scope"),
            _("B − out of scope by job − excluded in this period"),
        ),
        (
            ("provided",),
            "C (2)",
            _("Provided"),
            _("Those in scope (1) who have an official mailbox"),
        ),
        (
            ("unmeasured",),
            "U (3)",
            _("Not measured"),
            _("Those of (2) whose mailbox could not be measured; never zero, never “used”"),
        ),
        (
            ("read",),
            "F2",
            _("Accessed"),
            _("At least one message received in the period was read"),
        ),
        (("sent",), "F3", _("Sent mail"), _("At least one message was sent in the period")),
        (("regular",), "F4 (4)", _("Regular use"), regular),
        (("provided_share",), "C/D", _("Rate provided"), _("Provided ÷ in scope: (2)/(1)")),
        (
            ("regular_share",),
            "R",
            _("Rate of regular use"),
            _("F4 ÷ (D − U): (4)/((1) − (3)); somebody without a mailbox counts as not using it"),
        ),
        (
            ("lower", "upper"),
            "",
            _("Lower and upper bound"),
            _("F4 ÷ D and (F4 + U) ÷ D"),
        ),
        (("coverage",), "", _("Coverage"), _("(C − U) ÷ C; “–” where nobody has a mailbox")),
        (
            ("change",),
            "",
            _("Change"),
            _("R of this period − R of the previous period, in percentage points"),
        ),
    )
    return tuple(Definition(*line) for line in lines)


def with_definitions(table: Table, known: Iterable[Definition]) -> Table:
    """The table with its columns explained, where it is one of DEFINED_TABLES."""
    if table.key not in DEFINED_TABLES:
        return table
    texts = {key: f"{each.name}: {each.text}" for each in known for key in each.columns}
    columns = tuple(replace(c, definition=texts.get(c.key, "")) for c in table.columns)
    return replace(table, columns=columns)

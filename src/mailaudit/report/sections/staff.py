"""The people of one unit: what keeps them from regular use, and the list of them one by one."""

from collections import Counter
from collections.abc import Callable, Sequence

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.locale.collation import person_order
from mailaudit.model.rules import ANY_ACTIVITY, Rules
from mailaudit.model.usage import StaffState, StaffUsage, share_of
from mailaudit.model.use import Use, use_of
from mailaudit.model.wording import readable
from mailaudit.report.columns import NUMBER, ColumnOf, table_of
from mailaudit.report.sections.uses import LABELS
from mailaudit.report.tables import Cell, Column, Kind, Table, Tone, Value
from mailaudit.report.words import REASONS

INACTIVE = N_("No mail sent or read")
TOO_FEW_MONTHS = N_("Regular in too few months")
OUT = N_("Out of scope")
REMOVED = N_("Removed at their request: count, and are not listed")

_TONES = {
    LABELS[Use.REGULAR]: Tone.GOOD,
    **dict.fromkeys((LABELS[u] for u in (Use.ONLY_READ, Use.UNUSED, Use.NOT_PROVIDED)), Tone.POOR),
    INACTIVE: Tone.POOR,
}


def verdict(usage: StaffUsage, rules: Rules) -> str:
    """What the person's period comes to, a message id: in scope, the one use of the mailbox."""
    if usage.is_removed:
        return REMOVED
    if usage.state is StaffState.MEASURED and not usage.regular:
        if rules.regular == ANY_ACTIVITY:
            return INACTIVE
        if usage.months_judged and usage.has_sent:
            return TOO_FEW_MONTHS
    use = use_of(usage)
    return OUT if use is None else LABELS[use]


def gaps_table(people: Sequence[StaffUsage], rules: Rules, language: Language) -> Table:
    """How many people of the unit are where on the way to regular use."""
    _ = language.gettext
    numbers = Counter(verdict(usage, rules) for usage in people)
    order = (*LABELS.values(), TOO_FEW_MONTHS, INACTIVE, OUT, REMOVED)
    columns: tuple[ColumnOf[str], ...] = (
        NUMBER,
        ColumnOf(
            Column("state", N_("State"), Kind.TEXT, width=40, row_header=True),
            lambda text: _state_cell(text, language),
        ),
        ColumnOf(Column("people", N_("People"), Kind.INTEGER, summed=True), numbers.__getitem__),
    )
    return table_of(
        "gaps",
        _("How the staff use their mailboxes, and what keeps them from it"),
        columns,
        [text for text in order if numbers[text]],
        language,
        row_key=str,
        total=_("Total"),
        empty=_("Nobody is on the unit's staff list."),
    )


def staff_table(
    people: Sequence[StaffUsage], rules: Rules, language: Language, *, names: bool, scope: bool
) -> Table:
    """The unit's people by address, in the order of the staff list; with `names`, by name.

    Who was removed is not among them.

    Args:
        scope: Whether to print why somebody is out of scope, which may be an illness.
    """
    _ = language.gettext
    listed = [usage for usage in people if not usage.is_removed]
    name = ColumnOf(Column("name", N_("Name"), Kind.TEXT, width=28), _name)
    columns: tuple[ColumnOf[StaffUsage], ...] = (
        NUMBER,
        ColumnOf(
            Column("mailbox", N_("Mailbox"), Kind.CODE, width=34, row_header=True),
            lambda usage: readable(usage.staff.mailbox or usage.staff.key),
        ),
        *((name,) if names else ()),
        ColumnOf(
            Column("state", N_("State"), Kind.TEXT, width=30),
            lambda usage: _state_cell(verdict(usage, rules), language),
        ),
        *((_MONTHS,) if any(usage.months_judged for usage in people) else ()),
        *_FIGURES,
        ColumnOf(
            Column("reason", N_("Reason"), Kind.TEXT, width=30),
            lambda usage: _reason(usage, language, scope=scope),
        ),
    )
    return table_of(
        "staff",
        _("Staff of the unit"),
        columns,
        sorted(listed, key=lambda one: person_order(one.staff.name)) if names else listed,
        language,
        row_key=lambda usage: usage.staff.key,
        notes=(
            _("For the head of this unit only: data about single people are not to be passed on."),
            _("Due mail is mail received early enough before the cut-off to be judged as read."),
        ),
        empty=_("Nobody is on the unit's staff list."),
    )


def _figure(value: Callable[[StaffUsage], Value]) -> Callable[[StaffUsage], Value]:
    """What is known of those measured only."""
    return lambda usage: value(usage) if usage.state is StaffState.MEASURED else None


_FIGURES: tuple[ColumnOf[StaffUsage], ...] = (
    ColumnOf(
        Column("sent_days", N_("Days with sent mail"), Kind.INTEGER),
        _figure(lambda usage: usage.sent_days),
    ),
    ColumnOf(Column("sent", N_("Sent"), Kind.INTEGER), _figure(lambda usage: usage.sent)),
    ColumnOf(
        Column("received", N_("Received"), Kind.INTEGER), _figure(lambda usage: usage.received)
    ),
    ColumnOf(
        Column("due_read", N_("Due mail read %"), Kind.PERCENT),
        _figure(lambda usage: share_of(usage.due_read, usage.due)),
    ),
)


_MONTHS = ColumnOf(
    Column("months", N_("Regular months"), Kind.TEXT, width=10),
    _figure(lambda usage: f"{usage.months_regular}/{usage.months_judged}"),
)


def _name(usage: StaffUsage) -> str:
    return readable(usage.staff.name)


def _state_cell(text: str, language: Language) -> Cell:
    return Cell(language.gettext(text), tone=_TONES.get(text, Tone.PLAIN))


def _reason(usage: StaffUsage, language: Language, *, scope: bool) -> str:
    """Why a mailbox was not measured, or, where `scope` says so, somebody is out of scope."""
    if usage.reason is not None:
        return language.gettext(REASONS[usage.reason])
    kind = usage.out_of_scope if scope else None
    return readable(kind.word(usage.staff)) if kind else ""

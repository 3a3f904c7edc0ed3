"""The people of one unit: what keeps them from regular use, and the list of them one by one."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.locale.collation import person_order
from mailaudit.model.rules import Rules
from mailaudit.model.usage import StaffState, StaffUsage, share_of
from mailaudit.model.use import Use, use_of
from mailaudit.model.wording import readable
from mailaudit.report.columns import NUMBER, ColumnOf, columns_of, rows_of, table_of
from mailaudit.report.sections.actions import ASKED
from mailaudit.report.sections.inside import part_text
from mailaudit.report.sections.uses import LABELS
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Table, Tone, Value
from mailaudit.report.words import REASONS, threshold

INACTIVE = N_("No mail sent or read")
TOO_FEW_MONTHS = N_("Regular in too few months")
OUT = N_("Out of scope")
REMOVED = N_("Removed at their request: count, and are not listed")

_TONES = {
    LABELS[Use.REGULAR]: Tone.GOOD,
    **dict.fromkeys(
        (LABELS[use] for use in (Use.ONLY_READ, Use.UNUSED, Use.SENT_NOTHING, Use.NOT_PROVIDED)),
        Tone.POOR,
    ),
    INACTIVE: Tone.POOR,
}
# Those who need something first, the nearest to regular use at the top.
_ORDER = (
    *(TOO_FEW_MONTHS, INACTIVE),
    *(text for use, text in LABELS.items() if use is not Use.REGULAR),
    *(LABELS[Use.REGULAR], OUT),
)
_ASKED = {LABELS[use]: text for use, text in ASKED.items()} | {
    TOO_FEW_MONTHS: ASKED[Use.FEW_DAYS],
    INACTIVE: ASKED[Use.UNUSED],
}
_MISSING = {
    LABELS[Use.ONLY_READ]: N_("Read mail, but sent none"),
    LABELS[Use.UNUSED]: N_("Sent and read nothing in the whole period"),
    LABELS[Use.SENT_NOTHING]: N_("Sent nothing in the whole period"),
    LABELS[Use.NOT_PROVIDED]: N_("In scope, without a mailbox"),
    INACTIVE: N_("Sent and read nothing in the whole period"),
}


def verdict(usage: StaffUsage, rules: Rules) -> str:
    """What the person's period comes to, a message id: in scope, the one use of the mailbox."""
    if usage.is_removed:
        return REMOVED
    if usage.state is StaffState.MEASURED and not usage.regular:
        if not rules.counts_days:
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
    people: Sequence[StaffUsage],
    rules: Rules,
    language: Language,
    *,
    names: bool,
    scope: bool,
    by_month: bool = False,
) -> Table:
    """The unit's people by address: those who need something first, grouped by what they need.

    Inside a group in the order of the staff list; with `names`, by name. Who was removed is not
    among them, only counted in a note.

    Args:
        scope: Whether to print why somebody is out of scope, which may be an illness.
        by_month: Whether people were judged by their months, though nobody of this unit may be.
    """
    _ = language.gettext
    listed = [usage for usage in people if not usage.is_removed]
    if names:
        listed.sort(key=lambda one: person_order(one.staff.name))
    columns = _columns(rules, language, names=names, scope=scope, by_month=by_month)
    rows = list(rows_of(columns, _in_groups(listed, rules), language, lambda one: one.staff.key))
    return Table(
        key="staff",
        caption=_("Staff of the unit: who needs something, then the others"),
        columns=columns_of(columns, language),
        groups=tuple(_groups(listed, rows, rules, language)),
        notes=(
            _("For the head of this unit only: data about single people are not to be passed on."),
            *(
                (
                    _(
                        "Due mail is mail received early enough before the cut-off to be judged as"
                        " read."
                    ),
                )
                if rules.counts_reading
                else ()
            ),
            *_removed_note(len(people) - len(listed), language),
        ),
        empty=_("Nobody is on the unit's staff list."),
    )


def _in_groups(listed: Iterable[StaffUsage], rules: Rules) -> list[StaffUsage]:
    return sorted(listed, key=lambda usage: _ORDER.index(verdict(usage, rules)))


def _groups(
    listed: Sequence[StaffUsage], rows: Sequence[Row], rules: Rules, language: Language
) -> Iterator[RowGroup]:
    """The rows by what the people need, each group under its name, its number and what to do."""
    numbers = Counter(verdict(usage, rules) for usage in listed)
    is_mixed = len({usage.kind for usage in listed if usage.kind}) > 1
    first = 0
    for text in (text for text in _ORDER if numbers[text]):
        title = language.gettext(text)
        if not is_mixed:  # else the number would be of people measured by several kinds of sources
            title = language.gettext("{state}: {number}").format(
                state=title, number=language.number(numbers[text])
            )
        if text in _ASKED:
            title += f". {language.gettext(_ASKED[text])}"
        yield RowGroup(tuple(rows[first : first + numbers[text]]), title=title)
        first += numbers[text]


def _removed_note(number: int, language: Language) -> Iterator[str]:
    if number:
        yield language.gettext(
            "Removed at their request, counted and not listed: {number} people."
        ).format(number=language.number(number))


def _columns(
    rules: Rules, language: Language, *, names: bool, scope: bool, by_month: bool
) -> tuple[ColumnOf[StaffUsage], ...]:
    name = ColumnOf(Column("name", N_("Name"), Kind.TEXT, width=28), _name)
    return (
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
        ColumnOf(
            Column("reason", N_("What is missing"), Kind.TEXT, width=40),
            lambda usage: _reason(usage, rules, language, scope=scope),
        ),
        *((_MONTHS,) if by_month else ()),
        *_FIGURES,
        *((_DUE_READ,) if rules.counts_reading else ()),
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
)
_DUE_READ = ColumnOf(
    Column("due_read", N_("Due mail read %"), Kind.PERCENT),
    _figure(lambda usage: share_of(usage.due_read, usage.due)),
)

_MONTHS = ColumnOf(
    Column("months", N_("Regular months"), Kind.TEXT, width=10),
    _figure(lambda usage: f"{usage.months_regular}/{usage.months_judged}"),
)


def _name(usage: StaffUsage) -> str:
    return readable(usage.staff.name)


def _state_cell(text: str, language: Language) -> Cell:
    return Cell(language.gettext(text), tone=_TONES.get(text, Tone.PLAIN))


def _reason(usage: StaffUsage, rules: Rules, language: Language, *, scope: bool) -> str:
    """What is missing to regular use; where `scope` says so, why somebody is out of scope."""
    _ = language.gettext
    if usage.reason is not None:
        return _(REASONS[usage.reason])
    text = verdict(usage, rules)
    if text == OUT:
        kind = usage.out_of_scope if scope else None
        return readable(kind.word(usage.staff)) if kind else ""
    if text == TOO_FEW_MONTHS:
        share = part_text(rules.min_regular_months_share, language)
        return _("Regular in {regular} of {judged} months; at least {share} is needed").format(
            regular=usage.months_regular, judged=usage.months_judged, share=share
        )
    if text in _MISSING:
        return _(_MISSING[text])
    return ". ".join(_short_of(usage, rules, language)) if not usage.regular else ""


def _short_of(usage: StaffUsage, rules: Rules, language: Language) -> Iterator[str]:
    """The conditions of regular use that somebody who sends mail does not meet."""
    _ = language.gettext
    if not usage.sent_enough:
        yield _("Sent mail on {days} working days; at least {least} are needed").format(
            days=language.number(usage.sent_days), least=language.number(rules.min_sent_days)
        )
    if not rules.counts_reading:
        return
    share = share_of(usage.due_read, usage.due)
    if share is not None and usage.due >= rules.read_waived_below and share < rules.min_read_share:
        yield _("Read {share}% of due mail; at least {least} is needed").format(
            share=language.percent(share), least=threshold(rules.min_read_share, language)
        )

"""The people of one unit: what keeps them from regular use, and the list of them one by one."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.locale.collation import person_order
from mailaudit.model.rules import Rules
from mailaudit.model.usage import StaffState, StaffUsage
from mailaudit.report.columns import number_column
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Table, Tone
from mailaudit.report.words import REASONS, readable

REGULAR = N_("Regular use")
NOT_PROVIDED = N_("No mailbox provided")
UNMEASURED = N_("Not measured")
SILENT = N_("No mail sent")
TOO_FEW_DAYS = N_("Mail sent on too few days")
UNREAD = N_("Too little of the mail received read")
OUT = N_("Out of scope")

_TONES = {REGULAR: Tone.GOOD, SILENT: Tone.POOR, NOT_PROVIDED: Tone.POOR}


def verdict(usage: StaffUsage, rules: Rules) -> str:
    """What the person's month comes to, a message id: the first thing missing to regular use."""
    match usage.state:
        case StaffState.EXEMPT | StaffState.EXCLUDED:
            return OUT
        case StaffState.NOT_PROVIDED:
            return NOT_PROVIDED
        case StaffState.UNMEASURED:
            return UNMEASURED
    if usage.regular:
        return REGULAR
    if not usage.has_sent:
        return SILENT
    return TOO_FEW_DAYS if usage.sent_days < rules.min_sent_days else UNREAD


def gaps_table(people: Sequence[StaffUsage], rules: Rules, language: Language) -> Table:
    """How many people of the unit are where on the way to regular use."""
    _ = language.gettext
    numbers = Counter(verdict(usage, rules) for usage in people)
    order = (REGULAR, TOO_FEW_DAYS, UNREAD, SILENT, NOT_PROVIDED, UNMEASURED, OUT)
    rows = tuple(
        Row(
            text,
            (Cell(place), Cell(_(text), tone=_TONES.get(text, Tone.PLAIN)), Cell(numbers[text])),
        )
        for place, text in enumerate((text for text in order if numbers[text]), start=1)
    )
    return Table(
        key="gaps",
        caption=_("How the staff use their mailboxes, and what keeps them from it"),
        columns=(
            number_column(language),
            Column("state", _("State"), Kind.TEXT, width=40, row_header=True),
            Column("people", _("People"), Kind.INTEGER, summed=True),
        ),
        groups=(RowGroup(rows),),
        total=Row("", (Cell(), Cell(_("Total")), Cell(len(people)))) if rows else None,
        empty=_("Nobody is on the unit's staff list."),
    )


def staff_table(
    people: Sequence[StaffUsage], rules: Rules, language: Language, *, names: bool, scope: bool
) -> Table:
    """The unit's people by address, in the order of the staff list; with `names`, by name.

    Args:
        scope: Whether to print why somebody is out of scope, which may be an illness.
    """
    _ = language.gettext
    whole = Kind.INTEGER
    name = Column("name", _("Name"), Kind.TEXT, width=28)
    listed = sorted(people, key=lambda one: person_order(one.staff.name)) if names else people
    return Table(
        key="staff",
        caption=_("Staff of the unit"),
        columns=(
            number_column(language),
            Column("mailbox", _("Mailbox"), Kind.CODE, width=34, row_header=True),
            *((name,) if names else ()),
            Column("state", _("State"), Kind.TEXT, width=30),
            Column("sent_days", _("Days with sent mail"), whole),
            Column("sent", _("Sent"), whole),
            Column("received", _("Received"), whole),
            Column("due_read", _("Due mail read %"), Kind.PERCENT),
            Column("reason", _("Reason"), Kind.TEXT, width=30),
        ),
        groups=(
            RowGroup(
                tuple(
                    _person(place, usage, rules, language, names=names, scope=scope)
                    for place, usage in enumerate(listed, start=1)
                )
            ),
        ),
        notes=(
            _("For the head of this unit only: data about single people are not to be passed on."),
            _("Due mail is mail received early enough before the cut-off to be judged as read."),
        ),
        empty=_("Nobody is on the unit's staff list."),
    )


def _person(
    place: int,
    usage: StaffUsage,
    rules: Rules,
    language: Language,
    *,
    names: bool,
    scope: bool,
) -> Row:
    _ = language.gettext
    person, text = usage.staff, verdict(usage, rules)
    figures = (Cell(None),) * 4
    if usage.state is StaffState.MEASURED:
        read = Fraction(usage.due_read, usage.due) if usage.due else None
        figures = (Cell(usage.sent_days), Cell(usage.sent), Cell(usage.received), Cell(read))
    return Row(
        person.key,
        (
            Cell(place),
            Cell(readable(person.mailbox or person.key)),
            *((Cell(readable(person.name)),) if names else ()),
            Cell(_(text), tone=_TONES.get(text, Tone.PLAIN)),
            *figures,
            Cell(_reason(usage, language, scope=scope)),
        ),
    )


def _reason(usage: StaffUsage, language: Language, *, scope: bool) -> str:
    """Why a mailbox was not measured, or, where `scope` says so, somebody is out of scope."""
    if usage.reason is not None:
        return language.gettext(REASONS[usage.reason])
    kind = usage.out_of_scope if scope else None
    return readable(kind.word(usage.staff)) if kind else ""

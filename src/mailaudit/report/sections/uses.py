"""Why people are not in regular use: how many are in which of the seven states, as bars and tables.

A state is here a `Use`; where the audience may not know two of them apart, they stand as one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.gaps import Gaps
from mailaudit.model.rules import SENT_ALONE, Rules
from mailaudit.model.usage import Counts, UnitUsage
from mailaudit.model.use import Use, people_by_use
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.columns import (
    WITHHELD,
    ColumnOf,
    Definition,
    cells_of,
    columns_of,
    withheld_note,
)
from mailaudit.report.sections.small_units import few_label
from mailaudit.report.tables import Cell, Column, Kind, Row, RowGroup, Table, UsePart, Value
from mailaudit.report.value import UseBar, UseKey
from mailaudit.report.words import roman

LABELS: Mapping[Use, str] = {
    Use.REGULAR: N_("Regular use"),
    Use.UNREAD: N_("Reads too little"),
    Use.FEW_DAYS: N_("Sends on few days"),
    Use.SENDS: N_("Sends, but not regularly"),
    Use.ONLY_READ: N_("Only reads"),
    Use.UNUSED: N_("Never used"),
    Use.SENT_NOTHING: N_("No mail sent"),
    Use.NOT_PROVIDED: N_("No mailbox provided"),
    Use.UNMEASURED: N_("Not measured"),
}
_MEANINGS: Mapping[Use, str] = {
    Use.REGULAR: N_(
        "sent mail on at least {days} working days, read at least {share} of what was due"
    ),
    Use.UNREAD: N_("sent mail on enough days, but read less than {share} of what was due"),
    Use.FEW_DAYS: N_("sent mail, but on fewer than {days} working days"),
    Use.SENDS: N_("sent mail, but on too few days, or read too little of what was received"),
    Use.ONLY_READ: N_("read mail, but sent none"),
    Use.UNUSED: N_("has a mailbox, but sent and read nothing in the whole period"),
    Use.SENT_NOTHING: N_("sent nothing, whether anything was read or not"),
    Use.NOT_PROVIDED: N_("in scope, without a mailbox"),
    Use.UNMEASURED: N_(
        "has a mailbox of which too little is known to judge its use; left out of the rate"
    ),
}
_BY_SENDING = N_("sent mail on at least {days} working days")
_BY_DAYS, _BY_READING = (Use.UNREAD, Use.FEW_DAYS), (Use.ONLY_READ, Use.UNUSED)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the table; nobody's uses are known where `people` is empty."""

    number: str
    name: str
    in_scope: int | None
    people: Mapping[Use, int]
    is_mixed: bool = False


def use_parts(counts: Counts | None, gaps: Gaps, language: Language) -> tuple[UsePart, ...]:
    """The parts of a bar, best first; none where nobody is in scope, or nothing may be shown."""
    people = people_by_use(counts, gaps) if counts is not None else {}
    return tuple(
        UsePart(str(use), language.gettext(LABELS[use]), number)
        for use, number in people.items()
        if number
    )


def parts_of_unit(
    usage: UnitUsage, publication: Publication, language: Language
) -> tuple[UsePart, ...]:
    """The parts of a unit's bar."""
    return use_parts(usage.counts, usage.gaps, language) if publication.has_uses else ()


def use_bars(publication: Publication, language: Language) -> tuple[UseBar, ...]:
    """The whole and each group; none where the whole has none, or nobody had any mail."""
    total, gaps = publication.total, publication.gaps
    if not publication.has_uses or total is None:
        return ()
    sums = [(language.gettext("GRAND TOTAL"), total, gaps.total)]
    sums += [(readable(g.name), g.total, gaps.of_group(g.name)) for g in publication.groups]
    bars = [
        UseBar(name, counts.regular_share, counts.regular, counts.judged, parts)
        for name, counts, of_sum in sums
        if (parts := use_parts(counts, of_sum, language)) or counts is total
    ]
    return tuple(bars) if bars[0].parts else ()


def use_key(
    bars: Iterable[Sequence[UsePart]], rules: Rules, language: Language
) -> tuple[UseKey, ...]:
    """What the parts of these bars mean, in their order."""
    used = {part.key for parts in bars for part in parts}
    return tuple(
        UseKey(str(use), *_definition(use).words(rules, language))
        for use in Use
        if str(use) in used
    )


def uses_table(publication: Publication, rules: Rules, language: Language) -> Table:
    """A line for each group, the units of few people, and the whole."""
    _, gaps = language.gettext, publication.gaps
    lines = [
        _line(roman(number), readable(group.name), group.total, gaps.of_group(group.name))
        for number, group in enumerate(publication.groups, start=1)
    ]
    if publication.few_total is not None:
        lines.append(_line("", few_label(publication, language), publication.few_total, gaps.few))
    whole = _line("", _("GRAND TOTAL"), publication.total, gaps.total)
    columns = _columns([*lines, whole], N_("Group"))
    is_withheld = any(
        WITHHELD in (c.value(line) if c.value else "" for c in columns) for line in lines
    )
    rows = tuple(Row("", cells_of(columns, line, language)) for line in lines)
    return Table(
        key="uses",
        caption=_("How people in scope use their mailboxes, by group"),
        columns=columns_of(columns, language, rules),
        groups=(RowGroup(rows),),
        total=Row("", cells_of(columns, whole, language), withheld=publication.total is None),
        notes=(
            *((withheld_note(language),) if is_withheld else ()),
            *_joint_notes({column.head.key for column in columns}, language),
        ),
        empty="",
    )


def _joint_notes(shown: Set[str], language: Language) -> Iterator[str]:
    """Which columns are others together, so that nobody adds them up."""
    note = language.gettext("“{}” are “{}” and “{}” together, not people beside them.")
    for use, (one, other) in ((Use.SENDS, _BY_DAYS), (Use.SENT_NOTHING, _BY_READING)):
        if {str(use), str(one)} <= shown:
            yield note.format(*(language.gettext(LABELS[each]) for each in (use, one, other)))


def _line(number: str, name: str, counts: Counts | None, gaps: Gaps) -> _Line:
    people = dict(people_by_use(counts, gaps)) if counts is not None else {}
    for use, parts in ((Use.SENDS, _BY_DAYS), (Use.SENT_NOTHING, _BY_READING)):
        if people.keys() >= set(parts):
            people[use] = sum(people[part] for part in parts)
    is_mixed = counts is not None and counts.is_mixed
    return _Line(number, name, None if counts is None else counts.in_scope, people, is_mixed)


def _columns(lines: Sequence[_Line], name: str) -> tuple[ColumnOf[_Line], ...]:
    """The seven; two as one where no line has them apart, and beside them where some have not."""
    shown = [use for use in Use if any(use in line.people for line in lines)]
    for use, parts in ((Use.SENDS, _BY_DAYS), (Use.SENT_NOTHING, _BY_READING)):
        if all(parts[0] in line.people for line in lines if line.people) and use in shown:
            shown.remove(use)
    order = sorted(shown, key=_place)
    return (
        ColumnOf(Column("number", N_("No."), Kind.ORDINAL, width=5), lambda line: line.number),
        ColumnOf(
            Column("group", name, Kind.TEXT, width=40, row_header=True), lambda line: line.name
        ),
        ColumnOf(
            Column("in_scope", N_("In scope (1)"), Kind.INTEGER, summed=True, width=8),
            lambda line: WITHHELD if line.in_scope is None else line.in_scope,
        ),
        *map(_column, order),
    )


def _place(use: Use) -> float:
    """What is of two states stands before them."""
    before = {Use.SENDS: Use.UNREAD, Use.SENT_NOTHING: Use.ONLY_READ}
    order = list(Use)
    return order.index(before[use]) - 0.5 if use in before else order.index(use)


def _column(use: Use) -> ColumnOf[_Line]:
    def value(line: _Line) -> Cell | Value:
        return None if line.is_mixed else line.people.get(use, WITHHELD)

    head = Column(str(use), LABELS[use], Kind.INTEGER, summed=True, width=9)
    return ColumnOf(head, value, _definition(use))


def _definition(use: Use) -> Definition:
    others = {SENT_ALONE: _BY_SENDING} if use is Use.REGULAR else {}
    return Definition("", LABELS[use], _MEANINGS[use], others)

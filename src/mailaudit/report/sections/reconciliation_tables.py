"""A month beside a second source in tables: what both saw, what only one did, what that moves."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.reconciliation import (
    Difference,
    Flow,
    Likely,
    MailboxReconciled,
    MeasuredByOne,
    Place,
    Reconciled,
    Reconciliation,
    Seen,
    Side,
    UnitReconciled,
)
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.report.columns import NUMBER, ColumnOf, columns_of, rows_of, table_of
from mailaudit.report.sections.counts import change_cell
from mailaudit.report.tables import Cell, Column, Kind, RowGroup, Table, Value
from mailaudit.report.value import Fact
from mailaudit.report.words import NOT_RANKED, REASONS, roman

LIKELY: Mapping[Likely, str] = {
    Likely.OUTSIDE_DAYS: N_("Outside the days of the other source"),
    Likely.OTHER_DAY: N_("Counted on the day before or after"),
    Likely.NO_COPY: N_("No copy in Sent Items"),
    Likely.MOVED: N_("Moved or sent on by a rule"),
    Likely.DELETED: N_("Deleted for good"),
    Likely.ALIAS: N_("Another address of the mailbox"),
    Likely.PUT_THERE: N_("Put into the mailbox without being delivered"),
    Likely.UNKNOWN: N_("Not known"),
}
_MEANS: Mapping[Likely, str] = {
    Likely.OUTSIDE_DAYS: N_(
        "the other source has nothing of anybody on that day: a log that is missing, or a server"
        " that stood still"
    ),
    Likely.OTHER_DAY: N_("the other source has as many more on a neighbouring day, about midnight"),
    Likely.NO_COPY: N_(
        "nothing that was sent lies in the mailbox: a program or device that keeps no copy there"
    ),
    Likely.MOVED: N_(
        "rules of the mailbox send mail on, or nothing of what was delivered lies in a folder that"
        " is counted"
    ),
    Likely.DELETED: N_("the mail is not in the mailbox any more, or in a folder not counted"),
    Likely.ALIAS: N_("the mailbox has further addresses, which the other source may count apart"),
    Likely.PUT_THERE: N_("copied or moved into the mailbox, from an archive for example"),
    Likely.UNKNOWN: N_("no rule names a reason"),
}
_FLOWS: Mapping[Flow, str] = {Flow.SENT: N_("sent"), Flow.RECEIVED: N_("received")}
_SIDES: Mapping[Side, str] = {
    Side.STORED: N_("the stored month only"),
    Side.WITNESS: N_("the second source only"),
}
_MEASURED_BY: Mapping[Side, str] = {
    Side.STORED: N_("the stored month"),
    Side.WITNESS: N_("the second source"),
}


@dataclass(frozen=True, slots=True)
class _Sums:
    """A line of the sums: sent, received, both."""

    name: str
    seen: Seen


def sums_table(made: Reconciled, language: Language) -> Table:
    """Mails sent, received and together: of both sources, and of one only."""
    _ = language.gettext
    columns: tuple[ColumnOf[_Sums], ...] = (
        ColumnOf(
            Column("flow", N_("Mails"), Kind.TEXT, width=24, row_header=True), lambda one: one.name
        ),
        *(one.about(_of_sums) for one in _all_seen_columns(language)),
    )
    lines = (
        _Sums(_("Sent"), made.sent),
        _Sums(_("Received"), made.received),
        _Sums(_("Together"), made.seen),
    )
    caption = _("Mails of the mailboxes that both measured")
    return table_of("sums", caption, columns, lines, language)


def reasons_table(reconciliation: Reconciliation, language: Language) -> Table:
    """How many mails of how many mailboxes only one source saw, by likely reason."""
    _ = language.gettext
    mails, boxes = Counter[_Reason](), Counter[_Reason]()
    for mailbox in reconciliation.mailboxes:
        for one in mailbox.differences:
            reason = _Reason(one.likely, one.flow, one.side)
            mails[reason] += one.mails
            boxes[reason] += 1
    columns: tuple[ColumnOf[_Reason], ...] = (
        ColumnOf(
            Column("likely", N_("Likely reason"), Kind.TEXT, width=34, row_header=True),
            lambda one: _(LIKELY[one.likely]),
        ),
        ColumnOf(Column("flow", N_("Mails"), Kind.TEXT, width=10), lambda one: _(_FLOWS[one.flow])),
        ColumnOf(
            Column("side", N_("Seen by"), Kind.TEXT, width=22), lambda one: _(_SIDES[one.side])
        ),
        ColumnOf(
            Column("mails", N_("Number"), Kind.INTEGER, width=10, summed=True),
            lambda one: mails[one],
        ),
        ColumnOf(Column("boxes", N_("Mailboxes"), Kind.INTEGER, width=10), lambda one: boxes[one]),
        ColumnOf(
            Column("means", N_("What it rests on"), Kind.TEXT, width=56),
            lambda one: _(_MEANS[one.likely]),
        ),
    )
    order = list(Likely)
    lines = sorted(mails, key=lambda one: (-mails[one], order.index(one.likely), one.flow))
    return table_of(
        "likely",
        _("Mails that one source only saw, by likely reason"),
        columns,
        lines,
        language,
        row_key=lambda one: f"{one.likely}-{one.flow}-{one.side}",
        total=_("GRAND TOTAL"),
        notes=(
            _(
                "A rule names the likely reason from what both sources count; nobody looked into"
                " the mails."
            ),
        ),
        empty=_("Both sources saw the same mails."),
    )


def units_table(reconciliation: Reconciliation, groups: Iterable[str], language: Language) -> Table:
    """Each unit by both sources, and how far its rate and rank would move."""
    _ = language.gettext
    columns: tuple[ColumnOf[UnitReconciled], ...] = (
        NUMBER,
        ColumnOf(
            Column("unit", N_("Unit"), Kind.TEXT, width=30, row_header=True),
            lambda one: readable(one.unit.name),
        ),
        ColumnOf(
            Column("mailboxes", N_("Mailboxes"), Kind.INTEGER, width=9), lambda one: one.mailboxes
        ),
        ColumnOf(
            Column("differing", N_("of which differ"), Kind.INTEGER, width=9),
            lambda one: one.differing,
        ),
        *(one.about(_of_unit) for one in _all_seen_columns(language)),
        *_place_columns(language),
    )
    lines: dict[str, list[UnitReconciled]] = {name: [] for name in groups}
    for unit in reconciliation.units:
        lines.setdefault(unit.unit.group, []).append(unit)
    used = [(name, units) for name, units in lines.items() if units]
    return Table(
        key="units",
        caption=_("Units by both sources"),
        columns=columns_of(columns, language),
        groups=tuple(
            RowGroup(
                tuple(rows_of(columns, units, language, lambda one: one.unit.code)),
                title=f"{roman(number)}. {readable(name)}",
            )
            for number, (name, units) in enumerate(used, start=1)
        ),
        notes=(
            _(
                "Rates and ranks are over the mailboxes that both sources measured, so that only"
                " the mail differs; they are not those of the report."
            ),
        ),
    )


def mailboxes_table(
    reconciliation: Reconciliation, language: Language, *, names: bool, most: int | None = None
) -> Table:
    """The mailboxes that differ, those with the most differing mails first.

    Args:
        names: Whether people are named beside their addresses.
        most: How many lines at most.
    """
    _ = language.gettext
    columns: tuple[ColumnOf[MailboxReconciled], ...] = (
        NUMBER,
        *(column.about(_person_of_mailbox) for column in _person_columns(names=names)),
        *(one.about(_sent) for one in _seen_columns("sent_", N_("Sent: {label}"), language)),
        *(
            one.about(_received)
            for one in _seen_columns("received_", N_("Received: {label}"), language)
        ),
        ColumnOf(
            Column("likely", N_("Likely reasons, mails"), Kind.TEXT, width=44),
            lambda one: _reasons(one.differences, language),
        ),
    )
    differing = sorted(
        reconciliation.differing, key=lambda one: (-one.seen.different, one.person.key)
    )
    left = len(differing) - most if most is not None else 0
    return table_of(
        "mailboxes",
        _("Mailboxes that differ"),
        columns,
        differing[:most],
        language,
        row_key=lambda one: one.person.key,
        notes=(
            (
                _("{count} further mailboxes stand in the workbook.").format(
                    count=language.number(left)
                ),
            )
            if left > 0
            else ()
        ),
        empty=_("Both sources saw the same mails."),
    )


def by_one_table(reconciliation: Reconciliation, language: Language, *, names: bool) -> Table:
    """The mailboxes that one source only measured, and why the other did not."""
    _ = language.gettext
    columns: tuple[ColumnOf[MeasuredByOne], ...] = (
        NUMBER,
        *(column.about(_person_of_one) for column in _person_columns(names=names)),
        ColumnOf(
            Column("side", N_("Measured by"), Kind.TEXT, width=20),
            lambda one: _(_MEASURED_BY[one.side]),
        ),
        ColumnOf(Column("mails", N_("Mails"), Kind.INTEGER, width=9), lambda one: one.mails),
        ColumnOf(
            Column("reason", N_("Why the other one did not"), Kind.TEXT, width=50),
            lambda one: (
                _(REASONS[one.reason]) + (f" ({readable(one.detail)})" if one.detail else "")
            ),
        ),
    )
    return table_of(
        "by_one",
        _("Mailboxes that one source only measured"),
        columns,
        reconciliation.by_one,
        language,
        row_key=lambda one: one.person.key,
        empty=_("None."),
    )


def basis_facts(reconciliation: Reconciliation, rules: Rules, language: Language) -> Iterator[Fact]:
    """What was compared, by which definition rates are formed, and what can't be seen."""
    _, made = language.gettext, reconciliation.sums
    for label, source in (
        (_("The stored month"), reconciliation.stored),
        (_("The second source"), reconciliation.witness),
    ):
        yield Fact(label, f"{source.kind.upper()} · {readable(source.server)}")
    asked_at = made.made_at.astimezone(made.period.tz)
    yield Fact(_("When the second source was asked"), language.instant(asked_at))
    yield Fact(
        _("Mailboxes"),
        _(
            "asked for: {asked}; measured by both: {both}, of which differ: {differing}; by one"
            " only: {one}; by neither: {neither}"
        ).format(
            asked=language.number(reconciliation.asked),
            both=language.number(made.mailboxes),
            differing=language.number(made.differing),
            one=language.number(len(reconciliation.by_one)),
            neither=language.number(reconciliation.neither),
        ),
    )
    yield Fact(
        _("What is compared"),
        _(
            "numbers of mails sent and received, mailbox by mailbox and day by day; seen by both is"
            " the smaller number of a day"
        ),
    )
    yield Fact(_("Rates and ranks"), _definition(reconciliation, rules, language))
    yield Fact(_("Rate of the whole"), _whole(reconciliation, language))
    for side in Side:
        days = [language.date(day) for of, day in reconciliation.silent_days if of is side]
        if days:
            label = (
                _("Days the stored month has nothing of")
                if side is Side.STORED
                else _("Days the second source has nothing of")
            )
            yield Fact(label, "; ".join(days))


def _definition(reconciliation: Reconciliation, rules: Rules, language: Language) -> str:
    _ = language.gettext
    if reconciliation.by_definition:
        return _("by the definition of the report: both sources know what it needs")
    if not rules.counts_days:
        return _(
            "by mail sent alone, at least one: not both sources know what was read, so that no rate"
            " by the definition of the report can be formed"
        )
    return _(
        "by mail sent alone, on at least {days} working days: not both sources know what was read,"
        " so that no rate by the definition of the report can be formed"
    ).format(days=rules.min_sent_days)


def _whole(reconciliation: Reconciliation, language: Language) -> str:
    stored, witness = reconciliation.total
    return language.gettext(
        "{stored}% by the stored month, {witness}% by the second source, of {people} people"
    ).format(
        stored=language.percent(stored.regular_share),
        witness=language.percent(witness.regular_share),
        people=language.number(stored.judged),
    )


@dataclass(frozen=True, slots=True)
class _Reason:
    """A line of the reasons."""

    likely: Likely
    flow: Flow
    side: Side


def _reasons(differences: Iterable[Difference], language: Language) -> str:
    """The likely reasons of a mailbox: "Deleted for good: 5; No copy in Sent Items: 2"."""
    mails = Counter[Likely]()
    for one in differences:
        mails[one.likely] += one.mails
    return "; ".join(
        f"{language.gettext(LIKELY[likely])}: {language.number(count)}"
        for likely, count in mails.most_common()
    )


def _seen_columns(key: str, label: str, language: Language) -> tuple[ColumnOf[Seen], ...]:
    """What both sources saw of one flow, and what only one did.

    Args:
        key, label: What keys of this flow begin with, and what its labels are in.
    """

    def column(name: str, text: str, value: Callable[[Seen], int]) -> ColumnOf[Seen]:
        printed = language.gettext(label).format(label=language.gettext(text))
        return ColumnOf(Column(f"{key}{name}", printed, Kind.INTEGER, width=11), value)

    return (
        column("both", N_("both saw"), lambda seen: seen.both),
        column("stored", N_("stored month only"), lambda seen: seen.stored),
        column("witness", N_("second source only"), lambda seen: seen.witness),
    )


def _all_seen_columns(language: Language) -> tuple[ColumnOf[Seen], ...]:
    """The same of all mails, and the share that differs."""
    return (
        *_seen_columns("", N_("Mails: {label}"), language),
        ColumnOf(
            Column("different_share", N_("Difference %"), Kind.PERCENT, width=10),
            lambda seen: seen.different_share,
        ),
    )


def _place_columns(language: Language) -> tuple[ColumnOf[UnitReconciled], ...]:
    def share(place: Place) -> Value:
        return place.counts.regular_share

    def rank(place: Place) -> Cell:
        if place.not_ranked is not None:
            return Cell(language.gettext(NOT_RANKED[place.not_ranked]))
        mark = " " + language.gettext("(tied)") if place.tied else ""
        return Cell(place.rank, mark=mark)

    return (
        ColumnOf(
            Column("share_stored", N_("Rate %, stored month"), Kind.PERCENT, width=10),
            lambda one: share(one.stored),
        ),
        ColumnOf(
            Column("share_witness", N_("Rate %, second source"), Kind.PERCENT, width=10),
            lambda one: share(one.witness),
        ),
        ColumnOf(
            Column("change", N_("Change (points)"), Kind.POINTS, width=10),
            lambda one: change_cell(one.change),
        ),
        ColumnOf(
            Column("rank_stored", N_("Rank, stored month"), Kind.RANK, width=18),
            lambda one: rank(one.stored),
        ),
        ColumnOf(
            Column("rank_witness", N_("Rank, second source"), Kind.RANK, width=18),
            lambda one: rank(one.witness),
        ),
    )


def _person_columns(*, names: bool) -> tuple[ColumnOf["_Person"], ...]:
    name: tuple[ColumnOf[_Person], ...] = (
        ColumnOf(
            Column("name", N_("Name"), Kind.TEXT, width=22), lambda one: readable(one.staff.name)
        ),
    )
    return (
        ColumnOf(
            Column("person", N_("Mailbox"), Kind.CODE, width=30, row_header=True),
            lambda one: readable(one.staff.mailbox or "–"),
        ),
        ColumnOf(
            Column("code", N_("Staff code"), Kind.CODE, width=12),
            lambda one: readable(one.staff.code or one.staff.row),
        ),
        *(name if names else ()),
        ColumnOf(Column("unit", N_("Unit"), Kind.TEXT, width=22), lambda one: readable(one.unit)),
    )


@dataclass(frozen=True, slots=True)
class _Person:
    """Whose mailbox a line is about."""

    staff: Staff
    unit: str


def _of_sums(one: _Sums) -> Seen:
    return one.seen


def _of_unit(one: UnitReconciled) -> Seen:
    return one.seen


def _sent(one: MailboxReconciled) -> Seen:
    return one.sent


def _received(one: MailboxReconciled) -> Seen:
    return one.received


def _person_of_mailbox(one: MailboxReconciled) -> _Person:
    return _Person(one.person, one.unit)


def _person_of_one(one: MeasuredByOne) -> _Person:
    return _Person(one.person, one.unit)

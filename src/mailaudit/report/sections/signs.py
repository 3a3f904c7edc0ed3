"""Signs of figures made for the audit: whose, what was seen, and what else it may come from."""

from collections.abc import Iterator, Mapping

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.locale.collation import person_order
from mailaudit.model.rules import Rules
from mailaudit.model.signs import Finding, FoundSigns, Sign
from mailaudit.model.wording import readable
from mailaudit.report.columns import NUMBER, ColumnOf, columns_of, rows_of
from mailaudit.report.tables import Column, Kind, RowGroup, Table
from mailaudit.report.value import Fact
from mailaudit.report.words import short_period

NO_PROOF = N_(
    "A reason to look again, no proof and no accusation; it changes no figure. Ask before anything"
    " is concluded."
)
SIGNS: Mapping[Sign, str] = {
    Sign.TO_SELF: N_("All mail sent to oneself"),
    Sign.LAST_DAYS: N_("Mail sent in the last days of the month only"),
    Sign.MINIMUM: N_("Exactly the fewest days, month after month"),
    Sign.FORWARDS: N_("A rule sends mail on to outside"),
}
INNOCENT: Mapping[Sign, str] = {
    Sign.TO_SELF: N_(
        "a mail program that copies every mail to its sender; notes kept for one's own records"
    ),
    Sign.LAST_DAYS: N_(
        "a monthly report; leave that the staff list lacks; a mailbox or server that was new, moved"
        " or out of order"
    ),
    Sign.MINIMUM: N_("work that seldom needs mail"),
    Sign.FORWARDS: N_("forwarding that was agreed on; a system of another authority"),
}
_NOT_LOOKED_FOR = N_(
    "not looked for: by these rules, or in so short a month, it would mean nothing"
)
_NOT_ASKED = N_("not known: inbox_rules was not switched on, or nothing was answered")
_DEFINED: Mapping[Sign, str] = {
    Sign.TO_SELF: N_(
        "at least 3 mails were sent, each came to the mailbox itself, and no mail received was"
        " answered"
    ),
    Sign.LAST_DAYS: N_("all mail of the month was sent in its last 5 working days"),
    Sign.MINIMUM: N_(
        "mail was sent on exactly {days} working days, the fewest for regular use, in this month"
        " and at least the two before it"
    ),
    Sign.FORWARDS: N_(
        "a rule in force forwards or redirects mail to an address outside the organisation; people"
        " in scope who were measured, in regular use or not. Rules not known of {unknown} people"
    ),
}
_SEEN: Mapping[Sign, str] = {
    Sign.TO_SELF: N_(
        "Mails sent: {sent}, each of which came to the mailbox itself; no mail received was"
        " answered; months in a row: {months}"
    ),
    Sign.LAST_DAYS: N_(
        "Working days with mail sent: {days}, all from {first} on; months in a row: {months}"
    ),
    Sign.MINIMUM: N_(
        "Working days with mail sent: {days}, exactly as many as needed; months in a row: {months}"
    ),
    Sign.FORWARDS: N_("Sent on to: {domains}; months in a row: {months}"),
}


def seen(one: Finding, language: Language) -> str:
    """What led to a sign, in numbers."""
    first = one.last_days_from
    return language.gettext(_SEEN[one.sign]).format(
        sent=language.number(one.sent),
        days=language.number(one.sent_days),
        months=language.number(one.months),
        first="" if first is None else language.date(first),
        domains=", ".join(one.forwards_to.split()),
    )


def signs_table(found: FoundSigns, language: Language, *, names: bool) -> Table:
    """A line for each sign of each person, by unit.

    Args:
        names: Whether people are named beside their addresses.
    """
    _ = language.gettext
    name: tuple[ColumnOf[Finding], ...] = (
        ColumnOf(
            Column("name", N_("Name"), Kind.TEXT, width=24), lambda one: readable(one.person.name)
        ),
    )
    columns: tuple[ColumnOf[Finding], ...] = (
        NUMBER,
        ColumnOf(
            Column("person", N_("Mailbox"), Kind.CODE, width=30, row_header=True),
            lambda one: readable(one.person.mailbox or "–"),
        ),
        ColumnOf(
            Column("code", N_("Staff code"), Kind.CODE, width=14),
            lambda one: readable(one.person.code or one.person.row),
        ),
        *(name if names else ()),
        ColumnOf(Column("unit", N_("Unit"), Kind.TEXT, width=24), lambda one: readable(one.unit)),
        ColumnOf(
            Column("sign", N_("To look at again"), Kind.TEXT, width=26),
            lambda one: _(SIGNS[one.sign]),
        ),
        ColumnOf(
            Column("seen", N_("What was seen"), Kind.TEXT, width=50),
            lambda one: seen(one, language),
        ),
        ColumnOf(
            Column("innocent", N_("May also come from"), Kind.TEXT, width=36),
            lambda one: _(INNOCENT[one.sign]),
        ),
    )
    units = [(unit.name, _of_unit(found, unit.code)) for unit in found.lines]
    everybody = [one for _name, people in units for one in people]
    rows = iter(tuple(rows_of(columns, everybody, language, lambda one: one.person.key)))
    return Table(
        key="signs",
        caption=_("Mailboxes to look at again, by unit"),
        columns=columns_of(columns, language),
        groups=tuple(
            RowGroup(tuple(next(rows) for _one in people), title=readable(unit))
            for unit, people in units
            if people
        ),
    )


def sign_facts(found: FoundSigns, rules: Rules, language: Language) -> Iterator[Fact]:
    """What was looked for and in which months, and what can't be seen."""
    _ = language.gettext
    yield Fact(_("What a sign is"), _(NO_PROOF))
    yield Fact(
        _("Who is looked at"),
        _(
            "people in regular use ({count}); never anybody who by the staff list was away for a"
            " day of the month, or began in it"
        ).format(count=language.number(found.regular)),
    )
    for sign in Sign:
        text = _DEFINED[sign]
        if sign not in found.looked_for:
            text = _NOT_ASKED if sign is Sign.FORWARDS else _NOT_LOOKED_FOR
        days, unknown = map(language.number, (rules.min_sent_days, found.rules_unknown))
        yield Fact(_(SIGNS[sign]), _(text).format(days=days, unknown=unknown))
    yield Fact(
        _("Months looked at"), "; ".join(short_period(month, language) for month in found.months)
    )
    yield Fact(
        _("Not seen"),
        _(
            "whether all was marked as read at one moment; to whom mail goes, except to oneself; a"
            " mail to oneself whose copy was deleted for good; mail to oneself in months collected"
            " before it was counted. Who is not listed is not cleared by it."
        ),
    )


def _of_unit(found: FoundSigns, code: str) -> list[Finding]:
    """The findings about people of a unit, in order of their names."""
    own = [one for one in found.findings if one.line == code]
    return sorted(own, key=lambda one: (person_order(one.person.name), one.person.key))

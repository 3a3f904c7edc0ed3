"""Accounts to create, lock and delete: how many by unit, whose, and what it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.locale.collation import person_order
from mailaudit.model.accounts import AccountLists, Ground, Proposal, Request
from mailaudit.model.roster import Unit
from mailaudit.model.wording import readable
from mailaudit.report.columns import NUMBER, ColumnOf, columns_of, rows_of, table_of
from mailaudit.report.sections.account_words import REQUESTS, grounds, request_text
from mailaudit.report.tables import Column, Kind, RowGroup, Table

_NO_UNIT = N_("Units that the list of {month} lacks")
_ORDER = list(Request)
_GAP = "\N{NO-BREAK SPACE}" * 20  # room to write a number in by hand


@dataclass(frozen=True, slots=True)
class _UnitOf:
    """A unit, or None for those that are gone, and what is proposed of its people."""

    unit: Unit | None
    proposals: tuple[Proposal, ...]

    def count(self, request: Request) -> int:
        return sum(one.request is request for one in self.proposals)


def counts_table(lists: AccountLists, month: str, language: Language) -> Table:
    """How many requests of each kind there are, by unit.

    Args:
        month: The newest month, as printed.
    """
    _ = language.gettext
    columns: tuple[ColumnOf[_UnitOf], ...] = (
        NUMBER,
        ColumnOf(
            Column("unit", N_("Unit"), Kind.TEXT, width=50, row_header=True),
            lambda line: _title(line.unit, month, language),
        ),
        *map(_counted, Request),
        ColumnOf(
            Column("all", N_("Together"), Kind.INTEGER, summed=True, width=14),
            lambda line: len(line.proposals),
        ),
    )
    return table_of(
        "accounts_by_unit",
        _("Requests by unit"),
        columns,
        tuple(_by_unit(lists)),
        language,
        total=_("Total"),
        empty=_("Nothing is proposed."),
    )


def _counted(request: Request) -> ColumnOf[_UnitOf]:
    """A column that counts requests of one kind."""
    head = Column(request.value, REQUESTS[request], Kind.INTEGER, summed=True, width=14)
    return ColumnOf(head, lambda line: line.count(request))


def people_table(lists: AccountLists, month: str, language: Language, *, names: bool) -> Table:
    """Everybody something is proposed of, by unit, with what it rests on."""
    name: tuple[ColumnOf[Proposal], ...] = (
        ColumnOf(Column("name", N_("Name"), Kind.TEXT, width=26), _name),
    )
    columns: tuple[ColumnOf[Proposal], ...] = (
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
        ColumnOf(
            Column("job_title", N_("Job title"), Kind.TEXT, width=18),
            lambda one: readable(one.person.job_title),
        ),
        ColumnOf(Column("unit", N_("Unit"), Kind.TEXT, width=26), lambda one: readable(one.unit)),
        ColumnOf(
            Column("request", N_("Request"), Kind.TEXT, width=12),
            lambda one: language.gettext(REQUESTS[one.request]),
        ),
        ColumnOf(
            Column("ground", N_("Ground"), Kind.TEXT, width=44),
            lambda one: grounds(one, lists, language),
        ),
        ColumnOf(
            Column("last_sign", N_("Last sign of use"), Kind.TEXT, width=14),
            lambda one: _last_sign(one, language),
        ),
    )
    caption = language.gettext("People by unit")
    return _grouped("accounts", caption, columns, lists, month, language)


def form_table(lists: AccountLists, month: str, language: Language, *, names: bool) -> Table:
    """The form that units hand in: number, name, job title, unit, telephone, what is requested.

    Source: QĐ 99/2025/QĐ-UBND of Nghệ An, Phụ lục 1.

    Args:
        names: Whether people are named; else they stand by staff code or address.
    """
    label = N_("Name") if names else N_("Staff code or mailbox")
    columns: tuple[ColumnOf[Proposal], ...] = (
        NUMBER,
        ColumnOf(
            Column("person", label, Kind.TEXT, width=26, row_header=True),
            _named if names else _known_as,
        ),
        ColumnOf(
            Column("job_title", N_("Job title"), Kind.TEXT, width=18),
            lambda one: readable(one.person.job_title),
        ),
        ColumnOf(
            Column("unit", N_("Office or unit"), Kind.TEXT, width=26),
            lambda one: readable(one.unit),
        ),
        ColumnOf(Column("telephone", N_("Telephone"), Kind.CODE, width=14), lambda _one: _GAP),
        ColumnOf(
            Column("request", N_("What is requested"), Kind.TEXT, width=40),
            lambda one: request_text(one, language),
        ),
    )
    caption = language.gettext("People concerned")
    return _grouped("form", caption, columns, lists, month, language)


def _grouped(
    key: str,
    caption: str,
    columns: Sequence[ColumnOf[Proposal]],
    lists: AccountLists,
    month: str,
    language: Language,
) -> Table:
    """A table of people under the names of their units, numbered through."""
    units = tuple(_by_unit(lists))
    rows = iter(
        tuple(
            rows_of(
                columns,
                [one for unit in units for one in unit.proposals],
                language,
                lambda one: one.person.key,
            )
        )
    )
    return Table(
        key=key,
        caption=caption,
        columns=columns_of(columns, language),
        groups=tuple(
            RowGroup(
                tuple(next(rows) for _one in unit.proposals),
                title="" if len(lists.lines) == 1 else _title(unit.unit, month, language),
            )
            for unit in units
        ),
        empty=language.gettext("Nothing is proposed."),
    )


def _by_unit(lists: AccountLists) -> Iterator[_UnitOf]:
    """The units something is proposed of, in official order, their people in order of names."""
    for unit in (*lists.lines, None):
        code = None if unit is None else unit.code
        own = sorted((one for one in lists.proposals if one.line == code), key=_order)
        if own:
            yield _UnitOf(unit, tuple(own))


def _order(one: Proposal) -> tuple[object, ...]:
    return _ORDER.index(one.request), person_order(one.person.name), one.person.key


def _title(unit: Unit | None, month: str, language: Language) -> str:
    if unit is None:
        return language.gettext(_NO_UNIT).format(month=month)
    return readable(unit.name)


def _name(one: Proposal) -> str:
    return readable(one.person.name)


def _known_as(one: Proposal) -> str:
    """How somebody is called without the name."""
    return readable(one.person.code or one.person.mailbox or one.person.row)


def _named(one: Proposal) -> str:
    return _name(one) or _known_as(one)


def _last_sign(one: Proposal, language: Language) -> str:
    if one.ground is Ground.NO_MAILBOX:
        return ""
    return language.gettext("none seen") if one.last_sign is None else language.date(one.last_sign)

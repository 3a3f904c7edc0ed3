"""What was not measured and why; for those who repair it also where: addresses, no names."""

from collections import Counter
from collections.abc import Iterable

from mailaudit.locale import Language
from mailaudit.model.usage import Measurement, StaffState, StaffUsage
from mailaudit.publication.values import Publication
from mailaudit.report.columns import number_column, withheld_table
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Section, Table
from mailaudit.report.words import REASONS, REMEDIES, readable


def unmeasured_section(
    measurement: Measurement, publication: Publication, language: Language
) -> Section:
    """The causes by number, and every mailbox where the audience may know it."""
    _ = language.gettext
    found = _in_printing_order(measurement, publication)
    causes = causes_table(found, language)
    sees_everything = publication.audience.sees_everything
    is_shown = publication.total is not None or sees_everything
    tables = [causes if is_shown else withheld_table(causes, language)]
    if sees_everything:
        tables.append(mailboxes_table(found, measurement, language))
    return Section(
        key="unmeasured",
        name=_("Not measured"),
        title=_("Mailboxes that could not be measured"),
        tables=tuple(tables),
    )


def _in_printing_order(measurement: Measurement, publication: Publication) -> list[StaffUsage]:
    """By unit as ranked, inside it in the order of the staff list."""
    units = (standing.usage.unit for standing in publication.standings())
    codes = (unit.code for unit in (*units, *publication.few))
    place = {code: index for index, code in enumerate(codes)}
    found = [usage for usage in measurement.staff if usage.state is StaffState.UNMEASURED]
    return sorted(found, key=lambda usage: place.get(usage.unit_code, len(place)))


def mailboxes_table(
    found: Iterable[StaffUsage], measurement: Measurement, language: Language
) -> Table:
    """A line for each mailbox of `found`, with cause and remedy."""
    _ = language.gettext
    names = {usage.unit.code: usage.unit.name for usage in measurement.units}
    rows = tuple(
        Row(
            usage.staff.mailbox or usage.staff.key,
            (
                Cell(place),
                Cell(readable(names.get(usage.unit_code, usage.unit_code))),
                Cell(readable(usage.staff.mailbox or "")),
                Cell(_(REASONS[usage.reason]) if usage.reason else None),
                Cell(readable(usage.detail)),
                Cell(_(REMEDIES[usage.reason]) if usage.reason else None),
            ),
        )
        for place, usage in enumerate(found, start=1)
    )
    return Table(
        key="unmeasured",
        caption=_("Mailboxes not measured, with cause and remedy"),
        columns=(
            number_column(language),
            Column("unit", _("Unit"), Kind.TEXT, width=32),
            Column("mailbox", _("Mailbox"), Kind.CODE, width=34, row_header=True),
            Column("reason", _("Cause"), Kind.TEXT, width=26),
            Column("detail", _("Server's code"), Kind.CODE, width=30),
            Column("remedy", _("What to do"), Kind.TEXT, width=46),
        ),
        groups=(RowGroup(rows),),
        notes=(_("For the IT department: addresses are given for repair, names are not."),),
        empty=_("Every mailbox was measured."),
    )


def causes_table(found: Iterable[StaffUsage], language: Language) -> Table:
    """How many of the mailboxes `found` could not be measured for which cause."""
    _ = language.gettext
    numbers = Counter(usage.reason for usage in found if usage.reason is not None)
    rows = tuple(
        Row(
            reason.value,
            (
                Cell(place),
                Cell(_(REASONS[reason])),
                Cell(numbers[reason]),
                Cell(_(REMEDIES[reason])),
            ),
        )
        for place, reason in enumerate((r for r in REASONS if numbers[r]), start=1)
    )
    total = (Cell(), Cell(_("Total")), Cell(numbers.total()), Cell())
    return Table(
        key="causes",
        caption=_("Mailboxes not measured by cause"),
        columns=(
            number_column(language),
            Column("reason", _("Cause"), Kind.TEXT, width=32, row_header=True),
            Column("mailboxes", _("Mailboxes"), Kind.INTEGER, summed=True, width=12),
            Column("remedy", _("What to do"), Kind.TEXT, width=46),
        ),
        groups=(RowGroup(rows),),
        total=Row("", total) if rows else None,
        empty=_("Every mailbox was measured."),
    )

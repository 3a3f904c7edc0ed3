"""What was not measured and why; for those who repair it also where: addresses, no names."""

from collections import Counter
from collections.abc import Iterable

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.outcome import Reason
from mailaudit.model.usage import Measurement, StaffState, StaffUsage
from mailaudit.model.wording import readable
from mailaudit.publication.values import Publication
from mailaudit.report.columns import NUMBER, ColumnOf, table_of, withheld_table
from mailaudit.report.tables import Column, Kind, Table
from mailaudit.report.value import Section
from mailaudit.report.words import REASONS, REMEDIES


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
        listed = [usage for usage in found if not usage.is_removed]
        tables.append(mailboxes_table(listed, measurement, language))
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
    columns: tuple[ColumnOf[StaffUsage], ...] = (
        NUMBER,
        ColumnOf(
            Column("unit", N_("Unit"), Kind.TEXT, width=32),
            lambda usage: readable(names.get(usage.unit_code, usage.unit_code)),
        ),
        ColumnOf(
            Column("mailbox", N_("Mailbox"), Kind.CODE, width=34, row_header=True),
            lambda usage: readable(usage.staff.mailbox or ""),
        ),
        ColumnOf(
            Column("reason", N_("Cause"), Kind.TEXT, width=26),
            lambda usage: _(REASONS[usage.reason]) if usage.reason else None,
        ),
        ColumnOf(
            Column("detail", N_("Server's code"), Kind.CODE, width=30),
            lambda usage: readable(usage.detail),
        ),
        ColumnOf(
            Column("remedy", N_("What to do"), Kind.TEXT, width=46),
            lambda usage: _(REMEDIES[usage.reason]) if usage.reason else None,
        ),
    )
    return table_of(
        "unmeasured",
        _("Mailboxes not measured, with cause and remedy"),
        columns,
        found,
        language,
        row_key=lambda usage: usage.staff.mailbox or usage.staff.key,
        notes=(_("For the IT department: addresses are given for repair, names are not."),),
        empty=_("Every mailbox was measured."),
    )


def causes_table(found: Iterable[StaffUsage], language: Language) -> Table:
    """How many of the mailboxes `found` could not be measured for which cause."""
    _ = language.gettext
    numbers = Counter(usage.reason for usage in found if usage.reason is not None)
    columns: tuple[ColumnOf[Reason], ...] = (
        NUMBER,
        ColumnOf(
            Column("reason", N_("Cause"), Kind.TEXT, width=32, row_header=True),
            lambda reason: _(REASONS[reason]),
        ),
        ColumnOf(
            Column("mailboxes", N_("Mailboxes"), Kind.INTEGER, summed=True, width=12),
            numbers.__getitem__,
        ),
        ColumnOf(
            Column("remedy", N_("What to do"), Kind.TEXT, width=46),
            lambda reason: _(REMEDIES[reason]),
        ),
    )
    return table_of(
        "causes",
        _("Mailboxes not measured by cause"),
        columns,
        [reason for reason in REASONS if numbers[reason]],
        language,
        row_key=lambda reason: reason.value,
        total=_("Total"),
        empty=_("Every mailbox was measured."),
    )

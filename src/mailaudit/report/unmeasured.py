"""What was not measured, for those who repair it: addresses and causes, no names of people."""

from collections import Counter

from mailaudit.locale import Language
from mailaudit.model.ranking import Ranking
from mailaudit.model.usage import Measurement, StaffState, StaffUsage
from mailaudit.report.value import Cell, Column, Kind, Row, RowGroup, Section, Table
from mailaudit.report.words import REASONS, REMEDIES, readable


def unmeasured_section(measurement: Measurement, ranking: Ranking, language: Language) -> Section:
    """Every mailbox that could not be measured, and the causes by number."""
    _ = language.gettext
    found = _in_printing_order(measurement, ranking)
    return Section(
        key="unmeasured",
        name=_("Not measured"),
        title=_("Mailboxes that could not be measured"),
        tables=(_mailboxes(found, measurement, language),),
        wide=True,
    )


def _in_printing_order(measurement: Measurement, ranking: Ranking) -> list[StaffUsage]:
    """By unit as ranked, inside it in the order of the staff list."""
    place = {
        standing.usage.unit.code: index
        for index, standing in enumerate(
            standing for group in ranking.groups for standing in group.standings
        )
    }
    found = [usage for usage in measurement.staff if usage.state is StaffState.UNMEASURED]
    return sorted(found, key=lambda usage: place.get(usage.unit_code, len(place)))


def _mailboxes(found: list[StaffUsage], measurement: Measurement, language: Language) -> Table:
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
            Column("number", _("No."), Kind.ORDINAL, width=5),
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


def causes_table(measurement: Measurement, language: Language) -> Table:
    """How many mailboxes could not be measured for which cause."""
    _ = language.gettext
    found = (usage for usage in measurement.staff if usage.state is StaffState.UNMEASURED)
    numbers = Counter(usage.reason for usage in found if usage.reason is not None)
    rows = tuple(
        Row(reason.value, (Cell(place), Cell(_(REASONS[reason])), Cell(numbers[reason])))
        for place, reason in enumerate((r for r in REASONS if numbers[r]), start=1)
    )
    return Table(
        key="causes",
        caption=_("Mailboxes not measured by cause"),
        columns=(
            Column("number", _("No."), Kind.ORDINAL, width=5),
            Column("reason", _("Cause"), Kind.TEXT, width=32, row_header=True),
            Column("mailboxes", _("Mailboxes"), Kind.INTEGER, summed=True, width=12),
        ),
        groups=(RowGroup(rows),),
        total=Row("", (Cell(), Cell(_("Total")), Cell(sum(numbers.values())))) if rows else None,
        empty=_("None."),
    )

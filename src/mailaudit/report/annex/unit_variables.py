"""What the wording of a unit's report can name: the unit's own figures, as they are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from mailaudit.locale import language
from mailaudit.model.period import LongPeriod
from mailaudit.model.rules import Rules
from mailaudit.model.use import Use
from mailaudit.model.wording import readable
from mailaudit.report.annex.variables import (
    PEOPLE,
    RATES,
    LongerPeriod,
    Month,
    named_period,
    printed_fields,
)
from mailaudit.report.results import Sums
from mailaudit.report.sections.inside import part_text
from mailaudit.report.sections.staff import INACTIVE, REMOVED, TOO_FEW_MONTHS
from mailaudit.report.sections.uses import LABELS
from mailaudit.report.value import Report, UnitReport
from mailaudit.report.words import threshold

# Those of the unit's page that are about the unit alone; `staff` only where names may be printed.
STAFF_TABLE = "staff"
UNIT_TABLES = frozenset({"gaps", "periods", STAFF_TABLE})


@dataclass(frozen=True, slots=True)
class States:
    """Numbers of people with a mailbox who are not in regular use, as the unit's page has them.

    Attributes:
        few_months: Sent mail, but are regular in too few months of a longer period.
        unread: Sent on enough days, but read too little.
        few_days: Sent on too few days.
        only_read: Read, and sent nothing.
        unused: Neither sent nor read anything.
        sent_nothing: Sent nothing, where what was read is not counted.
        removed: Were removed at their request: they count, and it is not known how.
    """

    few_months: int
    unread: int
    few_days: int
    only_read: int
    unused: int
    sent_nothing: int
    removed: int


@dataclass(frozen=True, slots=True)
class AboutUnit:
    """Everything that a unit's report can name.

    Attributes:
        operator: Who runs the mail system and gets the report; may be empty.
        any_activity: Whether any mail sent or read is regular use; else the next two say what is.
        counts_reading: Whether what was read is counted; else min_read says nothing of regular use.
        months: The part of the months in which use must be regular; "" of a month.
        regular_basis, target_basis: The documents these rest on; may be empty.
        needed: How many more regular users the target takes.
        lists_people: Whether the table `staff` may be shown.
    """

    organisation: str
    unit: str
    operator: str
    period: Month | LongerPeriod
    cut_off: str
    target: str
    target_basis: str
    any_activity: bool
    counts_reading: bool
    min_sent_days: int
    min_read: str
    months: str
    regular_basis: str
    notices: tuple[str, ...]
    has_mail: bool
    needed: int
    lists_people: bool
    total: Sums
    states: States


def known_unit_variables() -> Mapping[str, frozenset[str]]:
    """As `variables.known_variables`, of a unit's report."""
    attributes = {field.name for kind in (Month, LongerPeriod, States) for field in fields(kind)}
    attributes |= {*PEOPLE, *RATES, "has_rate", "meets_target", "is_mixed"}
    return dict.fromkeys((field.name for field in fields(AboutUnit)), frozenset(attributes))


def unit_variables(
    report: Report,
    unit: UnitReport,
    rules: Rules,
    operator: str,
    notices: Sequence[str],
    *,
    lists_people: bool,
) -> dict[str, object]:
    """The variables of one unit of a Report, by name."""
    spoken = language(report.language)
    by_month = isinstance(report.period, LongPeriod) and rules.counts_days
    about = AboutUnit(
        organisation=report.organisation,
        unit=unit.name,
        operator=operator,
        period=named_period(report.period, spoken),
        cut_off=spoken.written_instant(report.cut_off_at.astimezone(report.period.tz)),
        target=_percent(threshold(rules.target, spoken)),
        target_basis=readable(rules.target_basis),
        any_activity=not rules.counts_days,
        counts_reading=rules.counts_reading,
        min_sent_days=rules.min_sent_days,
        min_read=_percent(threshold(rules.min_read_share, spoken)),
        months=part_text(rules.min_regular_months_share, spoken) if by_month else "",
        regular_basis=readable(rules.regular_basis),
        notices=tuple(notices),
        has_mail=unit.sums.has_mail,
        needed=unit.sums.counts.short_of(rules.target),
        lists_people=lists_people,
        total=unit.sums,
        states=_states(unit),
    )
    return printed_fields(about, spoken)


def _percent(text: str) -> str:
    return text.removesuffix("%")


def _states(unit: UnitReport) -> States:
    table = unit.states
    if table is None:
        return States(*[0] * len(fields(States)))
    place = [column.key for column in table.columns].index("people")
    people = {row.key: int(row.cells[place].value or 0) for row in table.rows}

    def number(*texts: str) -> int:
        return sum(people.get(text, 0) for text in texts)

    return States(
        few_months=number(TOO_FEW_MONTHS),
        unread=number(LABELS[Use.UNREAD]),
        few_days=number(LABELS[Use.FEW_DAYS]),
        only_read=number(LABELS[Use.ONLY_READ]),
        unused=number(LABELS[Use.UNUSED], INACTIVE),
        sent_nothing=number(LABELS[Use.SENT_NOTHING]),
        removed=number(REMOVED),
    )

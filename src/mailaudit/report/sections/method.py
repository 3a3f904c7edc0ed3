"""The method: definitions, thresholds, what cannot be seen, and the provenance."""

from collections.abc import Iterable, Iterator

from mailaudit.errors import N_
from mailaudit.locale import Language
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.knowledge import EXCHANGE, Knowledge
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.wording import readable
from mailaudit.report.columns import ColumnOf, table_of
from mailaudit.report.sections.corrections import corrections_table
from mailaudit.report.sections.counts import DEFINED, counted
from mailaudit.report.sections.inside import (
    inside_table,
    longer_definitions,
    longer_thresholds,
    months_text,
)
from mailaudit.report.sections.provenance import (
    corrections_made,
    printed_digest,
    server_version,
)
from mailaudit.report.sections.regular import regular_lines, with_basis
from mailaudit.report.tables import Column, Kind, Table
from mailaudit.report.value import Section
from mailaudit.report.words import KNOWLEDGE, grade_name, threshold


def method_section(
    snapshot: Snapshot,
    rules: Rules,
    calendar: WorkCalendar,
    language: Language,
    *,
    sees_everything: bool = False,
) -> Section:
    """All a reviewer needs to check the figures.

    Args:
        sees_everything: With each correction of the staff list, and how many there are.
    """
    _ = language.gettext
    corrections = snapshot.corrections if sees_everything else ()
    inside = (
        (inside_table(snapshot, language, sees_everything=sees_everything),)
        if snapshot.months
        else ()
    )
    return Section(
        key="method",
        name=_("Method"),
        title=_("How the figures were made"),
        tables=(
            _definitions(snapshot, rules, language),
            _thresholds(snapshot, rules, language),
            _limits(snapshot, rules, language),
            _provenance(snapshot, calendar, language, sees_everything=sees_everything),
            *inside,
            *(
                (corrections_table(corrections, None, language, names=False),)
                if corrections
                else ()
            ),
        ),
    )


def _definitions(snapshot: Snapshot, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    known = [
        column.definition for column in counted(DEFINED, rules) if column.definition is not None
    ]
    lines = [(each.symbol, *each.words(rules, language)) for each in known]
    lines += [("", *line) for line in longer_definitions(snapshot, rules, language)]
    return _listing("definitions", _("Definitions and formulas"), lines, language, N_("Symbol"))


def _thresholds(snapshot: Snapshot, rules: Rules, language: Language) -> Table:
    _ = language.gettext
    grades = "; ".join(
        _("{grade} from {share}").format(
            grade=grade_name(grade.name, language), share=threshold(grade.from_share, language)
        )
        for grade in rules.grades
    )
    lines = (
        (
            _("Target"),
            with_basis(threshold(rules.target, language), rules.target_basis, language),
        ),
        (_("Grades"), grades),
        *regular_lines(rules, language),
        (
            _("Coverage for a rank"),
            _("at least {number}").format(number=threshold(rules.min_coverage, language)),
        ),
        (_("Staff in scope for a rank"), _("at least {number}").format(number=rules.min_in_scope)),
        (
            _("People for figures of a unit's own"),
            _("at least {number} listed, in scope, judged and measured, or nobody").format(
                number=rules.min_published
            ),
        ),
        *(
            ((_("All or none of fewer than ten people"), "≥ 90 %, ≤ 10 %"),)
            if rules.coarse_extremes
            else ()
        ),
        (_("Small unit"), _("below {number} in scope").format(number=rules.small_unit)),
        (
            _("Exempt staff worth a remark"),
            _("above {number}").format(number=threshold(rules.max_exempt_share, language)),
        ),
        (
            _("A dated status excludes"),
            _("from {number} of the month's working days").format(
                number=threshold(rules.min_excluded_share, language)
            ),
        ),
        (_("Categories out of scope"), _names(rules.exempt_categories)),
        (_("Categories in scope"), _names(rules.in_scope_categories)),
        (_("Job titles out of scope"), _names(rules.exempt_job_titles)),
        (_("Job titles in scope"), _names(rules.in_scope_job_titles)),
        (_("Statuses that exclude"), _names(rules.excluded_statuses)),
        (
            _("Statuses of the newly appointed"),
            _("{words}; excluded with fewer than {days} working days in the month").format(
                words=_names(rules.joined_statuses), days=rules.min_joined_working_days
            ),
        ),
        (
            _("Statuses of those who left"),
            _("{words}; excluded once gone at the cut-off or the end of the month").format(
                words=_names(rules.left_statuses)
            ),
        ),
        (_("Statuses that exclude nobody"), _names(rules.in_scope_statuses)),
        *longer_thresholds(snapshot, rules, language),
    )
    return _numbered("thresholds", _("Thresholds used"), lines, language)


def _provenance(
    snapshot: Snapshot, calendar: WorkCalendar, language: Language, *, sees_everything: bool
) -> Table:
    _ = language.gettext
    period = snapshot.period
    sealed = snapshot.sealed_at
    lines = (
        *_sources(snapshot, language),
        (_("Cut-off date"), language.instant(snapshot.cut_off_at.astimezone(period.tz))),
        *(
            ((_("Months"), months_text(snapshot, language)),)
            if snapshot.months
            else (
                (
                    _("Sealed"),
                    _("no: provisional data")
                    if sealed is None
                    else language.instant(sealed.astimezone(period.tz)),
                ),
                (_("Edition"), str(snapshot.edition)),
            )
        ),
        *(
            ((_("Corrections"), corrections_made(snapshot, language, counted=sees_everything)),)
            if snapshot.corrections
            else ()
        ),
        (_("Time zone"), period.timezone),
        (_("Working days of the period"), _working_days(snapshot, calendar, language)),
        *_unit_calendars(snapshot, calendar, language),
        (_("Collected by"), f"mailaudit {readable(snapshot.tool_version)}"),
        (_("SHA-256 of the data"), printed_digest(snapshot, language)),
        (_("SHA-256 of the staff list"), snapshot.roster.digest),
    )
    return _numbered("provenance", _("Provenance"), lines, language)


def _sources(snapshot: Snapshot, language: Language) -> Iterator[tuple[str, str]]:
    """Each server: what it is and, of several, its name."""
    _ = language.gettext
    for source in snapshot.source.each:
        text = _("{kind}, server {server}, version {version}")
        if not (source.reported or source.version):  # files, which no server answered
            text = _("{kind}, server {server}")
        text = text.format(
            kind=source.kind.upper(),
            server=readable(source.server),
            version=server_version(source, language),
        )
        if unknown := EXCHANGE - source.knows:
            things = ", ".join(sorted(_(KNOWLEDGE[one]) for one in unknown))
            text = _("{source}; it does not know: {things}").format(source=text, things=things)
        name = readable(source.name)
        yield (_("Source {name}").format(name=name) if name else _("Source")), text


def _working_days(snapshot: Snapshot, calendar: WorkCalendar, language: Language) -> str:
    _ = language.gettext
    number = calendar.working_days_of(snapshot.period)
    days = (snapshot.period.first_day, snapshot.period.last_day)
    if not {day.year for day in days} <= calendar.years:
        return _("{number} (estimated: computed holidays, without swapped days)").format(
            number=number
        )
    if calendar.is_estimated(snapshot.period):
        return _("{number} (estimated: this year's days off are not finally decided)").format(
            number=number
        )
    return str(number)


def _unit_calendars(
    snapshot: Snapshot, calendar: WorkCalendar, language: Language
) -> Iterator[tuple[str, str]]:
    """Each calendar of units of their own: its name, its working days, and its units in force."""
    _ = language.gettext
    of_units = dict(calendar.units)
    units: dict[int, list[str]] = {}
    for unit in snapshot.roster.units:
        if (own := of_units.get(unit.code)) is not None:
            units.setdefault(id(own), []).append(readable(unit.name))
    for own in {id(own): own for own in of_units.values() if id(own) in units}.values():
        text = _("{units}, with the units below them; working days: {number}").format(
            units=", ".join(units[id(own)]), number=_working_days(snapshot, own, language)
        )
        if own.source:
            text = _("{text}; by {source}").format(text=text, source=readable(own.source))
        yield _("Calendar of some units: {name}").format(name=readable(own.name)), text


def _limits(snapshot: Snapshot, rules: Rules, language: Language) -> Table:
    lines = _limit_lines(snapshot, rules, language)
    return _numbered("limits", language.gettext("Limits of the method"), lines, language)


def _limit_lines(snapshot: Snapshot, rules: Rules, language: Language) -> Iterator[tuple[str, str]]:
    _ = language.gettext
    known = frozenset[Knowledge]().union(*(source.knows for source in snapshot.source.each))
    # Only logs see to whom mail went; only what looks into mailboxes sees which mail is read.
    by_logs, by_mailboxes = Knowledge.RECIPIENTS in known, Knowledge.READ_FLAGS in known
    recipients = _(
        "This source does not give the recipients of sent mail, so the condition of different"
        " recipients is left out of regular use."
    )
    if by_logs:
        recipients = _("The number of recipients is not a condition of regular use.")
    yield _("Recipients"), recipients
    yield (
        _("Other channels"),
        _("Work done over Zalo, Gmail or other channels outside the system can't be detected."),
    )
    reading = _("This is the state when the mail was collected; collecting later finds more read.")
    if not rules.counts_reading:
        reading = _("No figure depends on whether received mail was read.")
    yield _("Read or not"), reading
    if by_mailboxes:
        yield (
            _("Sent mail not kept"),
            _("Sent mail that was deleted for good or kept outside the server is not seen."),
        )
        yield (
            _("What is read"),
            _(
                "Only dates, flags and the sender's address are read, and of the address only"
                " whether it is inside or outside is kept: no recipient, no subject, no body, no"
                " attachment."
            ),
        )
    if by_logs:
        yield (
            _("What is read of logs"),
            _(
                "Only dates, senders, recipients and programs are read, and of the addresses only"
                " how many are inside and outside is kept: no subject, no body, no attachment."
            ),
        )


def _numbered(
    key: str, caption: str, lines: Iterable[tuple[str, str]], language: Language
) -> Table:
    numbered = [(place, *line) for place, line in enumerate(lines, start=1)]
    return _listing(key, caption, numbered, language, N_("No."))


def _listing(
    key: str,
    caption: str,
    lines: Iterable[tuple[str | int, str, str]],
    language: Language,
    first: str,
) -> Table:
    name = Column("name", N_("Item"), Kind.TEXT, width=40, row_header=True)
    columns: tuple[ColumnOf[tuple[str | int, str, str]], ...] = (
        ColumnOf(Column("symbol", first, Kind.ORDINAL, width=7), lambda line: line[0]),
        ColumnOf(name, lambda line: line[1]),
        ColumnOf(Column("text", N_("Content"), Kind.TEXT, width=79), lambda line: line[2]),
    )
    return table_of(key, caption, columns, lines, language)


def _names(names: frozenset[str]) -> str:
    return ", ".join(sorted(readable(name) for name in names)) or "–"

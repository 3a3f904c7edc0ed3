"""Checks of the lists: units and what became of them, staff, working days."""

from collections.abc import Iterator, Sequence

from mailaudit.audit import TREND_MONTHS
from mailaudit.checkup.finding import Finding, failed, ok, warning
from mailaudit.checkup.setup import Setup
from mailaudit.errors import N_
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.domains import is_inside
from mailaudit.model.lineage import Lineage
from mailaudit.model.roster import Problem, Roster
from mailaudit.model.routing import no_server
from mailaudit.model.wording import first_of

_EXAMPLES = 3
_UNITS_REMEDY = N_("To see all that is to be corrected: mailaudit units check{options}")


def units(setup: Setup) -> Iterator[Finding]:
    """Whether the unit list can be read, and what should be corrected in it."""
    from mailaudit.roster import check_units, read_unit_list

    file, encoding = setup.settings.roster.units, setup.settings.roster.encoding
    if file is None:
        yield ok(N_("There is none; each unit of the staff list is a unit."))
        return
    listed = read_unit_list(file, encoding)
    if problems := check_units(file, None, encoding).problems:
        yield _to_correct(setup, problems)
    else:
        yield ok(N_("{count} rows of units in {file}."), count=len(listed.rows), file=file)


def events(setup: Setup) -> Iterator[Finding]:
    """Whether the list of what became of units can be read, and fits the unit list."""
    from mailaudit.roster import check_units, read_events

    roster = setup.settings.roster
    if roster.events is None:
        yield ok(N_("There are none."))
        return
    found = read_events(roster.events, roster.encoding)
    if roster.units is not None:
        of_units = set(check_units(roster.units, None, roster.encoding).problems)
        both = check_units(roster.units, roster.events, roster.encoding).problems
        if problems := [problem for problem in both if problem not in of_units]:
            yield _to_correct(setup, problems)
            return
    yield ok(N_("{count} events in {file}."), count=len(found), file=roster.events)


def staff(setup: Setup) -> Iterator[Finding]:
    """Whether the staff list can be used, and how much of it should be looked at."""
    from mailaudit.roster import RosterFaults, read_lists, same_mailboxes

    settings = setup.settings
    listed = settings.roster
    files = ", ".join(map(str, listed.file))
    layout = listed.layout(settings.organisation.domains)
    reading = read_lists(listed.file, listed.units, setup.period, layout=layout)
    faults = reading.faults
    if reading.roster is not None:
        moved = Lineage(mail_domains=settings.organisation.renamed_domains)
        faults = same_mailboxes(reading.roster.staff, moved)
    if reading.errors or faults or reading.roster is None:
        error = reading.errors[0] if reading.errors else RosterFaults(files, faults)
        yield failed(error, setup.language.gettext)
        return
    setup.roster = reading.roster
    yield ok(
        N_("{people} people and {mailboxes} mailboxes in {units} units: {files}."),
        people=len(reading.roster.staff),
        mailboxes=len(reading.roster.mailboxes()),
        units=len(reading.roster.units),
        files=files,
    )
    if reading.remarks:
        yield warning(
            N_("{count} remarks on the staff list."),
            N_("Look at them: mailaudit roster check{options}"),
            count=len(reading.remarks),
        )


def domains(setup: Setup) -> Iterator[Finding]:
    """Whether all mailboxes are the organisation's."""
    roster, organisation = setup.roster, setup.settings.organisation
    inside = frozenset((*organisation.domains, *organisation.renamed_domains))
    addresses = () if roster is None else roster.mailboxes()
    outside = [one for one in addresses if not is_inside(one.rpartition("@")[2], inside)]
    if outside:
        yield warning(
            N_("{count} mailboxes are outside the organisation's mail domains: {examples}."),
            N_(
                "Private mailboxes can't be measured: write the official ones, or add their domain"
                " to organisation.domains if it is the organisation's."
            ),
            count=len(outside),
            examples=first_of(outside, _EXAMPLES),
        )
    else:
        yield ok(N_("Every mailbox is in one of the organisation's mail domains."))
    if roster is not None and not setup.settings.routing.is_single:
        yield from _servers(setup, roster)


def calendar(setup: Setup) -> Iterator[Finding]:
    """Whether the working days of the next report are known and decided."""
    from mailaudit.roster import read_calendar, require_units

    file, period = setup.settings.calendar.file, setup.period
    first = period.shifted(1 - TREND_MONTHS).year
    found = read_calendar(file, range(first, period.year + 2))
    if setup.roster is not None:  # else some units are not known here
        require_units(file, [code for code, _ in found.units], _known_units(setup, setup.roster))
    yield from _undecided(setup, found)
    yield ok(
        N_("{count} working days in {period}, the month of the next report."),
        count=found.working_days_of(period),
        period=period,
    )


def _servers(setup: Setup, roster: Roster) -> Iterator[Finding]:
    """Whether a server answers for every mailbox, where there are several."""
    if astray := setup.settings.routing.astray(roster.staff):
        yield failed(no_server(astray), setup.language.gettext)
        return
    for server in setup.settings.mail_servers:
        yield ok(
            N_("{server} answers for {count} mailboxes."),
            server.label,
            server=server.label,
            count=len(setup.mailboxes_at(server)),
        )


def _known_units(setup: Setup, roster: Roster) -> dict[str, str]:
    """The units there are or were, by code; the names of those of the lists."""
    from mailaudit.roster import read_unit_list

    file, encoding = setup.settings.roster.units, setup.settings.roster.encoding
    known = {} if setup.store is None else {code: code for code in setup.store.unit_codes}
    if file is not None:
        listed = read_unit_list(file, encoding)
        known |= {row.unit.code: row.unit.name for row in listed.rows}
    return known | {unit.code: unit.name for unit in roster.units}


def _undecided(setup: Setup, calendar: WorkCalendar) -> Iterator[Finding]:
    """The years of the next report, up to its cut-off, that are missing or provisional."""
    period = setup.period
    for year in sorted({period.year, period.shifted(1).year}):
        if year not in calendar.years:
            yield warning(
                N_("The calendar has no year {year}: its days off are computed, without swaps."),
                N_(
                    "Add the year to the file of calendar.file once it is decided; reports say"
                    " that they are estimated until then."
                ),
                year=str(year),
            )
        elif year in calendar.provisional_years:
            yield warning(
                N_("The days off of {year} are not finally decided."),
                N_(
                    "Correct them in the file of calendar.file once they are; reports say that they"
                    " are estimated until then."
                ),
                year=str(year),
            )


def _to_correct(setup: Setup, problems: Sequence[Problem]) -> Finding:
    first = problems[0]
    return warning(
        N_("{count} things to correct, the first at {place}: {text}."),
        _UNITS_REMEDY,
        count=len(problems),
        place=first.row,
        text=first.text(setup.language.gettext).rstrip("."),
    )

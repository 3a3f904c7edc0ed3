"""Builders for a month to be measured: units, people, what their mailboxes did.

The month is October 2026 in Viet Nam: 22 working days from Thursday 1 to Friday 30, and cut-off
on Monday 2 November, so that mail received until Wednesday 28 October is due.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import count
from zoneinfo import ZoneInfo

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.retrospect import Earlier, look_back
from mailaudit.model.lineage import Lineage, UnitEvent
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo
from mailaudit.model.usage import Counts, Measurement, StaffState, StaffUsage, UnitUsage

OCTOBER = Period(2026, 10)
SEPTEMBER = OCTOBER.shifted(-1)
CUT_OFF = datetime(2026, 11, 2, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).astimezone(UTC)
DEPARTMENTS = "Sở, ban, ngành"
COMMUNES = "UBND xã, phường, đặc khu"

_keys = count(1)


def a_unit(code: str = "A", group: str = DEPARTMENTS, parent: str | None = None) -> Unit:
    """A unit called by its code."""
    return Unit(code, f"Đơn vị {code}", group, parent)


def a_person(
    unit_code: str = "A",
    mailbox: str | None = "",
    category: str = "công chức",
    status: str = "",
    status_from: date | None = None,
    status_to: date | None = None,
    job_title: str = "",
) -> Staff:
    """A civil servant with a mailbox of their own, unless given otherwise."""
    key = f"cb{next(_keys)}"
    box = f"{key}@tinh.gov.vn" if mailbox == "" else mailbox
    return Staff(
        key,
        unit_code,
        box,
        category=category,
        status=status,
        status_from=status_from,
        status_to=status_to,
        job_title=job_title,
    )


def october(day: int) -> date:
    """A day of the month that is measured."""
    return date(2026, 10, day)


def an_activity(mailbox: str | None, *days: DayActivity) -> Activity:
    """What a mailbox did on these days."""
    assert mailbox is not None
    return Activity(mailbox, CUT_OFF, tuple(sorted(days, key=lambda day: day.day)))


def sent_on(*days: date) -> tuple[DayActivity, ...]:
    """One message sent on each day."""
    return tuple(DayActivity(day, sent=1) for day in days)


def an_unmeasured(mailbox: str | None, reason: Reason = Reason.TIMED_OUT) -> Unmeasured:
    """A mailbox that could not be measured."""
    assert mailbox is not None
    return Unmeasured(mailbox, CUT_OFF, reason, "ErrorTimeoutExpired")


def a_snapshot(
    units: Iterable[Unit],
    staff: Iterable[Staff],
    outcomes: Iterable[Outcome],
    cut_off_at: datetime = CUT_OFF,
    period: Period = OCTOBER,
) -> Snapshot:
    """A snapshot with exactly these units, people and outcomes."""
    units = tuple(units)
    groups = tuple(dict.fromkeys(unit.group for unit in units))
    return Snapshot(
        period=period,
        edition=1,
        cut_off_at=cut_off_at,
        sealed_at=cut_off_at,
        roster=Roster(groups, units, tuple(staff), digest="0" * 64),
        outcomes={outcome.mailbox: outcome for outcome in outcomes},
        source=SourceInfo("ews", "mail.tinh.gov.vn", "Exchange2016", "kiemtra"),
        tool_version="0",
        digest="0" * 64,
    )


def counts_of(
    regular: int,
    base: int,
    *,
    unmeasured: int = 0,
    unprovided: int = 0,
    exempt: int = 0,
    excluded: int = 0,
) -> Counts:
    """The sums of a unit with R = regular / base, where base is D - U."""
    in_scope = base + unmeasured
    return Counts(
        staff=in_scope + exempt + excluded,
        exempt=exempt,
        excluded=excluded,
        in_scope=in_scope,
        provided=in_scope - unprovided,
        unmeasured=unmeasured,
        read=regular,
        sent=regular,
        regular=regular,
    )


def a_measurement(counts: Mapping[str, Counts], group: str = DEPARTMENTS) -> Measurement:
    """A month in which the units of one group, in official order, had these sums."""
    return Measurement(
        tuple(usage for code, sums in counts.items() for usage in people_with(code, sums)),
        tuple(UnitUsage(a_unit(code, group), sums) for code, sums in counts.items()),
    )


def people_with(code: str, counts: Counts) -> Iterator[StaffUsage]:
    """People of a unit who have these sums together; nobody where it has more than a million."""
    if counts.staff > 1_000_000 or counts.in_scope > 1_000_000:
        return
    measured = counts.provided - counts.unmeasured
    states = {
        StaffState.EXEMPT: counts.exempt,
        StaffState.EXCLUDED: counts.excluded,
        StaffState.NOT_PROVIDED: counts.in_scope - counts.provided,
        StaffState.UNMEASURED: counts.unmeasured,
        StaffState.MEASURED: measured,
    }
    for state, number in states.items():
        for place in range(number):
            regular = state is StaffState.MEASURED and place < counts.regular
            yield StaffUsage(
                a_person(code), code, state, has_read=regular, has_sent=regular, regular=regular
            )


def earlier(
    before: Measurement,
    now: Measurement,
    period: Period = SEPTEMBER,
    events: tuple[UnitEvent, ...] = (),
) -> Earlier:
    """An earlier month, September by default, in the units of `now`."""
    earlier, later = (
        a_snapshot(
            (usage.unit for usage in month.units),
            (usage.staff for usage in month.staff),
            (),
            period=when,
        )
        for month, when in ((before, period), (now, OCTOBER))
    )
    lineage = Lineage(events)
    heirs = Heirs.between(earlier, later, lineage)
    return look_back(earlier, before, later, now, heirs, lineage, Rules())

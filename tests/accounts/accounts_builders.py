"""Builders of stored months, and the lists of accounts made of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from mailaudit.accounts.collected import collected_month, span_of
from mailaudit.accounts.lists import account_lists
from mailaudit.metrics.lines import lines_of
from mailaudit.metrics.measure import measure
from mailaudit.model.accounts import AccountLists, Dormancy, Request
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Activity, DayActivity, Outcome
from mailaudit.model.period import Period
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo

OCTOBER = Period(2026, 10)
SEPTEMBER = OCTOBER.shifted(-1)
UNITS = (
    Unit("A", "Sở A", "Sở"),
    Unit("A1", "Phòng A1", "Sở", "A"),
    Unit("B", "Sở B", "Sở"),
)
SOMEBODY = Staff("bận", "B", "ban@x.vn", "Người Bận", "công chức")  # who is never silent


def a_person(key: str = "k1", unit: str = "A", mailbox: str | None = "", **more: object) -> Staff:
    """A civil servant with a staff code, and a mailbox unless given otherwise."""
    box = f"{key}@x.vn" if mailbox == "" else mailbox
    given: dict[str, object] = {"name": f"Tên {key}", "category": "công chức"} | more
    return replace(Staff(key, unit, box), **given)  # type: ignore[arg-type]


def after(period: Period, days: int = 1) -> datetime:
    """An instant `days` after the end of a month."""
    return (period.end + timedelta(days=days, hours=8)).astimezone(UTC)


def during(period: Period, day: int) -> datetime:
    """The morning of a day of a month."""
    moment = datetime.combine(date(period.year, period.month, day), time(8), period.tz)
    return moment.astimezone(UTC)


def did(
    mailbox: str | None, period: Period, *days: DayActivity, at: datetime | None = None
) -> Activity:
    """What a mailbox did in a month."""
    return Activity(mailbox or "", at or after(period), days)


def sent(period: Period, *days: int) -> tuple[DayActivity, ...]:
    return tuple(DayActivity(date(period.year, period.month, day), sent=1) for day in days)


def got(period: Period, *days: int, read: int = 0) -> tuple[DayActivity, ...]:
    """Two mails on each day, some of them read."""
    return tuple(
        DayActivity(date(period.year, period.month, day), received=2, read=read) for day in days
    )


def a_month(
    period: Period,
    staff: Iterable[Staff],
    outcomes: Iterable[Outcome] = (),
    *,
    cut_off_at: datetime | None = None,
    units: Sequence[Unit] = UNITS,
    busy: bool = True,
) -> Snapshot:
    """A stored month: those without an outcome were measured, and did nothing.

    Args:
        busy: Whether somebody else had mail, as in every real month.
    """
    people, at = [*staff], cut_off_at or after(period)
    found = {one.mailbox: one for one in outcomes}
    if busy:
        people.append(SOMEBODY)
        found["ban@x.vn"] = did("ban@x.vn", period, *sent(period, 1), at=at)
    for person in people:
        if person.mailbox is not None:
            found.setdefault(person.mailbox, Activity(person.mailbox, at))
    return Snapshot(
        period=period,
        edition=1,
        cut_off_at=at,
        sealed_at=at if at >= period.end else None,
        roster=Roster(("Sở",), tuple(units), tuple(people), "0" * 64),
        outcomes=found,
        source=SourceInfo("ews", "mail.x.vn", "Exchange2016", "svc"),
        tool_version="0",
        digest="0" * 64,
    )


def lists_of(
    *months: Snapshot,
    dormancy: Dormancy | None = None,
    rules: Rules | None = None,
    domains: Mapping[str, str] | None = None,
) -> AccountLists:
    """What is proposed by the last of these months and those before it."""
    *before, newest = months
    rules, dormancy = rules or Rules(), dormancy or Dormancy(45)
    span = span_of(newest, dormancy)
    earlier = [collected_month(one, span, lines_of(one.roster.units)) for one in before]
    latest = collected_month(newest, span, lines_of(newest.roster.units))
    measurement = measure(newest, WorkCalendar(), rules)
    lineage = Lineage(mail_domains=domains or {})
    return account_lists(latest, measurement, earlier, span, dormancy, rules, lineage)


def proposed(lists: AccountLists) -> dict[str, Request]:
    """What is proposed of whom, by staff code."""
    found = {one.person.key: one.request for one in lists.proposals}
    assert len(found) == len(lists.proposals)
    return found

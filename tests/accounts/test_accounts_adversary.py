"""Random stores: nobody is proposed for a lock, a mailbox or a deletion who must not be.

Who somebody really is, was away, or used a mailbox is planned here; the lists see lists only.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from accounts_builders import OCTOBER, UNITS, a_month, after, during, lists_of

from mailaudit.model.accounts import AccountLists, Dormancy, Proposal, Request
from mailaudit.model.outcome import Activity, DayActivity, Outcome, Reason, Unmeasured
from mailaudit.model.period import Period
from mailaudit.model.roster import Staff
from mailaudit.model.snapshot import Snapshot

PROVINCES = 400
MONTHS = tuple(OCTOBER.shifted(-back) for back in range(5, -1, -1))
LENGTHS = (Dormancy(30), Dormancy(45), Dormancy(2, in_months=True), Dormancy(3, in_months=True))
LEAVE = ("thai sản", "ốm", "đi học")


@dataclass(slots=True)
class Persona:
    """A person as they are, and their entry in each month's list that has one."""

    entries: dict[Period, Staff] = field(default_factory=dict)
    signs: set[date] = field(default_factory=set)
    measured: set[tuple[Period, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Province:
    personas: tuple[Persona, ...]
    months: tuple[Snapshot, ...]
    dormancy: Dormancy
    lists: AccountLists

    def persona(self, proposal: Proposal) -> Persona:
        (found,) = (one for one in self.personas if proposal.person in one.entries.values())
        return found


def a_province(seed: int) -> Province:
    chance = random.Random(seed)  # noqa: S311 - no secret
    personas = tuple(_persona(chance, number) for number in range(chance.randint(4, 14)))
    months = []
    for period in MONTHS:
        if period != OCTOBER and chance.random() < 0.07:
            continue
        cut_off = after(period, chance.randint(0, 9))
        if chance.random() < 0.1:
            cut_off = during(period, chance.randint(1, period.last_day.day))
        outcomes = [
            outcome
            for persona in personas
            if period in persona.entries
            for outcome in _outcomes(chance, persona, period, cut_off)
        ]
        staff = [p.entries[period] for p in personas if period in p.entries]
        chance.shuffle(staff)
        busy = chance.random() > 0.05
        months.append(a_month(period, staff, outcomes, cut_off_at=cut_off, busy=busy))
    dormancy = chance.choice(LENGTHS)
    return Province(personas, tuple(months), dormancy, lists_of(*months, dormancy=dormancy))


def _persona(chance: random.Random, number: int) -> Persona:
    box: str | None = f"p{number}@x.vn"
    key = f"cb{number}" if chance.random() < 0.7 else str(box)
    unit = chance.choice(UNITS).code
    job = "hợp đồng lao động" if chance.random() < 0.1 else "công chức"
    entry = Staff(key, unit, box, f"Tên {number}", job, row=f"r:{number}")
    first, last = 0, len(MONTHS)
    if chance.random() < 0.2:
        first = chance.randrange(len(MONTHS))
    if chance.random() < 0.2:
        last = chance.randint(first + 1, len(MONTHS))
    persona = Persona()
    for period in MONTHS[first:last]:
        if chance.random() < 0.05:
            entry = _changed(chance, entry, number, period)
        persona.entries[period] = _with_status(chance, entry, period)
    return persona


def _changed(chance: random.Random, entry: Staff, number: int, period: Period) -> Staff:
    """With another unit, another address, or no mailbox any more."""
    has_code = entry.key != entry.mailbox and not entry.key.startswith("r:")
    kind = chance.randrange(3)
    if kind == 0 and has_code:
        return replace(entry, unit_code=chance.choice(UNITS).code)
    moved = None if kind == 1 else f"p{number}.{period.month}@x.vn"
    aliases = tuple(filter(None, (entry.mailbox,))) if moved and chance.random() < 0.5 else ()
    key = entry.key if has_code else moved or entry.row
    return replace(entry, mailbox=moved, aliases=aliases, key=key)


def _with_status(chance: random.Random, entry: Staff, period: Period) -> Staff:
    if chance.random() > 0.12:
        return entry
    first = period.first_day + timedelta(days=chance.randint(-40, 40))
    begins = first if chance.random() < 0.8 else None
    if chance.random() < 0.5:
        ends = first + timedelta(days=chance.randint(0, 40)) if chance.random() < 0.7 else None
        status = chance.choice(LEAVE)
        return replace(entry, status=status, status_from=begins, status_to=ends)
    return replace(entry, status=chance.choice(("nghỉ hưu", "mới tuyển")), status_from=begins)


def _outcomes(
    chance: random.Random, persona: Persona, period: Period, cut_off: datetime
) -> list[Outcome]:
    box = persona.entries[period].mailbox
    if box is None:
        return []
    if chance.random() < 0.08:
        reason = chance.choice((Reason.NO_MAILBOX, Reason.TIMED_OUT, Reason.NOT_ASKED))
        return [Unmeasured(box, cut_off, reason)]
    persona.measured.add((period, box))
    last = min(period.last_day, cut_off.astimezone(period.tz).date())
    days = {}
    for _ in range(chance.choice((0, 0, 0, 1, 3))):
        day = period.first_day + timedelta(days=chance.randrange(31))
        if day <= last:
            kind = chance.choice(("sent", "read", "unread"))
            days[day] = DayActivity(
                day, sent=kind == "sent", received=kind != "sent", read=kind == "read"
            )
            if kind != "unread":
                persona.signs.add(day)
    days_by_order = tuple(days[day] for day in sorted(days))
    persona.signs = {day for day in persona.signs if day.month != period.month} | {
        day.day for day in days_by_order if day.sent or day.read
    }
    return [Activity(box, cut_off, days_by_order)]


@pytest.fixture(scope="module")
def provinces() -> tuple[Province, ...]:
    return tuple(a_province(seed) for seed in range(PROVINCES))


def proposals(
    provinces: tuple[Province, ...], request: Request
) -> list[tuple[Province, Proposal, Persona]]:
    found = [
        (province, one, province.persona(one))
        for province in provinces
        for one in province.lists.proposals
        if one.request is request and one.person.key != "bận"
    ]
    assert len(found) > 50  # what follows says something
    return found


def test_nobody_with_a_sign_of_use_in_the_span_is_to_be_locked(
    provinces: tuple[Province, ...],
) -> None:
    for province, _, persona in proposals(provinces, Request.LOCK):
        assert not [day for day in persona.signs if day >= province.lists.span.first]


def test_nobody_unmeasured_in_a_month_of_the_span_is_to_be_locked(
    provinces: tuple[Province, ...],
) -> None:
    """Every day of the span was over when the month it is in was asked about."""
    for province, _, persona in proposals(provinces, Request.LOCK):
        months: Mapping[tuple[int, int], Snapshot] = {
            (one.period.year, one.period.month): one for one in province.months
        }
        day = province.lists.span.first
        assert day == province.dormancy.first_day(province.lists.span.last)
        while day <= province.lists.span.last:
            month = months[day.year, day.month]
            assert day < month.cut_off_at.astimezone(month.period.tz).date()
            box = persona.entries[month.period].mailbox
            assert (month.period, box) in persona.measured
            assert any(isinstance(one, Activity) and one.days for one in month.outcomes.values())
            day += timedelta(days=1)


def test_nobody_away_new_or_exempt_in_the_span_is_to_be_locked(
    provinces: tuple[Province, ...],
) -> None:
    for province, _, persona in proposals(provinces, Request.LOCK):
        span = province.lists.span
        for period, entry in persona.entries.items():
            if period.last_day < span.first or not entry.status:
                continue
            begins, ends = entry.status_from or date.min, entry.status_to or date.max
            if entry.status in LEAVE:
                assert begins > span.last or ends < span.first
            if entry.status == "mới tuyển":
                assert entry.status_from is not None
                assert begins <= span.first
        assert persona.entries[OCTOBER].category == "công chức"


def test_nobody_with_a_mailbox_is_to_get_one(provinces: tuple[Province, ...]) -> None:
    for _, proposal, persona in proposals(provinces, Request.CREATE):
        assert persona.entries[OCTOBER].mailbox is None
        assert proposal.person.category == "công chức"


def test_only_mailboxes_that_answered_of_people_who_are_gone_are_to_be_deleted(
    provinces: tuple[Province, ...],
) -> None:
    for province, proposal, persona in proposals(provinces, Request.DELETE):
        assert proposal.answered is not None
        last = max(persona.entries.keys() & {m.period for m in province.months}, key=str)
        assert proposal.answered.period == last
        assert (last, persona.entries[last].mailbox) in persona.measured
        if last == OCTOBER:
            entry = persona.entries[OCTOBER]
            assert entry.status == "nghỉ hưu"
            cut_off = province.months[-1].cut_off_at.astimezone(OCTOBER.tz).date()
            assert (entry.status_from or date.min) <= cut_off


def test_everybody_is_in_one_list_at_most(provinces: tuple[Province, ...]) -> None:
    for province in provinces:
        found = [id(province.persona(one)) for one in province.lists.proposals
                 if one.person.key != "bận"]  # fmt: skip
        assert len(found) == len(set(found))


def test_no_head_gets_people_of_another_unit(provinces: tuple[Province, ...]) -> None:
    """Nor loses any: units have not changed here."""
    lines = {"A": {"A", "A1"}, "B": {"B"}}
    for province in provinces:
        given = {line.code: province.lists.of_line(line).proposals for line in province.lists.lines}
        for code, parts in given.items():
            assert {one.person.unit_code for one in parts} <= lines[code]
        assert sum(map(len, given.values())) == len(province.lists.proposals)

"""Signs of figures made for the audit: who has one, and above all who has none."""

import csv
import gzip
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import add
from typing import Any

import pytest
from metrics_builders import OCTOBER, SEPTEMBER, a_person, a_snapshot, a_unit
from test_metrics_document import example

from mailaudit.metrics.measure import measure
from mailaudit.metrics.signs import SignSearch, last_days_from, signs_to_look_for
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import Period
from mailaudit.model.roster import Staff
from mailaudit.model.rules import ANY_ACTIVITY, SENT_ALONE, Rules
from mailaudit.model.signs import FoundSigns, Sign
from mailaudit.model.snapshot import Snapshot
from shared import SHARED

DATA = SHARED / "data"
AUGUST, JULY = SEPTEMBER.shifted(-1), SEPTEMBER.shifted(-2)
LATE = (26, 27, 28, 29)  # of October 2026, which ends on Friday 30
FEWEST = (7, 14, 21, 28)
CALENDAR = WorkCalendar()
NAMES = {
    Sign.TO_SELF: "to oneself",
    Sign.LAST_DAYS: "last days",
    Sign.MINIMUM: "exactly the fewest",
}


def did(period: Period, *days: int, to_self: int = 0, replied: int = 0) -> tuple[DayActivity, ...]:
    """A mail sent, and one read, on each of these days."""
    return tuple(
        DayActivity(
            date(period.year, period.month, day),
            sent=1,
            received=1,
            read=1,
            replied=replied if place == 0 else 0,
            sent_to_self=to_self,
        )
        for place, day in enumerate(days)
    )


def a_month(period: Period, *people: tuple[Staff, Sequence[DayActivity]]) -> Snapshot:
    """A month collected two days after its end."""
    at = period.end + timedelta(days=2)
    outcomes = [Activity(person.mailbox or "", at, tuple(days)) for person, days in people]
    staff = [person for person, _ in people]
    return a_snapshot([a_unit()], staff, outcomes, at, period)


def found_in(
    months: Iterable[Snapshot], rules: Rules | None = None, calendar: WorkCalendar = CALENDAR
) -> FoundSigns:
    """What is found in the last of these months."""
    *before, newest = months
    rules = rules or Rules()
    search = SignSearch(calendar, rules, Lineage())
    for month in before:
        search.add(month, measure(month, calendar, rules))
    return search.found(newest, measure(newest, calendar, rules))


def signs(*months: Snapshot, rules: Rules | None = None) -> list[Sign]:
    return [one.sign for one in found_in(months, rules).findings]


def over(*months: tuple[Period, Sequence[int]], person: Staff | None = None) -> list[Sign]:
    """The signs of one person who sent on these days of these months."""
    who = person or a_person()
    return signs(*(a_month(period, (who, did(period, *days))) for period, days in months))


@pytest.mark.parametrize("row", example("signs"), ids=lambda row: " ".join(row.values()))
def test_signs_are_as_documented(row: dict[str, str]) -> None:
    """The worked example of docs/metrics.md, for October and the months before."""
    months = []
    person = a_person()
    for period, column in ((AUGUST, "August"), (SEPTEMBER, "September"), (OCTOBER, "October")):
        if not row[column]:
            continue
        days = [int(day) for day in row[column].split()]
        to_self = int(row["To oneself"]) if period == OCTOBER else 0
        done = [
            replaced(day, to_self=place < to_self)
            for place, day in enumerate(did(period, *days, replied=int(row["Answered"])))
        ]
        months.append(a_month(period, (person, done)))
    assert ", ".join(NAMES[sign] for sign in signs(*months)) == row["Sign"]


def replaced(day: DayActivity, *, to_self: bool) -> DayActivity:
    return day._replace(sent_to_self=int(to_self))


def test_finding_says_what_was_seen() -> None:
    """In how many months in a row, on how many days, and which days are the last ones."""
    person = a_person()
    months = [
        a_month(SEPTEMBER, (person, did(SEPTEMBER, 24, 25, 28, 30))),
        a_month(OCTOBER, (person, did(OCTOBER, *LATE))),
    ]
    found = found_in(months)
    [one] = found.findings

    assert (one.sign, one.person, one.unit, one.line) == (
        Sign.LAST_DAYS, person, "Đơn vị A", "A",
    )  # fmt: skip
    assert (one.months, one.sent, one.sent_days) == (2, 4, 4)
    assert one.last_days_from == date(2026, 10, 26)
    assert (found.months, found.regular, found.people) == ((SEPTEMBER, OCTOBER), 1, 1)
    assert found.looked_for == (Sign.TO_SELF, Sign.LAST_DAYS, Sign.MINIMUM)


def test_months_are_counted_in_a_row_only() -> None:
    """A month that is missing, or differs, begins the count anew."""
    assert over((JULY, FEWEST), (AUGUST, FEWEST), (OCTOBER, FEWEST)) == []
    assert over((JULY, FEWEST), (AUGUST, FEWEST), (SEPTEMBER, (1, 2)), (OCTOBER, FEWEST)) == []
    person = a_person()
    busy = [(month, did(month, *FEWEST)) for month in (AUGUST, SEPTEMBER, OCTOBER)]
    unmeasured = a_month(SEPTEMBER, (replace(person, mailbox=None), ()))
    months = [a_month(month, (person, days)) for month, days in busy]
    assert signs(*months) == [Sign.MINIMUM]
    assert signs(months[0], unmeasured, months[2]) == []


@pytest.mark.parametrize(
    ("status", "since", "until", "is_looked_at"),
    [
        ("ốm", date(2026, 10, 5), date(2026, 10, 7), False),
        ("ốm", None, date(2026, 10, 7), False),
        ("nghỉ phép", date(2026, 10, 1), date(2026, 10, 23), False),  # a word no rule names
        ("nghỉ phép", None, None, False),
        ("mới tuyển", date(2026, 10, 12), None, False),
        ("nghỉ hưu", date(2026, 11, 1), None, True),
        ("mới tuyển", date(2026, 9, 1), None, True),
        ("thai sản", date(2026, 3, 1), date(2026, 9, 30), True),
        ("biệt phái", date(2026, 11, 1), None, True),
        ("đang công tác", None, None, True),
    ],
)
def test_people_partly_away_have_no_sign(
    status: str, since: date | None, until: date | None, is_looked_at: bool
) -> None:
    """Of somebody on leave, or new, for part of the month late or few days say nothing."""
    person = a_person(status=status, status_from=since, status_to=until)
    assert over((OCTOBER, LATE), person=person) == [Sign.LAST_DAYS] * is_looked_at


def test_only_people_in_regular_use_have_signs() -> None:
    """Figures that count for nobody were not made for the audit; nor is one mail a sign."""
    person = a_person()
    unread = [day._replace(received=9) for day in did(OCTOBER, *LATE, to_self=1)]
    assert signs(a_month(OCTOBER, (person, unread))) == []
    assert over((OCTOBER, (30,))) == []
    assert over((OCTOBER, (29, 30))) == []
    exempt = a_person(category="hợp đồng lao động")
    assert over((OCTOBER, LATE), person=exempt) == []


def test_short_months_and_lax_rules_are_not_looked_at() -> None:
    """Where few days are all there are, or all that is asked, they are no sign."""
    tet = WorkCalendar(off=frozenset(date(2026, 10, day) for day in range(5, 15)))
    person = a_person()
    month = a_month(OCTOBER, (person, did(OCTOBER, *LATE)))
    assert last_days_from(OCTOBER, tet) is None
    assert found_in([month], calendar=tet).findings == ()
    assert signs(month, rules=Rules(min_sent_days=2)) == []
    assert signs(month, rules=Rules(regular=ANY_ACTIVITY)) == []
    sixth = a_month(OCTOBER, (person, did(OCTOBER, *LATE, 30, 25)))
    assert signs(sixth, rules=Rules(min_sent_days=6)) == []

    assert signs_to_look_for(OCTOBER, tet, Rules()) == (Sign.TO_SELF,)
    assert signs_to_look_for(OCTOBER, CALENDAR, Rules(min_sent_days=2)) == (Sign.TO_SELF,)
    assert signs_to_look_for(OCTOBER, CALENDAR, Rules(regular=ANY_ACTIVITY)) == (Sign.TO_SELF,)
    assert Sign.LAST_DAYS not in signs_to_look_for(OCTOBER, CALENDAR, Rules(min_sent_days=6))


def test_signs_of_few_days_are_looked_for_where_sending_alone_decides() -> None:
    """As where reading does too."""
    month = a_month(OCTOBER, (a_person(), did(OCTOBER, *LATE)))
    alone = Rules(regular=SENT_ALONE)
    assert signs(month, rules=alone) == signs(month) == [Sign.LAST_DAYS]
    assert signs_to_look_for(OCTOBER, CALENDAR, alone) == tuple(
        sign for sign in Sign if sign is not Sign.FORWARDS
    )


def test_rules_that_send_mail_on_are_found_whoever_uses_the_mailbox_how() -> None:
    """In regular use or not; not of people out of scope; not known is no sign, and is counted."""
    unused, away, unknown, none = a_person(), a_person(status="thai sản"), a_person(), a_person()
    months = []
    for period in (SEPTEMBER, OCTOBER):
        month = a_month(period, *((one, ()) for one in (unused, away, unknown, none)))
        known = {
            unused.mailbox: "a.example b.example", away.mailbox: "a.example",
            unknown.mailbox: None, none.mailbox: "",
        }  # fmt: skip
        outcomes = {
            box: replace(one, forwards_to=known[box]) if isinstance(one, Activity) else one
            for box, one in month.outcomes.items()
        }
        months.append(replace(month, outcomes=outcomes))
    found = found_in(months)
    [one] = found.findings
    assert (one.sign, one.person, one.forwards_to) == (Sign.FORWARDS, unused, "a.example b.example")
    assert (one.months, found.rules_unknown) == (2, 1)
    assert Sign.FORWARDS in found.looked_for

    unasked = found_in([a_month(OCTOBER, (unused, ()))])
    assert (unasked.findings, unasked.rules_unknown) == ((), 1)
    assert Sign.FORWARDS not in unasked.looked_for


def test_mail_to_oneself_counts_under_any_rule() -> None:
    """Also where any activity is regular use; fewer than three mails never."""
    rules = Rules(regular=ANY_ACTIVITY)
    person = a_person()
    three, two = ((person, did(OCTOBER, *days, to_self=1)) for days in ((5, 6, 7), (5, 6)))
    assert signs(a_month(OCTOBER, three), rules=rules) == [Sign.TO_SELF]
    assert signs(a_month(OCTOBER, two), rules=rules) == []


def test_unit_with_its_own_calendar_is_looked_at_by_it() -> None:
    """A desk on Saturday duty works on the 31st: the last five days begin a day later."""
    days = frozenset(range(6))
    own = WorkCalendar(units=(("A", WorkCalendar(weekdays=days)),))
    person = a_person()
    early = a_month(OCTOBER, (person, did(OCTOBER, 26, 27, 28, 31)))
    late = a_month(OCTOBER, (person, did(OCTOBER, 27, 28, 29, 31)))
    assert found_in([early], calendar=own).findings == ()
    [one] = found_in([late], calendar=own).findings
    assert one.last_days_from == date(2026, 10, 27)


def test_person_is_found_again_by_address_and_code_never_by_name() -> None:
    """Two of one name who take turns are not one person."""
    one = replace(a_person(), name="Nguyễn Văn An")
    moved = replace(one, mailbox="moi@tinh.gov.vn")
    other = replace(a_person(), name="Nguyễn Văn An")
    assert signs(
        a_month(AUGUST, (one, did(AUGUST, *FEWEST))),
        a_month(SEPTEMBER, (one, did(SEPTEMBER, 1, 8, 14, 22))),
        a_month(OCTOBER, (moved, did(OCTOBER, *FEWEST))),
    ) == [Sign.MINIMUM]
    assert (
        signs(
            a_month(AUGUST, (one, did(AUGUST, *FEWEST))),
            a_month(SEPTEMBER, (other, did(SEPTEMBER, 1, 8, 14, 22))),
            a_month(OCTOBER, (one, did(OCTOBER, *FEWEST))),
        )
        == []
    )


def test_honest_people_of_few_mails_rarely_have_a_sign() -> None:
    """A thousand who send on four to eight days drawn at random, over three months.

    Of all ways to draw four of 22 days, 5 in 7,315 lie in the last five; who may send
    on four to eight days sends on exactly four three months in a row one time in 125.
    """
    draw = random.Random(20261031)  # noqa: S311 - no secret
    people = [a_person() for _ in range(1000)]
    months = []
    for period in (AUGUST, SEPTEMBER, OCTOBER):
        working = [day.day for day in CALENDAR.working_days(period.first_day, period.last_day)]
        months.append(
            a_month(
                period,
                *(
                    (who, did(period, *sorted(draw.sample(working, draw.randint(4, 8)))))
                    for who in people
                ),
            )
        )
    found = found_in(months)
    assert found.regular == 1000
    assert found.count(Sign.TO_SELF) == 0
    assert found.count(Sign.LAST_DAYS) <= 2
    assert found.count(Sign.MINIMUM) <= 14


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the real mail traffic is not beside the project")
def test_real_people_rarely_have_a_sign() -> None:
    """Of 816 people of a real institution, who knew of no audit, at most two in any month."""
    people = [row["mailbox"] for row in csv.DictReader((DATA / "eu-core-people.csv").open())]
    staff = [Staff(box, "A", box) for box in people]
    days = real_days()
    search, numbers = SignSearch(CALENDAR, Rules(), Lineage()), []
    for month in range(5, 10):
        period = Period(2026, month)
        done = ((one, days[one.key, str(period)].values()) for one in staff)
        snapshot = a_month(
            period, *((one, sorted(DayActivity(*day) for day in own)) for one, own in done)
        )
        measured = measure(snapshot, CALENDAR, Rules())
        assert sum(usage.regular for usage in measured.staff) > 250
        numbers.append(len(search.add(snapshot, measured)))
    assert max(numbers) <= 2, numbers
    assert sum(numbers) > 0, "nothing was looked for"


def real_days() -> dict[tuple[str, str], dict[date, list[Any]]]:
    """Day, sent, received and read, by day, of each person and month."""
    found: dict[tuple[str, str], dict[date, list[Any]]] = defaultdict(dict)

    def count(box: str, day: date, *counts: int) -> None:
        row = found[box, f"{day:%Y-%m}"].setdefault(day, [day, 0, 0, 0])
        row[1:] = map(add, row[1:], counts)

    sent: set[tuple[str, str]] = set()
    with gzip.open(DATA / "eu-core-traffic.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            day = datetime.fromisoformat(row["sent_at_utc"]).astimezone(OCTOBER.tz).date()
            count(row["recipient"], day, 0, 1, int(row["read"]))
            if (row["sent_at_utc"], row["sender"]) not in sent:
                sent.add((row["sent_at_utc"], row["sender"]))
                count(row["sender"], day, 1, 0, 0)
    return found


def test_mail_to_oneself_changes_no_figure() -> None:
    """Whether it came back or not, the month is measured alike: no report can differ by it."""
    person = a_person()
    plain, planted = (a_month(OCTOBER, (person, did(OCTOBER, *LATE, to_self=n))) for n in (0, 1))
    assert Sign.TO_SELF in signs(planted)
    assert Sign.TO_SELF not in signs(plain)
    assert measure(plain, CALENDAR, Rules()) == measure(planted, CALENDAR, Rules())

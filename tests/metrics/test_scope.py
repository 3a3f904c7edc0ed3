"""Who is exempt and who is excluded, and which words of the staff list no rule names."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from unicodedata import normalize

import pytest
from metrics_builders import OCTOBER, a_person, october

from mailaudit.metrics.scope import Scope, exempted_by, unnamed_words
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.usage import OutOfScope, StaffState, UnnamedWord, WordKind

RULES = Rules()
TITLED = replace(
    RULES,
    exempt_job_titles=frozenset({"lái xe"}),
    in_scope_job_titles=frozenset({"kế toán"}),
)
CUT_OFF = date(2026, 11, 2)


def a_scope(
    rules: Rules = RULES,
    calendar: WorkCalendar | None = None,
    cut_off: date = CUT_OFF,
    period: Period = OCTOBER,
) -> Scope:
    return Scope(period, cut_off, calendar or WorkCalendar(), rules)


@pytest.mark.parametrize(
    "category",
    [
        "hợp đồng lao động",
        "HỢP ĐỒNG LAO ĐỘNG",
        "  Hợp đồng\u00a0lao   động ",
        normalize("NFD", "Hợp đồng lao động"),
    ],
)
def test_exempt_ignores_case_spaces_and_normal_form(category: str) -> None:
    """The same category typed differently is the same category."""
    assert exempted_by(a_person(category=category), RULES) is OutOfScope.CATEGORY


@pytest.mark.parametrize("category", ["", "hop dong lao dong", "hợp đồng", "hợp đồng lao động 68"])
def test_exempt_compares_whole_and_with_accents(category: str) -> None:
    """Accents lost or words missing make another category: never a match by prefix."""
    assert exempted_by(a_person(category=category), RULES) is None


@pytest.mark.parametrize(
    ("job_title", "category", "by"),
    [
        ("Lái  xe", "công chức", OutOfScope.JOB_TITLE),
        ("Kế toán", "hợp đồng lao động", None),
        ("văn thư", "hợp đồng lao động", OutOfScope.CATEGORY),
        ("văn thư", "công chức", None),
    ],
)
def test_exempt_asks_the_job_title_first(
    job_title: str, category: str, by: OutOfScope | None
) -> None:
    """A title that a rule names decides, for or against; any other leaves it to the category."""
    assert exempted_by(a_person(job_title=job_title, category=category), TITLED) is by


@pytest.mark.parametrize(
    ("status", "by"),
    [
        (" Thai  SẢN", OutOfScope.AWAY),
        ("Mới tuyển", OutOfScope.JOINED),
        ("NGHỈ HƯU", OutOfScope.LEFT),
    ],
)
def test_excluded_without_dates_holds_for_the_whole_period(status: str, by: OutOfScope) -> None:
    """A status without dates excludes, and the report says which kind did."""
    assert a_scope().excluded_by(a_person(status=status)) is by


@pytest.mark.parametrize("status", ["", "thai san", "nghỉ phép", "thai sản 2", "đang làm việc"])
def test_excluded_needs_a_configured_status(status: str) -> None:
    """Any other status excludes nobody, even all month."""
    person = a_person(status=status, status_from=october(1), status_to=october(31))
    assert a_scope().excluded_by(person) is None


@pytest.mark.parametrize(
    ("first", "last", "excluded"),
    [
        (october(1), october(15), True),  # 11 of 22
        (october(1), october(14), False),  # 10 of 22
        (date(2026, 9, 1), october(15), True),
        (None, october(15), True),
        (None, october(14), False),
        (october(17), None, False),  # a Saturday: 10 of 22 remain
        (october(16), None, True),  # a Friday: 11 of 22
        (october(16), date(2026, 12, 31), True),
        (date(2026, 9, 1), date(2026, 9, 30), False),  # over before the month
        (date(2026, 11, 1), None, False),  # begins after the month
        (date(2026, 1, 1), date.max, True),
    ],
)
def test_away_by_dates_needs_half_of_the_working_days(
    first: date | None, last: date | None, excluded: bool
) -> None:
    """Half the month's 22 working days exclude, one less does not; dates are inclusive."""
    person = a_person(status="ốm", status_from=first, status_to=last)
    assert a_scope().excluded_by(person) is (OutOfScope.AWAY if excluded else None)


def test_away_counts_working_days_by_the_calendar() -> None:
    """A public holiday inside the leave is no day away, a made-up Saturday is."""
    person = a_person(status="ốm", status_from=october(1), status_to=october(15))
    holiday = WorkCalendar(off=frozenset({october(1), october(2)}))  # 9 of 20
    assert a_scope(calendar=holiday).excluded_by(person) is None
    made_up = WorkCalendar(off=frozenset({october(1)}), worked=frozenset({october(3)}))  # 11 of 22
    assert a_scope(calendar=made_up).excluded_by(person) is OutOfScope.AWAY


def test_away_share_of_zero_still_needs_a_day_in_the_period() -> None:
    """A leave of another month does not exclude, whatever the threshold."""
    scope = a_scope(replace(RULES, min_excluded_share=Fraction(0)))
    past = a_person(status="ốm", status_from=date(2026, 8, 3), status_to=date(2026, 8, 7))
    assert scope.excluded_by(past) is None
    one_day = a_person(status="ốm", status_from=october(1), status_to=october(1))
    assert scope.excluded_by(one_day) is OutOfScope.AWAY


@pytest.mark.parametrize(
    ("first", "last", "excluded"),
    [
        (october(20), None, True),  # 9 working days left
        (october(19), None, False),  # 10
        (october(17), None, False),  # a Saturday before it
        (date(2026, 3, 1), None, False),  # no longer new
        (date(2026, 11, 16), None, True),  # not here yet
        (None, october(19), True),  # begins on the 20th
        (None, october(18), False),
        (None, date.max, True),
        (october(1), date(2027, 10, 1), False),  # the end of probation is no matter
    ],
)
def test_newly_appointed_need_ten_working_days(
    first: date | None, last: date | None, excluded: bool
) -> None:
    """Nine working days in the month are too few to judge by, ten are enough."""
    person = a_person(status="mới tuyển", status_from=first, status_to=last)
    assert a_scope().excluded_by(person) is (OutOfScope.JOINED if excluded else None)


def test_newly_appointed_long_ago_are_judged_in_a_short_month() -> None:
    """A month with fewer working days than the rule asks for excludes nobody who was there."""
    rules = replace(RULES, min_joined_working_days=23)
    before = a_person(status="mới tuyển", status_from=date(2026, 9, 1))
    later = a_person(status="mới tuyển", status_from=october(2))
    assert a_scope(rules).excluded_by(before) is None
    assert a_scope(rules).excluded_by(later) is OutOfScope.JOINED


@pytest.mark.parametrize(
    ("first", "cut_off", "excluded"),
    [
        (october(1), CUT_OFF, True),
        (october(31), CUT_OFF, True),  # gone before the month ends
        (date(2026, 11, 1), CUT_OFF, False),  # worked to the end of the month
        (date(2026, 11, 20), date(2026, 12, 15), False),  # collected late
        (october(20), october(15), False),  # collected while still there
        (october(15), october(15), True),
    ],
)
def test_left_counts_up_to_the_cut_off_and_the_end_of_the_month(
    first: date, cut_off: date, excluded: bool
) -> None:
    """Gone on the earlier of both days is out; whoever worked to the end stays in."""
    person = a_person(status="nghỉ hưu", status_from=first)
    found = a_scope(cut_off=cut_off).excluded_by(person)
    assert found is (OutOfScope.LEFT if excluded else None)


def test_dates_decide_in_each_period() -> None:
    """One line of the staff list excludes in the months it is about, and in no other."""
    person = a_person(status="thai sản", status_from=date(2026, 8, 10), status_to=october(9))
    months = [Period(2026, month) for month in range(7, 12)]
    found = [a_scope(period=month).excluded_by(person) for month in months]
    assert found == [None, OutOfScope.AWAY, OutOfScope.AWAY, None, None]


def test_taken_out_asks_the_job_first() -> None:
    """An exempt person on leave is exempt, counted once."""
    guard = a_person(category="hợp đồng lao động", status="thai sản")
    by = a_scope().taken_out_by(guard)
    assert by is OutOfScope.CATEGORY
    assert by.state is StaffState.EXEMPT
    away = a_scope().taken_out_by(a_person(status="ốm"))
    assert away is OutOfScope.AWAY
    assert away.state is StaffState.EXCLUDED
    assert a_scope().taken_out_by(a_person()) is None


def test_unnamed_words_are_counted_where_they_would_matter() -> None:
    """Not of the exempt, not a category that a title overrules; blanks are no words."""
    staff = [
        *(a_person(category="hợp đồng 111", status="đang làm việc") for _ in range(3)),
        a_person(category="Hợp đồng  111", status="nghỉ phép"),
        a_person(category="khoán"),
        a_person(category="khoán", job_title="kế toán"),
        a_person(category="khoán", job_title="lái xe", status="lạ"),
        a_person(category="hợp đồng lao động", status="lạ"),
        a_person(category="", status=""),
    ]
    assert unnamed_words(staff, TITLED) == (
        UnnamedWord(WordKind.CATEGORY, "hợp đồng 111", 4),
        UnnamedWord(WordKind.CATEGORY, "khoán", 1),
        UnnamedWord(WordKind.STATUS, "nghỉ phép", 1),
    )

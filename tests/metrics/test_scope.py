"""Who is exempt and who is excluded."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from unicodedata import normalize

import pytest
from metrics_builders import OCTOBER, a_person, october

from mailaudit.metrics.scope import is_excluded, is_exempt, out_of_scope
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.rules import Rules
from mailaudit.model.usage import StaffState

RULES = Rules()
CALENDAR = WorkCalendar()


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
    assert is_exempt(a_person(category=category), RULES)


@pytest.mark.parametrize("category", ["", "hop dong lao dong", "hợp đồng", "hợp đồng lao động 68"])
def test_exempt_compares_whole_and_with_accents(category: str) -> None:
    """Accents lost or words missing make another category: never a match by prefix."""
    assert not is_exempt(a_person(category=category), RULES)


def test_exempt_folds_the_rules_too() -> None:
    """A category written in capitals in the configuration matches as well."""
    rules = replace(RULES, exempt_categories=frozenset({"  Lái  XE"}))
    assert is_exempt(a_person(category="lái xe"), rules)


def test_excluded_without_dates_holds_for_the_whole_period() -> None:
    """A status without dates excludes."""
    assert is_excluded(a_person(status=" Thai  SẢN"), OCTOBER, CALENDAR, RULES)


@pytest.mark.parametrize("status", ["", "thai san", "nghỉ phép", "thai sản 2"])
def test_excluded_needs_a_configured_status(status: str) -> None:
    """Any other status excludes nobody, even all month."""
    person = a_person(status=status, status_from=october(1), status_to=october(31))
    assert not is_excluded(person, OCTOBER, CALENDAR, RULES)


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
    ],
)
def test_excluded_by_dates_needs_half_of_the_working_days(
    first: date | None, last: date | None, excluded: bool
) -> None:
    """Half the month's 22 working days exclude, one less does not; dates are inclusive."""
    person = a_person(status="ốm", status_from=first, status_to=last)
    assert is_excluded(person, OCTOBER, CALENDAR, RULES) is excluded


def test_excluded_counts_working_days_by_the_calendar() -> None:
    """A public holiday inside the leave is no day away, a made-up Saturday is."""
    person = a_person(status="ốm", status_from=october(1), status_to=october(15))
    holiday = WorkCalendar(off=frozenset({october(1), october(2)}))  # 9 of 20
    assert not is_excluded(person, OCTOBER, holiday, RULES)
    made_up = WorkCalendar(off=frozenset({october(1)}), worked=frozenset({october(3)}))  # 11 of 22
    assert is_excluded(person, OCTOBER, made_up, RULES)


def test_excluded_share_of_zero_still_needs_a_day_in_the_period() -> None:
    """A leave of another month does not exclude, whatever the threshold."""
    rules = replace(RULES, min_excluded_share=Fraction(0))
    past = a_person(status="ốm", status_from=date(2026, 8, 3), status_to=date(2026, 8, 7))
    assert not is_excluded(past, OCTOBER, CALENDAR, rules)
    one_day = a_person(status="ốm", status_from=october(1), status_to=october(1))
    assert is_excluded(one_day, OCTOBER, CALENDAR, rules)


def test_out_of_scope_asks_the_job_first() -> None:
    """An exempt person on leave is exempt, counted once."""
    person = a_person(category="hợp đồng lao động", status="thai sản")
    assert out_of_scope(person, OCTOBER, CALENDAR, RULES) is StaffState.EXEMPT
    assert out_of_scope(a_person(status="ốm"), OCTOBER, CALENDAR, RULES) is StaffState.EXCLUDED
    assert out_of_scope(a_person(), OCTOBER, CALENDAR, RULES) is None

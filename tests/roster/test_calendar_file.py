"""The working-day calendar: the one mailaudit brings, and files of an operator's own."""

from datetime import date
from pathlib import Path

import pytest

from mailaudit.errors import ConfigurationError
from mailaudit.model.period import Period
from mailaudit.roster import read_calendar

YEAR_2026 = "[[years]]\nyear = 2026\n"


def a_calendar(folder: Path, text: str) -> Path:
    file = folder / "calendar.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("year", "months"),
    [
        (2024, [22, 16, 21, 19, 23, 20, 23, 22, 19, 23, 21, 22]),
        (2025, [17, 20, 21, 21, 20, 21, 23, 21, 20, 23, 20, 23]),
        (2026, [21, 15, 22, 20, 20, 22, 23, 21, 20, 22, 20, 23]),
    ],
)
def test_default_calendar_has_the_known_working_days(year: int, months: list[int]) -> None:
    """Working days a month, counted by another program from the published decisions."""
    calendar = read_calendar(None)
    assert [calendar.working_days_of(Period(year, month)) for month in range(1, 13)] == months


def test_default_calendar_marks_the_year_that_is_not_decided() -> None:
    """Four years are known, and only 2027 is an estimate."""
    calendar = read_calendar(None)
    assert calendar.years == {2024, 2025, 2026, 2027}
    assert calendar.provisional_years == {2027}


def test_default_calendar_keeps_culture_day_and_the_monday_before() -> None:
    """24/11/2026 is off; the Monday before it is worked until a decision says otherwise."""
    calendar = read_calendar(None)
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 11, 23))


def test_default_calendar_changes_only_what_weekdays_do_not_say() -> None:
    """An entry that changes nothing would be a slip: off on a weekend, worked on a weekday."""
    calendar = read_calendar(None)
    assert all(day.weekday() >= 5 for day in calendar.worked)
    assert len(calendar.worked) == 4
    # Holidays on a weekend, which matter to units that work then.
    assert {day for day in calendar.off if day.weekday() >= 5} == {
        date(2024, 2, 10),
        date(2024, 2, 11),
        date(2026, 4, 26),
        date(2027, 2, 6),
        date(2027, 2, 7),
        date(2027, 5, 1),
    }


def test_default_calendar_names_the_source_of_every_day() -> None:
    """And marks the days of 2027 that follow from no law yet, and none of an earlier year."""
    days = read_calendar(None).days
    assert all(day.name and day.source for day in days)
    provisional = [day.day for day in days if day.provisional]
    assert {day.year for day in provisional} == {2027}
    assert date(2027, 2, 4) in provisional
    assert date(2027, 4, 30) not in provisional


def test_calendar_of_an_operator_replaces_the_default(tmp_path: Path) -> None:
    """Nothing of the default remains."""
    file = a_calendar(
        tmp_path,
        "\ufeff[[years]]\nyear = 2026\nprovisional = true\n"
        "[[days]]\ndate = 2026-10-05\nworking = false\n"
        '[[days]]\ndate = 2026-10-10\nworking = true\nname = "x"\nsource = "y"\n',
    )
    calendar = read_calendar(file)

    assert calendar.off == {date(2026, 10, 5)}
    assert calendar.worked == {date(2026, 10, 10)}
    assert calendar.years == calendar.provisional_years == {2026}


def test_calendar_computes_the_holidays_of_years_it_lacks() -> None:
    """Lunar days too; without swapped days, and never taken for known."""
    calendar = read_calendar(None, range(2026, 2030))
    tet = [date(2028, 1, day) for day in range(24, 29)]
    assert not any(map(calendar.is_working_day, tet))
    assert calendar.years == {2024, 2025, 2026, 2027}
    assert calendar.is_estimated(Period(2028, 3))
    assert calendar.is_estimated(Period(2027, 3))
    assert not calendar.is_estimated(Period(2026, 3))
    assert all(day.provisional for day in calendar.days if day.day.year > 2027)


def test_calendar_of_the_file_is_not_mixed_with_computed_days() -> None:
    """What the package says of a year the file knows does not matter."""
    assert read_calendar(None, [2024, 2025, 2026]) == read_calendar(None)


def test_day_that_is_not_decided_makes_its_month_an_estimate(tmp_path: Path) -> None:
    """Other months of the year are certain."""
    file = a_calendar(
        tmp_path,
        YEAR_2026 + "[[days]]\ndate = 2026-11-23\nworking = false\nprovisional = true\n",
    )
    calendar = read_calendar(file)
    assert [m for m in range(1, 13) if calendar.is_estimated(Period(2026, m))] == [11]


ONE_STOP = (
    YEAR_2026
    + "[[days]]\ndate = 2026-10-05\nworking = false\n"
    + "[[days]]\ndate = 2026-10-10\nworking = false\n"
    + '[[unit_calendars]]\nname = "Một cửa"\nunits = ["H01", "H02"]\nsaturday = true\n'
    + "[[unit_calendars.days]]\ndate = 2026-10-17\nworking = false\n"
    + "[[unit_calendars.days]]\ndate = 2026-10-05\nworking = true\n"
)


def test_unit_calendar_has_saturdays_and_days_of_its_own(tmp_path: Path) -> None:
    """Five Saturdays, less a holiday and a day off of its own; the 5th is worked here alone."""
    calendar = read_calendar(a_calendar(tmp_path, ONE_STOP))
    october = Period(2026, 10)
    desk = calendar.of_unit(["H02-VP", "H02"])
    assert calendar.working_days_of(october) == 21
    assert desk.name == "Một cửa"
    saturdays = [day for day in range(1, 32) if date(2026, 10, day).weekday() == 5]
    worked = [day for day in saturdays if desk.is_working_day(date(2026, 10, day))]
    assert (saturdays, worked) == ([3, 10, 17, 24, 31], [3, 24, 31])
    assert desk.working_days_of(october) == 22 + 3
    assert calendar.of_unit(["H03"]) is calendar


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[days]\n", "line 1"),
        ("day = 1\n", "unknown key day"),
        ("[years]\nyear = 2026\n", "years must be written as [[years]]"),
        (YEAR_2026 + "source = 5", "years[1].source must be a text"),
        ("[[years]]\nprovisional = true", "years[1].year is missing"),
        (YEAR_2026 * 2, "years[2].year says 2026 for the second time"),
        (YEAR_2026 + "[[days]]\nworking = false", "days[1].date is missing"),
        (YEAR_2026 + "[[days]]\ndate = 2026-01-01", "days[1].working is missing"),
        (
            YEAR_2026 + "[[days]]\ndate = '2026-01-01'\nworking = false",
            "days[1].date must be a date without quotation marks",
        ),
        (
            YEAR_2026 + "[[days]]\ndate = 2026-01-01T00:00:00\nworking = false",
            "days[1].date must be a date",
        ),
        (YEAR_2026 + "[[days]]\ndate = 2026-01-01\nworking = 0", "days[1].working must be true"),
        (YEAR_2026 + "[[days]]\ndate = 2027-01-01\nworking = false", "days[1].date lies in a year"),
        (YEAR_2026 + "[[days]]\nday = 1", "unknown key days[1].day"),
        (ONE_STOP + "x = 1", "unknown key unit_calendars[1].days[2].x"),
        (ONE_STOP + '[[unit_calendars]]\nunits = ["X"]', "unit_calendars[2].name is missing"),
        (
            ONE_STOP + '[[unit_calendars]]\nname = "x"\nunits = ["H01"]',
            "unit_calendars[2].units says H01 for the second time",
        ),
        (
            ONE_STOP + '[[unit_calendars]]\nname = "x"\nunits = [1]',
            "unit_calendars[2].units must be a list",
        ),
        (
            ONE_STOP + '[[unit_calendars]]\nname = "x"\nunits = ["X"]\ndays = [3]',
            "unit_calendars[2].days[1] must be written as [[unit_calendars.days]]",
        ),
        (
            ONE_STOP + "[[unit_calendars.days]]\ndate = 2027-01-01\nworking = false",
            "unit_calendars[1].days[3].date lies in a year",
        ),
        (
            YEAR_2026
            + "[[days]]\ndate = 2026-01-01\nworking = false\n"
            + "[[days]]\ndate = 2026-01-01\nworking = true",
            "days[2].date says 2026-01-01 for the second time",
        ),
    ],
)
def test_calendar_names_the_key_that_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    """Every error names the file and the key."""
    file = a_calendar(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        read_calendar(file)
    assert str(file) in str(caught.value)
    assert words in str(caught.value)


def test_calendar_names_a_missing_file(tmp_path: Path) -> None:
    """A wrong calendar.file names the path that was tried."""
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        read_calendar(tmp_path / "none.toml")

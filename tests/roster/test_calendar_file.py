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
    assert all(day.weekday() < 5 for day in calendar.off)
    assert all(day.weekday() >= 5 for day in calendar.worked)
    assert len(calendar.worked) == 4


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

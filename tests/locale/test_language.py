"""Numbers, percentages and dates as each language writes them."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from mailaudit.cli.init import EXAMPLES
from mailaudit.cli.options import LanguageCode
from mailaudit.locale import LANGUAGES, Language, language, rounded_percent
from mailaudit.settings.document import ReportOutput

VIETNAMESE, ENGLISH = language("vi"), language("en")


@pytest.mark.parametrize(
    ("share", "decimals", "percent"),
    [
        (Fraction(49, 400), 1, "12.3"),  # 12.25: half goes up, not to the even digit
        (Fraction(1235, 10000), 1, "12.4"),  # 12.35, which no float holds
        (Fraction(12249, 100000), 1, "12.2"),
        (Fraction(7, 8), 1, "87.5"),
        (Fraction(1, 3), 1, "33.3"),
        (Fraction(2, 3), 1, "66.7"),
        (Fraction(2, 3), 2, "66.67"),
        (Fraction(1, 8), 0, "13"),
        (Fraction(9995, 10000), 1, "100"),
        (Fraction(79949, 100000), 1, "79.9"),
        (Fraction(0), 1, "0"),
        (Fraction(-1, 16), 1, "-6.3"),  # half goes away from zero on both sides
        (Fraction(-1, 3), 1, "-33.3"),
        (Fraction(-1, 10000), 1, "0"),
        (Fraction(3 * 10**20 + 1, 8 * 10**20), 1, "37.5"),
    ],
)
def test_rounded_percent_rounds_half_away_from_zero(
    share: Fraction, decimals: int, percent: str
) -> None:
    """Exactly, without a float in between."""
    assert rounded_percent(share, decimals) == Decimal(percent)


def test_percent_is_written_with_each_language_s_mark() -> None:
    """12.25 % prints 12,3 in Vietnamese and 12.3 in English."""
    share = Fraction(49, 400)
    assert (VIETNAMESE.percent(share), ENGLISH.percent(share)) == ("12,3", "12.3")


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (Fraction(1), 1, "100,0"),
        (Fraction(0), 1, "0,0"),
        (Fraction(-1, 16), 1, "-6,3"),
        (Fraction(1, 3), 2, "33,33"),
        (Fraction(1, 8), 0, "13"),
        (Fraction(-1, 10000), 1, "0,0"),
        (None, 1, "–"),
    ],
)
def test_percent_keeps_its_decimals(share: Fraction | None, decimals: int, text: str) -> None:
    """Trailing zeros are printed, a rounded zero has no sign, no share is a dash."""
    assert VIETNAMESE.percent(share, decimals) == text


def test_percent_prints_what_was_rounded() -> None:
    """Writing does not round a second time: all of -3.00 to 3.00 % in steps of 0.01."""
    for hundredths in range(-300, 301):
        tenths = (abs(hundredths) + 5) // 10
        sign = "-" if hundredths < 0 and tenths else ""
        expected = f"{sign}{tenths // 10}.{tenths % 10}"
        assert ENGLISH.percent(Fraction(hundredths, 10_000)) == expected


def test_number_groups_thousands() -> None:
    """1.234.567 in Vietnamese, 1,234,567 in English."""
    assert (VIETNAMESE.number(1234567), ENGLISH.number(1234567)) == ("1.234.567", "1,234,567")
    assert VIETNAMESE.number(Decimal("1234.5"), 1) == "1.234,5"
    assert VIETNAMESE.number(999) == "999"


def test_date_is_day_first_in_vietnamese() -> None:
    """5 October is 05/10/2026, never 10/05."""
    day = date(2026, 10, 5)
    assert (VIETNAMESE.date(day), ENGLISH.date(day)) == ("05/10/2026", "5 Oct 2026")


def test_instant_is_reported_in_its_own_time_zone() -> None:
    """The hour is the one of the moment's zone, not UTC."""
    moment = datetime(2026, 10, 5, 8, 3, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert VIETNAMESE.instant(moment) == "08:03 05/10/2026"
    assert VIETNAMESE.written_instant(moment) == "08 giờ 03 phút ngày 05/10/2026"
    assert ENGLISH.instant(moment) == "5 Oct 2026 08:03"


def test_gettext_gives_the_message_itself_without_a_translation() -> None:
    """Nothing is ever left blank, not even by an empty translation."""
    spoken = Language("vi", {"Rank": "Xếp hạng", "Unit": ""})
    assert [spoken.gettext(m) for m in ("Rank", "Unit", "New")] == ["Xếp hạng", "Unit", "New"]


def test_catalog_of_english_is_empty() -> None:
    """Message ids are English."""
    assert ENGLISH.messages == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_catalog_is_read_once_and_holds_texts_only(code: str) -> None:
    """The header of the catalog is no message, and the same value is given again."""
    found = language(code)
    assert found is language(code)
    assert found.code == code
    assert "" not in found.messages
    assert all(found.messages.values())


def test_every_language_can_be_chosen() -> None:
    """By the configuration, by the option --lang, and in the texts that go with a report."""
    assert get_args(ReportOutput.model_fields["language"].annotation) == LANGUAGES
    assert tuple(choice.value for choice in LanguageCode) == LANGUAGES
    assert {f"wording.{code}.txt" for code in LANGUAGES} <= EXAMPLES.keys()

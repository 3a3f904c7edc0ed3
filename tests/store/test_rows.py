"""Days as they are stored: read back without loss, or refused."""

import json
from datetime import date

import pytest

from mailaudit.model.outcome import DayActivity
from mailaudit.model.period import Period
from mailaudit.store.rows import pack_days, unpack_days

MAY = Period(2026, 5, "Asia/Ho_Chi_Minh")
COUNTS = range(1, len(DayActivity._fields))
DAYS = {day.day: day for day in MAY.days()}


def test_days_come_back_as_they_were_stored() -> None:
    """Zeros at the end are left out of the text, and are there again."""
    days = (
        DayActivity(date(2026, 5, 4), sent=1),
        DayActivity(date(2026, 5, 5), received=3, read=2, sent_to_self=1),
        DayActivity(date(2026, 5, 31), *COUNTS),
    )
    text = pack_days(days, MAY)
    counts = ",".join(map(str, COUNTS))
    assert text == f"[[4,1],[5,0,3,2,0,0,0,0,1],[31,{counts}]]"
    read = unpack_days(text, DAYS)
    assert read == days
    assert all(isinstance(day, DayActivity) for day in read)
    assert unpack_days("[]", DAYS) == ()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([[4, *range(len(DayActivity._fields))]]),
        "[[32,1]]",
        "[[]]",
        "[4]",
        "4",
        "[[4,1]",
        "{}x",
    ],
)
def test_what_is_no_days_is_refused(text: str) -> None:
    """A day that the month lacks, more counts than there are, and what is no list of days."""
    with pytest.raises((ValueError, TypeError, LookupError)):
        unpack_days(text, DAYS)

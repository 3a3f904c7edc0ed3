"""What was published is kept, and a report that differs from it by few people is held back."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from publication_builders import GROUP, OCTOBER, SEPTEMBER, a_month, counts, published

from mailaudit.errors import UsageError
from mailaudit.locale import language
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, OutOfScope
from mailaudit.publication.reasons import ReasonCount
from mailaudit.publication.record import FEW, OWN, REASON, UNIT, Record, read_record, records_of
from mailaudit.publication.register import refuse_difference

HEALTHY = {"A": counts(40, 30), "B": counts(30, 15), "C": counts(20, 5)}
SMALL = {"x": counts(4, 2), "y": counts(4, 2), "z": counts(4, 2)}


class Shelf:
    """A register in memory."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def published(self, period: Period) -> Sequence[Record]:
        return [record for record in self.records if record.period == period]


def enter(shelf: Shelf, entries: Sequence[Record], least: int, *, despite_difference: bool) -> None:
    """As a report does."""
    if not despite_difference:
        refuse_difference(shelf.published, entries, least, language("en"))
    shelf.records += entries


def records(
    units: dict[str, Counts], *, within: str = "", reasons: Sequence[ReasonCount] = ()
) -> tuple[Record, ...]:
    found = published({GROUP: units})
    return tuple(records_of(found, 1, reasons, within))


def is_held_back(first: dict[str, Counts], second: dict[str, Counts], least: int = 5) -> bool:
    shelf = Shelf()
    enter(shelf, records(first), least, despite_difference=False)
    try:
        enter(shelf, records(second), least, despite_difference=False)
    except UsageError:
        return True
    return False


def test_record_has_the_lines_and_sums_that_are_printed() -> None:
    """Units, the line of the small ones and which they are, the whole; nothing of a small one."""
    (record,) = records(HEALTHY | SMALL)
    assert set(record.lines) == {(UNIT, "A"), (UNIT, "B"), (UNIT, "C"), (FEW, ""), (UNIT, "")}
    assert record.few == {"": ("x", "y", "z")}
    assert record.lines[UNIT, ""]["regular"] == 56
    again = read_record(record.period, record.edition, record.audience, record.text)
    assert (again, again.digest) == (record, record.digest)


def test_record_of_a_unit_distinguishes_its_own_line_from_the_whole_unit() -> None:
    """Its total is the line that the report of all has of it."""
    (record,) = records({"A": counts(10, 4), "A1": counts(30, 26)}, within="A")
    assert record.lines[UNIT, "A"]["regular"] == 30
    assert record.lines[OWN, "A"]["regular"] == 4


def test_months_shown_again_are_recorded_as_well() -> None:
    """With other rules a month before would be published a second time."""
    found = published({GROUP: HEALTHY}, replace(a_month(HEALTHY, SEPTEMBER), edition=3))
    months = [(record.period, record.edition) for record in records_of(found, 2, ())]
    assert months == [(SEPTEMBER, 3), (OCTOBER, 2)]


@pytest.mark.parametrize(
    ("changed", "held_back"),
    [
        ({}, False),
        ({"A": counts(40, 29)}, True),  # one person less is regular
        ({"A": counts(40, 25)}, False),  # five are
        ({"A": counts(41, 30)}, True),
        ({"A": counts(60, 31)}, False),  # of twenty people one is regular
        ({"A": counts(39, 30, unmeasured=1)}, True),
        ({"A": counts(40, 30, read=31)}, True),
        ({"A": counts(40, 30, excluded=1)}, False),  # the report does not show it
        ({"D": counts(9, 2)}, False),
        ({"C": counts(4, 1)}, True),  # it is small now
    ],
)
def test_report_that_differs_by_few_people_is_held_back(
    changed: dict[str, Counts], *, held_back: bool
) -> None:
    """Whoever has both would know what they did."""
    assert is_held_back(HEALTHY, HEALTHY | changed) is held_back


@pytest.mark.parametrize(
    ("second", "held_back"),
    [
        (SMALL, False),
        (SMALL | {"x": counts(4, 3)}, True),
        (SMALL | {"x": counts(5, 2)}, True),  # it has a line of its own now
        (SMALL | {"w": counts(4, 2)}, True),
        ({"x": counts(4, 2)}, True),  # no line any more: the total says what it was
        ({code: counts(4, 4) for code in SMALL}, True),
    ],
)
def test_line_of_small_units_that_is_of_others_is_held_back(
    second: dict[str, Counts], *, held_back: bool
) -> None:
    """The difference of two such lines is a small unit."""
    assert is_held_back(HEALTHY | SMALL, HEALTHY | second) is held_back


def test_numbers_of_people_out_of_scope_are_compared_where_they_are_printed() -> None:
    """One more is ill, and everybody else as before."""
    away = {code: replace(sums, staff=sums.staff + 6, excluded=6) for code, sums in HEALTHY.items()}
    b = away["B"]
    assert is_held_back(away, away | {"B": replace(b, staff=b.staff + 1, excluded=7)})
    shelf = Shelf()
    enter(shelf, records(away, reasons=reasons(ill=11, others=7)), 5, despite_difference=False)
    with pytest.raises(UsageError, match="people: 2026-10 “ốm”, 2026-10 Other reasons"):
        enter(shelf, records(away, reasons=reasons(ill=12, others=6)), 5, despite_difference=False)
    assert (REASON, "away: ốm") in shelf.records[0].lines


def reasons(ill: int, others: int) -> tuple[ReasonCount, ...]:
    return ReasonCount(OutOfScope.AWAY, "ốm", ill, 0), ReasonCount(None, "", others, 0)


def test_what_was_published_once_is_published_again() -> None:
    """It shows nothing new, whatever came in between."""
    shelf = Shelf()
    for units, despite in ((HEALTHY, False), (HEALTHY | {"A": counts(40, 29)}, True)):
        enter(shelf, records(units), 5, despite_difference=despite)
    enter(shelf, records(HEALTHY), 5, despite_difference=False)
    with pytest.raises(UsageError, match=r"fewer than 5 people: 2026-10 A, 2026-10 the whole"):
        enter(shelf, records(HEALTHY | {"A": counts(40, 28)}), 5, despite_difference=False)


def test_report_of_a_unit_is_held_against_the_line_that_the_whole_has_of_it() -> None:
    """Another edition, of which only the report of one unit was made."""
    shelf = Shelf()
    enter(shelf, records(HEALTHY), 5, despite_difference=False)
    same = {"a": counts(20, 15), "b": counts(20, 15)}
    enter(shelf, records(same, within="A"), 5, despite_difference=False)
    with pytest.raises(UsageError, match="2026-10 A"):
        more = {"a": counts(20, 15), "b": counts(25, 19), "c": counts(6, 2)}
        shelf.records.pop()
        enter(shelf, records(more | {"b": counts(16, 14)}, within="A"), 5, despite_difference=False)


def test_nothing_is_entered_of_a_report_that_is_held_back() -> None:
    """And with the option all of it."""
    shelf = Shelf()
    enter(shelf, records(HEALTHY), 5, despite_difference=False)
    changed = records(HEALTHY | {"A": counts(40, 29)})
    with pytest.raises(UsageError):
        enter(shelf, changed, Rules().min_published, despite_difference=False)
    assert len(shelf.records) == 1
    enter(shelf, changed, Rules().min_published, despite_difference=True)
    assert len(shelf.records) == 2

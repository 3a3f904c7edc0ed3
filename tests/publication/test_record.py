"""What was published is kept, and a report that differs from it by few people is held back."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from publication_builders import GROUP, OCTOBER, SEPTEMBER, a_month, counts, published

from mailaudit.errors import UsageError
from mailaudit.locale import language
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, OutOfScope
from mailaudit.publication.reasons import ReasonCount
from mailaudit.publication.record import FEW, OWN, REASON, UNIT, Record, read_record, records_of
from mailaudit.publication.register import differing_months, refuse_difference
from mailaudit.publication.sums import reaches_few, some_sum_is_of_few

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
        refuse_difference(shelf.published, entries, Rules(min_published=least), language("en"))
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


@pytest.mark.parametrize(
    ("then", "now", "held_back"),
    [
        ({"ốm": 5, "sinh": 6}, {"phái": 6, "": 10}, True),  # one of the eleven is here again
        ({"phái": 6, "": 10}, {"ốm": 5, "sinh": 6}, True),
        ({"ốm": 5, "sinh": 6}, {"phái": 6, "": 11}, False),
        ({"ốm": 12, "sinh": 12}, {"ốm": 6, "sinh": 6, "phái": 7}, True),  # six of the seven
        ({"ốm": 12, "": 6}, {"ốm": 12, "sinh": 12}, False),
        ({"ốm": 12, "": 6}, {"ốm": 12, "sinh": 7}, True),
        ({"ốm": 12, "sinh": 9}, {"phái": 20}, True),
        ({}, {"ốm": 6}, False),  # nothing was printed of them
    ],
)
def test_reasons_added_up_that_differ_by_few_are_held_back(
    then: dict[str, int], now: dict[str, int], *, held_back: bool
) -> None:
    """Other reasons are named than before, so no line can be held against its like."""
    shelf = Shelf()
    enter(shelf, records(HEALTHY, reasons=named(then)), 5, despite_difference=False)
    other = records(HEALTHY, reasons=named(now))
    if held_back:
        with pytest.raises(UsageError, match="2026-10 Other reasons"):
            enter(shelf, other, 5, despite_difference=False)
    enter(shelf, other, 5, despite_difference=held_back)
    enter(shelf, other, 5, despite_difference=False)


def named(people: dict[str, int]) -> list[ReasonCount]:
    return [ReasonCount(OutOfScope.AWAY if w else None, w, n, 0) for w, n in people.items()]


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


# Five of A's are B's and one is gone; of C six are gone: together one person less in A and B.
CORRECTED = {"A": counts(34, 26), "B": counts(35, 18), "C": counts(14, 2)}


def test_sum_of_lines_that_differs_by_few_is_held_back() -> None:
    """Though every line, and the whole, differs by five or more."""
    shelf = Shelf()
    enter(shelf, records(HEALTHY), 5, despite_difference=False)
    with pytest.raises(UsageError, match="5 people: 2026-10 the sum of several units"):
        enter(shelf, of_edition(2, CORRECTED), 5, despite_difference=False)
    enter(shelf, of_edition(2, CORRECTED), 5, despite_difference=True)
    enter(shelf, of_edition(2, CORRECTED), 5, despite_difference=False)
    enter(shelf, of_edition(3, HEALTHY), 5, despite_difference=False)


def test_deed_that_a_report_does_not_count_differs_from_none() -> None:
    """Few have read mail, which a report by another definition does not say; all else is equal."""
    readers = {code: replace(one, read=3) for code, one in HEALTHY.items()}
    alone = {code: replace(one, read=0, reads=False) for code, one in HEALTHY.items()}
    for first, second in ((readers, alone), (alone, readers)):
        shelf = Shelf()
        enter(shelf, records(first), 5, despite_difference=False)
        enter(shelf, records(second), 5, despite_difference=False)
    with pytest.raises(UsageError, match="the sum of several units"):
        enter(shelf, of_edition(2, CORRECTED), 5, despite_difference=False)


def test_month_in_the_trend_whose_sums_differ_by_few_is_concealed() -> None:
    """A report of the next month would show the other edition."""
    shelf = Shelf()
    shelf.records += [replace(record, period=SEPTEMBER) for record in records(HEALTHY)]
    trend = replace(a_month(CORRECTED, SEPTEMBER), edition=2)
    entries = tuple(records_of(published({GROUP: HEALTHY}, trend), 1, ()))
    assert differing_months(shelf.published, entries, Rules(min_published=5)) == {SEPTEMBER}


def test_reports_of_two_units_are_added_up() -> None:
    """Of the next edition there are only pages of A and of B, each of which may be out."""
    shelf = Shelf()
    enter(shelf, records(HEALTHY), 5, despite_difference=False)
    of_a, of_b = ({"a": CORRECTED["A"]}, {"b": CORRECTED["B"]})
    enter(shelf, of_edition(2, of_a, within="A"), 5, despite_difference=False)
    with pytest.raises(UsageError, match="the sum of several units"):
        enter(shelf, of_edition(2, of_b, within="B"), 5, despite_difference=False)


def test_editions_that_differ_by_many_everywhere_are_published() -> None:
    """Mailboxes of three hundred units were measured in the next one: no sum is of few."""
    first = {f"U{n}": counts(40 + n, 20, unmeasured=50 + n) for n in range(300)}
    second = {f"U{n}": counts(60 + 2 * n, 30 + n // 2, unmeasured=30) for n in range(300)}
    shelf = Shelf()
    enter(shelf, records(first), 5, despite_difference=False)
    enter(shelf, of_edition(2, second), 5, despite_difference=False)


def of_edition(number: int, units: dict[str, Counts], *, within: str = "") -> tuple[Record, ...]:
    return tuple(replace(record, edition=number) for record in records(units, within=within))


@pytest.mark.parametrize(
    "numbers", [[], [5], [-6, 5], [6, -11], [10, -20, 13], [7, 7, -9], [-5, -6], [1], [-4], [9, -4]]
)
def test_sums_are_those_tried_one_by_one(numbers: list[int]) -> None:
    """Whichever of the numbers are added up."""
    sums = {sum(some) for size in range(9) for some in combinations(numbers, size)}
    assert reaches_few(numbers, 5) is any(0 < abs(each) < 5 for each in sums)


def test_lines_that_exchange_people_are_tried_up_to_a_bound() -> None:
    """More exchanges than can be looked at are refused in bounded time."""
    few = [(10, 10, 10, 10, 10, 10), (-10, -10, -10, -10, -10, -13)]
    assert some_sum_is_of_few(few, 5)
    assert not some_sum_is_of_few([few[0], (-10, -10, -10, -10, -10, -15)], 5)
    many = [(n, n, n, 10 * 3**k, 0, 0) for k, n in enumerate([10, -10] * 20)]
    assert some_sum_is_of_few(many, 5)

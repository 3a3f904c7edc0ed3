"""A longer period beside its months: what the two together say of the few who differ."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from io import BytesIO
from itertools import product
from pathlib import Path
from zipfile import ZipFile

import pytest
from publishing import ORGANISATION, SOURCE, the_calendar, the_wording

from mailaudit import audit
from mailaudit.errors import UsageError
from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.outcome import Activity, DayActivity
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.ranking import Standing
from mailaudit.model.roster import Roster, Staff, Unit
from mailaudit.model.rules import ANY_ACTIVITY, Rules
from mailaudit.model.usage import Counts, UnitUsage
from mailaudit.publication.overlap import lists_few, shown_by_few
from mailaudit.publication.places import placed_anew
from mailaudit.publication.record import FEW, UNIT, Record
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.rendering import Documents, render
from mailaudit.store import SnapshotStore

LEAST = 5
RULES = Rules(min_published=LEAST)
MONTHS = (JULY, AUGUST, SEPTEMBER) = tuple(Period(2026, month) for month in (7, 8, 9))
QUARTER = LongPeriod.part_of_year(2026, 3, 4)


def a_line(people: int, read: int, sent: int | None = None, regular: int = 0) -> dict[str, int]:
    """A line's figures; as many sent as read if not told."""
    figures = dict.fromkeys(("in_scope", "judged", "measured"), people)
    return figures | {"read": read, "sent": read if sent is None else sent, "regular": regular}


def a_record(period: Period, **units: tuple[int, ...]) -> Record:
    """Figures of units."""
    lines = {(UNIT, code): a_line(*figures) for code, figures in units.items()}
    return Record(period.published_as, 1, "public", lines, {"": ()})


def possible(stayed: int, few: int, read: int, in_all: int) -> set[int]:
    """How many of the few can have read mail, by trying everything that everybody may have done.

    Each who stayed read nothing (0), read in other months only (1), or in the month too (2).
    """
    return {
        sum(others)
        for own in product(range(3), repeat=stayed)
        if own.count(2) == read
        for others in product(range(2), repeat=few)
        if stayed - own.count(0) + sum(others) == in_all
    }


@pytest.mark.parametrize("few", [1, 2, 3])
@pytest.mark.parametrize("stayed", [3, 5])
def test_few_people_are_given_away_exactly_where_too_few_numbers_are_possible(
    stayed: int, few: int
) -> None:
    """All figures of a small unit, against everything that its people may have done."""
    for read, in_all in product(range(stayed + 1), range(stayed + few + 1)):
        numbers = possible(stayed, few, read, in_all)
        if not numbers:
            continue
        month, quarter = (
            a_record(JULY, A=(stayed, read)),
            a_record(QUARTER, A=(stayed + few, in_all)),
        )
        by_itself = 1 + min(in_all, stayed + few - in_all)  # all or none, or nearly
        is_shown = len(numbers) < min(by_itself, 3 if few == 3 else 2)
        expected = {(UNIT, "A"): (JULY,)} if is_shown else {}
        assert shown_by_few(quarter, [month], RULES) == expected, (read, in_all, numbers)
        assert list(shown_by_few(month, [quarter], RULES)) == list(expected)


def test_many_people_are_not_given_away() -> None:
    """Five more are no few."""
    assert shown_by_few(a_record(QUARTER, A=(25, 20)), [a_record(JULY, A=(20, 20))], RULES) == {}
    assert shown_by_few(a_record(QUARTER, A=(24, 20)), [a_record(JULY, A=(20, 20))], RULES)


def test_periods_that_do_not_contain_each_other_say_nothing() -> None:
    """October is not in the third quarter; the quarter is in the year."""
    year = LongPeriod.part_of_year(2026, 1, 1)
    assert (
        shown_by_few(a_record(QUARTER, A=(21, 20)), [a_record(Period(2026, 10), A=(20, 20))], RULES)
        == {}
    )
    assert shown_by_few(a_record(year, A=(21, 20)), [a_record(QUARTER, A=(20, 20))], RULES)


def test_units_that_are_small_in_one_are_held_against_the_same_in_the_other() -> None:
    """C and D of 4 stand in a line in July; in the quarter D has 5 and figures: one more read."""
    july = Record(
        JULY, 1, "public", {(UNIT, "A"): a_line(20, 9), (FEW, ""): a_line(8, 8)}, {"": ("C", "D")}
    )
    lines = {(UNIT, "A"): a_line(20, 12), (UNIT, "D"): a_line(5, 4), (FEW, ""): a_line(4, 4)}
    quarter = Record(QUARTER, 1, "public", lines, {"": ("C",)})
    assert shown_by_few(quarter, [july], RULES) == {(FEW, ""): (JULY,)}
    hidden = Record(QUARTER, 1, "public", {(UNIT, "A"): lines[UNIT, "A"]}, {"": ("C",)}, ("D",))
    assert shown_by_few(hidden, [july], RULES) == {}


def test_people_who_moved_between_units_are_looked_at_together() -> None:
    """Three went from A to B, and one came: of all 41 one is new, who read nothing. C won many."""
    july = a_record(JULY, A=(20, 20), B=(20, 16), C=(9, 3))
    quarter = a_record(QUARTER, A=(17, 17), B=(24, 19), C=(9, 3))
    assert list(shown_by_few(quarter, [july], RULES)) == [(UNIT, ""), (UNIT, "B")]
    quarter = a_record(QUARTER, A=(17, 17), B=(24, 19), C=(29, 13))
    assert list(shown_by_few(quarter, [july], RULES)) == [(UNIT, "B")]


def test_somebody_who_counts_elsewhere_in_the_longer_period_is_given_away() -> None:
    """19 of 20 read in July; of 19 in the quarter one did not, nor in July: who left did."""
    july = a_record(JULY, A=(20, 19))
    assert shown_by_few(a_record(QUARTER, A=(19, 18)), [july], RULES)
    assert not shown_by_few(a_record(QUARTER, A=(19, 19)), [july], RULES)


def test_any_activity_of_few_people_is_given_away_as_the_deeds_are() -> None:
    """12 were active in July, some by reading, some by sending; so are 12 of 13 in the quarter."""
    july, quarter = a_record(JULY, A=(12, 6, 6, 12)), a_record(QUARTER, A=(13, 8, 8, 12))
    assert shown_by_few(quarter, [july], replace(RULES, regular=ANY_ACTIVITY))
    assert not shown_by_few(quarter, [july], RULES)


def by_sending(record: Record) -> Record:
    """The record as it is where reading is not counted."""
    lines = {
        key: {name: number for name, number in line.items() if name != "read"}
        for key, line in record.lines.items()
    }
    return replace(record, lines=lines)


def test_lines_without_reading_are_held_against_each_other_by_what_was_sent() -> None:
    """Of 12 some sent and some did not, and one is new: that alone would say who the one is, so the
    line is left out whatever was sent; beside a month by another definition, too."""
    july, quarter = a_record(JULY, A=(12, 6, 6)), a_record(QUARTER, A=(13, 8, 8))
    assert not shown_by_few(quarter, [july], RULES)
    for month in (july, by_sending(july)):
        assert shown_by_few(by_sending(quarter), [month], RULES) == {(UNIT, "A"): (JULY,)}
        assert shown_by_few(month, [by_sending(quarter)], RULES)
        same = a_record(QUARTER, A=(12, 8, 8))
        assert not shown_by_few(by_sending(same), [month], RULES)


def test_one_month_without_regular_use_decides_two_months_and_not_three() -> None:
    """11 of 12 were regular in July, 12 of 13 in both months: who is new was. In a quarter the one
    who was not may have been so since."""
    july = a_record(JULY, A=(12, 6, 6, 11))
    two = LongPeriod.of(JULY.first_day, AUGUST.last_day)
    assert shown_by_few(a_record(two, A=(13, 8, 8, 11)), [july], RULES) == {}
    for regular in (10, 11, 12):
        both = a_record(two, A=(13, 8, 8, regular))
        assert bool(shown_by_few(both, [july], RULES)) == (regular == 12), regular
        quarter = a_record(QUARTER, A=(13, 8, 8, regular))
        assert shown_by_few(quarter, [july], RULES) == {}
    every = replace(RULES, min_regular_months_share=Fraction(1))
    assert shown_by_few(quarter, [july], every)


def test_that_a_unit_is_withheld_shows_nothing_of_the_few() -> None:
    """Nobody sent in July: were the unit withheld only for what was read, it would show that."""
    july = a_record(JULY, A=(20, 12, 0))
    for read in range(12, 22):
        assert shown_by_few(a_record(QUARTER, A=(21, read)), [july], RULES)
    quarter = a_record(QUARTER, A=(21, 16, 0))
    for read in range(17):
        assert shown_by_few(a_record(JULY, A=(20, read)), [quarter], RULES)


def test_few_people_listed_are_known_to_be_out_of_scope() -> None:
    """Two more are on the lists of the quarter, and nobody more is in scope."""

    def listed(period: Period, staff: int, in_scope: int, units: str = "AB") -> Record:
        lines = {(UNIT, code): a_line(20, 9) for code in units}
        whole = {**a_line(40, 18), "staff": staff, "in_scope": in_scope}
        return Record(period, 1, "public", {**lines, (UNIT, ""): whole}, {"": ()})

    july = listed(JULY, 50, 40)
    assert lists_few(listed(QUARTER, 52, 40), [july], RULES) == (JULY,)
    assert lists_few(july, [listed(QUARTER, 52, 40)], RULES) == (QUARTER,)
    assert lists_few(listed(QUARTER, 52, 41), [july], RULES) == ()  # one of the two, or of the ten
    assert lists_few(listed(QUARTER, 55, 40), [july], RULES) == ()
    assert lists_few(listed(QUARTER, 52, 40, "ABC"), [july], RULES) == ()
    assert lists_few(listed(QUARTER, 52, 40), [july], RULES, [listed(QUARTER, 52, 40)]) == ()


def test_nearly_the_same_days_are_published_as_the_same() -> None:
    """So that a day less is no way around the register."""
    day = timedelta(days=1)
    odd = LongPeriod.of(QUARTER.first + day, QUARTER.last - day)
    assert odd.published_as == QUARTER.published_as == QUARTER
    assert JULY.published_as == JULY


STAYED = [f"o{number}" for number in range(12)]
OTHERS = [f"k{number}" for number in range(20)]


def collect(
    store: SnapshotStore,
    month: Period,
    readers: Sequence[str],
    idle: Sequence[str],
    also: Sequence[str] = (),
) -> None:
    """A month of two units; A has these people, B always the same and those who are `also` idle."""
    units = (Unit("A", "Đơn vị A", "Sở"), Unit("B", "Đơn vị B", "Sở"))
    people = {**dict.fromkeys((*readers, *idle), "A"), **dict.fromkeys(OTHERS, "B")}
    people |= dict.fromkeys((f"b{key}" for key in also), "B")
    idle = [*idle, *(f"b{key}" for key in also)]
    staff = tuple(
        Staff(key, unit, f"{key}@tinh.example", row=f"r:{key}") for key, unit in people.items()
    )
    at = month.end + timedelta(days=1)
    into = store.begin(month, Roster(("Sở",), units, staff, "0" * 64), SOURCE, now=at)
    active = tuple(DayActivity(day, 1, 1, 1) for day in month.days() if day.day <= 20)
    into.record(
        [
            Activity(f"{key}@tinh.example", at, () if key in idle or key == "k0" else active)
            for key in people
        ]
    )
    into.finish(at)


def report(
    store: SnapshotStore,
    period: Period,
    audience: Audience = Audience.PUBLIC,
    *,
    within: str | None = None,
    despite_difference: bool = False,
) -> audit.Composed:
    """Composes a report and registers it, as writing it does."""
    calendar, rules = the_calendar(), Rules(min_published=LEAST)
    if isinstance(period, LongPeriod):
        audited = audit.evaluate_longer(store, period, calendar, rules, within=within)
    else:
        audited = audit.evaluate(store, period, calendar, rules, within=within)
    composed = audit.compose_report(
        audited, ORGANISATION, calendar, rules, language=language("en"), audience=audience,
        names=False, illustrative=False, register=store,
        despite_difference=despite_difference,
    )  # fmt: skip
    composed.register(store)
    return composed


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """Three months; somebody who read nothing left unit A, where all others read, after July."""
    store = SnapshotStore.at(tmp_path / "s.db")
    collect(store, JULY, STAYED, ["left"])
    for month in (AUGUST, SEPTEMBER):
        collect(store, month, STAYED, [])
    return store


NOTE = (
    "Đơn vị A: its figures are not published here, and are in no sum; sums without it are not"
    " compared with the period before. Beside the reports already published of 2026-08, 2026-09 its"
    " figures would show what fewer than 5 people did."
)


def test_report_of_a_unit_that_is_withheld_is_refused(tmp_path: Path) -> None:
    """In the whole A is left out; its own report would have its figures, as a sum."""
    units = (
        *(Unit(code, code, "Sở") for code in "AB"),
        *(Unit(f"A{n}", f"A{n}", "Sở", "A") for n in "12"),
    )
    with SnapshotStore.at(tmp_path / "s.db") as store:
        for month in MONTHS:
            staff = [
                Staff(
                    f"{unit.code}-{n}",
                    unit.code,
                    f"{unit.code}-{n}@tinh.example",
                    row=f"r{unit.code}{n}",
                )
                for unit in units[1:]
                for n in range(13 if (unit.code, month) == ("A1", JULY) else 12)
            ]
            at = month.end + timedelta(days=1)
            roster = Roster(("Sở",), units, tuple(staff), "0" * 64)
            into = store.begin(month, roster, SOURCE, now=at)
            did = (DayActivity(month.first_day, 1, 1, 1),)
            idle = ("-0@", "-1@", "-12@")
            into.record(
                [Activity(b, at, () if any(i in b for i in idle) else did) for b in into.pending]
            )
            into.finish(at)
        report(store, SEPTEMBER)
        report(store, QUARTER)
        assert store.published(QUARTER)[0].withheld == ("A",)
        with pytest.raises(UsageError, match="withheld from this audience"):
            report(store, QUARTER, within="A")
        report(store, QUARTER, Audience.IT, within="A")


def test_quarter_does_not_tell_how_many_are_listed_where_two_would_be_known_to_be_ill(
    tmp_path: Path,
) -> None:
    """Two who are ill left after July: two more are on the lists of the quarter, none in scope."""
    units = tuple(Unit(code, f"Đơn vị {code}", "Sở") for code in "ABC")

    def person(key: str, unit: Unit, status: str) -> Staff:
        return Staff(key, unit.code, f"{key}@tinh.example", row=f"r:{key}", status=status)

    with SnapshotStore.at(tmp_path / "s.db") as store:
        for month in MONTHS:
            staff = [
                person(f"{unit.code}{number}", unit, "ốm" if number < 3 else "")
                for unit in units
                for number in range(-2 if (unit.code, month) == ("A", JULY) else 0, 20)
            ]
            at = month.end + timedelta(days=1)
            roster = Roster(("Sở",), units, tuple(staff), "0" * 64)
            into = store.begin(month, roster, SOURCE, now=at)
            did = (DayActivity(month.first_day, 1, 1, 1),)
            into.record([Activity(box, at, did if "1@" in box else ()) for box in into.pending])
            into.finish(at)
        report(store, SEPTEMBER)
        report(store, QUARTER)
        september, [quarter] = store.published(SEPTEMBER)[0], store.published(QUARTER)
    assert "staff" in september.lines[UNIT, ""]
    assert "staff" not in quarter.lines[UNIT, ""]
    assert quarter.withheld == ()


def texts_of(composed: audit.Composed) -> str:
    """Everything the page of a report says, as text."""
    contents, _ = render(
        composed.report, Documents(frozenset({"html"}), Letterhead(), the_wording()), Path()
    )
    [page] = contents.values()
    return re.sub(r"<[^>]+>|\s+", " ", page.decode())


def test_unit_is_withheld_where_a_month_published_shows_who_left(store: SnapshotStore) -> None:
    """12 of 12 in September and 12 of 13 in the quarter: the one who left read nothing."""
    report(store, SEPTEMBER)
    public = report(store, QUARTER)
    [record] = store.published(QUARTER)
    assert record.withheld == ("A",)
    assert (UNIT, "A") not in record.lines
    assert record.lines[UNIT, ""] == record.lines[UNIT, "B"]
    assert NOTE in public.report.notices
    assert NOTE in texts_of(public)
    assert public.report.funnel[0].people == 20
    assert report(store, QUARTER, Audience.IT).report.funnel[0].people == 20
    [own] = [
        page for page in report(store, QUARTER, Audience.LEADER).report.units if page.code == "A"
    ]
    assert "13" in str(own.funnel)
    report(store, QUARTER, despite_difference=True)
    assert [record.withheld for record in store.published(QUARTER)] == [("A",), ("A",), ()]


def parts_of(store: SnapshotStore, audience: Audience, folder: Path) -> dict[str, str]:
    """What the files of the quarter's report have, as text, but for the seals of data."""
    formats = frozenset({"html", "xlsx", "docx", "brief"})
    contents, pages = render(
        report(store, QUARTER, audience).report,
        Documents(formats, Letterhead(), the_wording()),
        folder,
    )
    found: dict[str, bytes] = {}
    for name, content in {**contents, **pages}.items():
        if name.stem == "A":  # for its own head
            continue
        if name.suffix in (".xlsx", ".docx"):
            with ZipFile(BytesIO(content)) as archive:
                found |= {f"{name} {part}": archive.read(part) for part in archive.namelist()}
        elif name.suffix == ".html":
            found[str(name)] = content
    return {
        name: re.sub(r"[0-9a-f]{8,64}", "SHA", content.decode("utf-8", "replace"))
        for name, content in found.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.LEADER])
def test_no_file_has_anything_of_what_is_withheld(tmp_path: Path, audience: Audience) -> None:
    """Whichever of two left unit A after July, nobody or one of them had read mail: the months'
    figures are the same, and so is every file of the quarter, in which A would have 12 or 13."""
    files = []
    for number, july in enumerate(
        ((STAYED, ["left", "too"]), ([*STAYED[1:], "left"], [STAYED[0], "too"]))
    ):
        store = SnapshotStore.at(tmp_path / f"{number}.db")
        for month, people in ((JULY, july), (AUGUST, (STAYED, [])), (SEPTEMBER, (STAYED, []))):
            collect(store, month, *people)
        report(store, SEPTEMBER)
        files.append(parts_of(store, audience, tmp_path))
        assert [record.withheld for record in store.published(QUARTER)] == [("A",)]
    assert files[0].keys() == files[1].keys()
    assert {name for name in files[0] if files[0][name] != files[1][name]} == set()


def test_report_is_refused_where_nothing_is_left(tmp_path: Path) -> None:
    """In both units somebody left; the message names units, and the month published."""
    store = SnapshotStore.at(tmp_path / "s.db")
    for month in MONTHS:
        more = ["left"] if month == JULY else []
        collect(store, month, STAYED, more, also=more)
    report(store, SEPTEMBER)
    with pytest.raises(UsageError) as refused:
        report(store, QUARTER)
    text = str(refused.value)
    for name in "AB":
        assert f"2026-Q3 Đơn vị {name} (beside what was published of 2026-08, 2026-09)" in text
    assert store.published(QUARTER) == []


def test_places_are_among_those_who_are_left() -> None:
    """Of 1, 2, 2, 4 without the first: 1, 1, 3; without one of the two in the middle no tie."""
    ranks = (1, 2, 2, 4)
    unit = UnitUsage(Unit("A", "A", "Sở"), Counts())
    standings = [Standing(unit, rank, tied=ranks.count(rank) > 1) for rank in ranks]
    placed = [(s.rank, s.tied) for s in placed_anew(standings[1:])]
    assert placed == [(1, True), (1, True), (3, False)]
    placed = [(s.rank, s.tied) for s in placed_anew([*standings[:2], standings[3]])]
    assert placed == [(1, False), (2, False), (3, False)]


def test_quarter_without_its_months_published_conceals_those_that_would_show_it(
    store: SnapshotStore,
) -> None:
    """The quarter is published first; the months whose figures say the same are not, then."""
    first = report(store, QUARTER)
    assert set(first.concealed) == {AUGUST, SEPTEMBER}
    assert [record.period for record in first.records] == [JULY, QUARTER]
    report(store, SEPTEMBER)
    assert [record.withheld for record in store.published(SEPTEMBER)] == [("A",)]
    odd = LongPeriod.of(QUARTER.first + timedelta(days=1), QUARTER.last)
    assert [record.period for record in report(store, odd).records] == [JULY, QUARTER]


def test_quarter_is_refused_where_it_differs_from_itself_by_few(store: SnapshotStore) -> None:
    """Made again after a month was collected anew with a person more."""
    report(store, QUARTER)
    at = SEPTEMBER.end + timedelta(days=2)
    roster = store.load(SEPTEMBER).roster
    more = Staff("new", "B", "new@tinh.example", row="r:new")
    staff = (*roster.staff, more)
    into = store.renew(
        SEPTEMBER, Roster(roster.groups, roster.units, staff, "1" * 64), SOURCE, now=at
    )
    did = DayActivity(SEPTEMBER.first_day, 1, 1, 1)
    into.record([Activity("new@tinh.example", at, (did,))])
    into.finish(at)
    with pytest.raises(UsageError) as refused:
        report(store, QUARTER)
    assert "2026-Q3 Đơn vị B, 2026-Q3 the whole." in str(refused.value)


def test_published_again_a_report_shows_nothing_new(store: SnapshotStore) -> None:
    """The same report may be made as often as wanted, whatever else was published despite it."""
    report(store, SEPTEMBER)
    report(store, QUARTER, despite_difference=True)
    report(store, SEPTEMBER)
    report(store, QUARTER)

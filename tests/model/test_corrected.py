"""Corrections made to a staff list: each kind, all at once, again; as if it had been right."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailaudit.model.corrected import correct, correct_again
from mailaudit.model.correction import AppliedCorrection, Correction, CorrectionKind, Misfit
from mailaudit.model.roster import Roster, Staff, Unit

UNITS = (Unit("A", "Unit A", "G"), Unit("B", "Unit B", "G"), Unit("C", "Unit C", "G", "A"))


def a_correction(
    person: str,
    kind: CorrectionKind,
    value: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Correction:
    day = date(2026, 11, 10)
    return Correction(
        "2026-10", person, kind, value, since, until, "sai", "", "Giám đốc", day, "c.csv:2"
    )


def a_roster(*staff: Staff) -> Roster:
    return Roster(("G",), UNITS, staff, "d")


AN = Staff("CB1", "A", "an@x.vn", "An", "công chức", row="r:2", aliases=("an@cu.vn",))
BINH = Staff("binh@x.vn", "B", "binh@x.vn", "Bình", "công chức", row="r:3")
CHI = Staff("r:4", "B", None, "Chi", "công chức", "thai sản", date(2026, 9, 1), None, "r:4")


@pytest.mark.parametrize(
    ("correction", "right"),
    [
        (a_correction("CB1", CorrectionKind.CATEGORY, "viên chức"), {"category": "viên chức"}),
        (a_correction("cb1", CorrectionKind.JOB_TITLE, "lái xe"), {"job_title": "lái xe"}),
        (a_correction("an@cu.vn", CorrectionKind.UNIT, "C"), {"unit_code": "C"}),
        (a_correction("an@x.vn", CorrectionKind.MAILBOX, "a@x.vn"), {"mailbox": "a@x.vn"}),
        (a_correction("an@x.vn", CorrectionKind.MAILBOX), {"mailbox": None}),
        (
            a_correction("an@x.vn", CorrectionKind.MAILBOX, "an@cu.vn"),
            {"mailbox": "an@cu.vn", "aliases": ()},
        ),
        (
            a_correction("CB1", CorrectionKind.STATUS, "ốm", date(2026, 10, 1), date(2026, 10, 9)),
            {
                "status": "ốm",
                "status_from": date(2026, 10, 1),
                "status_to": date(2026, 10, 9),
            },
        ),
        (
            a_correction("CB1", CorrectionKind.LEFT, "thôi việc", date(2026, 10, 5)),
            {"status": "thôi việc", "status_from": date(2026, 10, 5)},
        ),
    ],
)
def test_each_kind_corrects_one_thing(correction: Correction, right: dict[str, object]) -> None:
    """Of the person named by code, in any case, by mailbox or another address; of nobody else."""
    corrected = correct(a_roster(AN, BINH), [correction])
    assert corrected.misfits == {}
    assert corrected.roster == a_roster(replace(AN, **right), BINH)  # type: ignore[arg-type]


def test_who_is_not_staff_goes() -> None:
    corrected = correct(a_roster(AN, BINH), [a_correction("CB1", CorrectionKind.NOT_STAFF)])
    assert corrected.roster.staff == (BINH,)


def test_dates_of_a_status_are_replaced_as_a_whole() -> None:
    """A status without dates has none afterwards."""
    back = a_correction("r:4", CorrectionKind.STATUS, "đang làm việc")
    (person,) = correct(a_roster(CHI), [back]).roster.staff
    assert (person.status, person.status_from, person.status_to) == ("đang làm việc", None, None)


def test_who_has_no_staff_code_is_known_by_the_new_mailbox() -> None:
    """As when the list had been right: by the mailbox, or, where there is none, by the row."""
    new = a_correction("binh@x.vn", CorrectionKind.MAILBOX, "b@x.vn")
    assert correct(a_roster(BINH), [new]).roster.staff[0].key == "b@x.vn"
    none = a_correction("binh@x.vn", CorrectionKind.MAILBOX)
    assert correct(a_roster(BINH), [none]).roster.staff[0].key == "r:3"
    provided = a_correction("r:4", CorrectionKind.MAILBOX, "chi@x.vn")
    assert correct(a_roster(CHI), [provided]).roster.staff[0].key == "chi@x.vn"


@pytest.mark.parametrize(
    ("correction", "why"),
    [
        (a_correction("nobody@x.vn", CorrectionKind.NOT_STAFF), Misfit.UNKNOWN_PERSON),
        (a_correction("CB1", CorrectionKind.UNIT, "Z"), Misfit.UNKNOWN_UNIT),
        (a_correction("CB1", CorrectionKind.MAILBOX, "binh@x.vn"), Misfit.TAKEN_MAILBOX),
        (a_correction("binh@x.vn", CorrectionKind.MAILBOX, "an@cu.vn"), Misfit.TAKEN_MAILBOX),
        (a_correction("CB1", CorrectionKind.CATEGORY, "công chức"), Misfit.NO_CHANGE),
        (a_correction("CB1", CorrectionKind.MAILBOX, "an@x.vn"), Misfit.NO_CHANGE),
    ],
)
def test_what_does_not_fit_changes_nothing(correction: Correction, why: Misfit) -> None:
    corrected = correct(a_roster(AN, BINH), [correction])
    assert (corrected.roster, corrected.misfits) == (a_roster(AN, BINH), {0: why})


def test_chain_of_mailboxes_is_made_or_left_as_a_whole() -> None:
    """An gets Bình's while Bình gets a new one; where Bình's new one is taken, neither moves."""
    chain = [
        a_correction("CB1", CorrectionKind.MAILBOX, "binh@x.vn"),
        a_correction("binh@x.vn", CorrectionKind.MAILBOX, "chi@x.vn"),
    ]
    made = correct(a_roster(AN, BINH, CHI), chain).roster.staff
    assert [person.mailbox for person in made] == ["binh@x.vn", "chi@x.vn", None]
    taken = correct(a_roster(AN, BINH, replace(CHI, mailbox="chi@x.vn")), chain)
    assert [person.mailbox for person in taken.roster.staff] == [
        "an@x.vn",
        "binh@x.vn",
        "chi@x.vn",
    ]
    assert taken.misfits == {0: Misfit.TAKEN_MAILBOX, 1: Misfit.TAKEN_MAILBOX}


WORDS = st.sampled_from(["", "thai sản", "ốm", "đang làm việc"])
DAYS = st.one_of(st.none(), st.dates(date(2026, 9, 1), date(2026, 11, 30)))


@st.composite
def people(draw: st.DrawFn) -> tuple[list[Staff], list[Staff]]:
    """A list that is right, and the same with things wrong: of everybody what a correction rights.

    Who is wrongly listed is in the second alone.
    """
    number = draw(st.integers(1, 8))
    boxes = draw(st.permutations([f"p{n}@x.vn" for n in range(2 * number)]))
    right, wrong = [], []
    for n in range(number):
        code = draw(st.sampled_from(["", f"CB{n}"]))
        row = f"r:{n}"

        def one(mailbox: str | None, n: int = n, code: str = code, row: str = row) -> Staff:
            return Staff(
                key=code or mailbox or row,
                unit_code=draw(st.sampled_from("ABC")),
                mailbox=mailbox,
                name=f"Tên {n}",
                category=draw(st.sampled_from(["công chức", "hợp đồng lao động"])),
                status=draw(WORDS),
                status_from=draw(DAYS),
                status_to=draw(DAYS),
                row=row,
                job_title=draw(st.sampled_from(["", "lái xe"])),
            )

        is_staff = draw(st.integers(0, 3)) > 0
        now = one(draw(st.sampled_from([boxes[n], None])))
        wrong.append(now)
        if is_staff:
            mailbox = draw(st.sampled_from([now.mailbox, boxes[number + n], None]))
            right.append(one(mailbox))
    return right, wrong


def what_rights(wrong: Staff, right: Staff | None) -> list[Correction]:
    """The corrections that make one the other, as a person would write them."""
    name = wrong.key
    if right is None:
        return [a_correction(name, CorrectionKind.NOT_STAFF)]
    found = []
    of: list[tuple[CorrectionKind, Callable[[Staff], str | None]]] = [
        (CorrectionKind.CATEGORY, lambda person: person.category),
        (CorrectionKind.JOB_TITLE, lambda person: person.job_title),
        (CorrectionKind.UNIT, lambda person: person.unit_code),
        (CorrectionKind.MAILBOX, lambda person: person.mailbox),
    ]
    for kind, value in of:
        if value(wrong) != value(right):
            found.append(a_correction(name, kind, value(right) or ""))
    said = (right.status, right.status_from, right.status_to)
    if said != (wrong.status, wrong.status_from, wrong.status_to):
        found.append(a_correction(name, CorrectionKind.STATUS, *said))
    return found


@given(people(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_corrected_list_is_the_list_that_was_right_at_first(
    lists: tuple[list[Staff], list[Staff]], chance: random.Random
) -> None:
    """Whatever was wrong, in whatever order it is corrected; nothing is left to correct then."""
    right, wrong = lists
    by_row = {person.row: person for person in right}
    corrections = [c for person in wrong for c in what_rights(person, by_row.get(person.row))]
    chance.shuffle(corrections)
    corrected = correct(a_roster(*wrong), corrections)
    assert corrected.misfits == {}
    assert corrected.roster == a_roster(*right)


@given(people(), people())
@settings(max_examples=60, deadline=None)
def test_corrections_made_again_leave_a_list_that_is_sound(
    lists: tuple[list[Staff], list[Staff]], others: tuple[list[Staff], list[Staff]]
) -> None:
    """To any other list: keys and mailboxes stay unique, and nobody goes who was not to go."""
    right, wrong = lists
    by_row = {person.row: person for person in right}
    corrections = [c for person in wrong for c in what_rights(person, by_row.get(person.row))]
    made = [AppliedCorrection(correction, 2 + n % 3) for n, correction in enumerate(corrections)]
    made.sort(key=lambda one: one.edition)
    other = a_roster(*others[0])
    roster, again = correct_again(other, made)
    assert [replace(one, fits=True) for one in again] == made
    keys = [person.key for person in roster.staff]
    assert len(set(keys)) == len(keys)
    assert len(set(roster.mailboxes())) == len(roster.mailboxes())
    leaving = sum(each.kind is CorrectionKind.NOT_STAFF for each in corrections)
    assert len(other.staff) - leaving <= len(roster.staff) <= len(other.staff)

"""A unit's page: file names that every system can hold, what is asked, what is missing to whom."""

import re
from fractions import Fraction

import pytest
from hostile_texts import HOSTILE_TEXTS
from report_builders import DEPARTMENTS, a_standing, counts, departments

from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import NotRanked, Standing
from mailaudit.model.roster import Staff
from mailaudit.model.rules import Rules
from mailaudit.model.usage import StaffState, StaffUsage
from mailaudit.model.use import Use
from mailaudit.report.filenames import LONGEST_STEM, file_stems, report_stem
from mailaudit.report.sections.actions import actions
from mailaudit.report.sections.staff import (
    OUT,
    gaps_table,
    staff_table,
    verdict,
)
from mailaudit.report.sections.uses import LABELS

VI = language("vi")
RULES = Rules()


def test_ordinary_codes_are_file_names_as_they_are() -> None:
    """Whoever looks for a unit's page finds it by its code."""
    assert file_stems(["H01", "SNV-VP", "a_1"]) == {"H01": "H01", "SNV-VP": "SNV-VP", "a_1": "a_1"}


@pytest.mark.parametrize(
    "code", [*HOSTILE_TEXTS, "../../etc/passwd", "a/b", "a\\b", "con", "NUL", "com1", ".", "", "Sở"]
)
def test_codes_no_file_can_be_named_after_get_a_safe_name(code: str) -> None:
    """Letters, digits and hyphens, no reserved name, not longer than a file system holds."""
    (stem,) = file_stems([code]).values()

    assert re.fullmatch(r"[A-Za-z0-9_-]+", stem)
    assert len(stem) <= LONGEST_STEM + 9
    assert stem.casefold() not in {"con", "nul", "com1"}


def test_codes_that_differ_in_case_only_get_files_of_their_own() -> None:
    """On Windows h01.html and H01.html would be one file; so would codes with the same letters."""
    stems = file_stems(["H01", "h01", "a/b", "a\\b", "H02"])

    assert len({stem.casefold() for stem in stems.values()}) == 5
    assert stems["H02"] == "H02"


def test_file_names_say_for_whom_and_of_what() -> None:
    """An unmarked file is for everybody."""
    october = Period(2026, 10)

    assert report_stem(october, Audience.PUBLIC) == "mailaudit-2026-10"
    assert report_stem(october, Audience.IT, "SNV") == "mailaudit-2026-10-it-SNV"


@pytest.mark.parametrize(
    "code",
    ["it", "IT", "it-SNV", "leader", "annex", "Brief", "pack", "unit-reports", "unit-report-SNV"],
)
def test_public_report_of_a_unit_has_no_name_of_another_file(code: str) -> None:
    """A unit called IT would overwrite the IT department's report, with everybody's rights."""
    stem = report_stem(Period(2026, 10), Audience.PUBLIC, code)
    assert stem.startswith(f"mailaudit-2026-10-unit-{code}-")


@pytest.mark.parametrize(
    ("in_scope", "unmeasured", "regular", "missing"),
    [(50, 0, 44, 1), (50, 0, 45, 0), (50, 0, 50, 0), (50, 2, 30, 14), (10, 0, 0, 9), (0, 0, 0, 0)],
)
def test_people_missing_to_the_target(
    in_scope: int, unmeasured: int, regular: int, missing: int
) -> None:
    """The smallest number that reaches 90 % of those judged."""
    sums = counts(in_scope, regular, unmeasured=unmeasured)

    assert sums.short_of(RULES.target) == missing
    judged = in_scope - unmeasured
    if judged:
        assert Fraction(regular + missing, judged) >= RULES.target
        assert missing == 0 or Fraction(regular + missing - 1, judged) < RULES.target


def asked(standing: Standing) -> str:
    return "\n".join(actions(standing, RULES, VI))


def test_a_unit_short_of_the_target_learns_how_many_people() -> None:
    """20 of 24 with a target of 90 %: two more, and with them "Tốt", so that is not said twice."""
    text = asked(departments()[1])

    assert "thêm 2 người" in text
    assert "90%" in text
    assert "“Tốt”" not in text


def test_a_nearer_grade_is_named_beside_the_target() -> None:
    """30 of 48: fourteen to the target, nine to "Khá"."""
    unit = a_standing("H", "A", DEPARTMENTS, counts(48, 30), rank=1, grade="Trung bình", short_of=9)

    assert asked(unit).splitlines()[1] == (
        "Chỉ cần thêm 9 người thường xuyên sử dụng là được xếp loại “Khá”."
    )


def test_missing_and_unmeasured_mailboxes_and_a_fall_are_asked_about() -> None:
    """Each in a sentence of its own, with its number."""
    sums = counts(50, 20, provided=45, unmeasured=3)
    unit = a_standing("H", "A", DEPARTMENTS, sums, rank=1, grade="Yếu", previous=Fraction(3, 4))
    text = asked(unit)

    assert "đề nghị cấp mới 5 hộp thư" in text
    assert "khắc phục 3 hộp thư" in text
    assert "giảm 32,4 điểm phần trăm" in text


def test_a_unit_that_met_the_target_is_asked_to_go_on() -> None:
    """There is always something to say; nothing where nobody is in scope."""
    good = a_standing("H", "A", DEPARTMENTS, counts(50, 46), rank=1, grade="Tốt")
    empty = a_standing("H", "A", DEPARTMENTS, counts(0, 0), not_ranked=NotRanked.NOBODY_IN_SCOPE)

    assert asked(good) == "Đơn vị đã đạt chỉ tiêu; đề nghị tiếp tục duy trì."
    assert asked(empty) == "Kỳ này đơn vị không có người thuộc diện; không có đề nghị."


def a_user(**did: object) -> StaffUsage:
    person = Staff("k1", "H01", "an@lamdong.example", "Nguyễn Văn An")
    return StaffUsage(person, "H01", StaffState.MEASURED, **did)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (a_user(regular=True, has_sent=True, sent_days=9), LABELS[Use.REGULAR]),
        (a_user(), LABELS[Use.UNUSED]),
        (a_user(has_read=True), LABELS[Use.ONLY_READ]),
        (a_user(has_sent=True, sent_days=3, due=10, due_read=10), LABELS[Use.FEW_DAYS]),
        (
            a_user(has_sent=True, sent_days=4, sent_enough=True, due=10, due_read=7),
            LABELS[Use.UNREAD],
        ),
        (StaffUsage(Staff("k", "H", None), "H", StaffState.NOT_PROVIDED), LABELS[Use.NOT_PROVIDED]),
        (StaffUsage(Staff("k", "H", "a@b.c"), "H", StaffState.UNMEASURED), LABELS[Use.UNMEASURED]),
        (StaffUsage(Staff("k", "H", "a@b.c"), "H", StaffState.EXCLUDED), OUT),
        (StaffUsage(Staff("k", "H", "a@b.c"), "H", StaffState.EXEMPT), OUT),
    ],
)
def test_each_person_is_reported_by_the_first_thing_missing(
    usage: StaffUsage, expected: str
) -> None:
    """Every state has its words, and a measured mailbox those of its condition not met."""
    assert verdict(usage, RULES) == expected


def test_staff_with_names_stand_by_given_name() -> None:
    """Given name, middle names, family name, as in every Vietnamese list; else as in the list."""
    names = ("Phạm Bình", "Trần Thị Ân", "Lê Văn An", "Đỗ Đức Dũng", "Lê Thị An")
    people = [
        StaffUsage(Staff(name, "H", f"p{at}@b.c", name=name), "H", StaffState.UNMEASURED)
        for at, name in enumerate(names)
    ]

    def keys(*, by_name: bool) -> list[str]:
        table = staff_table(people, RULES, VI, names=by_name, scope=True)
        return [row.key for row in table.groups[0].rows]

    assert keys(by_name=False) == list(names)
    assert keys(by_name=True) == [
        "Lê Thị An",
        "Lê Văn An",
        "Trần Thị Ân",
        "Phạm Bình",
        "Đỗ Đức Dũng",
    ]


def test_staff_are_counted_once_and_listed_in_order() -> None:
    """The table of what is missing sums up to the list; no figure of somebody not measured."""
    people = [
        a_user(regular=True, has_sent=True, sent_days=9, due=4, due_read=3, sent=12, received=40),
        a_user(),
        StaffUsage(Staff("k2", "H", "b@b.c", name="Trần Bình"), "H", StaffState.UNMEASURED),
    ]
    gaps = gaps_table(people, RULES, VI)
    listed = staff_table(people, RULES, VI, names=True, scope=True)

    assert gaps.total is not None
    assert gaps.total.cells[2].value == 3
    assert sum(int(str(row.cells[2].value)) for row in gaps.groups[0].rows) == 3
    first, _second, third = listed.groups[0].rows
    assert [cell.value for cell in first.cells[1:8]] == [
        "an@lamdong.example",
        "Nguyễn Văn An",
        "Thường xuyên",
        9,
        12,
        40,
        Fraction(3, 4),
    ]
    assert [cell.value for cell in third.cells[4:8]] == [None] * 4

"""A unit's page: file names that every system can hold, what is asked, what is missing to whom."""

import re
from fractions import Fraction

import pytest
from hostile_texts import HOSTILE_TEXTS
from report_builders import (
    DEPARTMENTS,
    a_group,
    a_measurement,
    a_ranking,
    a_report,
    a_standing,
    counts,
    departments,
)

from mailaudit.locale import language
from mailaudit.model.audience import Audience
from mailaudit.model.objections import NO_OBJECTIONS, Objections
from mailaudit.model.outcome import Reason
from mailaudit.model.period import Period
from mailaudit.model.ranking import NotRanked, Standing
from mailaudit.model.roster import Staff
from mailaudit.model.rules import ANY_ACTIVITY, SENT_ALONE, Rules
from mailaudit.model.usage import Counts, StaffState, StaffUsage
from mailaudit.model.use import Use
from mailaudit.report.filenames import LONGEST_STEM, file_stems, report_stem
from mailaudit.report.html import render_units
from mailaudit.report.sections.actions import actions
from mailaudit.report.sections.regular import regular_sentence
from mailaudit.report.sections.staff import (
    OUT,
    gaps_table,
    staff_table,
    verdict,
)
from mailaudit.report.sections.uses import LABELS
from mailaudit.report.value import UnitReport

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


def asked(standing: Standing, *, repairable: int = 0) -> str:
    return "\n".join(actions(standing, RULES, VI, repairable=repairable))


def test_a_unit_short_of_the_target_learns_how_many_people() -> None:
    """20 of 24 with a target of 90 %: two more, and with them "Tốt", so that is not said twice."""
    text = asked(departments()[1])

    assert "thêm 2 người" in text
    assert "90%" in text
    assert "“Tốt”" not in text


def figures_of(unit: Standing) -> dict[str, tuple[object, str]]:
    """Value and explanation of each figure of the unit's page."""
    ranking = a_ranking([a_group(DEPARTMENTS, [unit])])
    (page,) = a_report(ranking=ranking).units
    return {one.key: (one.values[0], one.explanation) for one in page.figures}


def test_grade_place_and_people_needed_stand_beside_the_rate() -> None:
    """30 of 48: nine more for "Khá", fourteen for the target, each with what it is for."""
    sums = counts(48, 30)
    unit = a_standing("H", "A", DEPARTMENTS, sums, rank=1, grade="Trung bình", short_of=9)
    figures = figures_of(unit)

    assert list(figures)[:4] == ["regular", "grade", "rank", "needed"]
    grade = "thêm 9 người thường xuyên sử dụng là được xếp loại “Khá”"
    assert figures["grade"] == ("Trung bình", grade)
    assert figures["needed"] == (14, "người thường xuyên sử dụng; chỉ tiêu 90%")
    assert "14 người" in asked(unit)


@pytest.mark.parametrize(
    ("sums", "why_not", "needed", "why"),
    [
        (counts(50, 45), None, (0, "đã đạt chỉ tiêu 90%"), ""),
        (
            counts(0, 0),
            NotRanked.NOBODY_IN_SCOPE,
            (None, "chỉ tiêu 90%"),
            "Không có người thuộc diện",
        ),
        (counts(9, 0, unmeasured=9), NotRanked.LOW_COVERAGE, (None, "chỉ tiêu"), "Chưa đủ dữ liệu"),
        (
            counts(9, 0, provided=6, unmeasured=6),
            NotRanked.LOW_COVERAGE,
            (None, "chỉ tiêu"),
            "Chưa đủ dữ",
        ),
    ],
)
def test_nobody_is_needed_where_nothing_is_known(
    sums: Counts, why_not: NotRanked | None, needed: tuple[object, str], why: str
) -> None:
    """Nor where the target is met; a unit without a rank says why it has none."""
    rank = None if why_not else 1
    figures = figures_of(a_standing("H", "A", DEPARTMENTS, sums, rank=rank, not_ranked=why_not))

    assert figures["needed"][0] == needed[0]
    assert figures["needed"][1].startswith(needed[1])
    assert figures["rank"][1].startswith(why)
    assert (figures["regular"][0] is None) is (why_not is not None)
    assert (figures["doubt"][1] == "chưa đo được hộp thư nào của đơn vị") is (sums.unmeasured > 0)


def test_missing_and_unmeasured_mailboxes_and_a_fall_are_asked_about() -> None:
    """Each in a sentence of its own, with its number."""
    sums = counts(50, 20, provided=45, unmeasured=3)
    unit = a_standing("H", "A", DEPARTMENTS, sums, rank=1, grade="Yếu", previous=Fraction(3, 4))
    text = asked(unit, repairable=3)

    assert "đề nghị cấp mới 5 hộp thư" in text
    assert "khắc phục 3 hộp thư" in text
    assert "giảm 32,4 điểm phần trăm" in text
    assert "khắc phục" not in asked(unit)  # for the public, or where all of them were removed


def test_a_unit_of_which_nothing_was_measured_says_so() -> None:
    """And is asked for no more regular users, even where some have no mailbox and count."""
    sums = counts(9, 0, provided=6, unmeasured=6)
    unit = a_standing("H", "A", DEPARTMENTS, sums, not_ranked=NotRanked.LOW_COVERAGE)

    assert asked(unit, repairable=6).splitlines() == [
        "Chưa đo được hộp thư nào trong 6 hộp thư của đơn vị: chưa nói được gì về việc sử dụng.",
        "Rà soát danh sách, đề nghị cấp mới 3 hộp thư còn thiếu.",
        "Phối hợp với bộ phận công nghệ thông tin để khắc phục 6 hộp thư chưa đo được.",
    ]


@pytest.mark.parametrize("audience", Audience)
def test_no_page_asks_to_repair_the_mailbox_of_somebody_removed(audience: Audience) -> None:
    """Of two not measured one was removed: one is to be repaired; the public's page shows none of
    it, for two reports would otherwise show in which unit somebody was removed."""
    sums = counts(50, 20, unmeasured=2)
    unit = a_standing("H01", "A", DEPARTMENTS, sums, rank=1, grade="Yếu")
    ranking = a_ranking([a_group(DEPARTMENTS, [unit])])

    def page(removed: int) -> UnitReport:
        people = [
            StaffUsage(
                Staff(f"p{at}", "H01", f"p{at}@b.vn"),
                "H01",
                StaffState.UNMEASURED,
                Reason.TIMED_OUT,
                is_removed=at < removed,
            )
            for at in range(2)
        ]
        measured = a_measurement(ranking, people)
        return a_report(ranking=ranking, measurement=measured, audience=audience).units[0]

    numbers = [re.findall(r"khắc phục (\d)", " ".join(page(n).actions)) for n in range(3)]
    assert numbers == ([[]] * 3 if audience is Audience.PUBLIC else [["2"], ["1"], []])
    to_repair = [any("khắc phục" in key.asked for key in page(n).use_key) for n in range(3)]
    assert to_repair == ([False] * 3 if audience is Audience.PUBLIC else [True, True, False])
    if audience is Audience.PUBLIC:
        assert page(0) == page(2)


def test_the_page_names_whom_to_object_to_and_for_how_long() -> None:
    """As the configuration says, or nothing; for the public days count from publication."""

    def said(audience: Audience, objections: Objections) -> str:
        return a_report(audience=audience, objections=objections).objections

    both = Objections("Phòng 12", 5)
    start = "Nếu số liệu chưa đúng, đề nghị phản ánh với "
    assert said(Audience.LEADER, both) == (
        f"{start}Phòng 12, trong 5 ngày kể từ ngày nhận được báo cáo."
    )
    assert said(Audience.PUBLIC, both) == f"{start}Phòng 12, trong 5 ngày kể từ ngày công bố."
    assert said(Audience.IT, Objections("Phòng 12")) == f"{start}Phòng 12."
    assert "bộ phận công nghệ thông tin, trong 7 ngày" in said(Audience.IT, Objections("", 7))
    assert said(Audience.LEADER, NO_OBJECTIONS) == ""
    for objections in (both, NO_OBJECTIONS):
        report = a_report(audience=Audience.LEADER, objections=objections)
        _, page = next(render_units(report))
        assert ("phản ánh" in page) is (objections is both)


def test_a_contact_is_printed_as_text() -> None:
    """Whatever the configuration holds."""
    report = a_report(objections=Objections("<b>Phòng\u202e 12</b>", 5))
    _, page = next(render_units(report))
    assert "&lt;b&gt;Phòng" in page
    assert "\u202e" not in page


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
    _unused, unmeasured, regular = listed.rows
    assert [cell.value for cell in regular.cells] == [
        3,
        "an@lamdong.example",
        "Nguyễn Văn An",
        "Thường xuyên",
        "",
        9,
        12,
        40,
        Fraction(3, 4),
    ]
    assert [cell.value for cell in unmeasured.cells[5:]] == [None] * 4


def test_those_who_need_something_come_first_with_what_is_missing() -> None:
    """By what they need, with how many and what to do; nothing is said of the others."""
    short = {"has_sent": True, "sent_days": 3, "due": 10, "due_read": 4, "received": 12}
    people = [
        a_user(regular=True, has_sent=True, sent_days=9, sent_enough=True),
        StaffUsage(Staff("k1", "H", None), "H", StaffState.NOT_PROVIDED),
        a_user(**short),
        StaffUsage(Staff("k2", "H", "b@b.c"), "H", StaffState.UNMEASURED, Reason.TIMED_OUT),
        a_user(**{**short, "sent_enough": True, "sent_days": 4}),
        a_user(has_read=True),
        StaffUsage(Staff("k3", "H", "c@b.c"), "H", StaffState.EXEMPT),
        StaffUsage(Staff("", "H", None), "H", StaffState.UNMEASURED, is_removed=True),
        a_user(has_sent=True, sent_days=2, due=3),  # so few that reading is not judged
    ]
    table = staff_table(people, RULES, VI, names=False, scope=False)

    assert [
        (group.title, [row.cells[3].value for row in group.rows]) for group in table.groups
    ] == [
        (
            "Đọc chưa đủ: 1 người. Nhắc đọc thư hằng ngày",
            ["Đọc 40,0% thư đến hạn, cần ít nhất 80%"],
        ),
        (
            "Gửi ít ngày: 2 người. Giao việc, nhận báo cáo, cho ý kiến qua thư công vụ",
            [
                "Gửi thư trong 3 ngày làm việc, cần ít nhất 4."
                " Đọc 40,0% thư đến hạn, cần ít nhất 80%",
                "Gửi thư trong 2 ngày làm việc, cần ít nhất 4",
            ],
        ),
        (
            "Chỉ đọc: 1 người. Yêu cầu trả lời, báo cáo qua thư công vụ",
            ["Có đọc thư, chưa gửi thư nào"],
        ),
        (
            "Chưa được cấp: 1 người. Đề nghị cấp hộp thư, hoặc đề nghị đính chính danh sách",
            ["Thuộc diện, chưa có hộp thư"],
        ),
        (
            "Chưa đo được: 1 người. Bộ phận công nghệ thông tin khắc phục; người dùng không phải"
            " làm gì",
            ["Máy chủ không trả lời kịp"],
        ),
        ("Thường xuyên: 1 người", [""]),
        ("Không thuộc diện: 1 người", [""]),
    ]
    assert [row.cells[0].value for row in table.rows] == list(range(1, 9))
    assert table.notes[-1] == "Đã xóa theo yêu cầu, vẫn tính nhưng không liệt kê: 1 người."


def test_list_says_nothing_of_reading_where_sending_alone_decides() -> None:
    """Neither a column, nor a note, nor a reason; nothing sent is not "never used"."""
    few, none = a_user(has_sent=True, sent_days=3, has_read=None), a_user(has_read=None)
    table = staff_table([few, none], Rules(regular=SENT_ALONE), VI, names=False, scope=False)
    assert [group.title for group in table.groups] == [
        "Gửi ít ngày: 1 người. Giao việc, nhận báo cáo, cho ý kiến qua thư công vụ",
        "Không gửi thư: 1 người. Yêu cầu trả lời, báo cáo qua thư công vụ; gặp người chưa dùng lần"
        " nào",
    ]
    assert [row.cells[3].value for row in table.rows] == [
        "Gửi thư trong 3 ngày làm việc, cần ít nhất 4",
        "Cả kỳ không gửi thư nào",
    ]
    words = " ".join([*(column.label for column in table.columns), *table.notes])
    assert "đọc" not in words
    assert "đọc" in staff_table([few], RULES, VI, names=False, scope=False).columns[-1].label


def test_a_longer_period_says_in_how_many_months_somebody_was_regular() -> None:
    """Beside how many are needed; with any activity as regular use, that there was none."""
    usage = a_user(has_sent=True, months_judged=3, months_regular=1)
    (row,) = staff_table([usage], RULES, VI, names=False, scope=False).rows
    assert row.cells[3].value == "Thường xuyên ở 1 trong 3 tháng; cần ít nhất 2/3"
    (row,) = staff_table([a_user()], Rules(regular=ANY_ACTIVITY), VI, names=False, scope=False).rows
    assert row.cells[3].value == "Cả kỳ không gửi, không đọc thư nào"


def test_regular_use_is_explained_in_one_line() -> None:
    """By the rules in force, with the document it rests on."""
    month = "trong kỳ có gửi thư trong ít nhất 4 ngày làm việc và đã đọc ít nhất 80% số thư đến hạn"
    assert regular_sentence(RULES, VI, longer=False) == month
    based = Rules(regular_basis="Quyết định 5")
    assert regular_sentence(based, VI, longer=False).endswith("(theo Quyết định 5)")
    assert regular_sentence(RULES, VI, longer=True).startswith("ở ít nhất 2/3 số tháng xét được")
    alone = Rules(regular=SENT_ALONE)
    assert regular_sentence(alone, VI, longer=False) == month.partition(" và ")[0]
    assert regular_sentence(alone, VI, longer=True) == (
        "ở ít nhất 2/3 số tháng xét được, trong tháng có gửi thư trong ít nhất 4 ngày làm việc"
    )
    any_activity = Rules(regular=ANY_ACTIVITY)
    assert regular_sentence(any_activity, VI, longer=True).startswith("trong kỳ có gửi, hoặc")

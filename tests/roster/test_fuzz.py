"""Lists nobody thought of: no crash, and nobody dropped in silence.

Whatever rows a file has, each of them ends as exactly one of: a person, a person counted at
another row, a fault that names it, or a row that is explained. And a row that a person would call
a person's is never explained away.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from list_builders import as_csv
from mailaudit.model.reading import ListReading, RowKind
from mailaudit.roster import read_lists
from mailaudit.roster.cells import shown

HEADER = ("STT", "Mã CBCCVC", "Họ và tên", "Chức vụ", "Đơn vị", "Hộp thư", "Từ ngày", "Ghi chú")
PEOPLE_KINDS = {RowKind.STAFF, RowKind.REPEATED, RowKind.FAULTY}

UNITS = st.sampled_from(["Sở Nội vụ", "A", "I", "1", "II. Phòng", "UBND xã Hoà", "P.01"])
NAMES = st.sampled_from(
    ["Lê An", "Đỗ Thị Hoà", "Nguyễn Văn A", "Tống Văn Cộng", "Ban Thị Hoa", "Trương Tổ", "Y Blô",
     "Vũ I", "K'Brěh", "NGUYỄN THỊ ÁNH", "Nguye\u0302\u0303n Thi Ngo\u0323c"]
)  # fmt: skip
TITLES = st.sampled_from(
    ["", "Giám đốc", "Thủ trưởng đơn vị", "Người lập biểu", "Kế toán (kiêm nhiệm)", "Lái xe"]
)
DATES = st.sampled_from(["", "05/10/2026", "25/10/2026", "10/25/2026", "2026", 46300.0, "mai"])
NOTES = st.sampled_from(["", "kiêm nhiệm", "Nơi nhận:", "(Ký tên)", "Cộng", "x\ny", "\u200b"])
BAD_ADDRESSES = st.sampled_from(["an", "an@", "an@x.vn; ba@y.vn", "hoà@x.vn", "#N/A", "5"])
NO_ADDRESSES = st.sampled_from(["", "chưa có", "-", "không"])
TEXTS = st.one_of(
    st.sampled_from(
        ["", "I", "1", "II.", "Cộng", "Tổng cộng: 5 người", "Phòng Tài chính", "I. Lãnh đạo",
         "Người lập biểu", "(Ký, ghi rõ họ tên)", "ngày 5 tháng 10 năm 2026", "Ghi chú: x",
         "Họ và tên", "Hộp thư", "Lê An", "NguyÔn V¨n", "Traàn", "\ufffd", "Nơi nhận:"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row, and whether somebody would call it a person's."""

    cells: tuple[object, ...]
    is_person: bool = False


@st.composite
def people(draw: st.DrawFn) -> Line:
    """A row with an address or a code beside a name, or with a name and a unit."""
    number = draw(st.integers(1, 40))
    shape = draw(st.sampled_from(["address", "code", "unit", "bad"]))
    mailbox: object = draw(NO_ADDRESSES)
    if shape == "address":
        mailbox = draw(
            st.sampled_from([f"a{number}@x.vn", f" A{number}@X.VN.", f"<a{number}@x.vn>"])
        )
    elif shape == "bad":
        mailbox = draw(BAD_ADDRESSES)
    rest: tuple[object, ...] = ("", "", "", "")
    if draw(st.booleans()):
        numbers = st.sampled_from(["", number, f"{number}."])
        rest = (draw(numbers), draw(TITLES), draw(DATES), draw(NOTES))
    ordinal, title, since, note = rest
    code = f"CB{number}" if shape not in {"unit", "bad"} else ""
    name = draw(NAMES) if shape != "address" else draw(st.one_of(NAMES, st.just("")))
    cells = (ordinal, code, name, title, draw(UNITS), mailbox, since, note)
    return Line(cells, is_person=True)


NOISE = st.lists(TEXTS, max_size=len(HEADER)).map(lambda cells: Line(tuple(cells)))
BODY = st.lists(st.one_of(people(), people(), people(), NOISE), max_size=6)
# Someone of every unit who is surely a person: what a unit looks like is known from them.
KNOWN = tuple(
    Line((n, f"K{n}", "Lê Biết", "", unit, f"k{n}@x.vn", "", ""), is_person=True)
    for n, unit in enumerate(["Sở Nội vụ", "A", "I", "1", "II. Phòng", "UBND xã Hoà", "P.01"])
)


@dataclass(frozen=True)
class Fuzzed:
    """A file's lines, and how it is written."""

    lines: tuple[Line, ...]
    header: int  # the number of its row
    kind: str
    encoding: str


def _in_order(line: Line, order: Sequence[int]) -> Line:
    """The row with its columns in another order; noise stays as it is."""
    if len(line.cells) != len(HEADER):
        return line
    return replace(line, cells=tuple(line.cells[index] for index in order))


@st.composite
def lists(draw: st.DrawFn) -> Fuzzed:
    titles = draw(st.lists(NOISE, max_size=3))
    order = draw(st.permutations(range(len(HEADER))))
    lines = (*titles, *(_in_order(line, order) for line in (Line(HEADER), *KNOWN, *draw(BODY))))
    kind = draw(st.sampled_from([",", ";", "\t", ",", ";", "\t", "xlsx"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return Fuzzed(lines, len(titles) + 1, kind, encoding)


def written(folder: Path, fuzzed: Fuzzed) -> Path:
    rows = [[*line.cells] for line in fuzzed.lines]
    if fuzzed.kind != "xlsx":
        file = folder / "a.csv"
        file.write_bytes(as_csv(rows, fuzzed.kind).encode(fuzzed.encoding))
        return file
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("Danh sách")
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                else:
                    sheet.write_number(number, column, cell)
    file = folder / "a.xlsx"
    file.write_bytes(buffer.getvalue())
    return file


def check(fuzzed: Fuzzed) -> None:
    """Holds a list against all that is promised."""
    with TemporaryDirectory() as folder:
        reading = read_lists([written(Path(folder), fuzzed)])
    event("error" if reading.errors else "faults" if reading.faults else "roster")
    if reading.errors:
        assert reading.roster is None
        assert all(error.text() for error in reading.errors)
        return
    (sheet,) = reading.sheets
    _check_every_row_ends_once(reading)
    assert len(sheet.kinds) == sum(map(_is_visible, fuzzed.lines))
    number = 1
    for line in fuzzed.lines:
        if line.is_person:
            assert sheet.kinds.get(number) in PEOPLE_KINDS, (number, line)
        number += 1
        if fuzzed.kind != "xlsx":  # a row of a CSV file is called after its first line
            number += sum(str(cell).count("\n") for cell in line.cells)


def _is_visible(line: Line) -> bool:
    return any(shown(cell) for cell in line.cells)


def _check_every_row_ends_once(reading: ListReading) -> None:
    (sheet,) = reading.sheets
    counts = reading.counts
    assert {number for number, _ in sheet.rows} == set(sheet.kinds)
    assert counts.total() == len(sheet.rows)
    faulty = {number for number, kind in sheet.kinds.items() if kind is RowKind.FAULTY}
    assert {int(fault.row.rpartition(":")[2]) for fault in reading.faults} == faulty
    repeated = Counter(remark.row for remark in reading.remarks if "counted" in remark.message)
    assert len(repeated) == counts[RowKind.REPEATED]
    assert (reading.roster is None) == bool(faulty)
    if reading.roster is not None:
        rows = [int(person.row.rpartition(":")[2]) for person in reading.roster.staff]
        staff = [number for number, kind in sheet.kinds.items() if kind is RowKind.STAFF]
        assert sorted(rows) == sorted(staff)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(lists())
def test_no_list_crashes_the_reader_or_loses_anybody(fuzzed: Fuzzed) -> None:
    """A few of them at every run."""
    check(fuzzed)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(lists())
def test_ten_thousand_lists_lose_nobody(fuzzed: Fuzzed) -> None:
    """Ten thousand where time allows."""
    check(fuzzed)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400), st.sampled_from([".csv", ".xlsx", ".xls", ".ods"]))
def test_bytes_of_any_kind_are_a_list_or_an_error(content: bytes, suffix: str) -> None:
    """Neither noise nor a file with a wrong name breaks the reader."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"a{suffix}"
        file.write_bytes(content)
        reading = read_lists([file])
    assert reading.roster is not None or reading.errors or reading.faults

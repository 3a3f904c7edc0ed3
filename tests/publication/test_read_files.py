"""The reader of published files misses no number: each is understood, or is no figure of people."""

import re
from pathlib import Path

import pytest
from figures import (
    CHANGE,
    COUNTS,
    GAP,
    MONTH,
    MOVED,
    OTHER_COLUMNS,
    PREVIOUS,
    PREVIOUS_RANK,
    PREVIOUS_SHARE,
    RANK,
    RANKED,
    SENTENCES,
    SHARE_SENTENCES,
    SHARES,
    USES,
)
from pages import read_page
from publishing import published
from random_provinces import a_province
from reading import ReadFile, numbers_in, printed, stored
from reports import read

pytestmark = pytest.mark.slow

READ_COLUMNS = {
    *COUNTS,
    *SHARES,
    *USES,
    GAP,
    MOVED,
    PREVIOUS,
    RANK,
    CHANGE,
    "Số người",
    "Số hộp thư",
    "Toàn bộ",
    "Đơn vị",
}
# Sentences whose numbers are dates, places, thresholds, units, or said elsewhere as a figure.
NO_FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d\d:\d\d \d\d/\d\d/\d{4}",  # an instant
        r"\d\d/\d\d/\d{4}",
        r"\d\d/\d{4}: [\d,]+%(?: → \d\d/\d{4}: [\d,]+%)?",  # a drawing's words: rates of the tables
        r"(?:Thuộc diện|Được cấp hộp thư|Có truy cập|Có gửi|Thường xuyên): \d[\d.]*(?=\s*(?:;|$))",
        r"tháng \d+ năm \d{4}",
        r"phiên bản \d+",
        r"[0-9a-f]{64}",
        r"mailaudit \d+\.\d+\.\d+",
        r"[Cc]hỉ tiêu \d+(?:,\d+)?%?",
        r"ít nhất \d+ ngày làm việc, đọc ít nhất \d+% số thư|chưa đủ \d+ ngày|dưới \d+% số thư",
        r"^\d+ trên \d+ đơn vị được xếp hạng",  # numbers of units, as in the tables
        r"^(?:Tốt|Khá|Trung bình|Yếu|Không xếp hạng): \d+$",
        r"\d+/\d+ đơn vị",
        r"\d+ đơn vị",
        r"đạt [\d,]+% số người",
        r"phấn đấu đạt \d+%|90%: chưa đạt",
        r"[\d,]+%[\d,]+%",  # the card's drawing repeats the rate of the month
        r"^\d+\. ",
        r"năm \d{4}",
        r"còn [\d,]+%",  # of a unit that fell: in a table
        r"\(\d+ hộp thư\)",  # by cause; a table has the sum
        r"\b0% 25% 50% 75% 100%",  # an axis
        r"Nhóm có tỷ lệ (?:cao|thấp) nhất(?: \|)? [\d,]+%",
        r"(?:\d\d/\d{4} )+",
        r"\d+(?:,\d+)? Số liệu dùng để vẽ",  # the target
        r"mức \d+%",
        r"\(?mức \d+%",
        r"(?:dưới|vượt mức|trên|hơn|Hơn|ít nhất|từ|hoặc) \d+(?:,\d+)?%?",
        r"Dưới \d+ người",
        r"\(\d\)|\(\(1\) − \(3\)\)|\(2\)/\(1\)|4/\(1−3\)|1-1-3",  # how columns are named
        r"lệch 0,1",
        r"\d\d giờ \d\d phút",
        r"F[234]|SHA-256|Exchange\d+",
        r"Thêm \d+ người để đạt|Đề nghị \d+ người|thêm \d+ người",  # follow from the unit's rate
        r"[+−]?\d+,\d+ / [+−]?\d+,\d+|giảm \d+,\d+ / tăng \d+,\d+",
        r"[+−]?\d+,\d+ điểm (?:%|phần trăm)|Một người = [\d,]+ điểm phần trăm",
        r"[+−]?\d+(?:,\d+)? – [+−]?\d+(?:,\d+)?%",
        r"Do chưa đo được(?: \|)? 0(?:,0)?",  # as the sentence says
        r"Tăng/giảm so với kỳ trước \| [+−]?\d+(?:,\d+)?",
        r"So với chỉ tiêu \| [+−]?\d+(?:,\d+)?",
        r"Đơn vị đạt chỉ tiêu \| \d+",
        r"Xếp hạng \| \d+",
        r"Cần thêm để đạt chỉ tiêu \| \d+",
        r"\d+ loại đối tượng|\d+ lượt ghi",  # words that no rule names, of the whole list
        r"\([\d,]+%\)",  # the share of two numbers that stand before it
        r"U\d+",
        r"Còn thiếu \d+ người để đạt",  # follows from the rate of the whole
        r"(?:lên|xuống) [\d,]+%",  # the rate of the whole in the last month, as in the tables
        r"Chỉ tiêu +[\d,]+%",  # the same, beside the target in the card's drawing
        r"ô nào cũng cao \d+ điểm phần trăm",
    )
)


def unread_cells(file: ReadFile) -> list[str]:
    """Columns with numbers of which nobody said what they are."""
    known = READ_COLUMNS | OTHER_COLUMNS
    return [
        f"{table.caption}: {label}"
        for table in file.tables
        for line in table.lines
        for label, value in line.cells.items()
        if value.low is not None and label not in known and not MONTH.fullmatch(label)
    ]


def unread_numbers(file: ReadFile) -> list[str]:
    """Texts with numbers of which nobody said what they are."""
    texts = list(file.texts)
    texts += [
        value.text
        for table in file.tables
        for line in table.lines
        for label, value in line.cells.items()
        if label == "Ghi chú"
    ]
    found = []
    for text in texts:
        rest = text
        for pattern in (
            *SENTENCES,
            *SHARE_SENTENCES,
            RANKED,
            PREVIOUS_RANK,
            PREVIOUS_SHARE,
            *NO_FIGURES,
            MONTH,
        ):
            rest = pattern.sub(" ", rest)
        if numbers_in([rest]):
            found.append(f"{rest} <- {text}")
    return found


@pytest.mark.parametrize("seed", [10, 20])
def test_reader_misses_no_number_of_any_file(seed: int, tmp_path: Path) -> None:
    """Of pages, workbooks with all their sheets, documents and cards."""
    files = 0
    for report in published(a_province(seed), tmp_path):
        for name, content in report.files.items():
            file = read(name, content) if report.head is None else None
            if file is not None:
                files += 1
                assert not unread_cells(file), name
                assert not unread_numbers(file), name
    assert files > 20


def test_reader_is_not_satisfied_with_a_number_it_does_not_know() -> None:
    """The check can fail: a number in a sentence, or in a column, that nobody explained."""
    page = """<meta charset="utf-8"><h1>Tỉnh</h1><p>Có 3 người nghỉ ốm.</p>
    <div><table><caption>Bảng</caption><thead><tr><th>STT</th><th>Nghỉ ốm</th></tr></thead>
    <tbody><tr><td>1</td><td>3</td></tr></tbody></table></div>"""
    file = read_page(page.encode())

    assert unread_cells(file) == ["Bảng: Nghỉ ốm"]
    assert unread_numbers(file) == ["Có 3 người nghỉ ốm. <- Có 3 người nghỉ ốm."]


def test_printed_numbers_are_ranges_and_stored_ones_are_fractions() -> None:
    """33,3 may be a third; the cell of a workbook says that it is one."""
    low, high = printed("33,3*").low, printed("33,3*").high
    third = stored(100 / 3).exact

    assert low is not None and high is not None and third is not None
    assert low < third < high
    assert third * 3 == 100
    assert printed("1.234").exact == 1234
    assert printed("(ẩn)").low is None

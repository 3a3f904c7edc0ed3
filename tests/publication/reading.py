"""Rendered files as a stranger reads them: tables by their labels, and all other texts.

Nothing here knows the values the files were made from. What labels and sentences mean, and which
numbers are no figures of people, is in `figures.py`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

GROUP_TITLE = re.compile(r"[IVXL]+\. (.+)")
HEADERS = ("STT", "Ký hiệu", "Bước", "Nội dung")  # what the first column of a table is called
WHOLE, GROUP_SUM, SUM, SMALL = "TỔNG CỘNG", "Cộng nhóm", "Cộng", "Các đơn vị ít người"
_NUMBER = re.compile(r"[+−-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?|[+−-]?\d+(?:,\d+)?")
_MARKS = "*‡† !"
LARGEST_WHOLE = 100_000  # of a fraction read from a cell of a workbook


@dataclass(frozen=True, slots=True)
class Value:
    """A cell's text, and where it is a number the range it was rounded from.

    Attributes:
        low, high: The same number where it is exact; None where the text is no number.
    """

    text: str
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def exact(self) -> Fraction | None:
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class Line:
    """One row: cells by label, the name of what it is about, the group it stands under."""

    name: str
    group: str
    cells: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """All of one file.

    Attributes:
        titles: What it may be about: the first words of all, among them a unit's name on its page.
        texts: Whatever stands in no table.
    """

    tables: tuple[Table, ...]
    texts: tuple[str, ...]
    titles: tuple[str, ...] = ()


def printed(text: str) -> Value:
    """A number as pages and documents print it: `33,3` was anything from 33,25 to 33,35."""
    bare = text.strip().rstrip(_MARKS).removesuffix("%").split(" (")[0].strip()
    if not _NUMBER.fullmatch(bare):
        return Value(text)
    plain = bare.replace(".", "").replace(",", ".").replace("−", "-")
    number = Fraction(plain)
    if "," not in bare:
        return Value(text, number, number)
    half = Fraction(1, 2 * 10 ** len(bare.split(",")[1]))
    return Value(text, number - half, number + half)


def sorted_by(text: str, behind: str | None) -> Value:
    """A cell of a page with the number it is sorted by, which has six figures, beside its text."""
    seen = printed(text)
    if behind is None or seen.low is None or seen.exact is not None:
        return seen
    number = Fraction(behind) * 100
    half = Fraction(10) ** (2 - 6)  # a share has six figures at most
    return Value(text, max(seen.low, number - half), min(seen.high or number, number + half))


def stored(cell: object) -> Value:
    """A cell of a workbook: its number to the last digit, so that the fraction can be known."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return Value("" if cell is None else str(cell).strip())
    if float(cell).is_integer():
        return Value(str(int(cell)), Fraction(int(cell)), Fraction(int(cell)))
    share = Fraction(cell) / 100
    simple = share.limit_denominator(LARGEST_WHOLE)
    if abs(simple - share) < Fraction(1, 10**15):
        return Value(str(cell), simple * 100, simple * 100)
    return Value(
        str(cell), Fraction(cell) - Fraction(1, 10**12), Fraction(cell) + Fraction(1, 10**12)
    )


def group_of(text: str) -> str:
    found = GROUP_TITLE.fullmatch(text)
    return found[1] if found else text


def line_of(cells: dict[str, Value], group: str) -> Line:
    name = next((cells[label].text for label in NAMING if label in cells), "")
    listed = cells.get("Nhóm")
    if listed is not None and "Tên đơn vị" in cells:
        group = group_of(listed.text)
    return Line(name, group, cells)


NAMING = (
    "Tên đơn vị",
    "Đơn vị, nhóm, tổng chung",
    "Nội dung",
    "Bước",
    "Kỳ",
    "Nhóm",
    "Xếp loại",
    "Lý do ghi trong danh sách",
    "Nguyên nhân",
    "Mục",
    "Tháng",
)


def numbers_in(texts: Iterable[str]) -> list[str]:
    """Every number that stands in the texts."""
    return [number for text in texts for number in re.findall(r"\d[\d.,]*", text)]

"""Rendered files read as a stranger reads them: tables by their labels, and all other texts.

Nothing here knows the values the files were made from. Whatever has no figure of people in it is
named in `figures.py`; a number that is neither understood nor named there is reported.
"""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from zipfile import ZipFile

from lxml import etree, html
from pypdf import PdfReader
from python_calamine import load_workbook

GROUP_TITLE = re.compile(r"[IVXL]+\. (.+)")
HEADERS = ("STT", "Ký hiệu", "Bước", "Nội dung")  # what the first column of a table is called
WHOLE, GROUP_SUM, SUM, SMALL = "TỔNG CỘNG", "Cộng nhóm", "Cộng", "Các đơn vị ít người"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBER = re.compile(r"[+−-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?|[+−-]?\d+(?:,\d+)?")
_MARKS = "*‡† !"
TITLES = 5  # of the first texts of a workbook, one names the unit it is about
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


def read_page(content: bytes) -> ReadFile:
    """A page, with the numbers its tables are sorted by and the words for those who can't see."""
    root = html.document_fromstring(content)
    title = _text(next(iter(root.findall(".//h1")), None))
    tables = []
    for block in root.findall(".//table"):
        above = block.getparent().getparent() if block.find("caption") is not None else None
        heading = block.find("caption") if above is not None else block.getparent().find("h3")
        tables.append(_page_table(_text(heading), block))
        block.getparent().remove(block)
    for left_out in (*root.iter("style", "script", "head"),):
        if left_out.getparent() is not None:
            left_out.getparent().remove(left_out)
    texts = [str(drawing.get("aria-label")) for drawing in root.iter("svg")]
    for drawing in list(root.iter("svg")):
        _without(drawing)
    texts += [
        _text(block) for block in root.iter("p", "li", "h1", "h2", "h3", "figcaption", "label")
    ]
    for entry in root.iter("div"):
        if entry.find("dt") is not None:
            texts.append(" | ".join(_text(part) for part in entry))
    return ReadFile(tuple(tables), tuple(texts), (title,))


def _page_table(caption: str, block: html.HtmlElement) -> Table:
    labels = [_text(cell) for cell in block.findall(".//thead/tr/th")]
    lines, group = [], ""
    for row in block.findall(".//tbody/tr"):
        cells = list(row)
        if len(cells) == 1:
            group = _group(_text(cells[0]))
            continue
        found: dict[str, Value] = {}
        for label, cell in zip(labels, cells, strict=True):
            for moved in cell.find_class("moved"):
                words = _text(moved)
                amount = "".join(filter(str.isdigit, words.split()[0]))
                found["Tăng/giảm hạng"] = printed(("−" if "▼" in words else "") + amount)
                _without(moved)
            drawings = [str(drawing.get("aria-label")) for drawing in cell.iter("svg")]
            text = drawings[0] if drawings else _text(cell)
            found[label] = sorted_by(text, cell.get("data-v"))
        lines.append(_line(found, group))
    return Table(caption, tuple(lines))


def _without(element: html.HtmlElement) -> None:
    element.drop_tree()


def read_workbook(content: bytes) -> ReadFile:
    """All sheets, hidden ones too, with the values of formulas as they were stored."""
    book = load_workbook(BytesIO(content))
    tables: list[Table] = []
    texts: list[str] = []
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        texts.append(name)
        _sheet([[stored(cell) for cell in row] for row in rows], tables, texts)
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }
    texts += [text for text in _properties(content) if not _is_copy(text, cells)]
    return ReadFile(tuple(tables), tuple(texts), tuple(texts[:TITLES]))


def _is_copy(text: str, cells: set[str]) -> bool:
    """Whether a chart only repeats a cell."""
    try:
        return text in cells or str(float(text)) in cells
    except ValueError:
        return False


def _properties(content: bytes) -> Iterator[str]:
    """What a file says of itself outside its sheets: properties, charts, comments."""
    with ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.startswith(("docProps/", "xl/charts/", "xl/comments", "xl/drawings/drawing")):
                root = etree.fromstring(parts.read(name))
                yield from (
                    node.text.strip()
                    for node in root.iter("{*}t", "{*}v", "{*}title", "{*}subject", "{*}keywords")
                    if node.text and node.text.strip()
                )


def _sheet(rows: Sequence[Sequence[Value]], tables: list[Table], texts: list[str]) -> None:
    labels: dict[int, str] = {}
    lines: list[Line] = []
    caption, group = "", ""
    above: Sequence[Value] = ()
    for place, row in enumerate(rows):
        filled = {n: value for n, value in enumerate(row) if value.text}
        if not filled:
            continue
        first = row[0].text
        alone = list(filled) == [0]
        if first in HEADERS and len(filled) > 2:
            labels = {n: value.text for n, value in filled.items()}
            lines, group = [], ""
            tables.append(Table(caption, ()))
        elif labels and alone and GROUP_TITLE.fullmatch(first):
            group = _group(first)
        elif labels and not alone and set(filled) <= set(labels):
            lines.append(_line({labels[n]: row[n] for n in labels}, group))
            tables[-1] = Table(caption, tuple(lines))
        elif above and _are_numbers(filled.values()):
            below = rows[place + 1] if place + 1 < len(rows) else ()
            texts.extend(_cards(above, filled, below))
        else:
            labels = {}
            caption = first
            texts.extend(_beside(filled))
        above = row


def _are_numbers(values: Iterable[Value]) -> bool:
    """Whether all are, or dashes in the place of numbers."""
    found = [value for value in values if value.text != "–"]
    return bool(found) and all(value.low is not None for value in found)


def _cards(
    above: Sequence[Value], numbers: Mapping[int, Value], below: Sequence[Value]
) -> Iterator[str]:
    """Headline figures as a page has them: label, numbers, explanation."""
    starts = [n for n, value in enumerate(above) if value.text]
    for start, end in zip(starts, [*starts[1:], len(above)], strict=True):
        found = [
            _in_words(value) for n, value in numbers.items() if start <= n < end
        ]
        sign = "%" if " trên " in below[start].text or len(found) > 1 else ""
        yield f"{above[start].text} | {' – '.join(found)}{sign} | {below[start].text}"


def _beside(filled: Mapping[int, Value]) -> Iterator[str]:
    """Texts; a number with the text after it, which says what it is."""
    values = list(filled.values())
    for value, after in zip(values, [*values[1:], Value("")], strict=True):
        yield value.text if value.low is None else f"{_in_words(value)} {after.text}"


def _in_words(value: Value) -> str:
    """A number as a page would print it, with more figures."""
    if value.low is None or value.low.denominator == 1:
        return value.text.replace("-", "−")
    return f"{float(value.low):.6f}".replace(".", ",").replace("-", "−")


def read_document(content: bytes) -> ReadFile:
    """A document in Word's format; the PDF of the same name has the same text."""
    with ZipFile(BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))[0]
        foot = [parts.read(name) for name in parts.namelist() if "footer" in name]
    tables: list[Table] = []
    texts = [_word_text(etree.fromstring(part)) for part in foot]
    for block in body:
        if block.tag != f"{_WORD}tbl":
            texts.append(_word_text(block))
            continue
        rows = [
            [_word_text(cell) for cell in row.iter(f"{_WORD}tc")]
            for row in block.iter(f"{_WORD}tr")
        ]
        if rows[0][0] not in HEADERS:
            texts.extend(text for row in rows for text in row)
            continue
        lines, group = [], ""
        for row in rows[1:]:
            if len(row) == 1:
                group = _group(row[0])
            else:
                found = {label: printed(text) for label, text in zip(rows[0], row, strict=True)}
                lines.append(_line(found, group))
        tables.append(Table(texts.pop(), tuple(lines)))
    return ReadFile(tuple(tables), tuple(text for text in texts if text))


def read_card(content: bytes) -> ReadFile:
    """The card as PDF; the picture shows the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = PdfReader(BytesIO(content)).pages[0].extract_text()
    return ReadFile((), (" ".join(text.split()),))


def _word_text(element: etree._Element) -> str:
    return " ".join("".join(node.text or "" for node in element.iter(f"{_WORD}t")).split())


def _text(element: html.HtmlElement | None) -> str:
    return "" if element is None else " ".join(element.text_content().split())


def _group(text: str) -> str:
    found = GROUP_TITLE.fullmatch(text)
    return found[1] if found else text


def _line(cells: dict[str, Value], group: str) -> Line:
    name = next((cells[label].text for label in NAMING if label in cells), "")
    listed = cells.get("Nhóm")
    if listed is not None and "Tên đơn vị" in cells:
        group = _group(listed.text)
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

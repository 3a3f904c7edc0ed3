"""A workbook: all sheets, hidden ones too, and what stands beside them."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from zipfile import ZipFile

from lxml import etree
from python_calamine import load_workbook
from reading import GROUP_TITLE, HEADERS, Line, ReadFile, Table, Value, group_of, line_of, stored

GRADE = "Xếp loại"
TITLES = 5  # of the first texts of a workbook, one names the unit it is about


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
        elif labels and alone and (GROUP_TITLE.fullmatch(first) or _goes_on(rows, place, labels)):
            group = group_of(first)
        elif labels and not alone and set(filled) <= set(labels):
            lines.append(line_of({labels[n]: row[n] for n in labels}, group))
            tables[-1] = Table(caption, tuple(lines))
        elif above and _are_figures(filled, above):
            below = rows[place + 1] if place + 1 < len(rows) else ()
            texts.extend(_cards(above, filled, below))
        else:
            labels = {}
            caption = first
            texts.extend(_beside(filled))
        above = row


def _goes_on(rows: Sequence[Sequence[Value]], place: int, labels: Mapping[int, str]) -> bool:
    """Whether the table goes on below a row: with a numbered row in its columns."""
    below = rows[place + 1] if place + 1 < len(rows) else ()
    filled = {n for n, value in enumerate(below) if value.text}
    return len(filled) > 1 and filled <= set(labels) and below[0].low is not None


def _are_figures(values: Mapping[int, Value], above: Sequence[Value]) -> bool:
    """Whether all are numbers, dashes in their place, or a grade; by the labels above them."""
    found = [value for value in values.values() if value.low is not None]
    return bool(found) and all(
        value.low is not None or value.text == "–" or above[n].text == GRADE
        for n, value in values.items()
    )


def _cards(
    above: Sequence[Value], numbers: Mapping[int, Value], below: Sequence[Value]
) -> Iterator[str]:
    """Headline figures as a page has them: label, numbers, explanation."""
    starts = [n for n, value in enumerate(above) if value.text]
    for start, end in zip(starts, [*starts[1:], len(above)], strict=True):
        found = [_in_words(value) for n, value in numbers.items() if start <= n < end]
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

"""Which rows below a header are not people: groups, totals, repeated headers, signatures, notes.

A row counts as one of these only where it cannot be a person's; whatever is left has to be
understood as a person, or is a fault.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailaudit.model.reading import RowKind
from mailaudit.roster.cells import NO_MAILBOX, shown
from mailaudit.roster.columns import NAME_KEYS, UNIT_KEYS
from mailaudit.roster.errors import UnreadableText
from mailaudit.roster.files.sheet import Row
from mailaudit.roster.header import Header

_NUMBERING = re.compile(r"\(?(\d{1,2}|[A-Za-z])\)?([=+*/().\d-]*)")
_TOTAL = re.compile(
    r"(tổng cộng|tổng số|tong cong|tong so)\b.*|(tổng|cộng|cong)\s*:?"
    r"|cộng\s*:?\s*(nhóm|phòng|đơn vị|mục|phần|trang|[(\divxlc]).*",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[\d.,%/ -]*( ?người)?", re.IGNORECASE)
_MARKER = re.compile(r"([IVXLC]+|[A-ZĐ]|\d{1,2}(\.\d{1,2})*)\s*[.)/-]?")
_NUMBER_MARKER = re.compile(r"[\d.]+[.)/-]?")
_MARKED = re.compile(r"([IVXLC]+|[A-ZĐ])\s*[.)/-]\s*(?P<text>\S.*)")
# What no name of a person begins with; such a text alone in a row is a heading.
_ORGANISATION = re.compile(
    r"(\d{1,2}(\.\d{1,2})*[.)/-]?\s*)?"
    r"(lãnh đạo|phòng|văn phòng|trung tâm|chi cục|cục|sở|ubnd|hđnd|đảng ủy|huyện ủy|tỉnh ủy"
    r"|thường trực|ủy ban|hội đồng|khối|bộ phận|tổ|trường|trạm|đội|thanh tra|chi nhánh|công chức"
    r"|viên chức|cán bộ|người lao động|người hoạt động|hợp đồng|đơn vị|ban (?!\w+$|[A-ZĐ]\w* \w)"
    r"|ban (giám|quản|lãnh|dân|tiếp|chỉ|chấp|thường|tổ chức|tuyên giáo))\b.*",
    re.IGNORECASE,
)
_STARTS_SIGNATURE = re.compile(
    r"(người|cán bộ) (lập|tổng hợp|kê khai)( biểu| bảng| danh sách)?|(thủ trưởng|giám đốc"
    r"|phó giám đốc|chủ tịch|phó chủ tịch|trưởng phòng|chánh văn phòng|hiệu trưởng|kế toán)"
    r"( (cơ quan|đơn vị|trưởng))*|\(?(đã )?ký(,| |\b).*|nơi nhận\s*:?.*|xác nhận\b.*"
    r"|.*\bngày\b.{1,12}\btháng\b.{1,10}\bnăm\b.*|(tm|kt|tl|tuq|q)\s?\..*|lưu\s*:.*",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(ghi chú|chú thích|chú ý|lưu ý|danh sách (này )?(có|gồm))\b.*|\(?\*+\)?.*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A row's texts by position, the blank ones left out."""

    row: Row
    texts: dict[int, str]


class RowSorter:
    """Sorts the rows of one list by what they are.

    Args:
        columns: The position of each column that is used.
    """

    def __init__(self, header: Header, columns: Mapping[str, int]) -> None:
        self._columns = columns
        # A unit called "A" is not the number of a group: those stand where people's numbers stand.
        used = {index for key, index in columns.items() if key != "ordinal"}
        self._markers = set(range(len(header.headings))) - used
        self._units: set[str] = set()  # those of people that are surely people
        self._header_rows = [_texts(row) for row in header.rows]

    def kinds(self, rows: Sequence[Row]) -> Iterator[RowKind | None]:
        """The kind of each row; None for what has to be a person."""
        seen = [_Seen(row, _texts(row)) for row in rows]
        sure = [row for row in seen if self._is_surely_person(row)]
        self._units = {unit for row in sure for unit in self._units_of(row)}
        last_sure = max(
            (number for number, row in enumerate(seen) if self._is_surely_person(row)), default=-1
        )
        has_signature = False
        numbers_may_follow = True
        for number, row in enumerate(seen):
            kind = self._kind(row, numbers_may_follow)
            if kind is None and number > last_sure:
                # Names of those who sign stand below their titles, in whatever column.
                has_signature = has_signature or self._starts_signature(row)
                kind = RowKind.SIGNATURE if has_signature else None
            if kind is None and not self._is_surely_person(row):
                kind = self._heading_or_note(row)
            numbers_may_follow = kind in {RowKind.HEADER, RowKind.NUMBERS}
            yield kind

    def _kind(self, seen: _Seen, numbers_may_follow: bool) -> RowKind | None:
        texts = seen.texts
        if texts in self._header_rows:
            return RowKind.HEADER
        # Where a number stands for a mailbox, nobody is lost.
        if (
            numbers_may_follow
            and len(texts) > 2
            and self._text(seen, "mailbox")
            and all(map(_NUMBERING.fullmatch, texts.values()))
        ):
            return RowKind.NUMBERS
        first, *others = texts.values()
        if _TOTAL.fullmatch(first) and all(map(_FIGURE.fullmatch, others)):
            return RowKind.TOTAL
        return None

    def _is_surely_person(self, seen: _Seen) -> bool:
        """Whether an address stands there, or a name with what only people in the list have."""
        if self._kind(seen, numbers_may_follow=False) is not None:
            return False
        mailbox = self._text(seen, "mailbox")
        if "@" in mailbox:
            return True
        return any(self._text(seen, column) for column in NAME_KEYS) and (
            bool(self._text(seen, "staff_code"))
            or self._text(seen, "ordinal").rstrip(".").isdecimal()
            or (mailbox != "" and mailbox.lower() in NO_MAILBOX)
            or any(unit in self._units for unit in self._units_of(seen))
        )

    def _units_of(self, seen: _Seen) -> Iterator[str]:
        return (text for column in UNIT_KEYS if (text := self._text(seen, column)))

    def _starts_signature(self, seen: _Seen) -> bool:
        """Whether a title or date of a signature stands there, and no name beside it."""
        name = self._text(seen, "name") or self._text(seen, "family_name")
        if name and not _STARTS_SIGNATURE.fullmatch(name):
            return False
        return any(map(_STARTS_SIGNATURE.fullmatch, seen.texts.values()))

    def _heading_or_note(self, seen: _Seen) -> RowKind | None:
        texts = list(seen.texts.items())
        if any("@" in text for _, text in texts):
            return None
        if len(texts) == 1 and _NOTE.fullmatch(texts[0][1]):
            return RowKind.NOTE
        return RowKind.GROUP if self._is_group(texts) else None

    def _is_group(self, texts: list[tuple[int, str]]) -> bool:
        """A heading alone in its row, but for its number and for counts."""
        marker = ""
        if len(texts) > 1 and texts[0][0] in self._markers and _MARKER.fullmatch(texts[0][1]):
            marker, texts = texts[0][1], texts[1:]
        (index, text), *others = texts
        if not all(_FIGURE.fullmatch(other) for _, other in others):
            return False
        if marker and not _NUMBER_MARKER.fullmatch(marker):
            return True
        if _MARKED.fullmatch(text) or _ORGANISATION.fullmatch(text):
            return True
        # Words where the number belongs: a heading over all columns, their cells merged.
        stands_outside = index == 0 and self._columns.get("ordinal") == 0
        return stands_outside and not marker and not text.rstrip(".").isdecimal()

    def _text(self, seen: _Seen, column: str) -> str:
        index = self._columns.get(column)
        return "" if index is None else seen.texts.get(index, "")


def group_of(row: Row) -> str:
    """What a group row says, without its number: "II. Phòng Tài chính" -> "Phòng Tài chính"."""
    for cell in row.cells:
        if isinstance(cell, UnreadableText):
            return cell  # who needs it learns why
    texts = [text for text in _texts(row).values() if not _MARKER.fullmatch(text)]
    text = texts[0] if texts else ""
    found = _MARKED.fullmatch(text)
    return found["text"] if found else re.sub(r"^\d{1,2}(\.\d{1,2})*[.)/-]?\s+", "", text)


def _texts(row: Row) -> dict[int, str]:
    return {index: text for index, cell in enumerate(row.cells) if (text := shown(cell))}

"""One cell of a list: its text, its address, its date. What can't be understood raises BadCell."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from unicodedata import normalize

from mailaudit.errors import N_
from mailaudit.model.layout import DateOrder
from mailaudit.model.wording import without_accents
from mailaudit.roster.errors import BadCell, UnreadableText

# Zero-width and soft-hyphen characters come along when addresses are copied from web pages.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
# What some keyboards and fonts write for Đ: eth, and a letter of African languages.
BARRED = str.maketrans("\u00d0\u00f0\u0189\u0256", "ĐđĐđ")
# Said in so many words; anything else that is not an address is a fault, not "no mailbox".
NO_MAILBOX = frozenset({"", "-", "–", "—", "không", "không có", "chưa có", "chưa cấp"})
ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?"
)
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})( 0?0:00(:00)?)?")
YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})([T ]00:00(:00)?)?")
IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})", re.IGNORECASE)
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 date system, its false 29/2/1900 included
EXCEL_SERIALS = range(36526, 73051)  # the years 2000 to 2099
# Spaces that can only be a slip: no address has one beside its "@" or a dot.
STRAY_SPACE = re.compile(r"\s+(?=[@.])|(?<=[@.])\s+(?=\S)")
LOST_LETTER = re.compile(r"(?<=\w)\?|\?(?=\w)|\ufffd")
ERROR_VALUE = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|GETTING_DATA|CALC!|SPILL!)")


def text_of(cell: object) -> str:
    """The cell as text: NFC, nothing invisible, single spaces; whole numbers without ".0".

    Raises:
        BadCell: The text is most likely not what a person sees there.
    """
    if type(cell) is str:  # most cells are; a list of a province has half a million
        return _cleaned(cell)
    if cell is None:
        return ""
    if isinstance(cell, UnreadableText):
        raise cell.fault()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _cleaned(str(cell))


def shown(cell: object) -> str:
    """The cell as text, whatever it holds; for looking at it and for messages."""
    return _cleaned(str(cell)) if isinstance(cell, UnreadableText) else text_of(cell)


def _cleaned(text: str) -> str:
    return " ".join(text.split()) if text.isascii() else _composed(text)


@lru_cache(maxsize=65536)  # units, categories, titles and names come again and again
def _composed(text: str) -> str:
    composed = normalize("NFC", text).translate(INVISIBLE).translate(BARRED)
    return " ".join(composed.split())


def wording_of(cell: object) -> str:
    """The text of a cell that holds words, such as a name or a unit.

    Raises:
        BadCell: Letters of it were lost when the file was saved, or it is an error of Excel's.
    """
    text = text_of(cell)
    if text.startswith("#") and ERROR_VALUE.fullmatch(text):
        raise BadCell(N_("the cell holds Excel's error {text}"), text=text)
    if ("?" in text or "\ufffd" in text) and LOST_LETTER.search(text):
        raise BadCell(
            N_('"{text}" lost letters when the file was saved; export it as .xlsx or UTF-8 again'),
            text=text,
        )
    return text


@lru_cache(maxsize=4096)
def bare_letters(text: str) -> str:
    """The text without regard to case, diacritics, spaces and punctuation: "Đơn vị" -> "donvi"."""
    # Ð (eth) is what some keyboards write for Đ.
    plain = without_accents(text.lower().replace("ð", "d"))
    return "".join(letter for letter in plain if letter.isalnum())


def address_of(cell: object, domains: frozenset[str] = frozenset()) -> str | None:
    """The address in the cell, lower case; None where the cell says there is none.

    Of several addresses, the one in one of `domains` is it.

    Raises:
        BadCell: The cell holds something that is not an address, or several that may be it.
    """
    text = text_of(cell)
    if text.lower() in NO_MAILBOX:
        return None
    parts = _parts(text)
    if len(parts) == 1:
        return parts[0]
    own = [part for part in parts if part.partition("@")[2] in domains]
    if len(own) == 1:
        return own[0]
    raise BadCell(
        N_(
            '"{text}" is {count} addresses; keep the official one, others of the same mailbox'
            ' belong in a column "Hộp thư khác"'
        ),
        text=text,
        count=str(len(parts)),
    )


def addresses_of(cell: object) -> tuple[str, ...]:
    """The addresses in the cell, lower case, separated by spaces, commas, semicolons or lines.

    Raises:
        BadCell: One of them is not a mail address.
    """
    text = text_of(cell)
    return () if text.lower() in NO_MAILBOX else _parts(text)


def _parts(text: str) -> tuple[str, ...]:
    """The different addresses of a text, in its order. Raises BadCell."""
    if ADDRESS.fullmatch(text):
        return (text,)
    cleaned = STRAY_SPACE.sub("", text.lower().replace("mailto:", ""))
    parts = [
        part
        for piece in re.split(r"[\s,;/|<>]+", cleaned)
        if (part := piece.strip("'\"()").rstrip(".")) not in {"", "-", "–"}
    ]
    for part in parts:
        if ADDRESS.fullmatch(part) is None:
            raise _no_address(text, part)
    if not parts:
        raise BadCell(N_('"{text}" is not a mail address'), text=text)
    return tuple(dict.fromkeys(parts))


def _no_address(text: str, part: str) -> BadCell:
    plain = without_accents(part)
    if not part.isascii() and ADDRESS.fullmatch(plain):
        return BadCell(
            N_('"{text}" is not a mail address: it has accents; is it {guess}?'),
            text=text,
            guess=plain,
        )
    return BadCell(N_('"{text}" is not a mail address'), text=text)


def date_of(cell: object) -> date | None:
    """The date in the cell: a workbook's date, d/m/Y or ISO text, an Excel serial; None if blank.

    Raises:
        BadCell: The cell holds something else.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if not text:
        return None
    try:
        if found := DAY_MONTH_YEAR.fullmatch(text) or IN_WORDS.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := YEAR_MONTH_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # the 31st of February: not a date, as below
    if text.isdecimal() and int(text) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    if re.fullmatch(r"(19|20)\d\d", text):
        raise BadCell(N_('"{text}" is a year, not a date; write the day as 31/12/2026'), text=text)
    raise BadCell(N_('"{text}" is not a date; write it as 31/12/2026'), text=text)


MONTHS = 12
LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class DateColumn:
    """How the dates of one column are to be read.

    Attributes:
        order: What a person said about dates in text; None where nobody did.
        witness: A text of the column that can only be month first, "" where there is none.
        swapped: A text of the column that Excel, reading months first, could not take for a date,
            where all it could take have a day that may be a month; "" otherwise.
    """

    order: DateOrder | None = None
    witness: str = ""
    swapped: str = ""

    def date(self, cell: object) -> date | None:
        """The date in the cell, None where it is blank.

        Raises:
            BadCell: The cell holds no date, or what it says is not certain.
        """
        if isinstance(cell, date):
            if self.swapped and self.order is None:
                raise _doubtful(f"{cell.day:02}/{cell.month:02}/{cell.year}", self.swapped)
            return date_of(cell)
        found = None if cell is None else DAY_MONTH_YEAR.fullmatch(shown(cell))
        if found is None:
            return date_of(cell)
        first, second, year = (int(part) for part in found.group(1, 2, 3))
        if self.order is DateOrder.MONTH_FIRST:
            try:
                return date(year, first, second)
            except ValueError:
                raise BadCell(
                    N_('"{text}" is not a date with the month first'), text=shown(cell)
                ) from None
        is_either = max(first, second) <= MONTHS and first != second
        if self.witness and self.order is None and is_either:
            raise _doubtful(shown(cell), self.witness)
        return date_of(cell)


def date_column(cells: Iterable[object], order: DateOrder | None) -> DateColumn:
    """Looks through a column for signs that its months stand before its days.

    Texts are day first. But where one of them, such as 10/25/2026, can only be month first, those
    that may be either are not guessed. And where Excel has taken 05/10/2026 for the 10th of May,
    it has left 25/10/2026 as text: a column whose true dates all have a day up to 12 beside texts
    with greater ones was most likely swapped.
    """
    witness, swapped = "", ""
    days: list[int] = []
    for cell in cells:
        if isinstance(cell, date):
            days.append(cell.day)
        elif cell and (found := DAY_MONTH_YEAR.fullmatch(shown(cell))):
            first, second = int(found[1]), int(found[2])
            if first <= MONTHS < second <= LONGEST_MONTH:
                witness = witness or shown(cell)
            elif second <= MONTHS < first:
                swapped = swapped or shown(cell)
    if not days or max(days) > MONTHS:
        swapped = ""
    return DateColumn(order, witness, swapped)


def _doubtful(text: str, witness: str) -> BadCell:
    return BadCell(
        N_(
            '"{text}" may be day/month or month/day, because the column also has "{witness}";'
            ' write roster.date_order = "dmy" or "mdy" in the configuration'
        ),
        text=text,
        witness=witness,
    )

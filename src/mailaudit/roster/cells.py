"""One cell of a list: its text, its address, its date. What can't be understood raises BadCell."""

import re
from datetime import date, datetime, timedelta
from unicodedata import combining, normalize

from mailaudit.errors import N_
from mailaudit.roster.faults import BadCell

# Zero-width and soft-hyphen characters come along when addresses are copied from web pages.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# Said in so many words; anything else that is no address is a fault, not "no mailbox".
NO_MAILBOX = frozenset({"", "-", "–", "—", "không", "không có", "chưa có", "chưa cấp"})
ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?"
)
DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})([T ]00:00(:00)?)?")
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's 1900 date system, its false 29/2/1900 included
EXCEL_SERIALS = range(36526, 73051)  # the years 2000 to 2099


def text_of(cell: object) -> str:
    """The cell as text: NFC, nothing invisible, single spaces; whole numbers without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(normalize("NFC", str(cell)).translate(INVISIBLE).split())


def folded(text: str) -> str:
    """The text without regard to case, diacritics, spaces and punctuation: "Đơn vị" -> "donvi"."""
    # đ and Đ have no decomposition; Ð (eth) is what some keyboards write for Đ.
    plain = normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    return "".join(letter for letter in plain if letter.isalnum() and not combining(letter))


def address_of(cell: object) -> str | None:
    """The address in the cell, lower case; None where the cell says there is none.

    Raises:
        BadCell: The cell holds something that is no single address.
    """
    address = text_of(cell).lower()
    if address in NO_MAILBOX:
        return None
    if ADDRESS.fullmatch(address) is None:
        raise BadCell(N_('"{text}" is not a mail address'), text=text_of(cell))
    return address


def addresses_of(cell: object) -> tuple[str, ...]:
    """The addresses in the cell, lower case, separated by spaces, commas, semicolons or lines.

    Raises:
        BadCell: One of them is none.
    """
    if text_of(cell).lower() in NO_MAILBOX:
        return ()
    parts = re.split(r"[\s,;]+", str(cell).strip(" \t\r\n,;"))
    return tuple(dict.fromkeys(address for part in parts if (address := address_of(part))))


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
        if found := DAY_MONTH_YEAR.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := YEAR_MONTH_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass  # the 31st of February: no date, as below
    if text.isdecimal() and int(text) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(text))
    raise BadCell(N_('"{text}" is not a date; write it as 31/12/2026'), text=text)

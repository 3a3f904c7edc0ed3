"""Languages: the message catalogs, and how each language writes numbers and dates.

Message ids are English, so "en" needs no catalog; `vi.po` beside this file holds Vietnamese.
Babel is loaded when it is needed: an English help is not.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

LANGUAGES = ("vi", "en")
NO_VALUE = "–"  # stands where there is no number


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its messages and its forms of numbers and dates."""

    code: str
    messages: dict[str, str]

    def gettext(self, message: str) -> str:
        """The message in this language; the message id itself where there is no translation."""
        return self.messages.get(message) or message

    def number(self, value: int | Decimal, decimals: int = 0) -> str:
        """`1.234` in Vietnamese, `1,234` in English."""
        return _number(self.code, value, decimals)

    def percent(self, share: Fraction | None, decimals: int = 1) -> str:
        """A share 0..1 as percent without the sign: `87,5`; NO_VALUE for None. Rounds half up."""
        if share is None:
            return NO_VALUE
        return self.number(rounded_percent(share, decimals), decimals)

    def date(self, day: date) -> str:
        """`31/10/2026` in Vietnamese, `31 Oct 2026` in English."""
        from babel.dates import format_date

        pattern = "dd/MM/yyyy" if self.code == "vi" else "d MMM yyyy"
        return format_date(day, format=pattern, locale=self._locale)

    def instant(self, moment: datetime) -> str:
        """Date and time of day in `moment`'s own time zone."""
        from babel.dates import format_datetime

        pattern = "HH:mm dd/MM/yyyy" if self.code == "vi" else "d MMM yyyy HH:mm"
        return format_datetime(moment, format=pattern, locale=self._locale)

    def written_instant(self, moment: datetime) -> str:
        """The same as a document writes it: `17 giờ 37 phút ngày 29/11/2026`."""
        if self.code != "vi":
            return self.instant(moment)
        return f"{moment:%H} giờ {moment:%M} phút ngày {self.date(moment.date())}"

    @property
    def _locale(self) -> "Locale":
        return _locale(self.code)


@cache
def _locale(code: str) -> "Locale":
    from babel import Locale

    return Locale(code)


@lru_cache(maxsize=10_000)  # a report of three hundred units writes few numbers many times
def _number(code: str, value: int | Decimal, decimals: int) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_locale(code))


def rounded_percent(share: Fraction, decimals: int = 1) -> Decimal:
    """A share as percent, exactly rounded half away from zero: 7/8 -> 87.5, 1/3 -> 33.3."""
    scale = 10**decimals
    scaled = abs(share) * 100 * scale
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    return Decimal(whole if share >= 0 else -whole) / Decimal(scale)


@cache
def language(code: str) -> Language:
    """The language with this code, one of LANGUAGES."""
    if code == "en":
        return Language(code, {})
    from babel.messages.pofile import read_po

    content = files(__name__).joinpath(f"{code}.po").read_bytes()
    catalog = read_po(BytesIO(content), locale=code)
    messages: dict[str, str] = {}
    for message in catalog:
        if message.id and isinstance(message.id, str) and isinstance(message.string, str):
            messages[message.id] = message.string
    return Language(code, messages)

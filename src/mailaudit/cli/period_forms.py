"""How people write periods, and how it is written here: `quý III/2026` is `2026-Q3`."""

import re
from unicodedata import normalize

_YEAR, _MONTH, _PART = (
    r"(?P<year>(?:19|20)\d\d)",
    r"(?P<month>\d{1,2})",
    r"(?P<part>[1-4]|i{1,3}|iv)",
)
_BETWEEN = r"\s*(?:[-/.,]|năm|of)?\s*"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_FORMS = tuple(
    (re.compile(form, re.ASCII), kind)
    for form, kind in (
        (rf"(?:tháng|t|month)?\s*{_MONTH}{_BETWEEN}{_YEAR}", "month"),
        (rf"{_YEAR}{_BETWEEN}(?:tháng|t|m)?{_MONTH}", "month"),
        (rf"(?:quý|quí|q|quarter)\s*{_PART}{_BETWEEN}{_YEAR}", "Q"),
        (rf"{_YEAR}{_BETWEEN}(?:quý|quí|q)\s*{_PART}", "Q"),
        (rf"h\s*(?P<part>[12]){_BETWEEN}{_YEAR}", "H"),
        (rf"{_YEAR}{_BETWEEN}h\s*(?P<part>[12])", "H"),
        (rf"(?:6|sáu)\s*tháng\s*(?P<half>đầu|cuối){_BETWEEN}{_YEAR}", "H"),
        (rf"(?:năm|year)\s*{_YEAR}", "year"),
    )
)


def usual_form(text: str) -> str | None:
    """The month, quarter, half-year or year that was meant; None where that can't be said.

    `9/2026`, `T9-2026`: "2026-09". `Q3-2026`, `2026Q3`, `Quý III năm 2026`: "2026-Q3".
    """
    said = normalize("NFC", text).strip().lower()
    for form, kind in _FORMS:
        found = form.fullmatch(said)
        if found is None:
            continue
        named = found.groupdict()
        if kind == "year":
            return named["year"]
        if kind == "month":
            month = int(named["month"])
            if not 1 <= month <= 12:
                continue  # 202610: the year may stand first
            return f"{named['year']}-{month:02d}"
        if "half" in named:
            return f"{named['year']}-H{1 if named['half'] == 'đầu' else 2}"
        part = named["part"]
        return f"{named['year']}-{kind}{_ROMAN.get(part) or int(part)}"
    return None

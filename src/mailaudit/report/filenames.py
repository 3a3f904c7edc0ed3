"""Names of files: of the report, and of units as their codes where every system can hold them."""

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from mailaudit.model.audience import Audience
from mailaudit.model.period import Period

UNITS_FOLDER = "units"
LONGEST_STEM = 60
DIGEST_LETTERS = 8
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\Z", re.IGNORECASE)

# What follows the month in the names of other reports and documents, a unit's code or not.
_TAKEN = re.compile(r"(leader|it|annex|brief)\b", re.IGNORECASE)


def file_stems(codes: Sequence[str]) -> dict[str, str]:
    """A file name without ending for each code, no two alike even where case does not count.

    `H01` stays `H01`. `a/b` becomes `a-b-` and a digest, so do `con`, which Windows keeps for
    itself, and `h01` beside `H01`.
    """
    alike = Counter(code.casefold() for code in codes)
    return {code: _stem(code, is_alone=alike[code.casefold()] == 1) for code in codes}


def _stem(code: str, *, is_alone: bool) -> str:
    safe = _UNSAFE.sub("-", code)[:LONGEST_STEM]
    if safe == code and code and is_alone and not _RESERVED.match(code):
        return code
    return f"{safe}-{sha256(code.encode('utf-8', 'surrogatepass')).hexdigest()[:DIGEST_LETTERS]}"


def report_stem(period: Period, audience: Audience, within: str | None = None) -> str:
    """The report's file name without ending; what is not for everybody says so in its name.

    Args:
        within: The code of the unit that the report is about, where it is about one.
    """
    stem = f"mailaudit-{period}"
    if audience is not Audience.PUBLIC:
        stem += f"-{audience}"
    if within is None:
        return stem
    own = file_stems([within])[within]
    if _TAKEN.match(own):
        own = f"unit-{_stem(within, is_alone=False)}"
    return f"{stem}-{own}"

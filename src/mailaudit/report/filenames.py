"""Names of files: of the report, and of units as their codes where every system can hold them."""

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from mailaudit.errors import N_, UsageError
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.roster import Unit
from mailaudit.model.snapshot import Snapshot

UNITS_FOLDER = "units"
LONGEST_STEM = 60
DIGEST_LETTERS = 8
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])\Z", re.IGNORECASE)

# What follows the month in the names of other reports and documents, a unit's code or not.
_TAKEN = re.compile(
    r"(leader|it|accounts|signs|unit-reports?|annex|brief|corrections|reconciliation|pack|edition-\d+)\b",
    re.IGNORECASE,
)


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


def report_stem(
    period: Period, audience: Audience, within: str | None = None, *, edition: int | None = None
) -> str:
    """The report's file name without ending; what is not for everybody says so in its name.

    Args:
        within: The code of the unit that the report is about, where it is about one.
        edition: Where it is one that was replaced: its files do not take the place of the others.
    """
    stem = f"mailaudit-{period.file_name}"
    if audience is not Audience.PUBLIC:
        stem += f"-{audience}"
    if edition is not None:
        stem += f"-edition-{edition}"
    if within is None:
        return stem
    own = file_stems([within])[within]
    if _TAKEN.match(own):
        own = f"unit-{_stem(within, is_alone=False)}"
    return f"{stem}-{own}"


def refuse_without_parts(snapshot: Snapshot, within: Unit | None, audience: Audience) -> None:
    """Refuses to rank a unit against nobody, and says where its own page is.

    Raises:
        UsageError: No unit of the snapshot is directly below `within`.
    """
    units = snapshot.roster.units
    if within is None or any(unit.parent == within.code for unit in units):
        return
    beside = [unit.code for unit in units if unit.parent == within.parent]
    stem = report_stem(snapshot.period, audience, within.parent)
    raise UsageError(
        N_("Unit {code} has no units below it to rank."),
        N_("Its own page is {page}, of the report of all units: leave out --unit.")
        if within.parent is None
        else N_("Its own page is {page}, of the report of the unit above it: --unit {parent}."),
        code=within.code,
        page=f"{stem}/{UNITS_FOLDER}/{file_stems(beside)[within.code]}.html",
        parent=within.parent,
    )

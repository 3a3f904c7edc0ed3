"""What the figures of a longer period give away beside those of a month or period inside it.

Whoever was in scope in the month is so in the longer period, and whoever read mail in the month
read some in it. Where few more people count in the longer period, the two may show what they did.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mailaudit.model.period import LongPeriod, Period
from mailaudit.publication.record import FEW, OWN, UNIT, Figures, Key, Record

DEEDS = ("read", "sent")  # once in a month is once in the longer period; regular is not
_COUNTS = ("measured", *DEEDS)
_Pair = tuple[Key, Figures, Figures]  # a line, or several added up, in the longer and the shorter


def shown_by_few(
    new: Record, others: Sequence[Record], least: int, earlier: Sequence[Record] = ()
) -> dict[Key, tuple[Period, ...]]:
    """The lines that give fewer than `least` people away beside records of other periods.

    Args:
        earlier: Of the same period: what was published once already shows nothing new.

    Returns:
        With each line the other periods that it does so beside.
    """
    found: dict[Key, dict[Period, None]] = {}
    for other in others:
        longer, shorter = (new, other) if _contains(new.period, other.period) else (other, new)
        if not _contains(longer.period, shorter.period):
            continue
        for key, of_longer, of_shorter in _pairs(longer, shorter):
            if _shows_few(of_longer, of_shorter, least) and not _is_known(new, earlier, key):
                found.setdefault(key, {})[other.period] = None
    return {key: tuple(found[key]) for key in sorted(found)}


def others_of(period: Period) -> tuple[Period, ...]:
    """What to ask a register for: the months inside and, by any longer period, all of these."""
    if isinstance(period, LongPeriod):
        return (period, *period.months())
    return (LongPeriod.of(period.first_day, period.last_day, period.timezone),)


def _contains(longer: Period, shorter: Period) -> bool:
    """Whether it has all days of the other, and more."""
    starts, ends = longer.first_day <= shorter.first_day, shorter.last_day <= longer.last_day
    return starts and ends and longer != shorter


def _is_known(new: Record, earlier: Sequence[Record], key: Key) -> bool:
    """Whether the same was published of the period before; a sum, whether all lines of it were."""
    if key[0] == FEW or key == (UNIT, ""):
        return any(_units(new) == _units(each) and new.few == each.few for each in earlier)
    return any(new.lines[key] == each.lines.get(key) for each in earlier)


def _units(record: Record) -> Mapping[Key, Figures]:
    return {key: line for key, line in record.lines.items() if key[0] in (UNIT, FEW)}


def _pairs(longer: Record, shorter: Record) -> Iterator[_Pair]:
    """Everything that both have of the same units.

    What single lines do not show, sums of them do not show either, but where people moved from one
    to another: then the sum of all is looked at, as the line of the whole.
    """
    pairs = [
        (key, longer.lines[key], shorter.lines[key])
        for key in longer.lines.keys() & shorter.lines.keys()
        if key[0] in (UNIT, OWN) and key != (UNIT, "")
    ]
    for within in longer.few.keys() & shorter.few.keys():
        codes = {*longer.few[within], *shorter.few[within]}
        sums = [_of_units(record, within, codes) for record in (longer, shorter)]
        if codes and sums[0] is not None and sums[1] is not None:
            inside = {(UNIT, code) for code in codes}
            pairs = [pair for pair in pairs if pair[0] not in inside]
            pairs.append(((FEW, within), sums[0], sums[1]))
    yield from pairs
    if any(of_longer["measured"] < of_shorter["measured"] for _, of_longer, of_shorter in pairs):
        yield (
            (UNIT, ""),
            _sum(of_longer for _, of_longer, _ in pairs),
            _sum(of_shorter for _, _, of_shorter in pairs),
        )


def _of_units(record: Record, within: str, codes: set[str]) -> Figures | None:
    """The sums of these units, all small ones among them; None where they don't follow from it."""
    lines = [record.lines[UNIT, code] for code in codes if (UNIT, code) in record.lines]
    if record.few[within]:
        if (FEW, within) not in record.lines:
            return None
        lines.append(record.lines[FEW, within])
    return None if codes & set(record.withheld) else _sum(lines)


def _sum(lines: Iterable[Figures]) -> Figures:
    found = dict.fromkeys(_COUNTS, 0)
    for line in lines:
        for name in _COUNTS:
            found[name] += line[name]
    return found


def _shows_few(longer: Figures, shorter: Figures, least: int) -> bool:
    """Whether what the few who count in the longer period only did follows from the two.

    20 of 20 read mail in the month, and 21 of 22 in the longer period: one of the two others did.
    17 of 20 in the month and in the longer period 17 of 21: the other did not. With 19 of 21 both
    are possible: of the three who had not read in the month, two or one may have done so since.
    """
    few = longer["measured"] - shorter["measured"]
    if not 0 < few < least:
        return False
    for deed in DEEDS:
        of_few = (
            max(longer[deed] - shorter["measured"], 0),
            min(longer[deed] - shorter[deed], few),
        )
        # All or none of everybody is what the longer period shows by itself.
        is_own = longer[deed] in (0, longer["measured"])
        if of_few[0] == of_few[1] and not is_own:
            return True
    return False

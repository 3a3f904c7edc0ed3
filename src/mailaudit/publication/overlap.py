"""What the figures of a longer period give away beside those of a month or period inside it.

Whoever was in scope in the month is so in the longer period, and whoever read mail in the month
read some in it. Where few more people count in the longer period, the two may show what they did.
"""

from collections.abc import Sequence

from mailaudit.model.period import LongPeriod, Period
from mailaudit.publication.record import REASON, Figures, Key, Record

DEEDS = ("read", "sent")  # once in a month is once in the longer period; regular is not


def shown_by_few(
    new: Record, others: Sequence[Record], least: int, earlier: Sequence[Record] = ()
) -> list[Key]:
    """The lines that give fewer than `least` people away beside records of other periods.

    Args:
        earlier: Of the same period: what was published once already shows nothing new.
    """
    found: dict[Key, None] = {}
    for other in others:
        longer, shorter = (new, other) if _contains(new.period, other.period) else (other, new)
        if not _contains(longer.period, shorter.period):
            continue
        for key in longer.lines.keys() & shorter.lines.keys():
            is_known = any(new.lines[key] == each.lines.get(key) for each in earlier)
            if key[0] == REASON or is_known:
                continue
            if _shows_few(longer.lines[key], shorter.lines[key], least):
                found[key] = None
    return sorted(found)


def others_of(period: Period) -> tuple[Period, ...]:
    """What to ask a register for: the months inside and, by any longer period, all of these."""
    if isinstance(period, LongPeriod):
        return (period, *period.months())
    return (LongPeriod.of(period.first_day, period.last_day, period.timezone),)


def _contains(longer: Period, shorter: Period) -> bool:
    """Whether it has all days of the other, and more."""
    starts, ends = longer.first_day <= shorter.first_day, shorter.last_day <= longer.last_day
    return starts and ends and longer != shorter


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

"""Whether what is to be published of a month differs from what was by few people only.

Two reports of one month, one with a person more, show what that person did, however many
people each figure is about.
"""

from collections.abc import Sequence

from mailaudit.publication.record import FEW, PEOPLE, UNIT, Figures, Key, Record
from mailaudit.publication.sums import sums_differ_by_few

SUM = "sum"  # of lines: what differs where none of them does


def differing(new: Record, earlier: Sequence[Record], least: int) -> list[Key]:
    """The lines that give fewer than `least` people away to whoever has an earlier record too.

    SUM where only lines added up do. What was published once already shows nothing new.
    """
    found = []
    for key, figures in new.lines.items():
        before = [record.lines[key] for record in earlier if key in record.lines]
        if figures not in before and any(_is_by_few(figures, then, least) for then in before):
            found.append(key)
    for within in new.few:
        former = [record for record in earlier if within in record.few]
        states = [_few(record, within) for record in former]
        is_other = bool(former) and _few(new, within) not in states
        if is_other and any(_crosses(new, record, within) for record in former):
            found.append((FEW, within))
    if not found and sums_differ_by_few(new, earlier, least):
        found.append((SUM, ""))
    return found


def _few(record: Record, within: str) -> tuple[tuple[str, ...], bool]:
    """The units of few people, and whether there is a line of them."""
    return record.few[within], (FEW, within) in record.lines


def _crosses(new: Record, old: Record, within: str) -> bool:
    """Whether a line is of other units than before, or a unit with figures became a small one."""
    (few, has_line), (former, had_line) = _few(new, within), _few(old, within)
    became_small = any((UNIT, code) in old.lines for code in few)
    return has_line or had_line or became_small or any((UNIT, code) in new.lines for code in former)


def _is_by_few(new: Figures, before: Figures, least: int) -> bool:
    """Whether two figures of one line differ by somebody, but fewer than `least`.

    Two more people in scope are few, whatever they did; of twenty more, any number is not, for it
    is about twenty.
    """
    moved = {key: abs(new[key] - before[key]) for key in new.keys() & before.keys()}
    people = [moved[key] for key in PEOPLE if key in moved]
    if any(people):
        return any(0 < number < least for number in people)
    return any(0 < number < least for number in moved.values())

"""Whether what is to be published of a month differs from what was by few people only.

Two reports of one month, one with a person more, show what that person did, however many
people each figure is about.
"""

from collections.abc import Iterator, Mapping, Sequence

from mailaudit.model.use import GAP_USES
from mailaudit.publication.record import FEW, PEOPLE, REASON, UNIT, USE, Figures, Key, Record
from mailaudit.publication.sums import reaches_few, sums_differ_by_few

OTHERS = ""  # the key of reasons of few people each
SUM = "sum"  # of lines: what differs where none of them does


def differing(new: Record, earlier: Sequence[Record], least: int) -> list[Key]:
    """The lines that give fewer than `least` people away to whoever has an earlier record too.

    SUM where only lines added up do. What was published once already shows nothing new.
    """
    found = []
    for key, figures in new.lines.items():
        before = [record.lines[key] for record in earlier if key in record.lines]
        if (
            key[0] != USE
            and figures not in before
            and any(_is_by_few(figures, then, least) for then in before)
        ):
            found.append(key)
    for within in new.few:
        former = [record for record in earlier if within in record.few]
        states = [_few(record, within) for record in former]
        is_other = bool(former) and _few(new, within) not in states
        if is_other and any(_crosses(new, record, within) for record in former):
            found.append((FEW, within))
    if not any(kind == REASON for kind, _ in found) and _reasons_differ(new, earlier, least):
        found.append((REASON, ""))
    if not found and sums_differ_by_few(new, earlier, least):
        found.append((SUM, ""))
    if uses_differ(new, earlier, least):
        found.append((USE, ""))
    return found


def uses_differ(new: Record, earlier: Sequence[Record], least: int) -> bool:
    """Whether uses added up differ by few people from those that an earlier record has."""
    now = _uses(new)
    states = [found for record in earlier if (found := _uses(record))]
    if not now or now in states:
        return False
    return any(reaches_few(changes, least) for then in states for changes in _moved(now, then))


def _uses(record: Record) -> Mapping[str, Figures]:
    return {key: figures for (kind, key), figures in record.lines.items() if kind == USE}


def _moved(now: Mapping[str, Figures], then: Mapping[str, Figures]) -> Iterator[list[int]]:
    """What changed of each use, by the groups that both have, and what is left of the whole."""
    for use in GAP_USES:
        both = [key for key in now.keys() & then.keys() if use in now[key] and use in then[key]]
        changes = {key: now[key][use] - then[key][use] for key in both}
        if (whole := changes.pop("", None)) is not None:
            yield [*changes.values(), whole - sum(changes.values())]
        else:
            yield [*changes.values()]


def _few(record: Record, within: str) -> tuple[tuple[str, ...], bool]:
    """The units of few people, and whether there is a line of them."""
    return record.few[within], (FEW, within) in record.lines


def _crosses(new: Record, old: Record, within: str) -> bool:
    """Whether a line is of other units than before, or a unit with figures became a small one."""
    (few, has_line), (former, had_line) = _few(new, within), _few(old, within)
    became_small = any((UNIT, code) in old.lines for code in few)
    return has_line or had_line or became_small or any((UNIT, code) in new.lines for code in former)


def _reasons_differ(new: Record, earlier: Sequence[Record], least: int) -> bool:
    """Whether reasons added up differ by few people, where others are printed by name than then."""
    now = _reasons(new)
    states = [found for record in earlier if (found := _reasons(record))]
    if not now or now in states:
        return False
    return any(reaches_few(_reason_changes(now, then), least) for then in states)


def _reasons(record: Record) -> Mapping[str, int]:
    return {key: line["people"] for (kind, key), line in record.lines.items() if kind == REASON}


def _reason_changes(now: Mapping[str, int], then: Mapping[str, int]) -> list[int]:
    """What changed of each reason; of those among the others in either report, of all together.

    A reason that only one report names is among the others of the other report; where that has no
    others, it is of nobody.
    """
    named = (now.keys() | then.keys()) - {OTHERS}
    unknown = {key for key in named if key not in now and OTHERS in now}
    unknown |= {key for key in named if key not in then and OTHERS in then}
    changes = {key: now.get(key, 0) - then.get(key, 0) for key in named | {OTHERS}}
    together = sum(changes[key] for key in unknown | {OTHERS})
    return [together, *(changes[key] for key in sorted(named - unknown))]


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

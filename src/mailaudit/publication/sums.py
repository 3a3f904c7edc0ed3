"""Whether some sum of printed lines changed by few people, though no line did.

Six of A left, five of them for B: A lost six and B won five, and together they lost one person.
"""

from collections.abc import Iterable, Mapping, Sequence

from mailaudit.model.usage import Counts
from mailaudit.publication.record import PEOPLE, REASON, UNIT, USE, Key, Record, figures_of

MOST_SUMS = 20_000  # different ones that are looked at; with more, one is taken to be of few

Change = tuple[int, ...]  # of one line: a number for each of `figures_of`
# The figures of lines, in that order; None of a deed that a report does not count.
Lines = Mapping[Key, tuple[int | None, ...]]
State = Mapping[str, Lines]  # of one edition: lines by the code of the unit reported on

_NAMES = tuple(figures_of(Counts()))
_NOTHING = (0,) * len(_NAMES)
_PEOPLE = tuple(number for number, name in enumerate(_NAMES) if name in PEOPLE)
_DEEDS = tuple(number for number, name in enumerate(_NAMES) if name not in PEOPLE)


def sums_differ_by_few(new: Record, earlier: Sequence[Record], least: int) -> bool:
    """Whether lines of `new` added up give fewer than `least` people away beside earlier records.

    Reports of one edition are read together: the page of one unit and that of another.
    """
    added = _state_of(new)
    states = _states(earlier)
    if any(_is_part(added, state) for _, state in states):
        return False  # it shows nothing new
    own: State = next(
        (state for number, state in states if number == new.edition and _agree(state, added)), {}
    )
    for _, other in states:
        changes = _changes({**own, **added}, other)
        is_new = other is not own and changes != _changes(own, other)
        if is_new and some_sum_is_of_few(changes, least):
            return True
    return False


def some_sum_is_of_few(changes: Sequence[Change], least: int) -> bool:
    """Whether some of the changes add up to somebody, but fewer than `least` people.

    Exact where no line lost people while another won some, however many lines there are. Else all
    sums are tried, up to MOST_SUMS.
    """
    if any(reaches_few([change[number] for change in changes], least) for number in _PEOPLE):
        return True
    if any(_is_mixed([change[number] for change in changes]) for number in _PEOPLE):
        return _some_deed_is_of_few(changes, least)
    still = [change for change in changes if not any(change[number] for number in _PEOPLE)]
    return any(reaches_few([change[number] for change in still], least) for number in _DEEDS)


def reaches_few(numbers: Iterable[int], least: int) -> bool:
    """Whether some of the numbers add up to less than `least`, but not to nothing.

    Bit n of a whole number says whether a sum is n more than that of all negative numbers.
    """
    found = list(numbers)
    lowest = -sum(number for number in found if number < 0)
    sums = 1 << lowest
    for number in found:
        sums |= sums << number if number >= 0 else sums >> -number
    few = (each for each in range(1 - least, least) if each and lowest + each >= 0)
    return any(sums >> (lowest + each) & 1 for each in few)


def _some_deed_is_of_few(changes: Sequence[Change], least: int) -> bool:
    """Whether lines whose people cancel each other out differ in what few people did."""
    sums = {_NOTHING}
    for change in changes:
        sums |= {tuple(map(sum, zip(known, change, strict=True))) for known in sums}
        if len(sums) > MOST_SUMS:
            return True
    same = (each for each in sums if not any(each[number] for number in _PEOPLE))
    return any(0 < abs(each[number]) < least for each in same for number in _DEEDS)


def _is_mixed(numbers: Sequence[int]) -> bool:
    return min(numbers, default=0) < 0 < max(numbers, default=0)


def _state_of(record: Record) -> State:
    lines = {
        key: tuple(figures.get(name) for name in _NAMES)
        for key, figures in record.lines.items()
        if key[0] not in (REASON, USE)
    }
    return dict.fromkeys(record.few, lines)


def _states(records: Sequence[Record]) -> Sequence[tuple[int, State]]:
    """What is known of each edition; of an open one, which grows, as it was at different times."""
    states: list[tuple[int, dict[str, Lines]]] = []
    for record in records:
        lines = _state_of(record)
        for number, state in states:
            if number == record.edition and _agree(state, lines):
                state.update(lines)
                break
        else:
            states.append((record.edition, dict(lines)))
    return states


def _agree(state: State, other: State) -> bool:
    """Whether the two can be of the same people."""
    is_same_report = all(state[code] == other[code] for code in state.keys() & other.keys())
    lines, others = _merged(state), _merged(other)
    return is_same_report and all(lines[key] == others[key] for key in lines.keys() & others.keys())


def _is_part(state: State, other: State) -> bool:
    return all(other.get(code) == lines for code, lines in state.items())


def _merged(state: State) -> Lines:
    return {key: figures for lines in state.values() for key, figures in lines.items()}


def _changes(new: State, old: State) -> list[Change]:
    """What changed of each line of both; one that a report of both has once was empty then.

    Of a unit with a report of its own in both, the parts are looked at, not their sum.
    """
    now, then = _merged(new), _merged(old)
    keys = now.keys() & then.keys()
    for code in new.keys() & old.keys():
        keys |= new[code].keys() | old[code].keys()
    keys -= {(UNIT, code) for code in new.keys() & old.keys()}
    pairs = ((now.get(key, _NOTHING), then.get(key, _NOTHING)) for key in sorted(keys))
    moved = (
        tuple(0 if a is None or b is None else a - b for a, b in zip(*pair, strict=True))
        for pair in pairs
    )
    return [change for change in moved if change != _NOTHING]

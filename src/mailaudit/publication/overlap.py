"""What the figures of a longer period give away beside those of a month or period inside it.

Whoever was in scope in the month is so in the longer period, and whoever read mail in the month
read some in it. Where few more people count in the longer period, the two may show what they did.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.rules import Rules
from mailaudit.publication.record import FEW, OWN, UNIT, Figures, Key, Record

# Once in a month is once in the longer period. Where reading is not counted, no line has the first.
DEEDS = ("read", "sent")
WIDE = 3  # numbers that must remain possible of three people or four; two of fewer
REGULAR = "regular"
_COUNTS = ("measured", *DEEDS, REGULAR)
_Pair = tuple[Key, Figures, Figures]  # a line, or several added up, in the longer and the shorter


def shown_by_few(
    new: Record,
    others: Sequence[Record],
    rules: Rules,
    earlier: Sequence[Record] = (),
    *,
    hides_why: bool = True,
) -> dict[Key, tuple[Period, ...]]:
    """The lines that give fewer than `min_published` people away beside records of other periods.

    Args:
        earlier: Of the same period: what was published once already shows nothing new.
        hides_why: With lines of which it would show the same that they are left out.

    Returns:
        With each line the other periods that it does so beside.
    """
    found: dict[Key, dict[Period, None]] = {}
    for other, longer, shorter in _nested(new, others):
        for key, of_longer, of_shorter in _pairs(longer, shorter):
            tells_why = hides_why and _tells_why(
                of_longer, of_shorter, rules.min_published, is_longer_new=longer is new
            )
            shows_few = _shows_few(of_longer, of_shorter, longer.period, rules)
            if (shows_few or tells_why) and not _is_known(new, earlier, key):
                found.setdefault(key, {})[other.period] = None
    return {key: tuple(found[key]) for key in sorted(found)}


def lists_few(
    new: Record, others: Sequence[Record], rules: Rules, earlier: Sequence[Record] = ()
) -> tuple[Period, ...]:
    """The other periods beside which it shows too much of whether few people are out of scope.

    Of the few who are on the lists of one of the two only; arguments as of `shown_by_few`.
    """
    found: dict[Period, None] = {}
    whole = new.lines.get((UNIT, ""), {})
    if any(whole == each.lines.get((UNIT, "")) for each in earlier):
        return ()
    for other, *both in _nested(new, others):
        longer, shorter = (record.lines.get((UNIT, ""), {}) for record in both)
        if not ("staff" in longer and "staff" in shorter and _counted(*both)):
            continue
        people, in_scope = ((longer[name], shorter[name]) for name in ("staff", "in_scope"))
        if 0 < abs(people[0] - people[1]) < rules.min_published and _is_narrow(people, in_scope):
            found[other.period] = None
    return tuple(found)


def _counted(one: Record, other: Record) -> bool:
    """Whether the wholes of both are of the same units."""
    units = [
        {code for kind, code in r.lines if kind == UNIT}.union(*r.few.values())
        for r in (one, other)
    ]
    lines = [(FEW, "") in record.lines or not record.few.get("") for record in (one, other)]
    return units[0] == units[1] and lines[0] == lines[1]


def _nested(new: Record, others: Sequence[Record]) -> Iterator[tuple[Record, Record, Record]]:
    """Of the others those that lie in the period of `new`, or it in theirs: each with the longer
    one of the two, and the shorter."""
    for other in others:
        if _contains(new.period, other.period):
            yield other, new, other
        elif _contains(other.period, new.period):
            yield other, other, new


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
    to another: then that one and each that won people are looked at together, as the line of the
    latter, and the sum of all, as the line of the whole.
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
    lost = [pair for pair in pairs if _won(pair) < 0]
    for won in pairs if lost else ():
        if _won(won) > 0:
            for other in lost:
                yield won[0], _sum((won[1], other[1])), _sum((won[2], other[2]))
    if lost:
        yield (
            (UNIT, ""),
            _sum(of_longer for _, of_longer, _ in pairs),
            _sum(of_shorter for _, _, of_shorter in pairs),
        )


def _won(pair: _Pair) -> int:
    """How many more people the longer period has."""
    _, longer, shorter = pair
    return longer["measured"] - shorter["measured"]


def _of_units(record: Record, within: str, codes: set[str]) -> Figures | None:
    """The sums of these units, all small ones among them; None where they don't follow from it."""
    lines = [record.lines[UNIT, code] for code in codes if (UNIT, code) in record.lines]
    if record.few[within]:
        if (FEW, within) not in record.lines:
            return None
        lines.append(record.lines[FEW, within])
    return None if codes & set(record.withheld) else _sum(lines)


def _sum(lines: Iterable[Figures]) -> Figures:
    every = list(lines)
    names = [name for name in _COUNTS if all(name in line for line in every)]
    return {name: sum(line[name] for line in every) for name in names}


def _is_regular_by_one_month(longer: Period, rules: Rules) -> tuple[bool, bool]:
    """Whether one month in regular use makes the whole of a longer period so, and whether one
    without makes it not so, however many of its months somebody is judged in."""
    if not rules.counts_days:
        return True, False
    months = len(others_of(longer)) - 1
    share = rules.min_regular_months_share
    return share * months <= 1, share * months > months - 1


def _shows_few(longer: Figures, shorter: Figures, period: Period, rules: Rules) -> bool:
    """Whether the two show too much of what the few did who count in one of the two only.

    20 of 20 read mail in the month, and 21 of 22 in the longer period: one of the two others did.
    17 of 20 in the month and in the longer period 17 of 21: the other did not. With 19 of 21 both
    are possible: of the three who had not read in the month, two or one may have done so since.

    Args:
        period: The longer one.
    """
    people = longer["measured"], shorter["measured"]
    if not 0 < abs(people[0] - people[1]) < rules.min_published:
        return False
    did = [(longer[deed], shorter[deed]) for deed in _deeds(longer, shorter)]
    regular = longer[REGULAR], shorter[REGULAR]
    was_once, was_not_once = _is_regular_by_one_month(period, rules)
    if was_once:
        did.append(regular)
    if was_not_once:
        did.append((people[0] - regular[0], people[1] - regular[1]))
    return any(_is_narrow(people, each) for each in did)


def _deeds(longer: Figures, shorter: Figures) -> list[str]:
    """Those that both have: one may be by a definition that does not count reading."""
    return [deed for deed in DEEDS if deed in longer and deed in shorter]


def _is_narrow(people: tuple[int, int], did: tuple[int, int]) -> bool:
    """Whether too few numbers are possible of how many of the few did it.

    Args:
        people: All of a line in the longer period, and in the shorter one.
        did: Those of them who did what, done in the shorter one, is done in the longer one.
    """
    few = people[0] - people[1]
    if few > 0:
        least, most = max(did[0] - people[1], 0), did[0] - did[1]
    else:  # they count elsewhere in the longer period: whoever stayed did no less in it
        least, most = max(did[1] - did[0], 0), did[1]
    whole = 0 if few > 0 else 1
    # All or none of everybody, or nearly, is what one of the two shows by itself.
    by_itself = 1 + min(did[whole], people[whole] - did[whole])
    wide = WIDE if abs(few) >= WIDE else 2
    return 1 + min(most, abs(few)) - least < min(by_itself, wide)


def _tells_why(longer: Figures, shorter: Figures, least: int, *, is_longer_new: bool) -> bool:
    """Whether it would show what the few did that the new one of the two has no figures.

    So it would where the figures published let one deed only be the reason. Those of the new one
    are not looked at, so that nothing follows from them.
    """
    if not 0 < longer["measured"] - shorter["measured"] < least:
        return False
    deeds = _deeds(longer, shorter)
    if is_longer_new:
        return sum(shorter[deed] > 0 for deed in deeds) == 1
    return sum(0 < longer[deed] < longer["measured"] for deed in deeds) == 1

"""Why people are not in regular use: everybody in scope counted by their one Use."""

from collections import Counter
from collections.abc import Iterable, Mapping

from mailaudit.model.gaps import Gaps
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts, StaffUsage
from mailaudit.model.use import Use, people_by_use, use_of


def are_told_apart(staff: Iterable[StaffUsage], rules: Rules) -> bool:
    """Whether the uses of these people are those of `Use`.

    Not in a longer period, where regular use is a matter of months, nor where any activity is
    regular use: who is in regular use need not have sent anything then.
    """
    return rules.counts_days and not any(usage.months_judged for usage in staff)


def measured_gaps(staff: Iterable[StaffUsage], counts: Mapping[str, Counts]) -> dict[str, Gaps]:
    """The gaps of each unit that has counts, by code.

    Of five people who sent mail and are not regular, three sent it on too few days; of two who sent
    nothing, one read nothing either: `Gaps(3, 1)`.

    Raises:
        ValueError: People counted one by one are others than the counts say, which would be a bug.
    """
    people: dict[str, Counter[Use]] = {code: Counter() for code in counts}
    for usage in staff:
        if (use := use_of(usage)) is not None:
            people[usage.unit_code][use] += 1
    gaps = {code: Gaps(uses[Use.FEW_DAYS], uses[Use.UNUSED]) for code, uses in people.items()}
    for code, uses in people.items():
        summed = people_by_use(counts[code], gaps[code])
        if any(uses[use] != number for use, number in summed.items()):
            raise ValueError(f"unit {code!r}: people by use {dict(uses)} are not those of its sums")
    return gaps

"""Units measured by sources of several kinds: in each group every kind has a part of its own.

Sums, ranks and averages are made of groups, so that none is made of two kinds.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mailaudit.model.usage import UnitUsage

_MARK = " · "


def apart_by_kind(units: Sequence[UnitUsage]) -> tuple[UnitUsage, ...]:
    """The units, each in the part of its group that is of its kind; as they are where all are of
    one.

    Departments A and B by "ews", C by "imap": A and B are in "Departments · EWS", C in
    "Departments · IMAP". A unit in which both kinds measured people is in "Departments · EWS +
    IMAP". One in which nobody was measured, so that no kind could give another figure, goes where
    most of its group are.
    """
    if len({kind for usage in units for kind in usage.counts.kinds}) < 2:
        return tuple(units)
    everywhere = _most(units)
    most = {
        name: _most(usage for usage in units if usage.unit.group == name) or everywhere
        for name in {usage.unit.group for usage in units}
    }

    def moved(usage: UnitUsage) -> UnitUsage:
        name = usage.unit.group
        label = kinds_label(usage.counts.kinds or {most[name]})
        return replace(usage, unit=replace(usage.unit, group=f"{name}{_MARK}{label}"))

    return tuple(map(moved, units))


def kinds_label(kinds: Iterable[str]) -> str:
    """How kinds are printed: `EWS + IMAP`."""
    return " + ".join(sorted(kind.upper() for kind in kinds))


def in_order(names: Iterable[str], groups: Sequence[str]) -> list[str]:
    """The names of groups, or of their parts, in the order of the groups; others last."""

    def place(name: str) -> tuple[int, str]:
        found = (n for n, g in enumerate(groups) if name == g or name.startswith(g + _MARK))
        return next(found, len(groups)), name

    return sorted(dict.fromkeys(names), key=place)


def _most(units: Iterable[UnitUsage]) -> str:
    """The kind that alone measured most of the units, the first by name of equals; "" of none."""
    numbers = Counter(
        kind for usage in units if not usage.counts.is_mixed for kind in usage.counts.kinds
    )
    return min(numbers, key=lambda kind: (-numbers[kind], kind), default="")

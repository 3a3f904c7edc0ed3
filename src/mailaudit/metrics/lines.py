"""Which line of a ranking a unit counts in: its topmost ancestor, or the one below a given unit."""

from collections.abc import Iterable, Sequence

from mailaudit.errors import N_, UsageError
from mailaudit.model.codes import first_codes, meant_code, similar_codes
from mailaudit.model.roster import Unit
from mailaudit.model.snapshot import Snapshot


def chains(units: Iterable[Unit]) -> dict[str, tuple[str, ...]]:
    """Each unit with the units above it, from itself to the topmost, by code.

    Raises:
        ValueError: A parent is not listed, or a unit is its own ancestor.
    """
    parents = {unit.code: unit.parent for unit in units}
    found: dict[str, tuple[str, ...]] = {}
    for code in parents:
        chain = [code]
        while (parent := parents[chain[-1]]) is not None:
            if parent not in parents or parent in chain:
                raise ValueError(
                    f"unit {chain[-1]!r} has parent {parent!r}, not listed or a circle"
                )
            chain.append(parent)
        found[code] = tuple(chain)
    return found


def lines_of(units: Sequence[Unit], within: str | None = None) -> dict[str, str]:
    """The code of the line each unit counts in, by its code.

    Without `within` the lines are the topmost units. With it they are the units directly below
    that one, and itself for staff it has directly; units elsewhere have no line.

    Raises:
        ValueError: As `chains`.
    """
    if within is None:
        return {code: chain[-1] for code, chain in chains(units).items()}
    return {
        code: chain[max(chain.index(within) - 1, 0)]
        for code, chain in chains(units).items()
        if within in chain
    }


def line_units(
    units: Sequence[Unit], occupied: Iterable[str], within: str | None = None
) -> tuple[Unit, ...]:
    """The units that are lines, in official order.

    Args:
        occupied: The lines that somebody counts in: the unit `within` is a line of its own only
            when somebody does, or when there is no unit below it.
    """
    lines = set(lines_of(units, within).values())
    if within is not None and len(lines) > 1 and within not in set(occupied):
        lines.discard(within)
    return tuple(unit for unit in units if unit.code in lines)


def unit_of(snapshot: Snapshot, code: str) -> Unit:
    """The unit of that code, in whatever case it is typed.

    Raises:
        UsageError: The month has no such unit; names those whose code or name is most like it.
    """
    units = {unit.code: unit for unit in snapshot.roster.units}
    meant = meant_code(code, units)
    if meant is None:
        names = {known: unit.name for known, unit in units.items()}
        close = similar_codes(code, names)
        raise UsageError(
            N_("The unit list of {period} has no unit {code}."),
            N_("Did you mean {close}?") if close else N_("Name one of its units: {known}."),
            close=close,
            period=snapshot.period,
            code=code,
            known=first_codes(names),
        )
    return units[meant]

"""Unit lists: codes, names, groups, parents."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mailaudit.errors import N_
from mailaudit.model.roster import Problem, Unit
from mailaudit.roster.cells import address_of
from mailaudit.roster.faults import BadCell, RosterFaults
from mailaudit.roster.header import Table
from mailaudit.roster.sheets import Row


def read_units(table: Table, default_group: str) -> tuple[Unit, ...]:
    """The units of a list, in its order.

    A unit without a group has its topmost ancestor's, a top unit without one `default_group`.

    Raises:
        RosterFaults: A row lacks a code, repeats one, names an unknown parent or is its own
            ancestor.
    """
    units: dict[str, Unit] = {}
    places: dict[str, str] = {}
    faults: list[Problem] = []
    for row in table.rows:
        try:
            unit = _read_unit(table, row)
            if unit.code in units:
                raise BadCell(
                    N_('the unit code "{code}" stands at {first} already'),
                    code=unit.code,
                    first=places[unit.code],
                )
        except BadCell as fault:
            faults.append(fault.at(row.place))
            continue
        units[unit.code] = unit
        places[unit.code] = row.place
    faults += _lineage_faults(units, places)
    if faults:
        raise RosterFaults(table.file, faults)
    return tuple(_with_group(unit, units, default_group) for unit in units.values())


def _read_unit(table: Table, row: Row) -> Unit:
    table.check_width(row)
    code = table.text(row, "code")
    if not code:
        raise BadCell(N_("the unit has no code"))
    return Unit(
        code=code,
        name=table.text(row, "name") or code,
        group=table.text(row, "group"),
        parent=table.text(row, "parent") or None,
        head_name=table.text(row, "head_name"),
        head_address=address_of(table.cell(row, "head_address")) or "",
    )


def _lineage_faults(units: Mapping[str, Unit], places: Mapping[str, str]) -> Sequence[Problem]:
    """Unknown parents, and one fault for each unit that is its own ancestor."""
    faults: list[Problem] = []
    for unit in units.values():
        seen = {unit.code}
        parent = unit.parent
        while parent is not None and parent in units and parent not in seen:
            seen.add(parent)
            parent = units[parent].parent
        if parent == unit.code:
            cycle = BadCell(N_('the unit "{code}" is above itself'), code=unit.code)
            faults.append(cycle.at(places[unit.code]))
        if unit.parent is not None and unit.parent not in units:
            unknown = BadCell(
                N_('the unit above, "{parent}", is not in the list'), parent=unit.parent
            )
            faults.append(unknown.at(places[unit.code]))
    return faults


def _with_group(unit: Unit, units: Mapping[str, Unit], default_group: str) -> Unit:
    top = unit
    while not top.group and top.parent is not None:
        top = units[top.parent]
    return replace(unit, group=top.group or default_group)

"""Who gets which mail of a month: heads of units as the lists name them today, and the board."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from mailaudit.audit import Audited, Composed
from mailaudit.cli.console import worded
from mailaudit.cli.reporting import lineage
from mailaudit.cli.steps import now
from mailaudit.collaborators import Store
from mailaudit.delivery.corrections import CorrectedPerson, corrected_people
from mailaudit.delivery.heads import Heads, heads_of
from mailaudit.delivery.plan import Plan, plan_delivery, refuse_outside
from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.period import Period
from mailaudit.model.roster import Unit
from mailaudit.model.snapshot import Snapshot

if TYPE_CHECKING:
    from mailaudit.settings import Delivery, Settings


def plan_of(settings: "Settings", delivery: "Delivery", audited: Audited, heads: Composed) -> Plan:
    """Who gets what.

    Raises:
        ConfigurationError: Nobody does, or somebody outside.
        RosterError: The unit list can't be read, or is faulty.
    """
    from mailaudit.metrics.lines import lines_of

    units = audited.snapshot.roster.units
    plan = plan_delivery(
        units,
        _heads(settings, units, audited.snapshot.period),
        frozenset(unit.code for unit in heads.report.units),
        delivery.board,
        lines_of(units, None),
    )
    if not plan.recipients:
        raise ConfigurationError(
            N_("Nobody would get a mail about {period}."),
            N_("Enter the heads' addresses in the unit list, or the board's in delivery.board."),
            period=audited.snapshot.period,
        )
    refuse_addresses_outside(settings, delivery, [one.address for one in plan.recipients])
    return plan


def refuse_addresses_outside(
    settings: "Settings", delivery: "Delivery", addresses: Sequence[str]
) -> None:
    """Refuses addresses outside the organisation, unless delivery.outside allows them.

    Raises:
        ConfigurationError: There are such; names them.
    """
    if not delivery.outside:
        refuse_outside(addresses, frozenset(settings.organisation.domains))


def _heads(settings: "Settings", units: Sequence[Unit], period: Period) -> Heads:
    """The heads of a month's units as the list names them today.

    Not as the month's own list did: a mail is for who is the head now, and an address that was
    corrected must not need another edition.

    Raises:
        RosterError: A list can't be read, or is faulty.
    """
    from mailaudit.roster import read_unit_list, units_on

    if settings.roster.units is None:
        return Heads({unit.code: unit for unit in units})
    listed = read_unit_list(settings.roster.units, settings.roster.encoding)
    today = now().astimezone(period.tz).date()
    then, there = (units_on(listed, day, "") for day in (period.last_day, today))
    return heads_of(units, then, there, lineage(settings).between(period.last_day, today))


def undelivered(plan: Plan) -> Iterator[str]:
    """Lines about the units whose heads get nothing, and why."""
    for unit in plan.without_address:
        message = N_("Not delivered: {name} ({code}), the unit list has no address of its head.")
        yield worded(message, {"name": unit.name, "code": unit.code})
    for unit, other in plan.others:
        message = N_(
            "Not delivered: {name} ({code}), the unit list has this code for another unit: {other}."
        )
        yield worded(message, {"name": unit.name, "code": unit.code, "other": other.name})
    for unit, above in plan.below:
        message = N_("Not delivered: {name} ({code}), its people are on the page of {above}.")
        yield worded(message, {"name": unit.name, "code": unit.code, "above": above})


def corrected_of(store: Store, snapshot: Snapshot) -> Iterator[CorrectedPerson]:
    """Of whom the editions of a month corrected something, each held against the one before."""
    for edition, made in groupby(snapshot.corrections, key=lambda one: one.edition):
        yield from corrected_people(store.roster(snapshot.period, edition - 1), made)

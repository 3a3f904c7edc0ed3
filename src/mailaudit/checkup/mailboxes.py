"""Checks of the right to read mailboxes, and of how long reading all of them will take."""

import math
from collections.abc import Callable, Container, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from mailaudit.checkup.finding import Finding, failure, ok, unchecked, warning
from mailaudit.checkup.setup import AtServer, Setup
from mailaudit.errors import N_
from mailaudit.model.outcome import Reason
from mailaudit.model.roster import Roster, Unit

if TYPE_CHECKING:
    from mailaudit.sources.faults import MailboxFault
    from mailaudit.sources.server import Refusals

_NO_MAILBOX_OPENED = N_("No mailbox could be opened.")
_PER_MINUTE, _MINUTE_S = 60, 60.0
# What is said, and the remedy, which depends on the kind of server.
_Said = tuple[Callable[..., Finding], str, Callable[["Refusals"], str]]
_REFUSED: dict[Reason, _Said] = {
    Reason.ACCESS_DENIED: (
        failure,
        N_("{unit}: the account may not open {mailbox} ({code})."),
        lambda refusals: refusals.widen_right,
    ),
    Reason.NO_MAILBOX: (
        warning,
        N_("{unit}: the server has no mailbox {mailbox} ({code})."),
        lambda _: N_("Correct the address in the staff list, or create the mailbox."),
    ),
    Reason.MALFORMED_ANSWER: (
        failure,
        N_("{unit}: the answer about {mailbox} can't be used ({code})."),
        lambda refusals: refusals.check_answers,
    ),
}
_LATER: _Said = (
    warning,
    N_("{unit}: {mailbox} could not be opened just now ({code})."),
    lambda _: N_(
        "Run mailaudit check again later; if it stays so, look at the mailbox's database."
    ),
)


def right(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether the account may open one mailbox of each of some units."""
    from mailaudit.sources.faults import MailboxFault

    probe, roster = at.probe, setup.roster
    if probe is None or roster is None:
        return
    if closed := _closed(setup, at):
        yield closed
        return
    among = setup.mailboxes_at(at.table)
    if at in setup.at_witnesses and not among:
        yield failure(
            N_("No mailbox on the staff list is in one of its domains: {domains}."),
            N_("Correct its domains, or leave them out, for every mailbox."),
            domains=", ".join(at.table.answers_for),
        )
    for unit, mailbox in sample(roster, setup.units, among):
        try:
            at.opened.append(probe.open(mailbox))
        except MailboxFault as fault:
            yield _refused(at, unit, mailbox, fault)
        else:
            yield ok(
                N_("{unit}: {mailbox} can be opened."), unit.code, unit=unit.name, mailbox=mailbox
            )


def sample(roster: Roster, count: int, among: Container[str]) -> list[tuple[Unit, str]]:
    """The first mailbox `among` some of each of `count` units, spread over the official order."""
    first: dict[str, str] = {}
    for person in roster.staff:
        if person.mailbox is not None and person.mailbox in among:
            first.setdefault(person.unit_code, person.mailbox)
    units = [unit for unit in roster.units if unit.code in first]
    count = min(count, len(units))
    chosen = [units[number * len(units) // count] for number in range(count)]
    return [(unit, first[unit.code]) for unit in chosen]


def outside(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """Whether the account is refused a mailbox that is not of the staff."""
    from mailaudit.sources.faults import MailboxFault

    mailbox, probe = setup.outside, at.probe
    if mailbox is None or probe is None:
        yield unchecked(
            N_("No mailbox was named that must be refused."),
            N_("Name one that is not of the staff: mailaudit check{options} --outside ADDRESS"),
        )
        return
    if setup.settings.routing.server_of(mailbox) not in (None, at.table.label):
        return  # another server's
    if setup.roster is not None and mailbox in setup.roster.mailboxes():
        yield failure(
            N_("{mailbox} is on the staff list, and must not be refused."),
            N_("Name with --outside a mailbox that the account must not open."),
            mailbox=mailbox,
        )
        return
    if closed := _closed(setup, at):
        yield closed
        return
    denied = at.server().refusals.denied
    try:
        probe.list_folders(mailbox)
    except MailboxFault as fault:
        yield _as_it_must_be(mailbox, fault) if fault.detail in denied else _unknown(mailbox, fault)
    else:
        yield warning(
            N_("{mailbox} was not refused: the account may open more mailboxes than the staff's."),
            at.server().refusals.narrow_right,
            mailbox=mailbox,
        )


def speed(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """How long the server took, and whether it gives shorter pages than it is asked for."""
    opened = at.opened
    if not opened:
        yield unchecked(_NO_MAILBOX_OPENED)
        return
    each = [round(one.seconds / one.requests * 1000) for one in opened]
    cut = [one for one in opened if one.cut is not None]
    answers = {"fastest": min(each), "slowest": max(each), "count": len(opened)}
    if cut:
        yield ok(
            N_(
                "An answer took {fastest} to {slowest} ms ({count} mailboxes). The server gives"
                " {cut} items of a folder at once where {asked} are asked for."
            ),
            cut=min(one.cut or 0 for one in cut),
            asked=cut[0].asked,
            **answers,
        )
    else:
        yield ok(
            N_(
                "An answer took {fastest} to {slowest} ms ({count} mailboxes); the server cut no"
                " page short."
            ),
            **answers,
        )


def duration(setup: Setup, at: AtServer) -> Iterator[Finding]:
    """How long a whole collection will take, if all mailboxes are like those that were opened."""
    opened, server = at.opened, at.table
    if not opened or setup.roster is None:
        yield unchecked(_NO_MAILBOX_OPENED)
        return
    mailboxes = len(setup.mailboxes_at(at.table))
    times = [mailboxes * one.seconds / server.max_connections for one in opened]
    if server.requests_per_minute:
        requests = [mailboxes * one.requests for one in opened]
        capped = [count / server.requests_per_minute * _MINUTE_S for count in requests]
        times = [max(pair) for pair in zip(times, capped, strict=True)]
    shortest, longest = min(times), max(times)
    values = {
        "shortest": math.floor(shortest / _PER_MINUTE),
        "longest": math.ceil(longest / _PER_MINUTE),
        "mailboxes": mailboxes,
        "connections": server.max_connections,
        "place": server.place,
    }
    message = N_(
        "{mailboxes} mailboxes will take between {shortest} and {longest} minutes with"
        " {connections} connections, while the server is as busy as it is now."
    )
    if longest > _open_s(at):
        yield warning(
            message,
            N_(
                "{place}.window is shorter: the collection goes on in the next one. Make it longer,"
                " or raise {place}.max_connections or {place}.requests_per_minute."
            ),
            **values,
        )
    else:
        yield ok(message, **values)


def _refused(at: AtServer, unit: Unit, mailbox: str, fault: "MailboxFault") -> Finding:
    state, message, remedy = _REFUSED.get(fault.reason, _LATER)
    return state(
        message,
        remedy(at.server().refusals),
        unit.code,
        unit=unit.name,
        mailbox=mailbox,
        place=at.table.place,
        code=fault.detail,
    )


def _as_it_must_be(mailbox: str, fault: "MailboxFault") -> Finding:
    return ok(
        N_("{mailbox} is refused, as it must be ({code})."), mailbox=mailbox, code=fault.detail
    )


def _unknown(mailbox: str, fault: "MailboxFault") -> Finding:
    return warning(
        N_("Whether {mailbox} is refused is not known: {code}."),
        N_("Name with --outside a mailbox that exists, and that the account must not open."),
        mailbox=mailbox,
        code=fault.detail,
    )


def _closed(setup: Setup, at: AtServer) -> Finding | None:
    """What is said outside of the server's window, in which alone mailboxes are asked."""
    window = at.table.window
    if window is None:
        return None
    if at.table.limits.closed_s(setup.clock().astimezone(setup.period.tz)) <= 0:
        return None
    return unchecked(
        N_("Mailboxes are asked within {place}.window only, from {opens} to {closes}."),
        N_("Run mailaudit check within it."),
        place=at.table.place,
        opens=f"{window[0]:%H:%M}",
        closes=f"{window[1]:%H:%M}",
    )


def _open_s(at: AtServer) -> float:
    """How long the server's window is open at a time, seconds."""
    window = at.table.window
    if window is None:
        return math.inf
    opens, closes = (timedelta(hours=one.hour, minutes=one.minute) for one in window)
    return ((closes - opens) % timedelta(days=1)).total_seconds()

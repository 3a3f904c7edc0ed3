"""Routing: which of several mail servers a mailbox is asked at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mailaudit.errors import N_, RosterError
from mailaudit.model.domains import is_inside
from mailaudit.model.roster import Staff
from mailaudit.model.wording import first_of

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Routing:
    """The servers by name, each with the mail domains it answers for, lower case.

    One server without a name answers for every domain. No domain is that of two servers.
    """

    domains: Mapping[str, frozenset[str]]

    @property
    def is_single(self) -> bool:
        """Whether one server answers for everything."""
        return "" in self.domains

    def server_of(self, mailbox: str, named: str = "") -> str | None:
        """The name of the server to ask; None where there is none.

        Of two servers whose domains the mailbox's lies in or below, the one with the longer domain:
        with `vidu.gov.vn` and `y-te.vidu.gov.vn`, an@y-te.vidu.gov.vn is asked at the latter.

        Args:
            named: The server that the staff list names, in any case of letters; it goes first.
        """
        if self.is_single:
            return ""
        if named:
            return next((one for one in self.domains if one.lower() == named.lower()), None)
        domain = mailbox.rpartition("@")[2]
        found = [
            (len(known), name)
            for name, domains in self.domains.items()
            for known in domains
            if is_inside(domain, frozenset({known}))
        ]
        return max(found)[1] if found else None

    def astray(self, staff: Iterable[Staff]) -> tuple[Staff, ...]:
        """Those whose mailbox no server answers for."""
        return tuple(
            person
            for person in staff
            if person.mailbox and self.server_of(person.mailbox, person.server) is None
        )


def no_server(astray: Sequence[Staff | str]) -> RosterError:
    """What is said where no server answers for mailboxes.

    Args:
        astray: The mailboxes, or whose they are.
    """
    examples = [one if isinstance(one, str) else f"{one.mailbox} ({one.row})" for one in astray]
    return RosterError(
        N_("No server of the configuration answers for {count} mailboxes: {examples}."),
        N_(
            "Add their domain to the domains of the server that has them, or name the server in"
            ' the column "Máy chủ thư" of the staff list as the configuration names it.'
        ),
        count=len(astray),
        examples=first_of(examples, _EXAMPLES),
    )

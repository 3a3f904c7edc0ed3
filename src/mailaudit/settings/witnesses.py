"""The tables [[witnesses]]: second sources, which `mailaudit reconcile` alone asks."""

from itertools import combinations
from typing import Annotated, ClassVar, cast

from pydantic import AfterValidator, Field, ValidationInfo

from mailaudit.errors import N_
from mailaudit.settings.problems import WITNESSES
from mailaudit.settings.servers import KINDS, Named, OfItsKind, Server
from mailaudit.settings.values import Domains, refusal


class Witness(Named):
    """A second source, of any kind of server.

    Attributes:
        domains: The mail domains of the mailboxes it knows; none for all.
    """

    table: ClassVar[str] = WITNESSES

    domains: Domains = ()


def _of_kind(table: type[Named]) -> type[Witness]:
    """The same kind of server, as a witness."""
    return cast(
        "type[Witness]",
        type(f"Witness{table.__name__}", (Witness, table), {"__module__": __name__}),
    )


WITNESS_KINDS = {kind: _of_kind(table) for kind, table in KINDS.items()}


def _differ(witnesses: tuple[Witness, ...]) -> tuple[Witness, ...]:
    """Refuses two of one name."""
    for (at, one), (other_at, other) in combinations(enumerate(witnesses, start=1), 2):
        if one.name.lower() == other.name.lower():
            raise refusal(
                N_("{one} and {other} have the same name"),
                one=f"{WITNESSES}[{at}]",
                other=f"{WITNESSES}[{other_at}]",
            )
    return witnesses


Witnesses = Annotated[
    tuple[Annotated[Witness, OfItsKind(WITNESS_KINDS)], ...],
    Field(strict=False),
    AfterValidator(_differ),
]


def refuse_name_of_server(
    witnesses: tuple[Witness, ...], info: ValidationInfo
) -> tuple[Witness, ...]:
    """Refuses a witness that has the name of a server: both would have one variable for a password.

    Raises:
        PydanticCustomError: It is one.
    """
    servers: tuple[Server, ...] = info.data.get("servers") or ()
    names = {one.label.lower() for one in servers}
    for at, one in enumerate(witnesses, start=1):
        if one.name.lower() in names:
            raise refusal(N_("{one} has the name of one of the servers"), one=f"{WITNESSES}[{at}]")
    return witnesses

"""SharedState: what all who ask one server at one time must know of each other."""

from dataclasses import dataclass, field
from typing import Protocol

DENIED_AT_FIRST = 20  # so many refusals and nothing else: the account lacks the right


class Cell(Protocol):
    """A number that several processes read and write."""

    value: float


@dataclass(slots=True)
class OwnCell:
    """A Cell of one process."""

    value: float = 0.0


@dataclass(frozen=True, slots=True)
class SharedState:
    """The knowledge of one run.

    Attributes:
        closed_until: Before this moment of the monotonic clock the server wants no request.
        idle_until: Before this moment nothing is left to ask but mailboxes whose time has not come.
        has_access: Not 0 once the account is known to open mailboxes.
        denied: How many mailboxes were refused before that.
        refused: Not 0 once the server has refused the login; it is not tried again then.
    """

    closed_until: Cell = field(default_factory=OwnCell)
    idle_until: Cell = field(default_factory=OwnCell)
    has_access: Cell = field(default_factory=OwnCell)
    denied: Cell = field(default_factory=OwnCell)
    refused: Cell = field(default_factory=OwnCell)

"""What readers of the published files know, as linear facts about unknown numbers of people."""

from dataclasses import dataclass, field
from fractions import Fraction

from people import Block, People
from places import Atom, Places
from publishing import Published
from reading import Value

Atoms = tuple[Atom, ...]


@dataclass(slots=True)
class Shown:
    """What the files of one report show of its units.

    Attributes:
        order: Units as they stand in the ranking, by group.
        ranks: Of those with a rank: the rank, and whether it is said to be tied.
        before: The rank of the month before.
        ranked: How many units of a group are said to have a rank.
        small: Whether the line of small units is printed.
        without_small: Months before of which small units are not in the whole.
    """

    order: dict[str, list[str]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    ranks: dict[str, tuple[int, bool]] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    ranked: dict[str, int] = field(default_factory=dict)
    small: bool = False
    names_small: bool = False
    without_small: set[int] = field(default_factory=set)


class Knowledge:
    """Everything read so far."""

    def __init__(self, people: People, places: Places) -> None:
        self.people, self.places = people, places
        self.known: dict[tuple[Block, Atoms, str], int] = {}
        self.shares: dict[tuple[Block, Atoms], Fraction] = {}
        self.reports: list[tuple[Published, Shown]] = []
        # Every line anybody could see, by the unit reported on, its code, and the month it is of.
        self.lines: dict[tuple[Block, str | None, str, int], Atoms] = {}

    def count(self, block: Block, atoms: Atoms, figure: str, value: Fraction) -> None:
        number = int(value)
        self.known[block, atoms, figure] = number
        self.people.unknowns.know(self.people.figure(block, atoms, figure), number, number)

    def share_of(self, block: Block, atoms: Atoms) -> Fraction | None:
        """A line's rate, where it is known to the last digit."""
        regular, in_scope, silent = (
            self.known.get((block, atoms, figure))
            for figure in ("regular", "in_scope", "unmeasured")
        )
        if regular is not None and in_scope is not None and silent is not None:
            return Fraction(regular, in_scope - silent) if in_scope > silent else None
        return self.shares.get((block, atoms))

    def share(
        self, block: Block, atoms: Atoms, parts: tuple[str, str], value: Value, less: Fraction
    ) -> None:
        if value.low is None or value.high is None:
            return
        low, high = (value.low - less) / 100, (value.high - less) / 100
        part, whole = (self.people.figure(block, atoms, figure) for figure in parts)
        if not whole:
            return
        self.people.unknowns.know_ratio(part, whole, low, high)
        if low == high and parts == ("regular", "judged"):
            self.shares[block, atoms] = low

"""The people of an earlier month, sorted into the units of today."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.lines import chains, lines_of
from mailaudit.metrics.people import Found
from mailaudit.metrics.tables import sum_people
from mailaudit.model.lineage import Lineage
from mailaudit.model.ranking import Incomparable, Origin
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Counts, Measurement, StaffState, StaffUsage, share_of

OUT_OF_SCOPE = (StaffState.EXEMPT, StaffState.EXCLUDED)


class Place(NamedTuple):
    """Where people of an earlier month count today.

    Attributes:
        line: None for those who are in no line of today.
        group: That of the line; of people who are in none, the one group that all successors of
            their unit are in.
        inside: Whether it is within the unit that is reported.
    """

    line: str | None
    group: str | None
    inside: bool


class Resorted:
    """The people of one earlier month, sorted into the units of today.

    Args:
        lines: The units of today that are lines of the ranking.
        within: The unit that is reported, or None for the whole.
    """

    def __init__(
        self,
        then: Snapshot,
        measured: Measurement,
        now: Snapshot,
        lines: Iterable[Unit],
        heirs: Heirs,
        lineage: Lineage,
        within: str | None,
    ) -> None:
        self._heirs, self._within = heirs, within
        divided = any(len(heirs.of(unit.code)) > 1 for unit in then.roster.units)
        self._found = Found(then.roster.staff, now.roster.staff, lineage) if divided else None
        self._then = {unit.code: unit for unit in then.roster.units}
        self._chains_then = chains(then.roster.units)
        self._chains_now = chains(now.roster.units)
        self._line_of = lines_of(now.roster.units, within)
        self._groups = {unit.code: unit.group for unit in lines}
        self._peopled = {
            code
            for own in {usage.staff.unit_code for usage in measured.staff}
            for code in self._chains_then[own]
        }
        self._divided: Counter[str] = Counter()  # people in scope whose unit has several heirs
        self._unplaced: Counter[str] = Counter()  # those of them who are found in none of them
        self._sums = self._sum(measured)

    def counts(self, code: str) -> Counts:
        """The sums of everybody who counts in a line of today."""
        return sum((c for (place, _), c in self._sums.items() if place.line == code), Counts())

    def total(self) -> Counts:
        """Of everybody then, or of those who count within the unit that is reported."""
        return sum((c for (place, _), c in self._sums.items() if place.inside), Counts())

    def groups(self) -> dict[str, Counts]:
        """The sums by group of today; whose unit is gone counts in none."""
        groups: dict[str, Counts] = defaultdict(Counts)
        for (place, _), counts in self._sums.items():
            if place.group is not None:
                groups[place.group] += counts
        return groups

    def torn(self, rules: Rules) -> frozenset[str | None]:
        """The groups that a divided unit went to, too few of whose people are found again.

        None is among them where a part of it is outside of what is reported.
        """
        places = (
            {(place.group, place.inside) for place in map(self._place, self._heirs.of(code))}
            for code in self._then
            if len(self._heirs.of(code)) > 1 and self._is_lost(code, rules)
        )
        return frozenset(
            group if inside else None
            for several in places
            if len(several) > 1
            for group, inside in several
        )

    def missing(self, code: str) -> list[str]:
        """The predecessors of a unit and of those below it that had nobody on the lists of then.

        A unit that is listed without anybody was not counted, rather than empty.
        """
        members = [unit for unit, chain in self._chains_now.items() if code in chain]
        return sorted(
            {
                before
                for member in members
                for before in self._heirs.predecessors(member)
                if before not in self._peopled
            }
        )

    def origin(self, code: str, rules: Rules) -> Origin | None:
        """What a line of today was then; None where it was itself."""
        if missing := self.missing(code):
            names = (self._then[m].name if m in self._then else m for m in missing)
            return Origin(tuple(names), Incomparable.NOT_MEASURED)
        before = self._heirs.predecessors(code)
        if not before:
            known = code in self._then
            return None if known else Origin((), Incomparable.NOT_LISTED)
        divided = [p for p in self._then if p in before and self._is_lost(p, rules)]
        if divided:
            return Origin(self._named(divided), Incomparable.NOT_TOLD_APART)
        low = [
            top
            for (place, top), counts in self._sums.items()
            if place.line == code and not rules.is_sufficient(counts.coverage)
        ]
        if low:
            return Origin(self._named(low), Incomparable.LOW_COVERAGE)
        return None if before == {code} else Origin(self._named(before))

    def _named(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The names of units of then, in the order of the list."""
        wanted = set(codes)
        return tuple(unit.name for code, unit in self._then.items() if code in wanted)

    def _is_lost(self, code: str, rules: Rules) -> bool:
        """Whether too few of a divided unit's people in scope are found again in a successor.

        That is fewer than `Rules.min_coverage`: of 40 people 38 are enough at 95 %, 37 are not.
        """
        people = self._divided[code]
        placed = people - self._unplaced[code]
        return not rules.is_sufficient(share_of(placed, people))

    def _sum(self, measured: Measurement) -> dict[tuple[Place, str], Counts]:
        """The sums by place of today and topmost unit of then.

        Those of a topmost unit whose people all went to one place are known already.
        """
        known = {usage.unit.code: usage.counts for usage in measured.units}
        places: dict[str, set[Place | None]] = defaultdict(set)
        for code in {usage.staff.unit_code for usage in measured.staff}:
            places[self._chains_then[code][-1]].add(self._place_of_all(code))
        sums: dict[tuple[Place, str], Counts] = {}
        apart = set()
        for top, several in places.items():
            place = next(iter(several))
            if len(several) == 1 and place is not None:
                sums[place, top] = known[top]
            else:
                apart.add(top)
        placed = [
            ((self._place_of(usage), usage.unit_code), usage)
            for usage in measured.staff
            if usage.unit_code in apart
        ]
        return sums | sum_people(placed)

    def _place(self, code: str | None) -> Place:
        """Where a unit of today counts; None for no unit."""
        line = self._line_of.get(code) if code is not None else None
        group = self._groups.get(line) if line is not None else None
        return Place(line, group, inside=self._within is None or line is not None)

    def _place_of_all(self, code: str) -> Place | None:
        """Where all people of a unit of then count; None where it was divided."""
        heirs = self._heirs.of(code)
        return self._place(next(iter(heirs), None)) if len(heirs) < 2 else None

    def _place_of(self, usage: StaffUsage) -> Place:
        """Where a person of then counts."""
        whole = self._place_of_all(usage.staff.unit_code)
        if whole is not None:
            return whole
        chain = self._chains_then[usage.staff.unit_code]
        heirs = self._heirs.of(usage.staff.unit_code)
        in_scope = usage.state not in OUT_OF_SCOPE
        self._divided.update(chain if in_scope else ())
        unit = self._found.unit_of(usage.staff) if self._found is not None else None
        if unit is not None and heirs.intersection(self._chains_now.get(unit, ())):
            return self._place(unit)
        self._unplaced.update(chain if in_scope else ())
        places = [self._place(heir) for heir in heirs]
        groups = {place.group for place in places}
        return Place(
            None,
            groups.pop() if len(groups) == 1 else None,
            inside=all(place.inside for place in places),
        )

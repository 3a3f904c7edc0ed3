"""The people of an earlier month, sorted into the units of today."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from fractions import Fraction

from mailaudit.metrics.heirs import Heirs
from mailaudit.metrics.lines import chains, lines_of
from mailaudit.metrics.people import Found
from mailaudit.metrics.places import has_coverage
from mailaudit.metrics.tables import sum_units
from mailaudit.model.lineage import Lineage
from mailaudit.model.ranking import Incomparable, Origin
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot
from mailaudit.model.usage import Counts, Measurement, StaffState, StaffUsage

OUT_OF_SCOPE = (StaffState.EXEMPT, StaffState.EXCLUDED)


class Resorted:
    """The people of one earlier month, sorted into the units of today."""

    def __init__(
        self,
        then: Snapshot,
        measured: Measurement,
        now: Snapshot,
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
        self._lines = lines_of(now.roster.units, within)
        self._staff = measured.staff
        self._peopled = {
            code for usage in measured.staff for code in self._chains_then[usage.staff.unit_code]
        }
        self._divided: Counter[str] = Counter()  # people in scope whose unit has several heirs
        self._unplaced: Counter[str] = Counter()  # those of them who are found in none of them
        self._sums = self._sum()

    def counts(self, code: str) -> Counts:
        """The sums of everybody who counts in a line of today."""
        return sum((c for (line, _), c in self._sums.items() if line == code), Counts())

    def total(self) -> Counts:
        """Of everybody then, or of those who count within the unit that is reported."""
        inside = (c for (line, _), c in self._sums.items() if self._within is None or line)
        return sum(inside, Counts())

    def groups(self, units: Iterable[Unit]) -> dict[str, Counts]:
        """The sums by group: that of a unit of today, or of then for those who are in none."""
        today = {unit.code: unit.group for unit in units}
        groups: dict[str, Counts] = defaultdict(Counts)
        for (line, top), counts in self._sums.items():
            if line or self._within is None:
                groups[today.get(line, self._then[top].group)] += counts
        return groups

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
            for (line, top), counts in self._sums.items()
            if line == code and not has_coverage(counts, rules)
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
        return people > 0 and Fraction(placed, people) < rules.min_coverage

    def _sum(self) -> dict[tuple[str, str], Counts]:
        """The sums by line of today, "" for none, and topmost unit of then."""
        keys: dict[tuple[str, str], str] = {}
        placed = []
        for usage in self._staff:
            unit = self._unit_of(usage)
            line = self._lines.get(unit, "") if unit is not None else ""
            pair = (line, self._chains_then[usage.staff.unit_code][-1])
            placed.append((keys.setdefault(pair, str(len(keys))), usage))
        sums = sum_units(placed, list(keys.values()))
        return {pair: sums[key] for pair, key in keys.items()}

    def _unit_of(self, usage: StaffUsage) -> str | None:
        """The unit of today in which a person of then counts."""
        chain = self._chains_then[usage.staff.unit_code]
        heirs = self._heirs.of(usage.staff.unit_code)
        if len(heirs) < 2:
            return next(iter(heirs), None)
        in_scope = usage.state not in OUT_OF_SCOPE
        self._divided.update(chain if in_scope else ())
        unit = self._found.unit_of(usage.staff) if self._found is not None else None
        if unit is not None and heirs.intersection(self._chains_now.get(unit, ())):
            return unit
        self._unplaced.update(chain if in_scope else ())
        return None

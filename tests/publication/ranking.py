"""What ranks, ties, gaps and the order of lines say about units whose figures are not printed."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from knowledge import Atoms, Knowledge, Shown
from linear import MOST_PEOPLE, Sum, combined
from people import Block, way_of_counting
from places import Places
from publishing import Published

from mailaudit.model.rules import Rules


class Ranking:
    """Adds what follows from the ranks of all reports once everything else is known."""

    def __init__(self, knowledge: Knowledge, places: Places) -> None:
        self._knowledge, self._places = knowledge, places
        self._unknowns = knowledge.people.unknowns
        self._ranked: dict[tuple[Block, Atoms, Rules], int] = {}
        self._beside: dict[tuple[Block, Atoms, Rules, Fraction], tuple[int, int]] = {}

    def learn(self) -> None:
        for report, shown in self._knowledge.reports:
            for group, order in shown.order.items():
                self._today(report, shown, group, order)
            self._before(report, shown)

    def _today(self, report: Published, shown: Shown, group: str, order: list[str]) -> None:
        block = report.month, report.editions[report.month], way_of_counting(report.rules)
        known = self._knowledge.lines
        lines = {code: known.get((block, report.within, code, report.month), ()) for code in order}
        listed = [code for code in order if code in shown.hidden and lines[code]]
        hidden = [code for code in listed if code not in shown.ranks]
        ranked_ones = [code for code in order if code in shown.ranks]
        shares = {
            code: share
            for code in ranked_ones
            if (share := self._knowledge.share_of(block, lines[code])) is not None
        }
        if shown.names_small and self._is_complete(shown, shares):
            return  # ranks are among the lines printed, and are just what those lines say
        others = [lines[code] for code in (*hidden, *(set(ranked_ones) - shares.keys()))]
        for code, share in shares.items():
            rank, tied = shown.ranks[code]
            higher = sum(other > share for other in shares.values())
            equal = sum(other == share for other in shares.values()) - 1
            self._place(block, others, report.rules, share, rank - 1 - higher, tied, equal)
        if (ranked := shown.ranked.get(group)) is not None:
            placed = len(ranked_ones)
            terms = [Sum({self._is_ranked(block, lines[code], report.rules): 1}) for code in hidden]
            self._unknowns.know(
                combined(*((each, 1) for each in terms)), ranked - placed, ranked - placed
            )
        if not shown.names_small:
            self._order(report, block, listed, lines)

    def _is_complete(self, shown: Shown, shares: dict[str, Fraction]) -> bool:
        return all(
            shown.ranks[code][0] == 1 + sum(other > share for other in shares.values())
            and shown.ranks[code][1] == (list(shares.values()).count(share) > 1)
            for code, share in shares.items()
        )

    def _place(
        self,
        block: Block,
        others: Iterable[Atoms],
        rules: Rules,
        share: Fraction,
        higher: int,
        tied: bool,
        equal: int,
    ) -> None:
        """So many of the others are ranked higher, and some are ranked the same, or none."""
        pairs = [self._compared(block, each, rules, share) for each in others]
        above = combined(*((Sum({pair[0]: 1}), 1) for pair in pairs))
        same = combined(*((Sum({pair[1]: 1}), 1) for pair in pairs))
        self._unknowns.know(above, higher, higher)
        if not tied:
            self._unknowns.know(same, 0, 0)
        elif not equal:
            self._unknowns.know(same, 1)

    def _order(
        self, report: Published, block: Block, hidden: list[str], lines: dict[str, Atoms]
    ) -> None:
        """Lines stand by rank, then those without; equal ones in the official order of units."""
        official = [unit.code for unit in self._places.lines(report.month, report.within)]
        for first, second in pairwise(hidden):
            one = self._is_ranked(block, lines[first], report.rules)
            other = self._is_ranked(block, lines[second], report.rules)
            self._unknowns.know(Sum({one: 1, other: -1}), 0)
            if official.index(first) > official.index(second):
                self._unknowns.know(Sum({one: 1}), 1)

    def _before(self, report: Published, shown: Shown) -> None:
        """Ranks of the month before, in the groups of then, by the rules of today.

        Where reports name small units, ranks are among the others, whose figures are known.
        """
        month = report.month - 1
        names_small = any(each.names_small for _, each in self._knowledge.reports)
        if report.within is not None or month not in report.editions or names_small:
            return
        block = month, report.editions[month], way_of_counting(report.rules)
        for code, rank in shown.before.items():
            atoms = self._knowledge.lines.get((block, None, code, report.month), ())
            share = self._knowledge.share_of(block, atoms)
            codes = {self._places.top(month, atom.unit) for atom in atoms}
            if share is None or len(codes) != 1:
                continue
            (then,) = codes
            group = self._places.unit(month, then).group
            others = [
                tuple(
                    a
                    for a in self._places.atoms(month)
                    if self._places.top(month, a.unit) == u.code
                )
                for u in self._places.lines(month)
                if u.group == group and u.code != then
            ]
            pairs = [self._compared(block, each, report.rules, share) for each in others]
            above = combined(*((Sum({pair[0]: 1}), 1) for pair in pairs))
            self._unknowns.know(above, rank - 1, rank - 1)

    def _figure(self, block: Block, atoms: Atoms, figure: str) -> Sum:
        return self._knowledge.people.figure(block, atoms, figure)

    def _is_ranked(self, block: Block, atoms: Atoms, rules: Rules) -> int:
        """An unknown that is 1 where the unit has a rank: enough people in scope and measured."""
        if (block, atoms, rules) in self._ranked:
            return self._ranked[block, atoms, rules]
        ranked, few, silent = (self._unknowns.new(1) for _ in range(3))
        self._ranked[block, atoms, rules] = ranked
        in_scope = self._figure(block, atoms, "in_scope")
        parts, whole = rules.min_coverage.numerator, rules.min_coverage.denominator
        covered = combined(
            (self._figure(block, atoms, "measured"), whole),
            (self._figure(block, atoms, "provided"), -parts),
        )
        room = 2 * MOST_PEOPLE * whole * len(atoms)
        know, least = self._unknowns.know, rules.min_in_scope
        know(combined((in_scope, 1), (Sum({ranked: 1}), -least)), 0)
        know(combined((self._figure(block, atoms, "judged"), 1), (Sum({ranked: 1}), -1)), 0)
        know(combined((covered, 1), (Sum({ranked: 1}), -room)), -room)
        know(Sum({ranked: 1, few: 1, silent: 1}), 1)
        know(combined((in_scope, 1), (Sum({few: 1}), room)), high=least - 1 + room)
        know(combined((covered, 1), (Sum({silent: 1}), room)), high=-1 + room)
        return ranked

    def _compared(
        self, block: Block, atoms: Atoms, rules: Rules, share: Fraction
    ) -> tuple[int, int]:
        """Two unknowns: 1 where the unit is ranked above the share, and where at the share."""
        key = block, atoms, rules, share
        if key not in self._beside:
            above, same, below = (self._unknowns.new(1) for _ in range(3))
            self._beside[key] = above, same
            ranked = self._is_ranked(block, atoms, rules)
            difference = combined(
                (self._figure(block, atoms, "regular"), share.denominator),
                (self._figure(block, atoms, "judged"), -share.numerator),
            )
            room = 3 * MOST_PEOPLE * share.denominator * len(atoms)
            know = self._unknowns.know
            know(Sum({above: 1, same: 1, below: 1, ranked: -1}), 0, 0)
            know(combined((difference, 1), (Sum({above: 1}), -room)), 1 - room)
            know(combined((difference, 1), (Sum({below: 1}), room)), high=-1 + room)
            know(combined((difference, 1), (Sum({same: 1}), room)), high=room)
            know(combined((difference, 1), (Sum({same: 1}), -room)), -room)
        return self._beside[key]

"""Two editions of a month side by side: what one audience may see of both, if it may at all.

Whoever reads both computes what changed, of every line and of every sum of lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailaudit.model.audience import Audience
from mailaudit.model.ranking import Ranking, Standing
from mailaudit.model.rules import Rules
from mailaudit.model.usage import Counts
from mailaudit.publication.publish import publish
from mailaudit.publication.record import PEOPLE, Record, differing, figures_of, records_of
from mailaudit.publication.register import Published
from mailaudit.publication.values import Publication

MOST_SUMS = 20_000  # different ones that are looked at; with more, nothing is given

Difference = tuple[int, ...]  # one number for each of `figures_of`


@dataclass(frozen=True, slots=True)
class ComparedGroup:
    """A group's units after, and each as it was before; None where it had no figures then."""

    name: str
    units: tuple[tuple[Standing | None, Standing], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions of a month as one audience sees them.

    Attributes:
        editions: The numbers of the two.
    """

    before: Publication
    after: Publication
    editions: tuple[int, int]

    def groups(self) -> Iterator[ComparedGroup]:
        """The groups of units with figures."""
        for group in self.after.groups:
            yield ComparedGroup(group.name, self._beside(group.standings))

    def few(self) -> tuple[tuple[Standing | None, Standing], ...]:
        """The units of few people, for those who see everything."""
        return self._beside(self.after.few_standings)

    def _beside(
        self, standings: Sequence[Standing]
    ) -> tuple[tuple[Standing | None, Standing], ...]:
        then = {
            standing.usage.unit.code: standing
            for standing in (*self.before.standings(), *self.before.few_standings)
        }
        return tuple((then.get(each.usage.unit.code), each) for each in standings)

    def records(self) -> tuple[Record, ...]:
        """What it gives of both editions, for the register."""
        return tuple(
            record
            for publication, edition in zip((self.before, self.after), self.editions, strict=True)
            for record in records_of(publication, edition, ())
        )


def compare(
    before: Ranking, after: Ranking, editions: tuple[int, int], audience: Audience, rules: Rules
) -> Comparison:
    """Two editions of a month, ranked by the same rules, as `audience` sees each of them."""
    return Comparison(publish(before, audience, rules), publish(after, audience, rules), editions)


def gives_few_away(comparison: Comparison, published: Published, least: int) -> bool:
    """Whether figures of fewer than `least` people follow from it, alone or with what was given.

    Six of A left, five of them for B: A lost six and B won five, and their sum is one person.
    """
    before, after = comparison.records()
    earlier = published(before.period)
    if differing(before, earlier, least) or differing(after, [*earlier, before], least):
        return True
    return _some_sum_is_of_few(_differences(comparison), least)


def _differences(comparison: Comparison) -> Iterator[Difference]:
    """What changed of each line."""
    pairs = [
        (Counts() if then is None else then.usage.counts, now.usage.counts)
        for group in comparison.groups()
        for then, now in group.units
    ]
    pairs.append((comparison.before.few_total or Counts(), comparison.after.few_total or Counts()))
    for then, now in pairs:
        old, new = figures_of(then), figures_of(now)
        yield tuple(new[name] - old[name] for name in new)


def _some_sum_is_of_few(differences: Iterator[Difference], least: int) -> bool:
    """Whether the change of any lines together is by few people."""
    names = tuple(figures_of(Counts()))
    nothing = (0,) * len(names)
    sums = {nothing}
    for difference in differences:
        if difference == nothing:
            continue
        sums |= {tuple(map(sum, zip(known, difference, strict=True))) for known in sums}
        if len(sums) > MOST_SUMS:
            return True
    return any(_is_by_few(dict(zip(names, each, strict=True)), least) for each in sums)


def _is_by_few(moved: dict[str, int], least: int) -> bool:
    people = [number for name, number in moved.items() if name in PEOPLE]
    return any(0 < abs(number) < least for number in (people if any(people) else moved.values()))

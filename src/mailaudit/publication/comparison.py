"""Two editions of a month side by side: what one audience may see of both, if it may at all.

Whoever reads both computes what changed, of every line and of every sum of lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailaudit.model.audience import Audience
from mailaudit.model.ranking import Ranking, Standing
from mailaudit.model.rules import Rules
from mailaudit.publication.difference import differing
from mailaudit.publication.publish import publish
from mailaudit.publication.record import Record, records_of
from mailaudit.publication.register import Published, overlapping
from mailaudit.publication.values import Publication


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
    """Two editions of a month, ranked by the same rules, as `audience` sees each of them.

    How mailboxes are used is not compared.
    """
    then, now = (publish(each, audience, rules, shows_uses=False) for each in (before, after))
    return Comparison(then, now, editions)


def gives_few_away(comparison: Comparison, published: Published, rules: Rules) -> bool:
    """Whether figures of fewer than `min_published` people follow from it.

    Alone, or with what was given of the month and of longer periods.
    """
    before, after = comparison.records()
    earlier, least = published(before.period), rules.min_published
    return bool(
        differing(before, earlier, least)
        or differing(after, [*earlier, before], least)
        or any(overlapping(each, published, rules) for each in (before, after))
    )

"""Why people are out of scope, as far as an audience may know.

Reasons such as illness are about health: those of few people are put together.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mailaudit.model.rules import Rules
from mailaudit.model.usage import Measurement, OutOfScope, StaffState, StaffUsage
from mailaudit.model.wording import folded, readable
from mailaudit.publication.values import Publication


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A reason and how many people are out of scope for it.

    Attributes:
        kind: None for several reasons of few people each.
        word: As on the staff list, in one spelling; "" for several.
        undated: How many of them without dates.
    """

    kind: OutOfScope | None
    word: str
    people: int
    undated: int

    @property
    def key(self) -> str:
        """The same for the same reason in every report."""
        return "" if self.kind is None else f"{self.kind}: {self.word}"


def published_reasons(
    measurement: Measurement, publication: Publication, rules: Rules
) -> tuple[ReasonCount, ...] | None:
    """The reasons in printing order; None where they are not for this audience.

    Args:
        measurement: Of the units whose sums the whole is; of all, for those who see everything.
    """
    if not publication.shows_reasons:
        return None
    reasons = _reasons(measurement)
    if publication.audience.sees_everything:
        return reasons
    return _with_rare_merged(reasons, rules.min_published)


def word_of(kind: OutOfScope, usage: StaffUsage) -> str:
    """One spelling for what the staff list writes as "Thai sản" here and "thai  sản" there."""
    return readable(folded(kind.word(usage.staff)))


def _reasons(measurement: Measurement) -> tuple[ReasonCount, ...]:
    people: Counter[tuple[OutOfScope, str]] = Counter()
    undated: Counter[tuple[OutOfScope, str]] = Counter()
    for usage in measurement.staff:
        if (kind := usage.out_of_scope) is not None:
            reason = kind, word_of(kind, usage)
            people[reason] += 1
            undated[reason] += kind.state is StaffState.EXCLUDED and _is_undated(usage)
    order = list(OutOfScope)
    return tuple(
        ReasonCount(kind, word, people[kind, word], undated[kind, word])
        for kind, word in sorted(people, key=lambda r: (order.index(r[0]), -people[r], r[1]))
    )


def _is_undated(usage: StaffUsage) -> bool:
    return usage.staff.status_from is None and usage.staff.status_to is None


def _with_rare_merged(reasons: Sequence[ReasonCount], least: int) -> tuple[ReasonCount, ...]:
    """The reasons with those of fewer than `least` people as one, the last.

    The next rarest join them until it is of enough people, as no fewer may be the difference of
    the total and the lines printed.
    """
    by_people = sorted(reasons, key=lambda reason: reason.people)
    rare, number = 0, 0
    while rare < len(by_people) and (0 < number < least or by_people[rare].people < least):
        number += by_people[rare].people
        rare += 1
    if not rare:
        return tuple(reasons)
    merged = by_people[:rare]
    together = ReasonCount(None, "", number, sum(reason.undated for reason in merged))
    return (*(reason for reason in reasons if reason not in merged), together)

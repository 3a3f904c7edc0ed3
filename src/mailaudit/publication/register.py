"""Holding what is to be published against the register of what was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mailaudit.errors import N_, UsageError
from mailaudit.locale import Language
from mailaudit.model.period import LongPeriod, Period
from mailaudit.model.rules import Rules
from mailaudit.model.wording import first_of
from mailaudit.publication.difference import SUM, differing
from mailaudit.publication.overlap import lists_few, others_of, shown_by_few
from mailaudit.publication.record import FEW, REASON, UNIT, USE, Key, Record

LINES_NAMED = 5

Shown = Mapping[Key, tuple[Period, ...]]  # lines, with the other periods that they show few beside

Published = Callable[
    [Period], Sequence[Record]
]  # everything reports gave of a Period, oldest first


class Register(Protocol):
    """What was published so far."""

    def published(self, period: Period) -> Sequence[Record]:
        """Everything reports gave of the Period, the oldest first; of a longer one of all such."""
        ...

    def publish(self, records: Sequence[Record], check: Callable[[Published], None]) -> None:
        """Adds what is not in it yet, all of it or nothing; `check` may refuse.

        Nothing else is added between `check` and the end.
        """
        ...


def beside(published: Published, records: Sequence[Record]) -> Published:
    """What was published, and these records as if they were."""

    def both(period: Period) -> Sequence[Record]:
        is_longer = isinstance(period, LongPeriod)
        more = [r for r in records if r.period == period or (is_longer and _is_longer(r.period))]
        return [*published(period), *more]

    return both


def _is_longer(period: Period) -> bool:
    return isinstance(period, LongPeriod)


@dataclass(frozen=True, slots=True)
class Staged:
    """A register with records beside what is in it, which are not added yet."""

    register: Register
    records: tuple[Record, ...]

    def published(self, period: Period) -> Sequence[Record]:
        """As of a Register."""
        return beside(self.register.published, self.records)(period)

    def publish(self, records: Sequence[Record], check: Callable[[Published], None]) -> None:
        """As of a Register."""
        self.register.publish(records, check)


def differing_months(
    published: Published, records: Sequence[Record], rules: Rules
) -> frozenset[Period]:
    """The Periods of which the records give fewer than `min_published` people away.

    A month does so too beside a longer period among the records.
    """
    longer = [record for record in records if isinstance(record.period, LongPeriod)]
    months = [record for record in records if record not in longer]
    found = {record.period for record in records if _differing(record, published, rules)}
    # That a month is left out as a whole does not show which of its lines is the reason.
    beside = (m.period for m in months if shown_by_few(m, longer, rules, hides_why=False))
    return frozenset(found.union(beside))


def overlapping(record: Record, published: Published, rules: Rules) -> Shown:
    """The lines that give few people away beside what was published of other periods, and which."""
    return shown_by_few(record, _of_others(record, published), rules, _of_same(record, published))


def listing(record: Record, published: Published, rules: Rules) -> tuple[Period, ...]:
    """The other periods beside which the numbers of people listed give few people away."""
    return lists_few(record, _of_others(record, published), rules, _of_same(record, published))


def _of_others(record: Record, published: Published) -> Sequence[Record]:
    others = (each for period in others_of(record.period) for each in published(period))
    return [each for each in others if each.period != record.period]


def _of_same(record: Record, published: Published) -> Sequence[Record]:
    return [each for each in published(record.period) if each.period == record.period]


def _differing(record: Record, published: Published, rules: Rules) -> Shown:
    """The lines that give few people away beside what was published of it, or of what overlaps."""
    found = differing(record, _of_same(record, published), rules.min_published)
    if found:
        return dict.fromkeys(found, ())
    if listed := listing(record, published, rules):
        return {(UNIT, ""): listed}
    return overlapping(record, published, rules)


class GivesFewAway(UsageError):
    """What is to be published shows more of few people than what was published before."""


def refuse_difference(
    published: Published,
    records: Sequence[Record],
    rules: Rules,
    language: Language,
    names: Mapping[str, str] | None = None,
) -> None:
    """Refuses a report that shows more of few people than what was published before.

    Args:
        language: In which the lines are named.
        names: Of units, by code; None for the codes.

    Raises:
        GivesFewAway: It does; names the lines, and the other periods they show few people beside.
    """
    found = [
        _line(record.period, _named(key, names or {}, language), beside, language)
        for record in records
        for key, beside in _differing(record, published, rules).items()
    ]
    if found:
        raise GivesFewAway(
            N_(
                "This report differs from what was published before in the figures of fewer than"
                " {least} people: {lines}. Who has both can compute what they did."
            ),
            N_(
                "Nothing was written. Take the earlier report back, or make sure that it may be,"
                " and repeat with --despite-difference; a report of --audience it needs no such"
                " option."
            ),
            least=rules.min_published,
            lines=first_of(found, LINES_NAMED),
        )


def _line(period: Period, name: str, beside: Sequence[Period], language: Language) -> str:
    if not beside:
        return f"{period} {name}"
    text = language.gettext("{period} {name} (beside what was published of {periods})")
    return text.format(period=period, name=name, periods=", ".join(map(str, beside)))


def _named(key: Key, names: Mapping[str, str], language: Language) -> str:
    """The name of a unit, or its code, or what else the line is of."""
    kind, code = key
    if kind == FEW:
        return language.gettext("Units with few people")
    if kind == USE:
        return language.gettext("how mailboxes are used")
    if kind == SUM:
        return language.gettext("the sum of several units")
    if kind == REASON:
        word = code.partition(": ")[2]
        return f"“{word}”" if word else language.gettext("Other reasons")
    return names.get(code, code) or language.gettext("the whole")

"""Holding what is to be published against the register of what was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mailaudit.errors import N_, UsageError
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.ranking import Ranking
from mailaudit.model.rules import Rules
from mailaudit.publication.publish import publish
from mailaudit.publication.record import FEW, Key, Record, differing, records_of

LINES_NAMED = 5


class Register(Protocol):
    """What was published so far."""

    def published(self, period: Period) -> Sequence[Record]:
        """Everything reports gave of the Period, the oldest first."""
        ...

    def publish(self, records: Sequence[Record]) -> None:
        """Adds what is not in it yet, all of it or nothing."""
        ...


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """Holds what readers of a report get against what was published; the IT department's is not."""

    ranking: Ranking
    edition: int
    audience: Audience
    rules: Rules
    register: Register
    despite_difference: bool

    def differing_months(self) -> frozenset[Period]:
        """Earlier months that are not to be shown, for they differ by few people."""
        if self.despite_difference:
            return frozenset()
        records = self.records({}, frozenset())
        found = differing_months(self.register, records, self.rules.min_published)
        return found - {self.ranking.period}

    def records(
        self, reasons: Mapping[str, int], concealed: frozenset[Period]
    ) -> tuple[Record, ...]:
        """What the report gives of each month it shows."""
        if self.audience is Audience.IT:
            return ()
        code = self.ranking.within.code if self.ranking.within is not None else ""
        publication = publish(self.ranking, self.audience, self.rules, concealed=concealed)
        return tuple(records_of(publication, self.edition, reasons, code))

    def refuse_difference(self, records: Sequence[Record], language: Language) -> None:
        """Refuses what differs by few people. Raises UsageError."""
        if not self.despite_difference:
            refuse_difference(self.register, records, self.rules.min_published, language)


def differing_months(
    register: Register, records: Sequence[Record], least: int
) -> frozenset[Period]:
    """The Periods of which the records give fewer than `least` people away."""
    return frozenset(
        record.period
        for record in records
        if differing(record, register.published(record.period), least)
    )


def refuse_difference(
    register: Register, records: Sequence[Record], least: int, language: Language
) -> None:
    """Refuses a report that shows more of few people than what was published before.

    Args:
        least: `Rules.min_published`.
        language: In which the lines are named.

    Raises:
        UsageError: It does; names the lines.
    """
    found = [
        f"{record.period} {_named(key, language)}"
        for record in records
        for key in differing(record, register.published(record.period), least)
    ]
    if found:
        more = "" if len(found) <= LINES_NAMED else f", … ({len(found)})"
        raise UsageError(
            N_(
                "This report differs from what was published before in the figures of fewer than"
                " {least} people: {lines}. Who has both can compute what they did."
            ),
            N_(
                "Nothing was written. Take the earlier report back, or make sure that it may be,"
                " and repeat with --despite-difference; --audience it needs no such option."
            ),
            least=least,
            lines=", ".join(found[:LINES_NAMED]) + more,
        )


def _named(key: Key, language: Language) -> str:
    """The code of a unit, or what else the line is of."""
    kind, code = key
    if kind == FEW:
        return language.gettext("Units with few people")
    return code or language.gettext("the whole")

"""Rules: which requests of which mailboxes meet a fault. The same seed picks the same ones."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Value = bool | int | float | str


class Parameters:
    """The parameters of a fault, each of the type of its default."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def number(self, name: str) -> float:
        return float(self._values[name])

    def count(self, name: str) -> int:
        return int(self._values[name])

    def text(self, name: str) -> str:
        return str(self._values[name])

    def flag(self, name: str) -> bool:
        return bool(self._values[name])


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[fault]]` of a fault file.

    Attributes:
        kind: Name of the fault.
        parameters: Of the fault.
        share: Of all mailboxes, picked by a hash of seed, kind and address.
        mailboxes: These instead, where given.
        operation: Only its requests, where given.
        first: Only the first so many requests of a mailbox; 0 for no such bound.
        every: Only each so-manieth request of a mailbox; 0 for no such bound.
        at_request: Once, at the server's request of this number, whosever it is; 0 for never.
        from_request: At every request of the server from this number on; 0 for never.
        at_most: Not more often than this in all; 0 for no such bound.
    """

    kind: str
    parameters: Parameters
    share: float = 1.0
    mailboxes: frozenset[str] = frozenset()
    operation: str = ""
    first: int = 0
    every: int = 0
    at_request: int = 0
    from_request: int = 0
    at_most: int = 0

    def picks(self, seed: int, mailbox: str) -> bool:
        """Whether a mailbox is among those that meet the fault."""
        if self.mailboxes:
            return mailbox in self.mailboxes
        if self.share >= 1:
            return True
        digest = hashlib.sha256(f"{seed}:{self.kind}:{mailbox}".encode()).digest()
        return int.from_bytes(digest[:8], "big") < self.share * 2**64


@dataclass(slots=True)
class _Count:
    """How often a rule was asked about each mailbox, and how often it said yes."""

    asked: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    met: int = 0


class Plan:
    """Decides, request by request, which rule a request meets: the first in the file's order.

    A rule counts only the requests that reach it, so two transient faults of one mailbox come
    one after the other.
    """

    def __init__(self, rules: Sequence[Rule], seed: int) -> None:
        self._rules = [(rule, _Count()) for rule in rules]
        self._seed = seed

    def met(
        self, kinds: frozenset[str], number: int, mailbox: str, operation: str
    ) -> Iterator[Rule]:
        """The rules among `kinds` that a request meets; take the first, or each.

        Args:
            number: The request's number on the server.
        """
        for rule, count in self._rules:
            if rule.kind in kinds and self._is_met(rule, count, number, mailbox, operation):
                count.met += 1
                yield rule

    def _is_met(self, rule: Rule, count: _Count, number: int, mailbox: str, operation: str) -> bool:
        if rule.operation not in ("", operation) or (rule.at_most and count.met >= rule.at_most):
            return False
        if rule.at_request:
            return not count.met and number >= rule.at_request
        if rule.from_request:
            return number >= rule.from_request
        if not mailbox or not rule.picks(self._seed, mailbox):
            return False
        count.asked[mailbox] += 1
        asked = count.asked[mailbox]
        if rule.first:
            return asked <= rule.first
        return not rule.every or asked % rule.every == 0

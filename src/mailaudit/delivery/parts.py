"""Parts: what each person got of an edition so far, and what they still miss.

By unit and the whole, not by person: who becomes the head of another unit misses its page alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mailaudit.delivery.plan import Recipient
from mailaudit.delivery.sending import Ledger
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.model.period import Period

REMINDER = ""  # no unit has such a code
# The newest attempt by address and what it was to bring: a unit's code, None for the whole, or
# REMINDER.
Attempts = Mapping[tuple[str, str | None], Attempt]


def last_attempts(ledger: Ledger, period: Period, edition: int | None = None) -> Attempts:
    """The newest attempts to bring people their parts of an edition, or of any of the Period."""
    return {
        (one.recipient, part): one
        for one in ledger.deliveries(period)
        if edition is None or one.edition == edition
        for part in _parts(one.units, is_board=one.is_board)
    }


def by_attempt(
    recipient: Recipient, attempts: Attempts
) -> Sequence[tuple[Recipient, Attempt | None]]:
    """A person's parts, those together that the same attempt was to bring; None without one."""
    found: dict[str, tuple[Attempt | None, list[str | None]]] = {}
    for part in _parts(recipient.units, is_board=recipient.is_board):
        attempt = attempts.get((recipient.address, part))
        _, parts = found.setdefault(attempt.message_id if attempt else "", (attempt, []))
        parts.append(part)
    return [(_only(recipient, parts), attempt) for attempt, parts in found.values()]


def missing(recipient: Recipient, attempts: Attempts) -> Recipient | None:
    """The person with the parts that they surely did not get; None if they got all."""
    parts = [
        part
        for part in _parts(recipient.units, is_board=recipient.is_board)
        if is_missing(attempts.get((recipient.address, part)))
    ]
    return _only(recipient, parts) if parts else None


def is_missing(attempt: Attempt | None) -> bool:
    """Whether what it was to bring did surely not arrive."""
    return attempt is None or attempt.fate is Fate.NOT_SENT


def _parts(units: Sequence[str], *, is_board: bool) -> list[str | None]:
    return [*([None] if is_board else []), *units] or [REMINDER]


def _only(recipient: Recipient, parts: Sequence[str | None]) -> Recipient:
    units = tuple(part for part in parts if part)
    return replace(recipient, units=units, is_board=None in parts)

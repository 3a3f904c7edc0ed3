"""What people still miss of an edition: by unit and the whole, not by person."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from edition_builders import OCTOBER, an_edition

from mailaudit.delivery.parts import by_attempt, last_attempts, missing
from mailaudit.delivery.plan import Recipient
from mailaudit.model.delivery import Attempt, Fate
from mailaudit.store import DeliveryLedger, SnapshotStore

AT = datetime(2026, 11, 3, tzinfo=UTC)
AN = Recipient("an@x.vn", "An", ("SNV", "STC"), is_board=True)


def an_attempt(number: int, *units: str, is_board: bool = False, to: str = "an@x.vn") -> Attempt:
    return Attempt(1, to, f"<{number}@x.vn>", "d", AT, units=units, is_board=is_board)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "s.db"


def noted(file: Path, *attempts: tuple[Attempt, Fate]) -> DeliveryLedger:
    """A ledger with these attempts."""
    with SnapshotStore.at(file) as store:
        snapshot = an_edition(store)
    ledger = DeliveryLedger(file)
    for attempt, fate in attempts:
        ledger.begin(snapshot, attempt)
        if fate is not Fate.UNKNOWN:
            ledger.end(attempt.message_id, fate, "", now=AT)
    return ledger


SENT = (an_attempt(1, "SNV"), Fate.SENT)


@pytest.mark.parametrize(
    ("attempts", "units", "is_board"),
    [
        ([], ("SNV", "STC"), True),
        ([SENT], ("STC",), True),
        ([SENT, (an_attempt(2, "STC"), Fate.UNKNOWN)], (), True),
        ([SENT, (an_attempt(2, "STC", is_board=True), Fate.NOT_SENT)], ("STC",), True),
        ([SENT, (an_attempt(2, is_board=True), Fate.SENT)], ("STC",), False),
        ([(an_attempt(1, "SNV", "STC", is_board=True, to="b@x.vn"), Fate.SENT)], AN.units, True),
    ],
)
def test_only_what_somebody_misses_is_left(
    attempts: list[tuple[Attempt, Fate]], units: Sequence[str], is_board: bool, file: Path
) -> None:
    """What was sent, or may have been, is not; nor is what somebody else got."""
    last = last_attempts(noted(file, *attempts), OCTOBER, 1)
    left = missing(AN, last)
    assert left is not None
    assert (left.units, left.is_board, left.name) == (units, is_board, "An")


def test_parts_are_shown_by_the_mail_that_brought_them(file: Path) -> None:
    """Nothing is shown as sent that was in no mail."""
    second = an_attempt(2, "STC", is_board=True)
    last = last_attempts(noted(file, SENT, (second, Fate.UNKNOWN)), OCTOBER, 1)
    found = [
        (part.units, part.is_board, attempt and attempt.fate)
        for part, attempt in by_attempt(AN, last)
    ]
    assert found == [(("STC",), True, Fate.UNKNOWN), (("SNV",), False, Fate.SENT)]
    assert missing(AN, last) is None

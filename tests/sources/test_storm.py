"""A storm: every fault at once, each on 5 % of the mailboxes, while nobody may be lost."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from fault_builders import (
    RACE_S,
    Fault,
    addresses,
    an_office,
    audited,
    counts,
    hurry,
    injected,
    inside_back_off,
    inside_retry_after,
    log_of,
    too_many_open,
)

from mailaudit.model.outcome import Activity, Outcome, Unmeasured
from mailaudit.sources.fleet import PROCESSES

CLASSES = 20  # each fault on every 20th mailbox: 5 %
CONNECTIONS = 12
TIMEOUT_S = 1.5

# What passes: fewer than the tries a mailbox has.
PASSING: list[Fault] = [
    {"kind": "ErrorServerBusy", "back_off_ms": 700, "first": 1},
    {"kind": "http-503", "retry_after": "1", "first": 1},
    {"kind": "http-429", "retry_after": "1", "first": 1},
    {"kind": "http-500", "first": 1},
    {"kind": "session-expired", "first": 1},
    {"kind": "reset-before", "first": 1},
    {"kind": "reset-inside", "first": 1},
    {"kind": "reset-after", "first": 1},
    {"kind": "truncated", "first": 1},
    {"kind": "malformed", "first": 1, "operation": "FindItem"},
    {"kind": "other-mailbox", "first": 1},
    {"kind": "other-mailbox", "echo": False, "first": 1, "operation": "FindItem"},
    {"kind": "http-200", "first": 1},
    {"kind": "stray-answer", "first": 1},
    {"kind": "stray-answer", "status": 200, "delay_ms": 20, "first": 1},
    {"kind": "slow-drip", "first": 1, "seconds": 30.0},
    {"kind": "latency", "delay_ms": 2500, "first": 1},
    {"kind": "ErrorMailboxStoreUnavailable", "first": 1},
    {"kind": "ErrorMailboxMoveInProgress", "first": 1},
    {"kind": "ErrorFolderNotFound", "operation": "FindItem", "first": 1},
    {"kind": "entity-bomb", "first": 1},
    {"kind": "huge", "first": 1},
    {"kind": "date-missing", "operation": "FindItem", "first": 1},
]
# What stays: these mailboxes are not sound.
LASTING: list[Fault] = [
    {"kind": "ErrorNonExistentMailbox"},
    {"kind": "ErrorImpersonateUserDenied"},
    {"kind": "ErrorImpersonateUserDenied", "form": "fault-200"},
    {"kind": "ErrorAccessDenied"},
    {"kind": "ErrorInvalidRestriction", "operation": "FindItem"},
]
# What is odd, however often, but can be read.
ODD: list[Fault] = [
    {"kind": "latency", "delay_ms": 250},
    {"kind": "growing-folder", "operation": "FindItem", "item_class": "REPORT.IPM.Note.NDR"},
    {"kind": "call-limit", "operation": "FindItem"},
    {"kind": "partial-pages", "operation": "FindItem"},
    {"kind": "repeated-items", "operation": "FindItem"},
    {"kind": "sent-mail-deleted"},
    {"kind": "attribute-order"},
    {"kind": "control-character"},
    {"kind": "date-digits", "digits": 0},
    {"kind": "date-digits", "digits": 3},
    {"kind": "date-digits", "digits": 7},
    {"kind": "date-digits", "digits": 9},
    {"kind": "date-zone", "hours": 7.0},
    {"kind": "date-zone", "hours": -3.5},
]


@dataclass(frozen=True, slots=True)
class Storm:
    """What a run makes of mailboxes in a storm, and on a server without fault."""

    outcomes: dict[str, Outcome]
    calm: dict[str, Outcome]
    sound: frozenset[str]

    @property
    def unmeasured(self) -> list[Outcome]:
        """The sound mailboxes that were not measured."""
        found = (self.outcomes[one] for one in sorted(self.sound))
        return [outcome for outcome in found if isinstance(outcome, Unmeasured)]


def storm_over(folder: Path, people: list[str], processes: int) -> Storm:
    """Sends every fault over a share of the people, and checks what the server saw of it."""
    hit: list[Fault] = []
    unsound: set[str] = set()
    silences = {"at_most": max(2, len(people) // 400)}  # they stop everybody, not one mailbox
    for number, fault in enumerate([*PASSING, *LASTING, *ODD]):
        victims = people[number % CLASSES :: CLASSES]
        bound = silences if "retry_after" in fault else {}
        hit.append({**fault, **bound, "mailboxes": victims})
        if fault in LASTING:
            unsound.update(victims)
    hit += [{"kind": "tls-renewal", "at_request": len(people) * part // 2} for part in (1, 3)]
    (folder / "calm").mkdir()
    with an_office(folder / "calm", people) as place:
        calm = audited(place, people, max_connections=CONNECTIONS)
    with an_office(folder, people, *hit) as place:
        outcomes = audited(
            place, people, processes=processes, max_connections=CONNECTIONS, timeout_s=TIMEOUT_S
        )
    log = log_of(place)
    assert set(injected(place)) == {fault["kind"] for fault in hit}
    assert too_many_open(log, CONNECTIONS) == []
    assert inside_back_off(log, TIMEOUT_S - RACE_S) == []
    assert inside_retry_after(log, TIMEOUT_S - RACE_S) == []
    return Storm(outcomes, calm, frozenset(people) - unsound)


def assert_nothing_lost(storm: Storm) -> None:
    """Sound mailboxes are measured, and whatever is measured is exact."""
    assert len(storm.unmeasured) <= 0.005 * len(storm.sound), storm.unmeasured
    for address, outcome in storm.outcomes.items():
        if isinstance(outcome, Activity):
            assert counts(outcome) == counts(storm.calm[address]), address
        if address not in storm.sound:
            assert isinstance(outcome, Unmeasured), address


@pytest.mark.slow
def test_storm_loses_no_mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """300 mailboxes: one state each, sound ones measured exactly, the server left in peace."""
    hurry(monkeypatch)
    assert_nothing_lost(storm_over(tmp_path, addresses(300), 1))


@pytest.mark.slow
def test_storm_over_a_province_loses_no_mailbox(tmp_path: Path) -> None:
    """5,000 mailboxes, with the waits and the processes of a real run."""
    assert_nothing_lost(storm_over(tmp_path, addresses(5000), PROCESSES))

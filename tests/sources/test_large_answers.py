"""What a run takes of memory when many answers at once are far too large."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from fault_builders import addresses, an_office, injected

from mailaudit.sources.ews.body import Body, LargeAnswers
from mailaudit.sources.turn import Turn

CONNECTIONS = 24

# A process of its own: the most memory a process ever had can't be asked of one that runs tests.
_AUDIT = """
import json, resource, sys
sys.path[:0] = ["."]
from pathlib import Path
from mailaudit.demo.options import ServedAt
from mailaudit.model.outcome import Activity
from fault_builders import addresses, audited

url, folder, count, connections = json.loads(sys.argv[1])
folder = Path(folder)
place = ServedAt(url, folder, folder, folder, folder / "ca.pem", ())
people = addresses(count)
audited(place, people[:1], max_connections=connections)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
outcomes = audited(place, people[1:], max_connections=connections)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
measured = sum(isinstance(outcome, Activity) for outcome in outcomes.values())
print(json.dumps([grown // 1024, measured]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
def test_many_huge_answers_take_little_memory(tmp_path: Path, packed: bool) -> None:
    """24 answers of 1 GB at once, some bytes on the wire or a gigabyte: a few tens of MB."""
    people = addresses(CONNECTIONS + 1)
    fault = {"kind": "huge", "first": 1, "gzip": packed, "mailboxes": people[1:]}
    with an_office(tmp_path, people, fault) as place:
        order = json.dumps([place.url, str(place.directory), len(people), CONNECTIONS])
        done = subprocess.run(
            [sys.executable, "-c", _AUDIT, order],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parent,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert injected(place) == {"huge": CONNECTIONS}
    grown_mb, measured = json.loads(done.stdout)
    assert measured == CONNECTIONS
    assert grown_mb < 64


def test_who_waits_to_read_a_large_answer_gives_the_turn_back() -> None:
    """The threads that read large answers need the turn to come to their ends."""
    turn, large = Turn(), LargeAnswers()
    until = time.monotonic() + 60
    chunk = bytes(2 * 1024 * 1024)
    has_turn, is_let_in = threading.Event(), threading.Event()

    def read_a_third() -> None:
        turn.take()
        has_turn.set()
        with Body(large, until, turn) as third:
            third.add(chunk)
            is_let_in.set()
        turn.give()

    def read_on() -> None:
        turn.take()
        turn.give()

    with Body(large, until, turn) as first, Body(large, until, turn) as second:
        first.add(chunk)
        second.add(chunk)
        waiting = threading.Thread(target=read_a_third, daemon=True)
        waiting.start()
        assert has_turn.wait(5)
        reading = threading.Thread(target=read_on, daemon=True)
        reading.start()
        reading.join(5)
        assert not reading.is_alive()
        assert not is_let_in.is_set()
    waiting.join(5)
    assert is_let_in.is_set()

"""What a run takes of memory when many answers at once are far too large."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fault_builders import addresses, an_office, injected

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

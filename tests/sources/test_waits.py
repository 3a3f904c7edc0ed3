"""Which waits are reported."""

import threading
import time
from pathlib import Path

import pytest
from fault_builders import Fault, addresses, an_office
from source_builders import INSIDE, MAY, all_of, ews_server

from mailaudit.model.snapshot import Job
from mailaudit.sources.fleet import open_source
from mailaudit.sources.shared_state import SharedState
from mailaudit.sources.waits import LONG_WAIT_S, LongWaits

PEOPLE = addresses(30)
A_DAY = "86400"


@pytest.mark.parametrize("connections", [4, 9])
@pytest.mark.parametrize(
    ("fault", "of_server"),
    [
        ({"kind": "http-503", "retry_after": A_DAY, "at_request": 12}, True),
        ({"kind": "ErrorServerBusy", "back_off_ms": 3_600_000, "mailboxes": PEOPLE[5:6]}, False),
    ],
)
def test_long_wait_is_reported(
    tmp_path: Path, fault: Fault, of_server: bool, connections: int
) -> None:
    """By one process and by several: who watches the run learns why nothing moves."""
    reported: list[tuple[float, bool]] = []
    heard = threading.Event()

    def on_long_wait(seconds: float, of_all: bool) -> None:
        reported.append((seconds, of_all))
        heard.set()
        raise KeyboardInterrupt  # as somebody who does not want to wait so long

    with an_office(tmp_path, PEOPLE, fault) as place:
        server = ews_server(place, max_connections=connections)
        source = open_source(server, INSIDE, lambda: MAY.start, on_long_wait)
        with pytest.raises(KeyboardInterrupt):
            all_of(source, Job(PEOPLE, MAY))
        source.close()
    ((seconds, of_all),) = reported
    assert of_all is of_server
    assert seconds > LONG_WAIT_S


def test_wait_is_reported_once_and_again_when_it_gets_longer() -> None:
    """Short ones are not; many looks at one make one report."""
    reported: list[tuple[float, bool]] = []
    shared = SharedState()
    waits = LongWaits(shared, lambda seconds, of_server: reported.append((seconds, of_server)))
    now = time.monotonic()
    for after_s in (LONG_WAIT_S - 1, 600, 600, 650, 3600):
        shared.closed_until.value = now + after_s
        waits.look()
    assert [round(seconds / 10) for seconds, _ in reported] == [60, 360]

"""kill -9 at any moment of a collection, again and again: nothing is lost, nothing asked twice."""

import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from collecting_builders import AccessLog, Workplace, wait_until, write_traffic

from mailaudit.audit import RECORD_EVERY
from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.process import served

MAILBOXES = 3000
KILLS = 100
REQUESTS_EACH = 2
LEFT_FOR_THE_LAST_RUN = 200  # mailboxes; a kill must not come after the end

pytest.importorskip("fcntl", reason="there is no SIGKILL")  # which POSIX has
assert sys.platform != "win32"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAt]:
    """A server whose log is `access.jsonl` in its folder."""
    folder = tmp_path_factory.mktemp("served")
    log = folder / "access.jsonl"
    with served(folder, Options(**write_traffic(folder, MAILBOXES), access_log=log)) as place:
        yield place


@pytest.fixture(scope="module")
def uninterrupted(place: ServedAt, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """What one run that nobody disturbs collects."""
    work = Workplace.at(tmp_path_factory.mktemp("uninterrupted"), place)
    assert work.run().code == 0
    return work


@pytest.mark.slow
def test_killed_collections_end_as_one_that_was_not(
    place: ServedAt, uninterrupted: Workplace, tmp_path: Path
) -> None:
    """After every kill the store is sound; no mailbox it holds is asked for again; same totals."""
    chance = random.Random(100)  # noqa: S311 - no secret
    work = Workplace.at(tmp_path / "killed", place)
    log = AccessLog(place.directory / "access.jsonl")
    stored: set[str] = set()
    at_each_kill = []
    for _ in range(KILLS):
        _run_until_killed(work, log, chance, MAILBOXES - len(stored), stored)
        before, stored = stored, work.committed(tmp_path)
        assert before <= stored
        at_each_kill.append(len(stored))
    log.forget()
    last = work.run()
    assert not stored & set(log.asked())

    assert last.code == 0, last.err
    went_on = f"{len(stored):,} of {MAILBOXES:,} mailboxes"
    if len(stored) == MAILBOXES:  # the last kill came when all was stored, but not yet complete
        went_on = f"all {MAILBOXES:,} mailboxes are stored, none was asked"
    assert went_on in last.err
    assert len(set(at_each_kill)) > KILLS / 10, "the kills did not come while collecting"
    assert work.outcomes() == uninterrupted.outcomes()  # whose digest was verified in loading
    assert work.committed(tmp_path) == set(work.outcomes())
    assert len(work.outcomes()) == MAILBOXES


def _run_until_killed(
    work: Workplace, log: AccessLog, chance: random.Random, left: int, stored: set[str]
) -> None:
    """Starts a collection and kills it at a random moment: in its start, or while it collects."""
    mailboxes = chance.uniform(0, RECORD_EVERY + 2 * 0.8 * MAILBOXES / KILLS)
    log.forget()
    with work.started() as collecting:
        if left < LEFT_FOR_THE_LAST_RUN:
            time.sleep(chance.uniform(0, 0.15))  # no more of it is stored
        elif chance.random() < 0.2:
            time.sleep(chance.uniform(0, 0.8))
        else:
            wait_until(
                lambda: (
                    len(log.asked()) > REQUESTS_EACH * mailboxes
                    or collecting.process.poll() is not None
                )
            )
            time.sleep(chance.uniform(0, 0.02))
        collecting.process.send_signal(signal.SIGKILL)
        code = collecting.process.wait()
    assert code == -signal.SIGKILL, collecting.said()
    assert not stored & set(log.asked())

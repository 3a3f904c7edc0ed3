"""How fast message tracking logs are counted, and in how much memory, beside two other readers.

    .venv/bin/python -m benchmarks.tracking [--rows 2000000] [--staff 20000] [--folder DIR]

Logs of two servers are made, as the demonstration makes them: an hour of mail, again and again with
other ids. Then every row is read by `csv.reader`, looked through by `grep -c`, and counted by
mailaudit with one process and with two; what the two count must be the same. A line each: rows a
second of the clock, and rows a second of processor time, all processes together. Of mailaudit the
memory of all its processes is printed too, sampled while it works. 20 million rows are about 7 GB:
give a DIR with room.
"""

import argparse
import csv
import os
import random
import resource
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from mailaudit.demo.message import Message
from mailaudit.demo.tracking.logs import write_logs
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.tracking.source import TrackingLogs

Result = TypeVar("Result")

PERIOD = Period(2026, 10)
DOMAIN = "vidu.gov.vn"
MAILS_OF_HOUR = 3_000
ROWS_OF_MAIL = 8  # or a few more, over all servers
MOST_HOURS = 700  # a month has some more
SERVERS = ("EX01", "EX02")


def people(staff: int) -> list[str]:
    return [f"cb{number:05}@{DOMAIN}" for number in range(staff)]


def make_logs(folder: Path, rows: int, staff: int) -> tuple[int, int]:
    """Writes at least so many rows, as whole hours from the month's beginning; how many of both."""
    first = int(PERIOD.start.timestamp())
    chance = random.Random(16)
    addresses = people(staff)
    mails = max(MAILS_OF_HOUR, rows // MOST_HOURS // ROWS_OF_MAIL)
    messages = [
        Message(
            first + number * 3600 // mails,
            chance.choice(addresses),
            chance.sample([*addresses, f"a{number}@example.test"], chance.choice((1, 1, 1, 2, 5))),
        )
        for number in range(mails)
    ]
    with tempfile.TemporaryDirectory() as made:
        write_logs(Path(made), messages, addresses, [PERIOD])
        hour = f"{datetime.fromtimestamp(first, UTC):%Y%m%d%H}"
        kept = [path for server in SERVERS for path in Path(made, server).glob(f"*{hour}-1.LOG")]
        content = {(path.parent.name, path.name): path.read_bytes() for path in kept}
    per_hour = sum(text.count(b"\r\n") - 5 for text in content.values())
    hours = -(-rows // per_hour)
    written = f"{datetime.fromtimestamp(first, UTC):%Y-%m-%dT%H:}".encode()
    for number in range(hours):
        moment = datetime.fromtimestamp(first, UTC) + timedelta(hours=number)
        for (server, name), text in content.items():
            path = folder / server / name.replace(hour, f"{moment:%Y%m%d%H}")
            path.parent.mkdir(exist_ok=True)
            own = text.replace(written, f"{moment:%Y-%m-%dT%H:}".encode())
            path.write_bytes(own.replace(b"@noibo.test>", b"@%d.noibo.test>" % number))
    return hours, hours * per_hour


def by_csv(files: list[Path]) -> None:
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            for _ in csv.reader(file):
                pass


def by_grep(files: list[Path]) -> None:
    subprocess.run(
        ["grep", "-c", "STOREDRIVER,DELIVER", *files], stdout=subprocess.DEVNULL, check=False
    )


def say(message: str, /, **values: object) -> None:
    print("   ", message.format(**values))


def counted(folder: Path, staff: int, hours: int, processes: int) -> dict[str, tuple[int, int]]:
    """Sent and received of each mailbox, in the hours that there are logs of."""
    now = PERIOD.start.astimezone(UTC) + timedelta(hours=hours)
    source = TrackingLogs(
        {server: folder / server for server in SERVERS},
        frozenset({DOMAIN}),
        lambda: now,
        say,
        processes,
    )
    found = {}
    for batch in source.outcomes(Job(people(staff), PERIOD)):
        for outcome in batch:
            days = outcome.days  # type: ignore[union-attr]
            sums = sum(day.sent for day in days), sum(day.received for day in days)
            found[outcome.mailbox] = sums
    source.close()
    return found


class Memory:
    """The most that this process and its children have at once; what they share counts once."""

    def __init__(self) -> None:
        self.most_kb = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(0.2):
            own = os.getpid()
            children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
            self.most_kb = max(self.most_kb, sum(map(_share_kb, (str(own), *children))))


def _share_kb(process: str) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def show(name: str, rows: int, work: Callable[[], Result]) -> Result:
    """Does the work and prints how many rows a second that were."""
    before, began = _processor_s(), time.perf_counter()
    result = work()
    took, used = time.perf_counter() - began, _processor_s() - before
    print(f"{name:28} {rows / took:12,.0f} rows/s {rows / used:12,.0f} rows/s of processor")
    return result


def _processor_s() -> float:
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def main() -> None:
    """Makes the logs, measures, and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--staff", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        folder = Path(made)
        hours, rows = make_logs(folder, options.rows, options.staff)
        files = sorted(folder.glob("*/*.LOG"))
        size = sum(path.stat().st_size for path in files)
        print(f"{rows:,} rows, {size / 1e6:,.0f} MB, {len(files)} logs, {hours} hours")
        show("grep -c", rows, lambda: by_grep(files))
        show("csv.reader", rows, lambda: by_csv(files))
        found = []
        for processes in (1, 2):
            with Memory() as memory:
                label = f"mailaudit, {processes} process{'es'[: 2 * processes - 2]}"
                count = lambda: counted(folder, options.staff, hours, processes)  # noqa: B023,E731
                found.append(show(label, rows, count))
            print(f"{'':28} {memory.most_kb / 1024:12,.0f} MB at most")
        if found[0] != found[1]:
            raise SystemExit("The two do not count the same.")


if __name__ == "__main__":
    main()

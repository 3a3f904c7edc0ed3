"""Compares three ways of reading a month of mailboxes, side by side on the same loopback server.

naive      the script a user would write with exchangelib
mailaudit  `audit.collect` with its store, as the command runs it
bound      an asyncio client that posts mailaudit's requests and hardly reads the answers

Run: python -m benchmarks.collect [--cells 100/27,20/8,20/27] [--workloads folders] [--rounds 3]
     [--auth ntlm]
     python -m benchmarks.collect --parsers
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.parsers import print_table
from benchmarks.workload import RECEIVED_ITEMS, SENT_ITEMS

LATENCIES_MS, CONNECTIONS = (0, 20, 100), (1, 8, 27)
MAILBOXES = 600  # of the trial that shows how many make a round
SECONDS = 10.0  # about how long a round takes


@dataclass(frozen=True)
class Server:
    """The benchmark's server: where it is, and what it was asked."""

    url: str
    ca: str
    process: "subprocess.Popen[str]"

    def requests(self) -> int:
        """How often mailboxes were asked about so far."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def server(**options: Any) -> Iterator[Server]:
    """The benchmark's server in a process of its own."""
    process = _start("benchmarks.server", {"auth": "basic", "count": 20_000} | options)
    assert process.stdin is not None and process.stdout is not None
    try:
        yield Server(**json.loads(process.stdout.readline()), process=process)
    finally:
        process.stdin.close()
        process.wait()


def contend(**options: Any) -> dict[str, float]:
    """One round of one contender."""
    process = _start("benchmarks.contender", options)
    out, _ = process.communicate()
    return dict(json.loads(out))


def _start(module: str, options: dict[str, Any]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", module], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(options) + "\n")
    process.stdin.flush()
    return process


def cell(
    workload: str, latency_ms: int, connections: int, rounds: int, auth: str
) -> dict[str, Any]:
    """Medians of one cell: mailboxes a second, requests and CPU ms a mailbox, peak memory."""
    with server(workload=workload, latency_ms=latency_ms, auth=auth) as at:
        common = {"url": at.url, "ca": at.ca, "auth": auth, "connections": connections}
        trial = contend(**common, contender="bound", warm=MAILBOXES, mailboxes=MAILBOXES)
        count = max(
            4 * connections, min(MAILBOXES * 12, int(MAILBOXES / trial["seconds"] * SECONDS))
        )
        few = max(4, connections)
        contend(**common, contender="bound", warm=1, mailboxes=count)  # the server knows them now
        results: dict[str, list[dict[str, float]]] = {"naive": [], "mailaudit": [], "bound": []}

        def run(name: str, warm: int, mailboxes: int) -> None:
            before = at.requests()
            row = contend(**common, contender=name, warm=warm, mailboxes=mailboxes)
            row["requests"] = (at.requests() - before) / (warm + mailboxes)
            results[name].append(row)

        run("naive", few, few)
        _require_equal_work(common)
        for _ in range(rounds):
            for name in ("mailaudit", "bound"):
                run(name, 60, count)
    rates = {}
    for name, rows in results.items():
        read = few if name == "naive" else count
        rates[name] = {
            "rate": median(read / row["seconds"] for row in rows),
            "requests": median(row["requests"] for row in rows),
            "cpu_ms": median(row["cpu_s"] / read * 1000 for row in rows),
            "rss_mib": max(row["rss_mib"] for row in rows),
        }
    return rates


def _require_equal_work(common: dict[str, Any]) -> None:
    """Every contender finds every mail of a few mailboxes."""
    found = {
        name: contend(**common, contender=name, warm=1, mailboxes=4, verify=True)["items"]
        for name in ("naive", "mailaudit", "bound")
    }
    if set(found.values()) != {4 * (SENT_ITEMS + RECEIVED_ITEMS)}:
        raise SystemExit(f"mails found: {found}")


def main() -> None:
    """Prints the table, a line a cell as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", default="")
    parser.add_argument("--workloads", default="flat,folders")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--auth", default="basic")
    parser.add_argument("--parsers", action="store_true", help="only how fast answers are read")
    options = parser.parse_args()
    if options.parsers:
        print_table()
        return
    cells = [tuple(map(int, text.split("/"))) for text in options.cells.split(",") if text] or [
        (latency, number) for latency in LATENCIES_MS for number in CONNECTIONS
    ]
    print(
        f"{'workload':9}{'ms/conn':>8}{'naive/s':>9}{'ours/s':>9}{'bound/s':>9}{'x naive':>9}"
        f"{'of bound':>9}{'req naive':>10}{'req ours':>9}{'cpu naive':>10}{'cpu ours':>9}"
        f"{'x cpu':>7}{'rss MiB':>8}"
    )
    for workload in options.workloads.split(","):
        for latency_ms, connections in cells:
            found = cell(workload, latency_ms, connections, options.rounds, options.auth)
            naive, ours, bound = found["naive"], found["mailaudit"], found["bound"]
            print(
                f"{workload:9}{f'{latency_ms}/{connections}':>8}{naive['rate']:9.2f}"
                f"{ours['rate']:9.1f}{bound['rate']:9.1f}{ours['rate'] / naive['rate']:9.1f}"
                f"{ours['rate'] / bound['rate']:9.2f}"
                f"{naive['requests']:10.1f}{ours['requests']:9.2f}"
                f"{naive['cpu_ms']:10.1f}{ours['cpu_ms']:9.2f}"
                f"{naive['cpu_ms'] / ours['cpu_ms']:7.1f}{ours['rss_mib']:8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()

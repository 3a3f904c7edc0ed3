"""Compares three ways of reading a month of mailboxes over IMAP, side by side on one Dovecot.

naive      the script a user would write with imaplib
mailaudit  `ThreadedSource`, as a collection runs it
bound      bare sockets: folders known beforehand, all commands in one flight, answers hardly read

A relay in a process of its own holds everything back by half of the round trip in each direction,
and the first bytes of a connection by the round trip that TCP needs.

Run: python -m benchmarks.imap [--mailboxes 480] [--connections 8] [--rounds 3]
"""

import argparse
import asyncio
import base64
import imaplib
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

from mailaudit.demo.dovecot import MASTER, Dovecot, running
from mailaudit.model.outcome import Activity
from mailaudit.model.period import Period
from mailaudit.model.snapshot import Job
from mailaudit.sources.imap import ImapServer
from mailaudit.sources.source import ThreadedSource

PASSWORD = "secret"
PERIOD = Period(2026, 10)
FOLDERS = ("INBOX", "Sent")
MAILS = 40  # of each folder
LARGE, LARGE_MAILS = "large@x.test", 20_000
LATENCIES_MS = (20, 100)
_DATES = "SINCE 30-Sep-2026 BEFORE 2-Nov-2026"
_AT = int(PERIOD.start.timestamp()) + 3600


def fill(addresses: list[str]) -> Callable[[Dovecot], None]:
    def write(server: Dovecot) -> None:
        for address in addresses:
            for name in ("", ".Sent"):
                path = server.mail / address / name
                for part in ("", "cur", "new", "tmp"):
                    (path / part).mkdir(parents=True, exist_ok=True)
                    server.own(path / part)
                for number in range(LARGE_MAILS // 2 if address == LARGE else MAILS):
                    at = _AT + number * 60
                    file = path / "cur" / f"{at}.{number}.b:2,S"
                    file.touch()
                    os.utime(file, (at, at))
                    server.own(file)

    return write


@contextmanager
def delayed(port: int, latency_ms: int) -> Iterator[int]:
    """A port that leads to the other one over so long a way."""
    command = [sys.executable, "-m", "benchmarks.imap", "--relay", str(port), str(latency_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


async def relay(port: int, latency_s: float) -> None:
    async def carry(
        source: asyncio.StreamReader, to: asyncio.StreamWriter, not_before: float
    ) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                due, data = await queue.get()
                await asyncio.sleep(due - time.monotonic())
                if not data:
                    to.close()
                    return
                to.write(data)

        task = asyncio.create_task(deliver())
        try:
            while data := await source.read(65536):
                queue.put_nowait((max(time.monotonic(), not_before) + latency_s / 2, data))
        except OSError:
            pass
        queue.put_nowait((time.monotonic() + latency_s / 2, b""))
        await task

    async def serve(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        made = time.monotonic() + latency_s
        far, onward = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(carry(near, onward, made), carry(far, back, 0.0))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def naive(server: ImapServer, addresses: list[str]) -> int:
    """As a user would write it, in as many threads as there are connections."""
    context = ssl.create_default_context(cafile=str(server.ca_file))

    def read(address: str) -> int:
        count = 0
        with imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context) as client:
            said = f"{address}\0{MASTER}\0{PASSWORD}".encode()
            client.authenticate("PLAIN", lambda _: said)
            client.list()
            for folder in FOLDERS:
                client.select(folder, readonly=True)
                _, (found, *_) = client.uid(
                    "SEARCH", "SINCE", "30-Sep-2026", "BEFORE", "2-Nov-2026"
                )
                uids = found.replace(b" ", b",").decode()
                count += len(client.uid("FETCH", uids, "(FLAGS INTERNALDATE)")[1])
        return count

    with ThreadPoolExecutor(server.max_connections) as pool:
        return sum(pool.map(read, addresses))


def bound(server: ImapServer, addresses: list[str]) -> int:
    """The fewest round trips there are."""
    context = ssl.create_default_context(cafile=str(server.ca_file))

    def read(address: str) -> int:
        said = base64.b64encode(f"{address}\0{MASTER}\0{PASSWORD}".encode()).decode()
        commands = [f"AUTHENTICATE PLAIN {said}"]
        for folder in FOLDERS:
            commands += [
                f"EXAMINE {folder}",
                f"UID SEARCH RETURN (SAVE) {_DATES}",
                "UID FETCH $ (FLAGS INTERNALDATE)",
            ]
        lines = [f"a{number} {command}\r\n" for number, command in enumerate(commands)]
        plain = socket.create_connection((server.host, server.port))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with context.wrap_socket(plain, server_hostname=server.host) as sock:
            sock.sendall("".join([*lines, "z LOGOUT\r\n"]).encode())
            received = b""
            while b"\r\na6 OK" not in received:
                received += sock.recv(65536)
        return received.count(b" FETCH (")

    with ThreadPoolExecutor(server.max_connections) as pool:
        return sum(pool.map(read, addresses))


def mailaudit(server: ImapServer, addresses: list[str]) -> int:
    """As a collection asks."""
    count = 0
    with closing(ThreadedSource(server, frozenset(), lambda: datetime.now(UTC))) as source:
        for batch in source.outcomes(Job(addresses, PERIOD)):
            for outcome in batch:
                assert isinstance(outcome, Activity), outcome
                count += sum(day.sent + day.received for day in outcome.days)
    return count


def measure(
    ways: Mapping[str, Callable[[ImapServer, list[str]], int]],
    server: ImapServer,
    addresses: list[str],
    rounds: int,
) -> dict[str, float]:
    """Mailboxes a second of each, the median of some rounds; all find the same."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, read in ways.items():
            since = time.perf_counter()
            assert read(server, addresses) == len(addresses) * len(FOLDERS) * MAILS, name
            rates[name].append(len(addresses) / (time.perf_counter() - since))
    return {name: median(found) for name, found in rates.items()}


def cpu_us_a_mail(server: ImapServer, address: str) -> float:
    """CPU of a large mailbox, less that of a small one, for each mail."""
    used = []
    for one in (address, LARGE):
        mailaudit(server, [one])  # Dovecot has its index then
        since = time.process_time()
        mailaudit(server, [one])
        used.append(time.process_time() - since)
    return (used[1] - used[0]) / (LARGE_MAILS - 2 * MAILS) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mailboxes", type=int, default=480)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--relay", nargs=2, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.relay:
        asyncio.run(relay(options.relay[0], options.relay[1] / 1000))
        return
    addresses = [f"m{number}@x.test" for number in range(options.mailboxes)]
    ways = {"naive": naive, "mailaudit": mailaudit, "bound": bound}
    everybody = [*addresses, LARGE]
    with running(everybody, PASSWORD, fill=fill(everybody)) as dovecot:
        direct = ImapServer(
            "localhost", "plain", MASTER, PASSWORD, "implicit", dovecot.port,
            ca_file=dovecot.ca_file, max_connections=options.connections,
        )  # fmt: skip
        bound(direct, addresses)  # indexes are made
        print("latency  naive/s  mailaudit/s  bound/s  x naive  of bound")
        for latency_ms in LATENCIES_MS:
            with delayed(dovecot.port, latency_ms) as port:
                server = replace(direct, port=port)
                rate = measure(ways, server, addresses, options.rounds)
            print(
                f"{latency_ms:4d} ms  {rate['naive']:7.1f}  {rate['mailaudit']:11.1f}"
                f"  {rate['bound']:7.1f}  {rate['mailaudit'] / rate['naive']:7.2f}"
                f"  {rate['mailaudit'] / rate['bound']:8.2f}"
            )
        print(f"CPU: {cpu_us_a_mail(direct, addresses[0]):.1f} µs a mail")


if __name__ == "__main__":
    main()

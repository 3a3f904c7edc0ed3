"""One contender in a process of its own: reads a batch of mailboxes and reports what it took.

Reads one JSON object of options from standard input; writes one JSON line.
"""

import asyncio
import base64
import json
import os
import re
import resource
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.workload import DOMAIN, LOGIN, PASSWORD, PERIOD, address

Options = dict[str, Any]
Run = Callable[[range], int]  # reads mailboxes by number, returns how many mails it counted


@contextmanager
def naive(options: Options) -> Iterator[Run]:
    """The script a user would write."""
    from benchmarks.naive import Naive

    read = Naive(
        options["url"],
        options["ca"],
        LOGIN,
        PASSWORD,
        options["auth"],
        options["connections"],
    )

    def run(numbers: range) -> int:
        with ThreadPoolExecutor(options["connections"]) as threads:
            return sum(threads.map(read, map(address, numbers)))

    yield run


@contextmanager
def mailaudit(options: Options) -> Iterator[Run]:
    """mailaudit's own collection, store and all."""
    from mailaudit import audit
    from mailaudit.model.roster import Roster, Staff, Unit
    from mailaudit.sources.ews import EwsServer
    from mailaudit.sources.fleet import open_source
    from mailaudit.store import SnapshotStore

    server = EwsServer(
        url=options["url"],
        version="Exchange2016",
        auth=options["auth"],
        username=LOGIN,
        secret=PASSWORD,
        ca_file=Path(options["ca"]),
        max_connections=options["connections"],
    )

    def clock() -> datetime:
        return datetime.now(UTC)

    with closing(open_source(server, frozenset({DOMAIN}), clock)) as source:

        def run(numbers: range) -> int:
            staff = tuple(Staff(name, "U1", name) for name in map(address, numbers))
            roster = Roster(("G",), (Unit("U1", "U1", "G"),), staff, "0" * 64)
            with (
                tempfile.TemporaryDirectory() as folder,
                SnapshotStore.at(Path(folder) / "store.db") as store,
            ):
                collection = store.begin(PERIOD, roster, source.describe(), now=clock())
                del staff, roster  # which are in the store now
                audit.collect(collection, source, clock=clock, on_progress=lambda done, total: None)
                if not options.get("verify"):
                    return 0
                outcomes = store.load(PERIOD).outcomes.values()
                days = (day for outcome in outcomes for day in getattr(outcome, "days", ()))
                return sum(day.sent + day.received for day in days)

        yield run


@contextmanager
def bound(options: Options) -> Iterator[Run]:
    """The same requests from an asyncio client that reads next to nothing of the answers."""
    import aiohttp
    import spnego

    from mailaudit.sources.ews.envelopes import Envelopes

    envelopes = Envelopes("Exchange2016", PERIOD)
    tls = ssl.create_default_context(cafile=options["ca"])
    with_items = re.compile(
        rb'<t:FolderId Id="([^"]+)"(?:(?!</t:Folder>).)*?<t:TotalCount>[1-9]', re.DOTALL
    )

    async def ask(session: aiohttp.ClientSession, envelope: bytes) -> bytes:
        async with session.post(options["url"], data=envelope) as response:
            assert response.status == 200
            return await response.read()

    async def log_in(session: aiohttp.ClientSession) -> None:
        """NTLM: once for the connection."""
        proof = spnego.client(LOGIN, PASSWORD, protocol="ntlm")
        token, status = proof.step(), 401
        while status == 401 and token:
            text = f"NTLM {base64.b64encode(token).decode()}"
            async with session.post(
                options["url"], data=b"", headers={"Authorization": text}
            ) as response:
                status = response.status
                challenge = response.headers.get("WWW-Authenticate", "").removeprefix("NTLM ")
            token = None if proof.complete else proof.step(base64.b64decode(challenge))

    async def connected() -> aiohttp.ClientSession:
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        if options["auth"] == "basic":
            headers["Authorization"] = aiohttp.encode_basic_auth(LOGIN, PASSWORD)
        connector = aiohttp.TCPConnector(limit=1, ssl=tls, keepalive_timeout=600)
        session = aiohttp.ClientSession(connector=connector, headers=headers)
        if options["auth"] == "ntlm":
            await log_in(session)
        return session

    async def work(session: aiohttp.ClientSession, left: Iterator[str]) -> int:
        items = 0
        for mailbox in left:
            folders = await ask(session, envelopes.find_folders(mailbox))
            ids = [found.decode() for found in with_items.findall(folders)]
            content = await ask(session, envelopes.find_items(mailbox, ids))
            items += content.count(b"<t:ItemId ")
        return items

    async def read_all(sessions: Sequence[aiohttp.ClientSession], numbers: range) -> int:
        left = map(address, numbers)
        return sum(await asyncio.gather(*(work(session, left) for session in sessions)))

    async def all_connected() -> Sequence[aiohttp.ClientSession]:
        return await asyncio.gather(*(connected() for _ in range(options["connections"])))

    async def all_closed(sessions: Sequence[aiohttp.ClientSession]) -> None:
        await asyncio.gather(*(session.close() for session in sessions))

    with asyncio.Runner() as runner:
        sessions = runner.run(all_connected())
        yield lambda numbers: runner.run(read_all(sessions, numbers))
        runner.run(all_closed(sessions))


def cpu_s() -> float:
    """CPU seconds that this process and its children have taken, the living ones included."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in times)
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def main() -> None:
    """Warms up, reads the mailboxes, reports seconds, CPU seconds, peak memory and items."""
    options: Options = json.loads(sys.stdin.readline())
    contender = {"naive": naive, "mailaudit": mailaudit, "bound": bound}[options["contender"]]
    with contender(options) as run:
        run(range(options["warm"]))
        before_s, since = cpu_s(), time.perf_counter()
        items = run(range(options["mailboxes"]))
        seconds = time.perf_counter() - since
    used_s = cpu_s() - before_s
    # Of the largest process.
    rss = (
        max(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        / 1024
    )
    print(json.dumps({"seconds": seconds, "cpu_s": used_s, "rss_mib": rss, "items": items}))


if __name__ == "__main__":
    main()

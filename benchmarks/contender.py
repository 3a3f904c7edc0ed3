"""One contender in a process of its own: reads a batch of mailboxes and tells what it took.

Reads one JSON object of options from standard input; writes one JSON line.
"""

import asyncio
import base64
import json
import re
import resource
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.workload import DOMAIN, LOGIN, PASSWORD, PERIOD, address

Options = dict[str, Any]


def naive(options: Options) -> Callable[[Sequence[str]], int]:
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

    def run(mailboxes: Sequence[str]) -> int:
        with ThreadPoolExecutor(options["connections"]) as threads:
            return sum(threads.map(read, mailboxes))

    return run


def mailaudit(options: Options) -> Callable[[Sequence[str]], int]:
    """mailaudit's own collection, store and all."""
    from mailaudit import audit
    from mailaudit.model.roster import Roster, Staff, Unit
    from mailaudit.sources.ews import EwsServer, open_source
    from mailaudit.store import SnapshotStore

    def run(mailboxes: Sequence[str]) -> int:
        server = EwsServer(
            url=options["url"],
            version="Exchange2016",
            auth=options["auth"],
            username=LOGIN,
            secret=PASSWORD,
            ca_file=Path(options["ca"]),
            max_connections=options["connections"],
        )
        staff = tuple(Staff(name, "U1", name) for name in mailboxes)
        roster = Roster(("G",), (Unit("U1", "U1", "G"),), staff, "0" * 64)

        def clock() -> datetime:
            return datetime.now(UTC)

        with (
            tempfile.TemporaryDirectory() as folder,
            SnapshotStore.at(Path(folder) / "store.db") as store,
            closing(open_source(server, frozenset({DOMAIN}), clock)) as source,
        ):
            audit.collect(
                store.begin(PERIOD, roster, source.describe(), now=clock()),
                source,
                clock=clock,
                on_progress=lambda done, total: None,
            )
            return (
                sum(
                    day.sent + day.received
                    for outcome in store.load(PERIOD).outcomes.values()
                    for day in getattr(outcome, "days", ())
                )
                if options.get("verify")
                else 0
            )

    return run


def bound(options: Options) -> Callable[[Sequence[str]], int]:
    """The same requests from an asyncio client that reads next to nothing of the answers."""
    import aiohttp
    import spnego

    from mailaudit.sources.ews.envelopes import Envelopes

    envelopes = Envelopes("Exchange2016", PERIOD)
    tls = ssl.create_default_context(cafile=options["ca"])
    with_items = re.compile(
        rb'<t:FolderId Id="([^"]+)"(?:(?!</t:Folder>).)*?<t:TotalCount>[1-9]', re.DOTALL
    )

    async def read_all(mailboxes: Sequence[str]) -> int:
        left = iter(mailboxes)
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        if options["auth"] == "basic":
            headers["Authorization"] = aiohttp.encode_basic_auth(LOGIN, PASSWORD)

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

        async def work() -> int:
            items = 0
            connector = aiohttp.TCPConnector(limit=1, ssl=tls)
            async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
                if options["auth"] == "ntlm":
                    await log_in(session)
                for mailbox in left:
                    folders = await ask(session, envelopes.find_folders(mailbox))
                    ids = [found.decode() for found in with_items.findall(folders)]
                    content = await ask(session, envelopes.find_items(mailbox, ids))
                    items += content.count(b"<t:ItemId ")
            return items

        return sum(await asyncio.gather(*(work() for _ in range(options["connections"]))))

    return lambda mailboxes: asyncio.run(read_all(mailboxes))


def main() -> None:
    """Warms up, reads the mailboxes, tells seconds, CPU seconds, peak memory and items."""
    options: Options = json.loads(sys.stdin.readline())
    run = {"naive": naive, "mailaudit": mailaudit, "bound": bound}[options["contender"]](options)
    run([address(number) for number in range(options["warm"])])
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, -1))
    since = time.perf_counter()
    items = run([address(number) for number in range(options["mailboxes"])])
    seconds = time.perf_counter() - since
    cpu_s = 0.0
    for who, before in ((resource.RUSAGE_SELF, own), (resource.RUSAGE_CHILDREN, children)):
        after = resource.getrusage(who)
        cpu_s += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # Of the largest process.
    rss = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, -1)) / 1024
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "rss_mib": rss, "items": items}))


if __name__ == "__main__":
    main()

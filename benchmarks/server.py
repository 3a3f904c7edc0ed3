"""The benchmark's mail server in a process of its own: the demonstration's, with a Workload.

Reads one JSON object of options from standard input and says where it is in one JSON line; after
each further line, how often mailboxes were asked about. Ends when standard input closes. It
remembers its answers, so that after a first round it costs little beside what it is asked by.
"""

import asyncio
import json
import os
import ssl
import sys
import tempfile
from pathlib import Path
from typing import Any

import trustme

from benchmarks.workload import LOGIN_DOMAIN, LOGIN_NAME, PASSWORD, Workload
from mailaudit.demo.ews.exchange import Answer, Exchange
from mailaudit.demo.ews.paging import Limit
from mailaudit.demo.ews.stores import Caller, Stores
from mailaudit.demo.faults.file import read_plan
from mailaudit.demo.faults.kinds import World
from mailaudit.demo.faults.listener import FaultyListener
from mailaudit.demo.faults.overlay import Overlay
from mailaudit.demo.listener import EWS_PATH
from mailaudit.demo.logins import Account, BasicLogin, NtlmLogin

ACCOUNT = Account(LOGIN_DOMAIN, LOGIN_NAME, PASSWORD, may_impersonate=True)


class RememberingExchange(Exchange):
    """Answers the same question with the same bytes, without working them out again."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._known: dict[bytes, Answer] = {}
        self.requests = 0  # about a mailbox

    def answer(self, body: bytes, caller: Caller) -> Answer:
        found = self._known.get(body)
        if found is None:
            found = self._known[body] = super().answer(body, caller)
        self.requests += bool(found.mailbox)
        return found


async def serve(options: dict[str, Any], folder: Path) -> None:
    """Serves until standard input closes."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    (folder / "users").write_text(f"{ACCOUNT.domain}:{ACCOUNT.name}:{ACCOUNT.password}\n")
    os.environ["NTLM_USER_FILE"] = str(folder / "users")
    directory = Workload(options["workload"], options["count"], options.get("factor", 1))
    exchange = RememberingExchange(
        Stores(directory, {}),
        limit=Limit(options.get("find_limit", 1000), False),
        well_known_names=True,
    )
    # Each mailbox whose number is the last of so many is busy once.
    every = options.get("busy_every")
    busy = directory.addresses[every - 1 :: every] if every else []
    plan = folder / "faults.toml"
    plan.write_text(
        '[[fault]]\nkind = "ErrorServerBusy"\nfirst = 1\nback_off_ms = 3000\n'
        f"mailboxes = {json.dumps(busy)}\n"
        if busy
        else ""
    )
    listener = FaultyListener(
        World(exchange, Overlay(directory), lambda _items, _shared: exchange),
        read_plan(plan),
        {ACCOUNT.login.lower(): ACCOUNT},
        NtlmLogin if options["auth"] == "ntlm" else BasicLogin,
        renew_certificate=lambda: None,
        latency_s=options["latency_ms"] / 1000,
    )
    loop = asyncio.get_running_loop()
    server = await loop.create_server(listener, "127.0.0.1", 0, ssl=tls, backlog=256)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"url": f"https://127.0.0.1:{port}{EWS_PATH}", "ca": str(folder / "ca.pem")}))
    sys.stdout.flush()
    await loop.run_in_executor(None, _report_requests, exchange)
    server.close()


def _report_requests(exchange: RememberingExchange) -> None:
    for _ in sys.stdin:
        print(exchange.requests, flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(serve(json.loads(sys.stdin.readline()), Path(made)))

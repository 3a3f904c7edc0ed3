"""The HTTP side of the server: connections, logins, latency and the access log."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from mailaudit.demo.ews.exchange import Answer, Exchange
from mailaudit.demo.logins import Account, Login

EWS_PATH = "/EWS/Exchange.asmx"
IDLE_S = 120.0  # how long a connection is kept without a request
_LARGEST_REQUEST = 1 << 20  # bytes


class AccessLog:
    """One JSON object a request, written as it is answered: what the server itself saw.

    Fields: `at` and `answered_at` (Unix time, s), `connection`, `open` (connections open at the
    time), `operation`, `mailbox`, `status`, `bytes`; with `bodies` also `headers`, `request` and
    `answer`.
    """

    def __init__(self, path: Path | None, *, bodies: bool = False) -> None:
        self._file = path.open("a", encoding="utf-8") if path else None
        self.bodies = bodies

    def write(self, **entry: float | str | dict[str, str]) -> None:
        if self._file:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()

    def close(self) -> None:
        if self._file:
            self._file.close()


class Listener(web.Server):
    """An aiohttp server that knows its connections, since NTLM logs connections in.

    Args:
        login: Makes the login of a new connection.
        latency_s: How long every answer to a logged-in request is held back.
    """

    def __init__(
        self,
        exchange: Exchange,
        accounts: Mapping[str, Account],
        login: Callable[[Mapping[str, Account]], Login],
        *,
        latency_s: float = 0.0,
        log: AccessLog | None = None,
    ) -> None:
        super().__init__(self._handle, keepalive_timeout=IDLE_S, access_log=None)
        self._exchange = exchange
        self._accounts = accounts
        self._new_login = login
        self._latency_s = latency_s
        self._log = log
        self._logins: dict[RequestHandler, tuple[int, Login]] = {}
        self._connected = 0

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self._connected += 1
        self._logins[handler] = self._connected, self._new_login(self._accounts)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        self._logins.pop(handler, None)
        super().connection_lost(handler, exc)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers one HTTP request."""
        began = time.time()
        connection, login = self._logins[request.protocol]
        if request.path.lower() != EWS_PATH.lower():
            return web.Response(status=404, text="Not Found")
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"}, text="Method Not Allowed")
        body = await _read(request)
        if body is None:
            return web.Response(status=413, text="Request Entity Too Large")
        verdict = login.judge(request.headers.get("Authorization", ""))
        if verdict.caller is None:
            answer = Answer(401, b"")
            headers = {"WWW-Authenticate": verdict.challenge}
        else:
            answer = self._exchange.answer(body, verdict.caller)
            headers = {"Content-Type": "text/xml; charset=utf-8"}
            if self._latency_s:
                await asyncio.sleep(self._latency_s)
        if self._log:
            self._note(answer, connection, began, request, body)
        return web.Response(status=answer.status, body=answer.body, headers=headers)

    def _note(
        self, answer: Answer, connection: int, began: float, request: web.BaseRequest, body: bytes
    ) -> None:
        assert self._log is not None  # noqa: S101 - the caller looked
        bodies: dict[str, str | dict[str, str]] = {}
        if self._log.bodies:
            bodies = {
                "headers": dict(request.headers),
                "request": body.decode(errors="replace"),
                "answer": answer.body.decode(errors="replace"),
            }
        self._log.write(
            at=began,
            answered_at=time.time(),
            connection=connection,
            open=len(self._logins),
            operation=answer.operation,
            mailbox=answer.mailbox,
            status=answer.status,
            bytes=len(answer.body),
            **bodies,
        )


async def _read(request: web.BaseRequest) -> bytes | None:
    """The body of a request, or None when it is larger than any real one."""
    if (request.content_length or 0) > _LARGEST_REQUEST:
        return None
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None

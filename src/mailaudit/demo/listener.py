"""The HTTP side of the server: connections, logins, latency and the access log."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from mailaudit.demo.ews.exchange import Answer, Exchange
from mailaudit.demo.ews.stores import Caller
from mailaudit.demo.logins import Account, Login, Verdict

EWS_PATH = "/EWS/Exchange.asmx"
REQUEST_ID = "client-request-id"
IDLE_S = 120.0  # how long a connection is kept without a request
_LARGEST_REQUEST = 1 << 25  # bytes; mails have attachments


class AccessLog:
    """One JSON object a request, written as it is answered: what the server itself saw.

    Fields: `at` and `answered_at` (Unix time, s), `connection`, `open` (connections open at the
    time), `operation`, `mailbox`, `status`, `bytes`; `attempt` where a password was tried; where a
    fault was injected `fault`, its kind, and `back_off_s`, how long the client is to wait; `lost`
    where the connection was closed meanwhile, so that nobody read the answer; with `bodies` also
    `headers`, `request` and `answer`.
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


async def send_whole(request: web.BaseRequest, reply: "Reply") -> web.StreamResponse:
    """The reply in one piece, as a server sends it that is well."""
    answer = reply.answer
    return web.Response(status=answer.status, body=answer.body, headers=reply.headers)


@dataclass(slots=True)
class Reply:
    """An answer on its way back.

    Attributes:
        fault: The kind of the fault injected, or empty.
        back_off_s: How long the client is to wait.
        send: How it is sent.
    """

    answer: Answer
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    back_off_s: float = 0.0
    send: Callable[[web.BaseRequest, "Reply"], Awaitable[web.StreamResponse]] = send_whole


class Listener(web.Server):
    """An aiohttp server that knows its connections, since NTLM logs connections in.

    Args:
        login: Makes the login of a new connection.
        latency_s: How long every answer to a logged-in request is held back.
        echoes_ids: Whether answers repeat the id of a request that asks for it.
    """

    def __init__(
        self,
        exchange: Exchange,
        accounts: Mapping[str, Account],
        login: Callable[[Mapping[str, Account]], Login],
        *,
        latency_s: float = 0.0,
        log: AccessLog | None = None,
        echoes_ids: bool = True,
    ) -> None:
        super().__init__(
            self._handle, request_factory=_request, keepalive_timeout=IDLE_S, access_log=None
        )
        self._exchange = exchange
        self._accounts = accounts
        self._new_login = login
        self._latency_s = latency_s
        self._log = log
        self._echoes_ids = echoes_ids
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
        known = self._logins.get(request.protocol)
        if known is None:  # the connection was lost while its request was being read
            return web.Response(status=400)
        connection, login = known
        if request.path.lower() != EWS_PATH.lower():
            return web.Response(status=404, text="Not Found")
        if request.method != "POST":
            return web.Response(status=405, headers={"Allow": "POST"}, text="Method Not Allowed")
        body = await _read(request)
        if body is None:
            return web.Response(status=413, text="Request Entity Too Large")
        verdict = self._judge(request, body, login)
        if verdict.caller is None:
            reply = self._refuse(verdict)
        else:
            reply = await self._reply(request, body, verdict.caller)
        if self._log:
            self._note(reply, verdict, connection, began, request, body)
        return await reply.send(request, reply)

    def _judge(self, request: web.BaseRequest, body: bytes, login: Login) -> Verdict:
        """Who sends a request."""
        return login.judge(request.headers.get("Authorization", ""))

    def _refuse(self, verdict: Verdict) -> Reply:
        """What goes back to someone not logged in."""
        headers = {"WWW-Authenticate": verdict.challenge}
        return Reply(Answer(401, b""), headers, verdict.fault)

    async def _reply(self, request: web.BaseRequest, body: bytes, caller: Caller) -> Reply:
        """What goes back to someone logged in."""
        answer = self._exchange.answer(body, caller)
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        return Reply(answer, self._answer_headers(request))

    def _answer_headers(self, request: web.BaseRequest) -> dict[str, str]:
        """The headers of an answer; Exchange repeats the id of a request that asks for it."""
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        if self._echoes_ids and request.headers.get("return-client-request-id") == "true":
            headers[REQUEST_ID] = request.headers.get(REQUEST_ID, "")
        return headers

    def _open_connections(self) -> int:
        """How many connections are open and not being closed."""
        transports = (handler.transport for handler in self._logins)
        return sum(transport is not None and not transport.is_closing() for transport in transports)

    def _note(
        self,
        reply: Reply,
        verdict: Verdict,
        connection: int,
        began: float,
        request: web.BaseRequest,
        body: bytes,
    ) -> None:
        assert self._log is not None  # noqa: S101 - the caller looked
        answer = reply.answer
        more: dict[str, float | str | dict[str, str]] = {}
        if verdict.is_attempt:
            more["attempt"] = True
        if fault := verdict.fault or reply.fault:
            more |= {"fault": fault, "back_off_s": reply.back_off_s}
        if request.transport is None or request.transport.is_closing():
            more["lost"] = True
        if self._log.bodies:
            more |= {
                "headers": dict(request.headers),
                "request": body.decode(errors="replace"),
                "answer": answer.body.decode(errors="replace"),
            }
        self._log.write(
            at=began,
            answered_at=time.time(),
            connection=connection,
            open=self._open_connections(),
            operation=answer.operation,
            mailbox=answer.mailbox,
            status=answer.status,
            bytes=len(answer.body),
            **more,
        )


def _request(
    message: Any,  # noqa: ANN401 - as aiohttp hands them over
    payload: Any,  # noqa: ANN401
    protocol: RequestHandler,
    writer: Any,  # noqa: ANN401
    task: "asyncio.Task[None]",
) -> web.BaseRequest:
    """A request as aiohttp makes it, but of any size that a mail has."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=_LARGEST_REQUEST
    )


async def _read(request: web.BaseRequest) -> bytes | None:
    """The body of a request, or None when it is larger than any real one."""
    if (request.content_length or 0) > _LARGEST_REQUEST:
        return None
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None

"""A Listener that injects the faults of a plan."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from mailaudit.demo.ews.stores import Caller
from mailaudit.demo.faults.kinds import Moment, World
from mailaudit.demo.faults.registry import ANSWERING, KINDS, UPSETTING
from mailaudit.demo.faults.rule import Plan
from mailaudit.demo.listener import AccessLog, Listener, Reply
from mailaudit.demo.logins import Account, Login, Verdict

_CLOSE_AFTER_S = 0.02
_MAILBOX = re.compile(rb"(?:SmtpAddress|PrincipalName)>([^<]*)<")
_OPERATION = re.compile(rb":Body>\s*<(?:\w+:)?(\w+)")


class FaultyListener(Listener):
    """Answers as a Listener does, unless the plan has a fault for the request.

    Args:
        renew_certificate: Makes new connections see another certificate.
    """

    def __init__(
        self,
        world: World,
        plan: Plan,
        accounts: Mapping[str, Account],
        login: Callable[[Mapping[str, Account]], Login],
        *,
        renew_certificate: Callable[[], None],
        latency_s: float = 0.0,
        log: AccessLog | None = None,
        echoes_ids: bool = True,
    ) -> None:
        super().__init__(
            world.exchange, accounts, login, latency_s=latency_s, log=log, echoes_ids=echoes_ids
        )
        self._world = world
        self._plan = plan
        self._numbers = 0  # requests of somebody logged in
        self._transports: dict[RequestHandler, asyncio.Transport] = {}
        self._handshakes_to_cut = 0
        self.renew_certificate = renew_certificate

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self._transports[handler] = transport

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        self._transports.pop(handler, None)
        super().connection_lost(handler, exc)

    def log_everybody_out(self) -> None:
        """Forgets the login of every connection."""
        for _, login in self._logins.values():
            login.forget()

    def refuse_logins(self) -> None:
        """Accepts no password from now on."""
        for _, login in self._logins.values():
            login.refuse()
        new_login = self._new_login

        def refusing(accounts: Mapping[str, Account]) -> Login:
            login = new_login(accounts)
            login.refuse()
            return login

        self._new_login = refusing

    def cut_handshake(self) -> None:
        """Closes the connection of the next login after the challenge."""
        self._handshakes_to_cut += 1

    def close_connections(self) -> None:
        """Closes every connection, whatever is under way on it, as soon as this is in the log."""

        def close() -> None:
            for transport in list(self._transports.values()):
                transport.abort()

        asyncio.get_running_loop().call_later(_CLOSE_AFTER_S, close)

    def _judge(self, request: web.BaseRequest, body: bytes, login: Login) -> Verdict:
        fault = ""
        if login.is_logged_in:
            mailbox, operation = _about(body)
            for rule in self._plan.met(UPSETTING, self._numbers + 1, mailbox, operation):
                upset = KINDS[rule.kind].upsetting
                assert upset is not None  # noqa: S101 - the plan was asked for these only
                upset(self, login, rule.parameters)
                fault = rule.kind
        verdict = super()._judge(request, body, login)
        return replace(verdict, fault=fault)

    def _refuse(self, verdict: Verdict) -> Reply:
        reply = super()._refuse(verdict)
        if self._handshakes_to_cut and verdict.challenge.startswith("NTLM "):
            self._handshakes_to_cut -= 1
            reply.headers["Connection"] = "close"
        return reply

    async def _reply(self, request: web.BaseRequest, body: bytes, caller: Caller) -> Reply:
        self._numbers += 1
        mailbox, operation = _about(body)
        rule = next(self._plan.met(ANSWERING, self._numbers, mailbox, operation), None)
        if rule is None:
            return await super()._reply(request, body, caller)
        act = KINDS[rule.kind].answering
        assert act is not None  # noqa: S101 - the plan was asked for these only
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        moment = Moment(
            request, body, caller, operation, mailbox, self._numbers, self._world,
            self._answer_headers(request),
        )  # fmt: skip
        reply = await act(moment, rule.parameters)
        reply.fault = rule.kind
        return reply


def _about(body: bytes) -> tuple[str, str]:
    """The mailbox and the operation of a request, empty where there are none."""
    mailbox, operation = _MAILBOX.search(body), _OPERATION.search(body)
    return (
        mailbox[1].decode(errors="replace").strip().lower() if mailbox else "",
        operation[1].decode() if operation else "",
    )

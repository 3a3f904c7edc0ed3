"""Serving a demonstration: its files written, its server listening until it is stopped."""

import asyncio
import contextlib
import errno
import os
import signal
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from mailaudit.demo.content import Directory
from mailaudit.demo.ews.exchange import Exchange
from mailaudit.demo.ews.paging import Limit
from mailaudit.demo.ews.sending import Taken
from mailaudit.demo.ews.stores import Stores
from mailaudit.demo.listener import EWS_PATH, AccessLog, Listener
from mailaudit.demo.logins import Account, BasicLogin, NtlmLogin
from mailaudit.demo.options import Options, ServedAt
from mailaudit.demo.province import Province
from mailaudit.demo.traffic import Traffic
from mailaudit.demo.workspace import (
    ACCOUNTS,
    CA,
    CORRECTIONS,
    ROSTER,
    UNITS,
    Organisation,
    Workspace,
)
from mailaudit.errors import N_, ConfigurationError, UsageError, cause
from mailaudit.model.period import Period

HOST = "127.0.0.1"
_GOODBYE_S = 1.0  # how long open connections have to finish


@dataclass(frozen=True, slots=True)
class _Content:
    """What is served: its Directory, and what the configuration and the server say about it."""

    directory: Directory
    organisation: Organisation
    periods: tuple[Period, ...]
    failing: dict[str, str]
    outside: str = ""
    logs: Mapping[str, Path] = field(default_factory=dict)


def run(directory: Path, options: Options, ready: Callable[[ServedAt], None]) -> None:
    """Serves the demonstration province, or real traffic, until it is asked to stop.

    Args:
        directory: Where the CA, the accounts and a ready mailaudit.toml are written.
        ready: Called once, when the server listens.

    Raises:
        UsageError: The port is taken.
        ConfigurationError: The folder or a file is unusable.
    """
    stop = asyncio.Event()

    async def serve_until_signal() -> None:
        stop_at_signals(stop, "SIGINT", "SIGTERM", "SIGBREAK")
        await serve(directory, options, ready=ready, stop=stop)

    asyncio.run(serve_until_signal())


def stop_at_signals(stop: asyncio.Event, *names: str) -> None:
    """Sets `stop` when one of these signals comes; a system lacks some. Main thread only."""
    # Event loops on Windows have no signal handlers of their own.
    stop_soon = stopper(stop)
    for name in names:
        if number := getattr(signal, name, None):
            signal.signal(number, lambda *_: stop_soon())


def stopper(stop: asyncio.Event) -> Callable[[], None]:
    """What sets `stop` from any thread, and does nothing once the running loop has ended."""
    loop = asyncio.get_running_loop()

    def stop_soon() -> None:
        with contextlib.suppress(RuntimeError):  # closed, perhaps just now
            loop.call_soon_threadsafe(stop.set)

    return stop_soon


async def serve(
    directory: Path,
    options: Options,
    *,
    ready: Callable[[ServedAt], None],
    stop: asyncio.Event,
) -> None:
    """Serves until `stop` is set. Sets NTLM_USER_FILE, so one server a process. Raises as run()."""
    workspace = Workspace(directory)
    content = _content(options, workspace)
    domain = content.organisation.domains[0]
    accounts = {account.login.lower(): account for account in workspace.accounts(domain)}
    os.environ["NTLM_USER_FILE"] = str(workspace.path(ACCOUNTS))
    certificates = _Certificates(workspace)
    log = AccessLog(options.access_log, bodies=options.log_bodies)
    listener = _listener(options, content, accounts, certificates, log, workspace.keep_sent)
    try:
        server = await _listen(listener, options.port, certificates.context)
        url = f"https://{HOST}:{server.sockets[0].getsockname()[1]}{EWS_PATH}"
        config = workspace.write_config(url, options.auth, content.organisation)
        logs_config = None
        if content.logs:
            logs_config = workspace.write_logs_config(content.logs, content.organisation)
        ready(
            ServedAt(
                url,
                workspace.directory,
                config,
                workspace.path(ACCOUNTS),
                workspace.path(CA),
                content.periods,
                content.outside,
                logs_config,
            )
        )
        await stop.wait()
        server.close()
        await listener.shutdown(_GOODBYE_S)
    finally:
        log.close()


def _content(options: Options, workspace: Workspace) -> _Content:
    """What the options ask for; writes the province's own staff list."""
    if options.traffic is not None and options.people is not None:
        traffic = Traffic(options.traffic, options.people)
        domains = sorted({address.partition("@")[2] for address in traffic.addresses})
        roster = str(options.people.resolve())
        organisation = Organisation(options.people.stem, domains, roster, None)
        logs = _logs(traffic, options.tracking) if options.tracking is not None else {}
        return _Content(traffic, organisation, traffic.periods, {}, logs=logs)
    province = Province()
    workspace.write(ROSTER, province.roster_csv(), bom=True)
    workspace.write(UNITS, province.units_csv(), bom=True)
    workspace.write(CORRECTIONS, province.corrections_csv(), bom=True)
    organisation = Organisation(
        province.name, [province.domain], ROSTER, UNITS, province.letterhead, province.contact
    )
    return _Content(province, organisation, province.periods, province.failing, province.outside)


def _logs(traffic: Traffic, folder: Path) -> dict[str, Path]:
    """Writes the traffic's tracking logs; each server's folder. Raises ConfigurationError."""
    from mailaudit.demo.tracking.logs import write_logs

    try:
        return write_logs(folder, traffic.messages, traffic.addresses, traffic.periods)
    except OSError as error:
        raise ConfigurationError(
            N_("The folder {folder} can't be written to: {cause}."),
            N_("Choose another one with --tracking."),
            folder=folder,
            cause=cause(error),
        ) from None


def _listener(
    options: Options,
    content: _Content,
    accounts: Mapping[str, Account],
    certificates: "_Certificates",
    log: AccessLog,
    take: Taken,
) -> Listener:
    """The listener the options ask for; one that injects faults where there is a fault file."""
    failing = content.failing | dict(options.failing)
    login = BasicLogin if options.auth == "basic" else NtlmLogin
    latency_s = options.latency_ms / 1000

    def exchange(directory: Directory, limit: Limit) -> Exchange:
        known = options.well_known_names
        stores = Stores(directory, failing)
        return Exchange(stores, limit=limit, well_known_names=known, take=take)

    limit = Limit(options.find_limit, options.find_limit_over_all_folders)
    if options.faults is None:
        sound = exchange(content.directory, limit)
        return Listener(
            sound, accounts, login,
            latency_s=latency_s, log=log, echoes_ids=options.echoes_ids,
        )  # fmt: skip
    from mailaudit.demo.faults.file import read_plan
    from mailaudit.demo.faults.kinds import World
    from mailaudit.demo.faults.listener import FaultyListener
    from mailaudit.demo.faults.overlay import Overlay

    overlay = Overlay(content.directory)
    world = World(
        exchange(overlay, limit),
        overlay,
        lambda items, shared: exchange(overlay, Limit(items, shared)),
    )
    return FaultyListener(
        world,
        read_plan(options.faults),
        accounts,
        login,
        renew_certificate=certificates.renew,
        latency_s=latency_s,
        log=log,
        echoes_ids=options.echoes_ids,
    )


class _Certificates:
    """TLS with a certificate from an authority made for this start, whose certificate is left."""

    def __init__(self, workspace: Workspace) -> None:
        self._authority = trustme.CA(organization_name="mailaudit demonstration")
        workspace.write(CA, self._authority.cert_pem.bytes().decode("ascii"))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.renew()

    def renew(self) -> None:
        """Shows a new certificate to new connections."""
        self._authority.issue_cert(HOST, "localhost").configure_cert(self.context)


async def _listen(listener: Listener, port: int, tls: ssl.SSLContext) -> asyncio.Server:
    """Begins listening. Raises UsageError when the port can't be had."""
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(listener, HOST, port, ssl=tls, backlog=256)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise UsageError(
            N_("Port {port} can't be used: another program has it, or it needs more rights."),
            N_("Choose another one with --port, or leave it out."),
            port=str(port),
        ) from None
    except OverflowError:
        raise UsageError(
            N_("{port} is not a port number."), N_("Choose one from 1 to 65535."), port=str(port)
        ) from None

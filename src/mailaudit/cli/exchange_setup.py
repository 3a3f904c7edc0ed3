"""exchange-setup: the commands that give the reading account its right, and take it away."""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Verbose
from mailaudit.errors import N_, ConfigurationError, UsageError

if TYPE_CHECKING:
    from mailaudit.settings import ExchangeServer, Settings
    from mailaudit.sources.ews.management_shell import Right, Step

_LASTS = timedelta(days=365)
_COMMENT_WIDTH = 96
_ADDRESSES = "addresses.txt"


def exchange_setup(
    config: Config = DEFAULT_CONFIG,
    remove: Annotated[
        bool, typer.Option("--remove", help="Print the commands that take all of it away.")
    ] = False,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            help="The group that holds the audited mailboxes. Without it: mailaudit-staff.",
            metavar="NAME",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            help="The last day of the account, as 2027-12-31. Without it: a year from today.",
            metavar="DATE",
        ),
    ] = None,
    addresses: Annotated[
        Path | None,
        typer.Option(
            "--addresses",
            help="Write the mailboxes of the staff list there, for the group.",
            metavar="FILE",
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            help="Of several servers the one that the commands are for, by its name.",
            metavar="NAME",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Write the commands there, as every PowerShell reads them, instead of printing.",
            metavar="FILE",
        ),
    ] = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Print the commands that give the account its right.

    They are for the Exchange Management Shell, and filled in for this configuration: the scope of
    the audited mailboxes, the right ApplicationImpersonation over them, limits for this many
    connections, a last day, and how to look at the result. Read them, then run them on the mail
    server; nothing is changed from here.

    Example: mailaudit exchange-setup --config mailaudit.toml --until 2027-12-31

    Example: mailaudit exchange-setup --addresses addresses.txt --out give.ps1

    Example: mailaudit exchange-setup --remove
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import say
    from mailaudit.sources.ews.management_shell import DEFAULT_GROUP, Right

    for option, given in (("--until", until), ("--addresses", addresses)):
        if remove and given is not None:
            raise UsageError(
                N_("--remove and {option} do not go together."),
                N_("Leave out one of them."),
                option=option,
            )
    name = DEFAULT_GROUP if group is None else _group(group)
    settings = steps.load(config, lang)
    today, table = steps.today_in(settings.organisation.timezone), _table(settings, server)
    last_day = today + _LASTS if until is None else _day(until, today)
    right = Right(_account(table), name, table.version, table.max_connections)
    if addresses is not None:
        _write_addresses(settings, table, addresses)
    lines = _removal(right) if remove else _grant(right, last_day, addresses)
    if out is not None:
        _write_commands(lines, out)
        return
    for line in lines:
        say("{line}", line=line)


def _write_commands(lines: Iterable[str], file: Path) -> None:
    """Writes the commands with the mark by which Windows PowerShell 5 knows UTF-8.

    Raises:
        ConfigurationError: The file can't be written.
    """
    from mailaudit.cli.console import announce
    from mailaudit.report.files import write_atomically

    write_atomically(file, "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig"))
    announce("{path}", path=file)


def _write_addresses(settings: "Settings", table: "ExchangeServer", file: Path) -> None:
    """Writes the mailboxes of the running month's staff list, one a line, for its owner alone.

    Raises:
        ConfigurationError: The file can't be written.
        RosterError: A list can't be read, or is faulty.
    """
    from mailaudit.cli.console import note
    from mailaudit.cli.staff_lists import staff_list
    from mailaudit.cli.steps import last_over
    from mailaudit.report.files import write_atomically

    roster = staff_list(settings, last_over(settings).shifted(1))
    routing = settings.routing
    mailboxes = [
        person.mailbox
        for person in roster.staff
        if person.mailbox and routing.server_of(person.mailbox, person.server) == table.label
    ]
    write_atomically(file, "".join(f"{box}\r\n" for box in mailboxes).encode(), private=True)
    note(N_("{count} addresses: {file}"), count=len(mailboxes), file=file)


def _table(settings: "Settings", name: str | None) -> "ExchangeServer":
    """The server that --server names, or the only one of Exchange. Raises UsageError."""
    from mailaudit.settings import ExchangeServer

    servers = [one for one in settings.mail_servers if isinstance(one, ExchangeServer)]
    if not servers:
        raise UsageError(
            N_("The configuration has no Exchange server."),
            N_("The commands are for Exchange alone; the example file shows how to add one."),
        )
    if name is None and len(servers) == 1:
        return servers[0]
    found = [one for one in servers if one.label and one.label.lower() == (name or "").lower()]
    if not found:
        raise UsageError(
            N_("Which server the commands are for is not known."),
            N_("Name one of these with --server: {names}.")
            if settings.servers
            else N_("Leave out --server: the configuration has one server, without a name."),
            names=", ".join(one.label for one in servers),
        )
    return found[0]


def _day(text: str, today: date) -> date:
    """The day that --until names. Raises UsageError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or len(text) != len("2027-12-31"):
        raise UsageError(
            N_("--until {text} is not a day."), N_("Write it as in 2027-12-31."), text=text
        )
    if day <= today:
        raise UsageError(
            N_("--until {text} is not in the future."),
            N_("Name a later day; to take the right away now: mailaudit exchange-setup --remove"),
            text=text,
        )
    return day


def _group(text: str) -> str:
    """The name that --group gives. Raises UsageError."""
    from mailaudit.sources.ews.management_shell import LONGEST_NAME

    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(
            N_("--group {text} can't be the name of a group."),
            N_("Write a name of 1 to {most} characters on one line."),
            text=text,
            most=LONGEST_NAME,
        )
    return name


def _account(server: "ExchangeServer") -> str:
    """The account that gets the right. Raises ConfigurationError."""
    if server.auth == "oauth":
        raise ConfigurationError(
            N_("{place}.auth is {auth}: an application is not given its right by these commands."),
            N_("Give it to the application where it is registered."),
            place=server.place,
            auth=server.auth,
        )
    if server.username is None:
        raise ConfigurationError(
            N_("The configuration does not name the account that logs in."),
            N_("Name it in {place}.username; with {auth}, that is the account of the ticket."),
            place=server.place,
            auth=server.auth,
        )
    return server.username


def _grant(right: "Right", until: date, addresses: Path | None) -> Iterator[str]:
    from mailaudit.cli.console import current_language, in_command
    from mailaudit.sources.ews.management_shell import ending, filling, giving, looking

    yield from _comment(
        N_(
            "For the Exchange Management Shell. Written from Microsoft's documentation and not run"
            " here: read it first. The block in braces stops at its first error. Before you run it"
            " again, take everything away: mailaudit exchange-setup{options} --remove"
        )
    )
    yield "& {"
    for step in giving(right):
        yield from _commands(step, indent="  ")
    yield "}"
    file = _ADDRESSES if addresses is None else addresses.name
    fill = filling(right, file)
    yield from _comment(fill.comment, file=in_command(Path(file)))
    for command in fill.commands:
        yield command if addresses is not None else f"# {command}"
    yield from _commands(ending(right, until), until=current_language().date(until))
    yield from _commands(looking(right))


def _removal(right: "Right") -> Iterator[str]:
    from mailaudit.sources.ews.management_shell import taking

    yield from _comment(
        N_("For the Exchange Management Shell: takes away what mailaudit exchange-setup gives.")
    )
    for step in taking(right):
        yield from _commands(step)


def _commands(step: "Step", indent: str = "", **values: object) -> Iterator[str]:
    for line in (*_comment(step.comment, **values), *step.commands):
        yield indent + line


def _comment(message: str, **values: object) -> list[str]:
    """A sentence as lines that PowerShell passes over."""
    from mailaudit.cli.console import worded

    text = worded(message, values)
    return [f"# {line}" for line in textwrap.wrap(text, _COMMENT_WIDTH, break_on_hyphens=False)]

"""roster pull, roster diff: the directory of accounts as a staff list, and beside one."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Verbose
from mailaudit.errors import N_, ConfigurationError, UsageError
from mailaudit.model.directory import Account, Difference, DifferenceKind, DirectoryServer
from mailaudit.model.period import Period

if TYPE_CHECKING:
    from mailaudit.roster.directory.listing import Rows
    from mailaudit.settings import Settings

SHOWN = 10  # lines of a kind; --out has them all

KINDS = {
    DifferenceKind.NO_MAILBOX: N_("Staff without a mailbox"),
    DifferenceKind.UNKNOWN_ADDRESS: N_("Address of the list that the directory does not know"),
    DifferenceKind.ADDRESS_DIFFERS: N_("Address differs"),
    DifferenceKind.OTHER_OWNER: N_("Address of the list is somebody else's"),
    DifferenceKind.GONE_BUT_ENABLED: N_("Left, but the account is enabled"),
    DifferenceKind.DISABLED: N_("On the staff list, but the account is disabled"),
    DifferenceKind.ORPHAN: N_("Mailbox without an owner"),
}


def pull(
    out: Annotated[
        Path, typer.Option("--out", help="The staff list to write, .xlsx or .csv.", metavar="FILE")
    ],
    config: Config = DEFAULT_CONFIG,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Write a staff list from the directory (Active Directory).

    Reads the enabled accounts that [directory] of the configuration finds. The file names people:
    only its owner can read it.

    Example: mailaudit roster pull --config mailaudit.toml --out danh-sach.xlsx
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import in_command, say
    from mailaudit.roster.directory import staff_list_of

    _require_kind(out)
    server = _server(steps.load(config, lang))
    accounts = _accounts(server)
    rows = staff_list_of(accounts, server.attributes)
    _write(out, rows)
    listed = [account for account in accounts if account.enabled]
    say(
        N_("{count} staff written to {path}, {mailboxes} with a mailbox."),
        count=len(listed),
        mailboxes=sum(1 for account in listed if account.mailbox),
        path=out,
    )
    if len(listed) < len(accounts):
        say(N_("Left out: {count} disabled accounts."), count=len(accounts) - len(listed))
    say(N_("Look at it: mailaudit roster check {path}"), path=in_command(out))


def diff(
    file: Annotated[
        Path | None,
        typer.Argument(help="The staff list, instead of the configured.", metavar="FILE"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write all differences as .xlsx or .csv.", metavar="FILE"),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Compare a staff list with the directory (Active Directory).

    Shows staff without a mailbox, mailboxes without an owner, addresses that differ, and people
    who left though their account is enabled. A person is matched by address, then by staff code.

    Example: mailaudit roster diff --config mailaudit.toml --out khac-biet.xlsx
    """
    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language, say
    from mailaudit.cli.staff_lists import staff_list
    from mailaudit.roster.directory import compare, difference_list_of

    if out is not None:
        _require_kind(out)
    settings = steps.load(config, lang)
    server = _server(settings)
    today = steps.today_in(settings.organisation.timezone)
    month = Period(today.year, today.month, settings.organisation.timezone)
    roster = staff_list(settings, month, None if file is None else (file,))
    accounts = _accounts(server)
    differences = compare(roster, accounts, settings.rules, today)
    say(
        N_("{staff} on the staff list, {accounts} in the directory, {count} differences."),
        staff=len(roster.staff),
        accounts=len(accounts),
        count=len(differences),
    )
    _show(differences)
    if out is not None:
        gettext = current_language().gettext
        names = {kind: gettext(name) for kind, name in KINDS.items()}
        _write(out, difference_list_of(differences, names))
        say("{path}", path=out)


def _require_kind(file: Path) -> None:
    """Raises UsageError unless a list can be written to a file of this name."""
    if file.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError(
            N_("{file} is of a kind that can't be written as a list."),
            N_("Name a file that ends in .csv or .xlsx."),
            file=file,
        )


def _write(file: Path, rows: "Rows") -> None:
    """Writes a list for its owner alone; every value stays the text it is."""
    from mailaudit.model.spreadsheet import csv_for_people
    from mailaudit.report.excel.plain_list import render_list
    from mailaudit.report.files import write_atomically

    content = csv_for_people(rows) if file.suffix.lower() == ".csv" else render_list(rows)
    write_atomically(file, content, private=True)


def _server(settings: "Settings") -> DirectoryServer:
    """The directory the configuration names, with its password."""
    from mailaudit.cli.steps import secret_of

    directory = settings.directory
    if directory is None:
        raise ConfigurationError(
            N_("The configuration {file} names no directory."),
            N_("Fill in its table [directory]; docs/configuration.md explains the keys."),
            file=settings.file,
        )
    return directory.server(secret_of(directory).value)


def _accounts(server: DirectoryServer) -> tuple[Account, ...]:
    """Every account of the directory; what was odd in it, or lies elsewhere, is printed."""
    from mailaudit.cli.console import note
    from mailaudit.cli.staff_lists import note_problems
    from mailaudit.roster.directory import read_accounts, read_entries

    answer = read_entries(server)
    for url in answer.referrals:
        note(N_("The directory has a part elsewhere, which was not read: {url}"), url=url)
    if not answer.entries:
        raise ConfigurationError(
            N_("The directory {host} has no account below {base} that directory.filter finds."),
            N_("Correct directory.base or directory.filter."),
            host=server.host,
            base=server.base,
        )
    accounts, problems = read_accounts(answer.entries, server.attributes)
    note_problems(problems)
    return accounts


def _show(differences: tuple[Difference, ...]) -> None:
    """Each kind with its number and its first lines: places, codes and addresses, no names."""
    from mailaudit.cli.console import current_language, say

    gettext = current_language().gettext
    for kind, found in groupby(differences, key=lambda difference: difference.kind):
        of_kind = list(found)
        say("")
        say("{kind}: {count}", kind=gettext(KINDS[kind]), count=len(of_kind))
        for difference in of_kind[:SHOWN]:
            say("  {line}", line=_line(difference))
        if len(of_kind) > SHOWN:
            say(N_("  … and {count} more; --out FILE has them all"), count=len(of_kind) - SHOWN)


def _line(difference: Difference) -> str:
    """`roster.csv:12  CB12  an@x.vn -> an.nguyen@x.vn`: the list's, then the directory's."""
    person, account = difference.person, difference.account
    parts = [person.row, person.key] if person else []
    listed = (person.mailbox or "–") if person else ""
    known = (account.mailbox or account.login or "–") if account else ""
    return "  ".join([*parts, " → ".join(dict.fromkeys(text for text in (listed, known) if text))])

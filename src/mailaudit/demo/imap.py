"""The demonstration province on a real IMAP server, Dovecot, where it is installed."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from mailaudit.demo.content import Item
from mailaudit.demo.dovecot import Dovecot, require_dovecot, running
from mailaudit.demo.maildirs import write_maildir
from mailaudit.demo.options import ServedAt
from mailaudit.demo.province import Province
from mailaudit.demo.workspace import CA, PASSWORD, ROSTER, UNITS, Organisation, Workspace

_MARGIN = timedelta(days=2)  # of mail around the month that is served
_HOST = "localhost"


@contextmanager
def served(directory: Path) -> Iterator[ServedAt]:
    """Serves the province's newest month over IMAP while the block runs.

    Its mailboxes lie in a temporary folder, which goes with the block.

    Args:
        directory: Where the CA, the staff list and a ready mailaudit.toml are written.

    Raises:
        MailauditError: Dovecot is not installed, or does not start.
        ConfigurationError: The folder can't be written to.
    """
    require_dovecot()
    workspace = Workspace(directory)
    province = Province()
    period = province.periods[-1]
    first, last = period.start - _MARGIN, period.end + _MARGIN
    # Those that fail on the other demonstration server are not there on this one.
    addresses = [one for one in province.addresses if one not in province.failing]

    def is_served(item: Item) -> bool:
        return first.timestamp() <= item.received < last.timestamp()

    def fill(server: Dovecot) -> None:
        for address in addresses:
            mailbox = province.mailbox(address)
            if mailbox is not None:
                write_maildir(mailbox, server.mail / address, server.own, is_served)

    password = secrets.token_urlsafe(24)
    workspace.write(PASSWORD, password + "\n", secret=True)
    workspace.write(ROSTER, province.roster_csv(), bom=True)
    workspace.write(UNITS, province.units_csv(), bom=True)
    organisation = Organisation(
        province.name, [province.domain], ROSTER, UNITS, province.letterhead
    )
    with running(addresses, password, fill=fill) as server:
        shutil.copyfile(server.ca_file, workspace.path(CA))
        config = workspace.write_imap_config(_HOST, server.port, organisation)
        yield ServedAt(
            f"imaps://{_HOST}:{server.port}",
            workspace.directory,
            config,
            workspace.path(PASSWORD),
            workspace.path(CA),
            (period,),
        )

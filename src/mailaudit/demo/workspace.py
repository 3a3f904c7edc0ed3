"""The files beside a demonstration server: its CA, who may log in, and a ready configuration."""

import contextlib
import json
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mailaudit.demo.logins import Account
from mailaudit.errors import N_, ConfigurationError, cause
from mailaudit.model.rules import SENT_ALONE

CONFIG, ACCOUNTS, PASSWORD, CA = "mailaudit.toml", "accounts.txt", "password", "ca.pem"
LOGS_CONFIG = "tracking.toml"
ROSTER, UNITS, CORRECTIONS = "roster.csv", "units.csv", "corrections.csv"
LOGIN_DOMAIN = "TINHMAU"
AUDITOR, ORDINARY, SENDER = "svc-mailaudit", "svc-ordinary", "baocao"
SENDER_PASSWORD = "delivery-password"  # noqa: S105 - a file's name
IMAP_NAME = "dovecot"
SENT = "sent"  # the folder of mails that were sent
_PUBLIC, _PRIVATE = 0o644, 0o600

_ACCOUNTS_TEXT = """\
# Who may log in to the demonstration server, one account a line: domain, name and password with
# colons between. The first may act as any mailbox (ApplicationImpersonation), the others may not;
# the third has a mailbox of its own, to send reports from.
"""


@dataclass(frozen=True, slots=True)
class Organisation:
    """What the configuration says about whose mailboxes these are.

    Attributes:
        letterhead: The table `[annex]`.
        contact: Whom to write to about figures; may be empty.
    """

    name: str
    domains: Sequence[str]
    roster: str
    units: str | None
    letterhead: Mapping[str, str] = field(default_factory=dict)
    contact: str = ""


class Workspace:
    """The folder a demonstration server writes into.

    Raises:
        ConfigurationError: It can't be made or written to.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory.resolve()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(self.directory, error) from None

    def path(self, name: str) -> Path:
        return self.directory / name

    def write(self, name: str, text: str, *, secret: bool = False, bom: bool = False) -> Path:
        """Writes a file so that it is there whole or not at all. Raises ConfigurationError."""
        path = self.path(name)
        try:
            descriptor, temporary = tempfile.mkstemp(dir=self.directory, prefix=f".{name}-")
            try:
                with open(descriptor, "wb") as file:  # noqa: PTH123 - it is a descriptor
                    file.write(text.encode("utf-8-sig" if bom else "utf-8"))
                Path(temporary).chmod(_PRIVATE if secret else _PUBLIC)
                Path(temporary).replace(path)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()
                raise
        except OSError as error:
            raise _unwritable(self.directory, error) from None
        return path

    def accounts(self, domain: str) -> tuple[Account, ...]:
        """The accounts that may impersonate, may not, and may send, written for the user.

        The first one's password is made once for a folder and kept from then on.
        """
        password = self._kept_password() or secrets.token_urlsafe(24)
        self.write(PASSWORD, password + "\n", secret=True)
        accounts = (
            Account(LOGIN_DOMAIN, AUDITOR, password, may_impersonate=True),
            Account(LOGIN_DOMAIN, ORDINARY, secrets.token_urlsafe(24), may_impersonate=False),
            Account(
                LOGIN_DOMAIN,
                SENDER,
                secrets.token_urlsafe(24),
                may_impersonate=False,
                address=f"{SENDER}@{domain}",
            ),
        )
        self.write(SENDER_PASSWORD, accounts[-1].password + "\n", secret=True)
        lines = [f"{a.domain}:{a.name}:{a.password}\n" for a in accounts]
        self.write(ACCOUNTS, _ACCOUNTS_TEXT + "".join(lines), secret=True)
        return accounts

    def keep_sent(self, content: bytes) -> None:
        """Keeps a mail that was sent, as a file that mail programs open."""
        folder = self.path(SENT)
        folder.mkdir(mode=0o700, exist_ok=True)
        number = len(list(folder.iterdir())) + 1
        (folder / f"{number:04d}.eml").write_bytes(content)

    def _kept_password(self) -> str:
        try:
            kept = self.path(PASSWORD).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return "" if ":" in kept or "\n" in kept else kept

    def write_config(self, url: str, auth: str, organisation: Organisation) -> Path:
        """Writes the configuration that audits the Exchange server at `url`."""
        server = [
            "[server]",
            f"url = {_toml(url)}",
            'version = "Exchange2016"',
            f"auth = {_toml(auth)}",
            f"username = {_toml(f'{LOGIN_DOMAIN}{chr(92)}{AUDITOR}')}",
        ]
        delivery = [
            "[delivery]",
            'kind = "ews"',
            f"url = {_toml(url)}",
            f"auth = {_toml(auth)}",
            f"from = {_toml(f'{SENDER}@{organisation.domains[0]}')}",
            f"username = {_toml(f'{LOGIN_DOMAIN}{chr(92)}{SENDER}')}",
            f"password_file = {_toml(SENDER_PASSWORD)}",
            f"ca_file = {_toml(CA)}",
            f"board = [{_toml(f'lanhdao@{organisation.domains[0]}')}]",
            "mails_per_minute = 600",
        ]
        return self._write_config(organisation, server, delivery)

    def write_imap_config(self, host: str, port: int, organisation: Organisation) -> Path:
        """Writes the configuration that audits the IMAP server there; it sends no mails."""
        server = [
            "[[servers]]",
            f"name = {_toml(IMAP_NAME)}",
            'kind = "imap"',
            f"domains = [{', '.join(map(_toml, organisation.domains))}]",
            f"host = {_toml(host)}",
            f"port = {port}",
            f"username = {_toml(AUDITOR)}",
        ]
        return self._write_config(organisation, server, [])

    def _write_config(
        self, organisation: Organisation, server: Sequence[str], delivery: Sequence[str]
    ) -> Path:
        lines = [
            *_head(organisation),
            *server,
            f"password_file = {_toml(PASSWORD)}",
            f"ca_file = {_toml(CA)}",
            "max_connections = 8",
            "",
            *_tail(organisation, "mailaudit.db", "reports"),
            "[annex]",
            *(f"{key} = {_toml(text)}" for key, text in organisation.letterhead.items()),
            "",
            *delivery,
        ]
        return self.write(CONFIG, "\n".join(lines) + "\n")

    def write_logs_config(self, folders: Mapping[str, Path], organisation: Organisation) -> Path:
        """Writes the configuration that audits the tracking logs in these folders."""
        lines = [
            *_head(organisation),
            "[[servers]]",
            'name = "logs"',
            'kind = "tracking"',
            f"domains = [{', '.join(map(_toml, organisation.domains))}]",
            "",
            "[servers.folders]",
            *(f"{server} = {_toml(str(path.resolve()))}" for server, path in folders.items()),
            "",
            "[rules]",
            f"regular = {_toml(SENT_ALONE)}",  # what was read, no log says
            "",
            *_tail(organisation, "tracking.db", "tracking-reports"),
        ]
        return self.write(LOGS_CONFIG, "\n".join(lines))


def _head(organisation: Organisation) -> list[str]:
    return [
        "# Made for the demonstration server; made anew each time it starts.",
        "[organisation]",
        f"name = {_toml(organisation.name)}",
        f"domains = [{', '.join(map(_toml, organisation.domains))}]",
        'timezone = "Asia/Ho_Chi_Minh"',
        "",
    ]


def _tail(organisation: Organisation, store: str, reports: str) -> list[str]:
    units = [f"units = {_toml(organisation.units)}"] if organisation.units else []
    contact = organisation.contact
    objections = [f"contact = {_toml(contact)}", "objection_days = 5"] if contact else []
    return [
        "[roster]",
        f"file = {_toml(organisation.roster)}",
        *units,
        "",
        "[store]",
        f"file = {_toml(store)}",
        "",
        "[report]",
        f"folder = {_toml(reports)}",
        'language = "vi"',
        "illustrative = true",
        *objections,
        "",
    ]


def _toml(text: str) -> str:
    """A TOML basic string; JSON writes the same escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _unwritable(directory: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        N_("The folder {folder} can't be written to: {cause}."),
        N_("Choose another one with --dir."),
        folder=directory,
        cause=cause(error),
    )

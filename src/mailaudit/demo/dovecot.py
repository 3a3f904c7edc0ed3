"""A real Dovecot on this machine, with a configuration and mailboxes of its own.

It is an ordinary process, which ends with the block that runs it; nothing of the system's own
Dovecot is read or changed.
"""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from mailaudit.errors import N_, MailauditError

HOST = "127.0.0.1"
MASTER = "svc-mailaudit"
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
_START_S, _STOP_S = 10.0, 5.0
_MEMORY, _PLENTY_BYTES = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - for a folder of its own
# Who reads where this process is root's: Dovecot reads no mail as root.
_NOBODY, _NO_GROUPS = "nobody", ("nogroup", "nobody")

_CONFIG = """\
base_dir = {run}
state_dir = {run}
log_path = {root}/log
protocols = imap
listen = {host}
ssl = required
ssl_cert = <{root}/certificate.pem
ssl_key = <{root}/key.pem
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{root}/mail/%u
auth_master_user_separator = *
auth_mechanisms = plain
auth_failure_delay = 0
disable_plaintext_auth = yes
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service imap {{
  service_count = 200
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
passdb {{
  driver = passwd-file
  args = {root}/masters
  master = yes
  result_success = continue
}}
passdb {{
  driver = passwd-file
  args = {root}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={root}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  mailbox Sent {{
    special_use = \\Sent
  }}
  mailbox Drafts {{
    special_use = \\Drafts
  }}
  mailbox Junk {{
    special_use = \\Junk
  }}
  mailbox Trash {{
    special_use = \\Trash
  }}
}}
{more}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running server.

    Attributes:
        port, starttls_port: Of imaps, and of imap with STARTTLS.
        ca_file: The authority of its certificate.
        mail: The folder of maildirs, each called as its address.
        own: Gives a file or folder to the account that it reads with.
        user, group: That account, by name.
    """

    port: int
    starttls_port: int
    ca_file: Path
    root: Path
    mail: Path
    own: Callable[[Path], None]
    user: str
    group: str


def find_dovecot() -> str | None:
    """The program, where it is installed."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_PLACES])
    return shutil.which("dovecot", path=path)


def require_dovecot() -> str:
    """The program. Raises MailauditError where it is not installed."""
    program = find_dovecot()
    if program is None:
        raise MailauditError(
            N_("Dovecot is not installed on this computer."),
            N_("Install it (Debian, Ubuntu: apt install dovecot-imapd), or leave out --imap."),
        )
    return program


@contextmanager
def running(
    addresses: Iterable[str],
    password: str,
    *,
    fill: Callable[[Dovecot], None] = lambda _server: None,
    separator: str = "/",
    more: str = "",
) -> Iterator[Dovecot]:
    """Runs Dovecot with these mailboxes while the block runs.

    Args:
        password: Of MASTER, who may log in as each.
        fill: Writes maildirs before the server starts.
        separator: Between the parts of folders' names.
        more: Further settings.

    Raises:
        MailauditError: It is not installed, or does not start.
    """
    program = require_dovecot()
    # A short name, as those of sockets must be.
    root = Path(tempfile.mkdtemp(prefix="dovecot-", dir=_in_memory()))
    try:
        server = _prepared(root)
        settings = _settings(server) | {"separator": separator, "more": more}
        (root / "dovecot.conf").write_text(_CONFIG.format(**settings), encoding="utf-8")
        masters = f"{MASTER}:{{PLAIN}}{password}\n"
        users = "".join(f"{address}:{{PLAIN}}!\n" for address in addresses)
        for name, text in (("masters", masters), ("users", users)):
            (root / name).write_text(text, encoding="utf-8")
            (root / name).chmod(0o600)
            server.own(root / name)
        fill(server)
        process = subprocess.Popen(  # noqa: S603 - found where programs are
            [program, "-F", "-c", str(root / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # out of reach of a Ctrl-C, which ends the block first
        )
        try:
            _await_start(process, server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _in_memory() -> Path | None:
    """Where files lie in memory, if there is plenty of it: on a disk hundreds of thousands of mails
    take minutes to write, and to remove. None for the usual temporary folder."""
    if not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    return _MEMORY if shutil.disk_usage(_MEMORY).free >= _PLENTY_BYTES else None


def _prepared(root: Path) -> Dovecot:
    """Its folders, certificate and ports."""
    root.chmod(0o755)
    for name in ("run", "mail"):
        (root / name).mkdir()
    own, user = _keep, getpass.getuser()
    if user == "root":
        user, group = _NOBODY, next(one for one in _NO_GROUPS if _is_group(root / "mail", one))
        shutil.chown(root / "mail", user, group)
        reader = (root / "mail").stat()

        def own(path: Path) -> None:
            shutil.chown(path, reader.st_uid, reader.st_gid)

    else:
        said = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True)  # noqa: S607
        group = said.stdout.strip()
    authority = trustme.CA(organization_name="mailaudit demonstration")
    certificate = authority.issue_cert(HOST, "localhost")
    authority.cert_pem.write_to_path(str(root / "ca.pem"))
    certificate.private_key_pem.write_to_path(str(root / "key.pem"))
    for number, part in enumerate(certificate.cert_chain_pems):
        part.write_to_path(str(root / "certificate.pem"), append=number > 0)
    port, starttls_port = _free_ports()
    return Dovecot(port, starttls_port, root / "ca.pem", root, root / "mail", own, user, group)


def _settings(server: Dovecot) -> dict[str, object]:
    return {
        "root": server.root,
        "run": server.root / "run",
        "host": HOST,
        "port": server.port,
        "starttls_port": server.starttls_port,
        "user": server.user,
        "group": server.group,
    }


def _is_group(path: Path, name: str) -> bool:
    try:
        shutil.chown(path, group=name)
    except LookupError:
        return False
    return True


def _keep(path: Path) -> None:
    """Leaves a file to this account, as which Dovecot reads too."""


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for sock in (one, other):
            sock.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def _await_start(process: "subprocess.Popen[bytes]", server: Dovecot) -> None:
    until = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((HOST, server.port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = server.root / "log"
    said = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    raise MailauditError(
        N_("Dovecot did not start: {why}."),
        why=said[-1] if said else f"exit {process.poll()}",
    )

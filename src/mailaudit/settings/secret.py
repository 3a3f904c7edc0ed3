"""Where the reading account's secret comes from. The secret itself is never shown."""

import os
import shlex
import stat
from dataclasses import dataclass, field
from pathlib import Path

from mailaudit.errors import N_, ConfigurationError, cause

VARIABLE = "MAILAUDIT_PASSWORD"
DIRECTORY_VARIABLE = "MAILAUDIT_DIRECTORY_PASSWORD"
DELIVERY_VARIABLE = "MAILAUDIT_DELIVERY_PASSWORD"
KEYRING_SERVICE = "mailaudit"


@dataclass(frozen=True, slots=True)
class Secret:
    """A password or client secret, and where it was found.

    Attributes:
        value: The secret; left out of the representation.
        origin: As shown to the user: a file, a variable, the keyring.
    """

    value: str = field(repr=False)
    origin: str


def find_secret(
    account: str,
    password_file: Path | None,
    *,
    variable: str = VARIABLE,
    key: str = "server.password_file",
    service: str = KEYRING_SERVICE,
) -> Secret:
    """The secret of `account`: from the password file, else the environment, else the keyring.

    A password file that is named decides: when it can't be used, nothing else is tried, because
    a second, older password would lock the account.

    Args:
        variable: The environment variable.
        key: The key of the configuration that names the password file, for messages.
        service: The keyring's name for what the account is of: accounts of two servers may have one
            name, and a server never gets the password of another one.

    Raises:
        ConfigurationError: There is no secret, or the password file is unusable or open to others.
    """
    if password_file is not None:
        return Secret(_read_password_file(password_file, variable, key), str(password_file))
    if value := os.environ.get(variable):
        return Secret(value, variable)
    if value := _ask_keyring(service, account, variable, key):
        return Secret(value, f"keyring ({service}, {account})")
    raise ConfigurationError(
        N_("There is no password for the account {account}."),
        N_(
            "Name a file that holds it in {key}, set the variable {variable}, or "
            'store it with: keyring set {service} "{account}"'
        ),
        account=account,
        key=key,
        variable=variable,
        service=service,
    )


def _read_password_file(file: Path, variable: str, key: str) -> str:
    """The file's only line. On POSIX nobody but its owner may have access to it.

    A name that no file has is not repeated: it may be the password itself, typed in the place of
    its file.
    """
    if not os.path.lexists(file):
        raise ConfigurationError(
            N_("{key} names no file that this account can see."),
            N_(
                "Write there the name of a file that holds the password, never the password itself;"
                " or remove {key} to use {variable} or the keyring."
            ),
            key=key,
            variable=variable,
        )
    try:
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise ConfigurationError(
                N_("The password file {file} can be read by other users of this machine."),
                N_("Close it to them: chmod 600 {argument}"),
                file=file,
                argument=shlex.quote(str(file)),
            )
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ConfigurationError(
            N_("The password file {file} can't be read: {why}."),
            N_("Correct {key}, or remove it to use {variable} or the keyring."),
            file=file,
            why=cause(error),
            key=key,
            variable=variable,
        ) from None
    except UnicodeDecodeError:
        lines = []
    if len(lines) != 1 or not lines[0]:
        raise ConfigurationError(
            N_("The password file {file} does not hold a password."),
            N_("Write the password into it, UTF-8, on one line with nothing else."),
            file=file,
        )
    return lines[0]


def _ask_keyring(service: str, account: str, variable: str, key: str) -> str | None:
    """What the desktop's or server's keyring holds for the account; None without a keyring."""
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    try:
        return keyring.get_password(service, account)
    except NoKeyringError:
        return None
    except KeyringError as error:
        raise ConfigurationError(
            N_("The keyring can't be read: {why}."),
            N_("Unlock it, or use {key} or the variable {variable}."),
            why=type(error).__name__,
            key=key,
            variable=variable,
        ) from None

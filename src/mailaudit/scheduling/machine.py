"""Machine: what scheduling needs of the computer it is on: programs, folders, the account."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from mailaudit.errors import N_, ConfigurationError

PATIENCE_S = 60
_LONGEST_QUOTE = 300
_ADMINISTRATOR = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said and ended with."""

    code: int
    out: bytes
    err: bytes


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer, as the account that runs mailaudit has it.

    Attributes:
        write: Puts a file into its place, whole or not at all; raises ConfigurationError.
        units, own_units: Folders of systemd's files: the system's, and the account's own.
        lingering: Folder in which systemd notes the accounts whose timers run without a login.
        account: Whose it is; on Windows with its domain.
        has_systemd: Whether systemd runs it.
    """

    write: Callable[[Path, bytes], None]
    units: Path
    own_units: Path
    lingering: Path
    account: str
    is_root: bool
    has_systemd: bool

    def has(self, program: str) -> bool:
        """Whether the program is found on the path."""
        return shutil.which(program) is not None

    def ask(self, program: str, *arguments: str, given: bytes = b"") -> Answer:
        """Runs a program and waits for it.

        Raises:
            ConfigurationError: It is not there, or does not end.
        """
        place = shutil.which(program)
        if place is None:
            raise ConfigurationError(
                N_("This computer has no program {program}."),
                N_("Choose another scheduler with --with: {known}."),
                program=program,
                known="systemd, cron, windows",
            )
        try:
            # Not through a pipe: if this process were killed, the program would take what came as
            # all there is, and crontab would install an empty table.
            with TemporaryFile() as whole:
                whole.write(given)
                whole.seek(0)
                done = subprocess.run(  # noqa: S603 - a program of the system, no shell
                    [place, *arguments],
                    stdin=whole,
                    capture_output=True,
                    timeout=PATIENCE_S,
                    env=os.environ | {"LC_ALL": "C"},
                    check=False,
                )
        except (OSError, subprocess.TimeoutExpired):
            raise ConfigurationError(
                N_("{program} could not be run, or does not end."),
                N_("Try by hand: {command}"),
                program=program,
                command=" ".join((program, *arguments)),
            ) from None
        return Answer(done.returncode, done.stdout, done.stderr)

    def do(self, program: str, *arguments: str, given: bytes = b"") -> Answer:
        """As `ask`; what the program refuses is an error.

        Raises:
            ConfigurationError: As there, or it ended with another code than 0.
        """
        answer = self.ask(program, *arguments, given=given)
        if answer.code != 0:
            raise ConfigurationError(
                N_("{program} refuses: {said}"),
                N_("Mend that, or choose another scheduler with --with."),
                program=" ".join((program, *arguments)),
                said=quoted(answer.err or answer.out) or f"{answer.code}",
            )
        return answer


def this_machine(write: Callable[[Path, bytes], None]) -> Machine:
    """The computer this runs on."""
    # An account without a home has no timers of its own.
    own = Path(os.environ.get("XDG_CONFIG_HOME") or f"{os.environ.get('HOME', '')}/.config")
    return Machine(
        write=write,
        units=Path("/etc/systemd/system"),
        own_units=own / "systemd" / "user",
        lingering=Path("/var/lib/systemd/linger"),
        account=account_of(None),
        is_root=sys.platform != "win32" and os.geteuid() == _ADMINISTRATOR,
        has_systemd=Path("/run/systemd/system").is_dir(),
    )


def quoted(said: bytes) -> str:
    """The first line that a program said, harmless and short."""
    lines = said.decode(errors="replace").strip().splitlines() or [""]
    return "".join(letter for letter in lines[0] if letter.isprintable())[:_LONGEST_QUOTE]


if sys.platform == "win32":

    def account_of(_file: Path | None) -> str:
        """The account that runs this."""
        domain = os.environ.get("USERDOMAIN", "")
        return f"{domain}\\{os.getlogin()}" if domain else os.getlogin()

else:
    import pwd

    def account_of(file: Path | None) -> str:
        """The account that owns a file; the one that runs this where none is named or there."""
        try:
            number = os.geteuid() if file is None else file.stat().st_uid
        except OSError:
            number = os.geteuid()
        try:
            return pwd.getpwuid(number).pw_name
        except KeyError:
            return str(number)

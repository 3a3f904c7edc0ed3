"""Jobs as timers of systemd: the system's where root installs them, else the account's own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailaudit.errors import N_, ConfigurationError, Phrase, cause
from mailaudit.scheduling.job import Fault, Job, Kind, name_of, read
from mailaudit.scheduling.machine import Answer, Machine

_NOTE = "# mailaudit: "
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_READABLE = 0o644
_ROOT = "root"
_BARE = re.compile(r"[A-Za-z0-9_./:@=+-]+")


@dataclass(frozen=True, slots=True)
class Systemd:
    """The timers of the system, or of one account."""

    machine: Machine
    is_own: bool
    kind = "systemd"

    @property
    def title(self) -> str:
        """What it is called."""
        return "systemd --user" if self.is_own else "systemd"

    @property
    def is_there(self) -> bool:
        """Whether it starts jobs on this machine."""
        return self.machine.has_systemd and self.machine.has("systemctl")

    def preview(self, jobs: Sequence[Job], now: datetime) -> Iterator[tuple[str, str]]:
        """Each file that `install` writes, and its content."""
        for job in jobs:
            yield str(self._folder / f"{job.name}.service"), service(job, is_own=self.is_own)
            yield str(self._folder / f"{job.name}.timer"), timer(job)

    def install(self, jobs: Sequence[Job], now: datetime) -> None:
        """Puts the jobs in the place of those of the same names.

        Raises:
            ConfigurationError: That could not be done; then nothing of them is left.
        """
        try:
            for place, content in self.preview(jobs, now):
                self.machine.write(Path(place), content.encode())
                Path(place).chmod(_READABLE)
            self._do("daemon-reload")
            for job in jobs:
                self._do("enable", f"{job.name}.timer")
                self._do("restart", f"{job.name}.timer")
        except ConfigurationError:
            self._take_away([job.name for job in jobs])
            raise

    def installed(self, key: str) -> tuple[Job, ...]:
        """The jobs of a configuration."""
        return tuple(
            job for kind in Kind if (job := _read(self._folder / f"{name_of(key, kind)}.timer"))
        )

    def remove(self, names: Sequence[str]) -> tuple[str, ...]:
        """Takes jobs away; what was there.

        Raises:
            ConfigurationError: This account may not.
        """
        self.require_removable(names)
        there = self._there(names)
        return self._take_away(there) if there else ()

    def require_removable(self, names: Sequence[str]) -> None:
        """Refuses jobs that are installed, and that this account may not remove."""
        there = self._there(names)
        if there and not self.is_own and not self.machine.is_root:
            raise ConfigurationError(
                N_("{name} is a timer of the system, which only root can remove."),
                N_("Run the same command as root."),
                name=there[0],
            )

    def fault(self, job: Job) -> Fault | None:
        """Why the job will not start although it is installed."""
        if not self.is_there:
            reason = Phrase(N_("systemd does not run on this computer"))
            return Fault(reason, "mailaudit schedule install --with cron")
        if self._ask("is-active", f"{job.name}.timer").code != 0:
            words = ("systemctl", *self._options, "enable", "--now", f"{job.name}.timer")
            return Fault(Phrase(N_("its timer is switched off")), " ".join(words))
        if self.is_own and not (self.machine.lingering / self.machine.account).exists():
            reason = Phrase(N_("it starts only while its account is logged in"))
            return Fault(reason, f"loginctl enable-linger {self.machine.account}")
        return None

    @property
    def _folder(self) -> Path:
        return self.machine.own_units if self.is_own else self.machine.units

    def _files(self, name: str) -> tuple[Path, Path]:
        return self._folder / f"{name}.service", self._folder / f"{name}.timer"

    def _there(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if any(file.exists() for file in self._files(name))]

    def _take_away(self, names: Sequence[str]) -> tuple[str, ...]:
        files = []
        for name in names:
            self._ask("disable", "--now", f"{name}.timer")
            # When it last started: a timer installed again would make up for all since then.
            self._ask("clean", "--what=state", f"{name}.timer")
            for file in self._files(name):
                try:
                    file.unlink()
                    files.append(str(file))
                except FileNotFoundError:
                    continue
                except OSError as error:
                    raise ConfigurationError(
                        N_("{path} can't be removed: {why}."),
                        N_("Remove it by hand."),
                        path=file,
                        why=cause(error),
                    ) from error
        self._ask("daemon-reload")
        return tuple(files)

    def _do(self, *arguments: str) -> None:
        self.machine.do("systemctl", *self._options, *arguments)

    def _ask(self, *arguments: str) -> Answer:
        return self.machine.ask("systemctl", *self._options, *arguments)

    @property
    def _options(self) -> tuple[str, ...]:
        return ("--user",) if self.is_own else ()


def service(job: Job, *, is_own: bool) -> str:
    """The unit that runs the command."""
    online = () if is_own else ("Wants=network-online.target", "After=network-online.target")
    user = () if is_own or job.account == _ROOT else (f"User={_plain(job.account)}",)
    lines = (
        "[Unit]",
        f"Description=Audit of official mailboxes, {job.kind} ({_plain(job.folder)})",
        *online,
        "",
        "[Service]",
        "Type=oneshot",
        *user,
        "UMask=0077",
        f"WorkingDirectory={_directory(job.folder)}",
        f"ExecStart={_command(job.command)}",
        "StandardOutput=null",
    )
    return "\n".join(lines) + "\n"


def timer(job: Job) -> str:
    """The unit that starts it, also where the machine was off at the time."""
    day = f"*-*-{job.day:02d}" if job.kind is Kind.MONTHLY else f"{_WEEKDAYS[job.day - 1]} *-*-*"
    lines = (
        _NOTE + job.noted(),
        "[Unit]",
        f"Description=Audit of official mailboxes, {job.kind} ({_plain(job.folder)})",
        "",
        "[Timer]",
        f"OnCalendar={day} {job.at:%H:%M}:00 {job.timezone}",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    )
    return "\n".join(lines) + "\n"


def _read(file: Path) -> Job | None:
    try:
        first = file.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return None
    return read(first.removeprefix(_NOTE)) if first.startswith(_NOTE) else None


def _plain(text: str) -> str:
    """A text in which a percent sign stands for itself."""
    return text.replace("%", "%%")


def _directory(path: str) -> str:
    """A folder, which is not quoted: at the end of a line a backslash or space would be lost."""
    return _plain(path + "/" if path.endswith(("\\", " ")) else path)


def _command(words: Sequence[str]) -> str:
    program, *others = words
    if any(mark in program for mark in "\"'\\"):
        raise ConfigurationError(
            N_("systemd starts no program with a quotation mark or backslash in its path: {path}"),
            N_("Install mailaudit in another folder, or choose another scheduler with --with."),
            path=program,
        )
    # Variables are not looked for in the program's path, but in what it sees as its own name.
    own_name = ("@" + _quoted(program), _word(program)) if "$" in program else (_quoted(program),)
    return " ".join((*own_name, *map(_word, others)))


def _word(text: str) -> str:
    """An argument, whatever is in it."""
    return _quoted(text).replace("$", "$$")


def _quoted(text: str) -> str:
    if _BARE.fullmatch(text):
        return text
    return '"' + _plain(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

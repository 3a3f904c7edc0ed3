"""Jobs as lines of a crontab, between markers; everything else in it stays byte for byte."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailaudit.errors import N_, ConfigurationError
from mailaudit.scheduling.job import Fault, Job, Kind, name_of, read, texts
from mailaudit.scheduling.machine import Machine, quoted

_NONE_YET = b"no crontab"
LONGEST_COMMAND = 990  # bytes; some crons cut what is longer off


@dataclass(frozen=True, slots=True)
class Cron:
    """The crontab of an account.

    Attributes:
        account: Whose; root can name another.
    """

    machine: Machine
    account: str
    kind = "cron"
    title = "cron"

    @property
    def is_there(self) -> bool:
        """Whether it starts jobs on this machine."""
        return self.machine.has("crontab")

    def preview(self, jobs: Sequence[Job], now: datetime) -> Iterator[tuple[str, str]]:
        """Where `install` writes, and what."""
        yield " ".join(("crontab", *self._whose)), "".join(map(block, jobs))

    def install(self, jobs: Sequence[Job], now: datetime) -> None:
        """Puts the jobs in the place of those of the same names.

        They stand above everything else, where no variable that is set below holds for them.

        Raises:
            ConfigurationError: That could not be done; then the crontab is as it was.
        """
        table = self._table()
        for job in jobs:
            table = without(table, job.name)
        self._replace("".join(map(block, jobs)).encode() + table)

    def installed(self, key: str) -> tuple[Job, ...]:
        """The jobs of a configuration; none where this account may not use crontab."""
        table = self._readable()
        found = (_read(table, name_of(key, kind)) for kind in Kind)
        return tuple(job for job in found if job is not None)

    def remove(self, names: Sequence[str]) -> tuple[str, ...]:
        """Takes jobs away; the names of those that were there."""
        before = table = self._readable()
        there = [name for name in names if without(table, name) != table]
        for name in there:
            table = without(table, name)
        if table != before:
            self._replace(table)
        return tuple(there)

    def require_removable(self, names: Sequence[str]) -> None:
        """Jobs that are found here can be removed."""

    def fault(self, job: Job) -> Fault | None:
        """Cron says nothing of its jobs."""
        return None

    @property
    def _whose(self) -> tuple[str, ...]:
        return () if self.account == self.machine.account else ("-u", self.account)

    def _table(self) -> bytes:
        """The whole crontab, to write it anew: one that can't be read is not an empty one."""
        answer = self.machine.ask("crontab", *self._whose, "-l")
        if answer.code == 0:
            return answer.out
        if _NONE_YET in answer.err:
            return b""
        raise ConfigurationError(
            N_("The crontab can't be read: {said}"),
            N_("This account must be allowed to use crontab; see cron.allow."),
            said=quoted(answer.err),
        )

    def _readable(self) -> bytes:
        """The crontab, empty where this account has none or may have none."""
        answer = self.machine.ask("crontab", *self._whose, "-l") if self.is_there else None
        return answer.out if answer is not None and answer.code == 0 else b""

    def _replace(self, table: bytes) -> None:
        if table:
            self.machine.do("crontab", *self._whose, "-", given=table)
        else:
            self.machine.do("crontab", *self._whose, "-r")


def block(job: Job) -> str:
    """The lines of a Job.

    Raises:
        ConfigurationError: Cron can't be given its command.
    """
    begin, end = _markers(job.name)
    day = f"{job.day} * *" if job.kind is Kind.MONTHLY else f"* * {job.day % 7}"
    start = f"{job.at.minute} {job.at.hour} {day}"
    return f"{begin}\n# {job.noted()}\n{start} {_command(job)}\n{end}\n"


def without(table: bytes, name: str) -> bytes:
    """A crontab without the lines of the Job of this name.

    Raises:
        ConfigurationError: A marker of the Job is missing or there twice.
    """
    begin, end = (marker.encode() for marker in _markers(name))
    lines = table.splitlines(keepends=True)
    bare = [line.rstrip(b"\r\n") for line in lines]
    begins, ends = ([at for at, line in enumerate(bare) if line == one] for one in (begin, end))
    if not begins and not ends:
        return table
    if len(begins) != 1 or len(ends) != 1 or begins > ends:
        raise ConfigurationError(
            N_("The lines of {name} in the crontab do not stand between their two markers."),
            N_("Remove them by hand with crontab -e, then run the command again."),
            name=name,
        )
    return b"".join(lines[: begins[0]] + lines[ends[0] + 1 :])


def _markers(name: str) -> tuple[str, str]:
    return f"# BEGIN {name}", f"# END {name}"


def _read(table: bytes, name: str) -> Job | None:
    begin = re.escape(_markers(name)[0].encode())
    match = re.search(rb"^" + begin + rb"\r?\n# (.*)$", table, flags=re.MULTILINE)
    return None if match is None else read(match[1].decode(errors="replace"))


def _command(job: Job) -> str:
    if any("\\" in text for text in texts(job)):  # which crons read differently before a %
        raise ConfigurationError(
            N_("Cron can't be given {path}: it has a backslash in its name."),
            N_("Rename the file or folder, or choose another scheduler with --with."),
            path=next(text for text in texts(job) if "\\" in text),
        )
    words = " ".join(map(shlex.quote, job.command))
    command = f"cd {shlex.quote(job.folder)} && umask 077 && exec {words} >/dev/null"
    command = command.replace("%", "\\%")
    if len(command.encode()) > LONGEST_COMMAND:
        raise ConfigurationError(
            N_("The command is too long for cron: {size} bytes, of {most} at most."),
            N_(
                "Move the configuration to a folder with a shorter name, or choose another"
                " scheduler with --with."
            ),
            size=len(command.encode()),
            most=LONGEST_COMMAND,
        )
    return command

"""Jobs as tasks of the Windows Task Scheduler, registered from their XML."""

import html
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

from mailaudit.errors import N_, ConfigurationError, Phrase
from mailaudit.scheduling.job import Fault, Job, Kind, name_of, read, texts
from mailaudit.scheduling.machine import Machine

_NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# What the Task Scheduler puts something else in the place of, and can't be kept from it.
_REPLACED = re.compile(r"%[^%]+%|\$\(")


@dataclass(frozen=True, slots=True)
class TaskScheduler:
    """The tasks of this machine."""

    machine: Machine
    kind = "windows"
    title = "Task Scheduler"

    @property
    def is_there(self) -> bool:
        """Whether it starts jobs on this machine."""
        return self.machine.has("schtasks")

    def preview(self, jobs: Sequence[Job], now: datetime) -> Iterator[tuple[str, str]]:
        """Each task that `install` registers, and its XML."""
        for job in jobs:
            yield job.name, task_xml(job, self.machine.account, now)

    def install(self, jobs: Sequence[Job], now: datetime) -> None:
        """Puts the jobs in the place of those of the same names.

        Raises:
            ConfigurationError: That could not be done; then nothing of them is left.
        """
        written = list(self.preview(jobs, now))
        try:
            with tempfile.TemporaryDirectory() as folder:
                for name, xml in written:
                    file = Path(folder) / f"{name}.xml"
                    file.write_text(xml, encoding="utf-16")
                    self.machine.do("schtasks", "/create", "/tn", name, "/xml", str(file), "/f")
        except ConfigurationError:
            self.remove([name for name, _ in written])
            raise

    def installed(self, key: str) -> tuple[Job, ...]:
        """The jobs of a configuration."""
        if not self.is_there:
            return ()
        found = (self._job(name_of(key, kind)) for kind in Kind)
        return tuple(job for job in found if job is not None)

    def remove(self, names: Sequence[str]) -> tuple[str, ...]:
        """Takes jobs away; the names of those that were there."""
        there = [name for name in names if self.is_there and self._xml(name) is not None]
        for name in there:
            self.machine.do("schtasks", "/delete", "/tn", name, "/f")
        return tuple(there)

    def require_removable(self, names: Sequence[str]) -> None:
        """Jobs that are found here can be removed."""

    def fault(self, job: Job) -> Fault | None:
        """Why the job will not start although it is installed."""
        xml = self._xml(job.name) or ""
        settings = xml[xml.rfind("<Settings>") :]
        is_off = re.search(r"<Enabled>\s*false\s*</Enabled>", settings) is not None
        if not is_off:
            return None
        reason = Phrase(N_("its task is switched off"))
        return Fault(reason, f"schtasks /change /tn {job.name} /enable")

    def _xml(self, name: str) -> str | None:
        answer = self.machine.ask("schtasks", "/query", "/tn", name, "/xml")
        if answer.code != 0:
            return None
        # In the console's code page, or in UTF-16: what is looked for in it is ASCII.
        return answer.out.replace(b"\0", b"").decode("ascii", errors="replace")

    def _job(self, name: str) -> Job | None:
        match = re.search(r"<Description>(.*?)</Description>", self._xml(name) or "", re.DOTALL)
        return None if match is None else read(html.unescape(match[1]))


def task_xml(job: Job, account: str, now: datetime) -> str:
    """The task of a Job, in the Task Scheduler's XML.

    Args:
        account: Whom it runs as.
        now: Starts before it are not made up for.

    Raises:
        ConfigurationError: The Task Scheduler would change a part of the command.
    """
    _require_kept(job)
    first = job.next_start(now)
    program, *arguments = job.command
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="{_NAMESPACE}">
  <RegistrationInfo>
    <Description>{escape(job.noted())}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{first:%Y-%m-%dT%H:%M:00}</StartBoundary>
      {_days(job)}
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{escape(account)}</UserId>
      <LogonType>S4U</LogonType>
    </Principal>
  </Principals>
  <Settings>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>
      <WorkingDirectory>{escape(job.folder)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def _days(job: Job) -> str:
    if job.kind is Kind.WEEKLY:
        weekday = _WEEKDAYS[job.day - 1]
        return (
            f"<ScheduleByWeek><DaysOfWeek><{weekday}/></DaysOfWeek>"
            "<WeeksInterval>1</WeeksInterval></ScheduleByWeek>"
        )
    months = "".join(f"<{month}/>" for month in _MONTHS)
    return (
        f"<ScheduleByMonth><DaysOfMonth><Day>{job.day}</Day></DaysOfMonth>"
        f"<Months>{months}</Months></ScheduleByMonth>"
    )


def _require_kept(job: Job) -> None:
    for text in texts(job):
        if _REPLACED.search(text):
            raise ConfigurationError(
                N_("The Task Scheduler would change {path}: it has two % or a $( in its name."),
                N_("Rename the file or folder."),
                path=text,
            )

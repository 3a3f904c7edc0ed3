"""Job: the one description of a scheduled command, which every scheduler is given in its form."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from mailaudit.errors import N_, ConfigurationError, Phrase

NOTIFY = "--notify"  # the option by which a run sends word of what became of it
_LONGEST_GAP_DAYS = 32


class Kind(StrEnum):
    """How often a Job starts."""

    MONTHLY = "monthly"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Job:
    """A command, and when it starts.

    Attributes:
        key: Of the configuration it is for, see `key_of`.
        day: Of the month, 1 to 28; of the week, 1 (Monday) to 7, where it is weekly.
        at: Time of day in `timezone`.
        program: What starts mailaudit: an absolute path and arguments.
        arguments: Of mailaudit.
        folder: It starts there.
        log: The file it is logged to.
        account: Whom it runs as, where root installs it.
    """

    key: str
    kind: Kind
    day: int
    at: time
    timezone: str
    program: tuple[str, ...]
    arguments: tuple[str, ...]
    folder: str
    log: str
    account: str

    @property
    def name(self) -> str:
        """What schedulers call it; of this configuration alone."""
        return name_of(self.key, self.kind)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def command(self) -> tuple[str, ...]:
        """The whole command."""
        return self.program + self.arguments

    def next_start(self, now: datetime) -> datetime:
        """The first start after `now`, in the Job's time zone."""
        today = now.astimezone(self.zone).date()
        for ahead in range(_LONGEST_GAP_DAYS + 1):
            day = today + timedelta(days=ahead)
            if self.day == (day.day if self.kind is Kind.MONTHLY else day.isoweekday()):
                start = datetime.combine(day, self.at, self.zone)
                if start > now:
                    return start
        raise AssertionError("every month has this day")

    def noted(self) -> str:
        """The Job as one line of ASCII, from which `read` makes it again."""
        return json.dumps(asdict(self) | {"at": f"{self.at:%H:%M}"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a Job does not start although it is installed.

    Attributes:
        command: What mends that.
    """

    reason: Phrase
    command: str


def key_of(config: Path) -> str:
    """What distinguishes the jobs of one configuration from those of others on the same machine."""
    return sha256(str(place_of(config)).encode(errors="surrogateescape")).hexdigest()[:8]


def place_of(config: Path) -> Path:
    """Where a configuration is, whatever the working folder; its own link is not followed, for the
    files that it names lie beside the link."""
    return config.parent.resolve() / config.name


def name_of(key: str, kind: Kind) -> str:
    """What schedulers call a Job."""
    return f"mailaudit-{key}-{kind}"


def read(text: str) -> Job | None:
    """The Job that `Job.noted` wrote; None where the text is not one."""
    try:
        content = json.loads(text)
        return Job(
            key=str(content["key"]),
            kind=Kind(content["kind"]),
            day=int(content["day"]),
            at=time.fromisoformat(content["at"]),
            timezone=ZoneInfo(content["timezone"]).key,
            program=tuple(map(str, content["program"])),
            arguments=tuple(map(str, content["arguments"])),
            folder=str(content["folder"]),
            log=str(content["log"]),
            account=str(content["account"]),
        )
    except (ValueError, KeyError, TypeError, OSError):
        return None


def texts(job: Job) -> Iterator[str]:
    """Every text of the Job that a scheduler is given."""
    yield from (*job.command, job.folder)


def require_plain(job: Job) -> None:
    """Refuses what no scheduler's file can hold.

    Raises:
        ConfigurationError: A text has a control character, or is not Unicode.
    """
    for text in texts(job):
        if any(character < " " or character == "\x7f" for character in text) or not _is_unicode(
            text
        ):
            raise ConfigurationError(
                N_("{path} can't be written into a schedule: its name has a control character."),
                N_("Rename the file or folder."),
                path=text.encode("unicode_escape", errors="replace").decode(),
            )


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)

"""When to kill a command, so that kills come on both sides of what it does; what it has left."""

import random
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from command_line import Running

from mailaudit.report.files import UNFINISHED

_STEP = 1.5


@dataclass(slots=True)
class Moments:
    """Random moments that reach further after a kill that came too early, less far after others.

    How long a command takes is never the same twice: the first one reads more from the disk, and
    whatever else the machine does holds up some and not others.

    Attributes:
        reach_s: The last moment there can be, seconds.
    """

    chance: random.Random
    reach_s: float

    def draw_s(self) -> float:
        """A moment, seconds."""
        return self.chance.uniform(0, self.reach_s)

    def learn(self, *, too_early: bool) -> None:
        """Takes in how the last kill came: before what it was to hit, or not."""
        self.reach_s *= _STEP if too_early else 1 / _STEP


def wait_for_store(folder: Path, process: Running) -> None:
    """Until the store is being written, or the command has ended."""
    beside = folder / "mailaudit.db-wal"
    while process.poll() is None:
        with suppress(FileNotFoundError):  # it comes and goes
            if beside.stat().st_size:
                return
        time.sleep(0.0005)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its path there, but for those that were being written."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(UNFINISHED)
    }

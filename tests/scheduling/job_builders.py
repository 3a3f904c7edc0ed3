"""Jobs with names that are hard on every scheduler, and a machine with folders of a test."""

import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from mailaudit.report.files import write_atomically
from mailaudit.scheduling import Job, Kind, Machine

# What shells, units, crontabs and XML each read as something else.
HOSTILE = "Sở Nội vụ $HOME ${X} `id` $(id) 'a' \"b\" 100% %h &&; | <x> #{y} ~ * !"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def a_job(folder: Path | str = "/srv/audit", **changes: Any) -> Job:
    arguments: dict[str, Any] = {
        "key": "0123abcd",
        "kind": Kind.MONTHLY,
        "day": 1,
        "at": time(0, 30),
        "timezone": "Asia/Ho_Chi_Minh",
        "program": (sys.executable, "-P", "-m", "mailaudit"),
        "arguments": (
            "run", "--config", f"{folder}/mailaudit.toml", "--log", f"{folder}/mailaudit.log",
        ),
        "folder": str(folder),
        "log": f"{folder}/mailaudit.log",
        "account": "root",
    }  # fmt: skip
    return Job(**(arguments | changes))


def a_machine(folder: Path, **changes: Any) -> Machine:
    """A machine that runs systemd, whose unit files are below `folder`."""
    arguments: dict[str, Any] = {
        "write": write_atomically,
        "units": folder / "system",
        "own_units": folder / "own",
        "lingering": folder / "linger",
        "account": "root",
        "is_root": True,
        "has_systemd": True,
    }
    return Machine(**(arguments | changes))

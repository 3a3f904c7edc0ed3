"""A demonstration server in a process of its own, which never outlives the one that started it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from mailaudit import errors
from mailaudit.demo.options import Options, ServedAt
from mailaudit.errors import N_, MailauditError
from mailaudit.model.period import Period

_STOP_S = 5.0  # how long the server has to close before it is ended


@contextmanager
def served(directory: Path, options: Options | None = None) -> Iterator[ServedAt]:
    """Runs a demonstration server while the block runs.

    The server ends when its standard input closes, which also happens when this process is
    killed; a Ctrl-C meant for this process does not reach it.

    Args:
        directory: Where it writes its files.
        options: None for all defaults.

    Raises:
        MailauditError: It could not start; the error it met, where it named one.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "mailaudit.demo"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        # Out of reach of a Ctrl-C; the first has no effect on Windows, the second nowhere else.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - pipes
    try:
        order = {"directory": str(directory), "options": asdict(options or Options())}
        process.stdin.write(json.dumps(order, default=str) + "\n")
        process.stdin.flush()
        yield _read_place(process.stdout.readline())
    finally:
        process.stdin.close()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def read_order(line: str) -> tuple[Path, Options]:
    """What the starting process asks the server for."""
    order = json.loads(line)
    options = order["options"]
    for name in ("traffic", "people", "tracking", "faults", "access_log"):
        options[name] = Path(options[name]) if options[name] else None
    return Path(order["directory"]), Options(**options)


def write_place(place: ServedAt) -> str:
    """A ServedAt as a line for the starting process."""
    periods = [(period.year, period.month) for period in place.periods]
    return json.dumps(asdict(place) | {"periods": periods}, default=str)


def write_error(error: MailauditError) -> str:
    """An error as a line for the starting process."""
    kind = next(c.__name__ for c in type(error).__mro__ if hasattr(errors, c.__name__))
    values = {name: str(value) for name, value in error.values.items()}
    return json.dumps({"error": [kind, error.message, error.remedy], "values": values})


def _read_place(line: str) -> ServedAt:
    """Where the server listens. Raises the error it met, MailauditError where it said nothing."""
    found = json.loads(line or "{}")
    if "error" in found:
        kind, message, remedy = found["error"]
        raise getattr(errors, kind)(message, remedy, **found["values"])
    if "url" not in found:
        raise MailauditError(N_("The demonstration server did not start."))
    return ServedAt(
        url=found["url"],
        directory=Path(found["directory"]),
        config_path=Path(found["config_path"]),
        accounts_path=Path(found["accounts_path"]),
        ca_path=Path(found["ca_path"]),
        periods=tuple(Period(year, month) for year, month in found["periods"]),
        outside=found["outside"],
        logs_config_path=(Path(found["logs_config_path"]) if found["logs_config_path"] else None),
    )

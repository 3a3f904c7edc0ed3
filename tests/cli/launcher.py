"""Runs `mailaudit` in forks of one process that has imported it.

Each command is a process of its own, as one that a user starts, but for the time to import.
It reads orders from standard input, a line of JSON each, and answers with the number of the
process, and with its exit code when it has ended.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import shutil
import signal
import sys
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path

import mailaudit
import mailaudit.__main__
from mailaudit.cli import app
from mailaudit.cli.help import command_of
from mailaudit.locale import LANGUAGES, language
from mailaudit.report import vega

assert sys.platform != "win32"  # which has no forks

LONGEST_S = 300


# Of other packages, what commands import when they need it.
LATE = (
    "alembic.command",
    "babel.dates",
    "babel.messages.pofile",
    "babel.numbers",
    "keyring",
    "pandas",
    "rich.progress",
)


def import_all() -> None:
    """Imports what commands import when they need it, and reads what each of them reads."""
    for name in LATE:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(mailaudit.__path__, "mailaudit."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    command_of(app)
    for code in LANGUAGES:
        language(code)
    gc.collect()
    gc.freeze()  # else each fork looks through all of it as it ends, which takes longer than it


def remember_drawings(folder: Path) -> None:
    """Has a chart drawn once for all commands: to start V8 takes half of the time of each."""
    drawn = vega._drawn

    def remembered(spec: str) -> str:
        file = folder / sha256(spec.encode()).hexdigest()
        if not file.exists():
            written = file.with_suffix(f".{os.getpid()}")
            written.write_bytes(drawn(spec).encode())
            written.replace(file)
        return file.read_bytes().decode()

    vars(vega)["_drawn"] = remembered


def next_order() -> dict[str, str] | None:
    """The order to carry out, in a fork; None, in the first process, when there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            return dict(json.loads(line))
        print(child, file=sys.__stderr__, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=sys.__stderr__, flush=True)
    return None


def become(order: dict[str, str]) -> None:
    """Takes the environment, folder, arguments and files of an order."""
    signal.alarm(LONGEST_S)
    os.environ.clear()
    os.environ.update(json.loads(order["environment"]))
    time.tzset()
    os.chdir(order["folder"])
    added_to = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    streams = ((os.devnull, os.O_RDONLY), (order["out"], added_to), (order["err"], added_to))
    for number, (path, mode) in enumerate(streams):
        opened = os.open(path, mode, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # others read it
    sys.argv = [str(mailaudit.__main__.__file__), *json.loads(order["arguments"])]
    # Processes that it starts begin as those of `python -m mailaudit`.
    sys.modules["__main__"] = mailaudit.__main__


def run() -> None:
    """The command, to its end; what it imported is not taken apart then, which takes long."""
    try:
        mailaudit.__main__.main()
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code)


if __name__ == "__main__":
    import_all()
    drawings = tempfile.mkdtemp(prefix="drawings")
    order = next_order()
    if order is None:
        shutil.rmtree(drawings)
    else:
        become(order)
        if not order["is_watched"]:
            remember_drawings(Path(drawings))
        run()

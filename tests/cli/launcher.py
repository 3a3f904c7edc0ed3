"""Runs `mailaudit` in forks of one process that has imported it.

Each command is a process of its own, as one that a user starts, but for the time to import.
It reads orders from standard input, a line of JSON each, and answers with the exit code.
"""

import importlib
import json
import os
import pkgutil
import signal
import sys
import time

import mailaudit
import mailaudit.__main__

assert sys.platform != "win32"  # which has no forks

LONGEST_S = 300


def import_all() -> None:
    """Imports what commands import when they need it."""
    for module in pkgutil.walk_packages(mailaudit.__path__, "mailaudit."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)


def next_order() -> dict[str, str] | None:
    """The order to carry out, in a fork; None, in the first process, when there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            return dict(json.loads(line))
        print(child, file=sys.__stdout__, flush=True)  # for whoever wants to end it
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
    streams = (
        (os.devnull, os.O_RDONLY, 0),
        (order["out"], os.O_WRONLY, 1),
        (order["err"], os.O_WRONLY, 2),
    )
    for path, mode, number in streams:
        opened = os.open(path, mode)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = [str(mailaudit.__main__.__file__), *json.loads(order["arguments"])]
    # Processes that it starts begin as those of `python -m mailaudit`.
    sys.modules["__main__"] = mailaudit.__main__


if __name__ == "__main__":
    import_all()
    if (order := next_order()) is not None:
        become(order)
        mailaudit.__main__.main()

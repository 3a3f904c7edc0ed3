"""`python -m mailaudit.demo`: the server process that `mailaudit.demo.process` starts.

It reads one line of orders from standard input, writes where it listens in one line to standard
output, and ends when standard input closes.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from threading import Thread

from mailaudit.demo.process import read_order, write_error, write_place
from mailaudit.demo.serve import serve, stop_at_signals, stopper
from mailaudit.errors import MailauditError


async def _serve_until_orphaned() -> None:
    """Serves as ordered until standard input closes."""
    directory, options = read_order(sys.stdin.readline())
    stop = asyncio.Event()
    stop_at_signals(stop, "SIGTERM")
    # A thread, because event loops on Windows can't wait for a pipe.
    Thread(target=_when_input_closes, args=(stopper(stop),), daemon=True).start()
    await serve(directory, options, ready=lambda place: _write(write_place(place)), stop=stop)


def _when_input_closes(act: Callable[[], None]) -> None:
    # The descriptor itself: a thread blocked in sys.stdin would hold its lock at the end.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    act()


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serves; writes an error instead of where, if it can't."""
    try:
        asyncio.run(_serve_until_orphaned())
    except MailauditError as error:
        _write(write_error(error))
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

"""`python -m mailaudit.demo`: the server process that `mailaudit.demo.process` starts.

It reads one line of orders from standard input, tells where it listens in one line on standard
output, and ends when standard input closes.
"""

import asyncio
import os
import signal
import sys

from mailaudit.demo.process import read_order, write_error, write_place
from mailaudit.demo.serve import serve
from mailaudit.errors import MailauditError


async def _serve_until_orphaned() -> None:
    """Serves as ordered until standard input closes."""
    directory, options = read_order(sys.stdin.readline())
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def heard() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin.fileno())
            stop.set()

    loop.add_reader(sys.stdin.fileno(), heard)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    await serve(directory, options, ready=lambda place: _tell(write_place(place)), stop=stop)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serves; tells an error instead of where, if it can't."""
    try:
        asyncio.run(_serve_until_orphaned())
    except MailauditError as error:
        _tell(write_error(error))
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

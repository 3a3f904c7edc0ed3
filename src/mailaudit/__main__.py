"""`python -m mailaudit`, and the console script."""

import sys

from mailaudit.errors import MailauditError
from mailaudit.interrupts import stop_at_break

_INTERRUPTED = 130  # as shells have it


def main() -> None:
    """Runs the command line. The one place where errors become messages and exit codes."""
    from mailaudit.cli import log, run, streams

    streams.never_fail_to_print()
    log.be_quiet()
    stop_at_break()
    try:
        code = run() or 0
    except MailauditError as error:
        from mailaudit.cli.console import complain

        complain(error)
        code = error.exit_code
    except KeyboardInterrupt:
        log.ended(_INTERRUPTED)
        raise
    except Exception as error:  # noqa: BLE001 - nothing may reach the user as a traceback
        from mailaudit.cli import bugs

        log.crashed(error)
        code = bugs.explain(error)
    log.ended(code)
    sys.exit(code)


if __name__ == "__main__":
    main()

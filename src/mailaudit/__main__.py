"""`python -m mailaudit`, and the console script."""

import sys

from mailaudit.errors import MailauditError
from mailaudit.interrupts import stop_at_break


def main() -> None:
    """Runs the command line. The one place where errors become messages and exit codes."""
    from mailaudit.cli import log, run, streams

    streams.never_fail_to_print()
    log.be_quiet()
    stop_at_break()
    try:
        sys.exit(run())
    except MailauditError as error:
        from mailaudit.cli.console import complain

        complain(error)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - nothing may reach the user as a traceback
        from mailaudit.cli import bugs

        sys.exit(bugs.explain(error))


if __name__ == "__main__":
    main()

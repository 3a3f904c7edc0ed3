"""`python -m mailaudit`, and the console script."""

import sys

from mailaudit.errors import MailauditError


def main() -> None:
    """Runs the command line. The one place where errors become messages and exit codes."""
    from mailaudit.cli import app

    try:
        app()
    except MailauditError as error:
        from mailaudit.cli.console import complain

        complain(error)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()

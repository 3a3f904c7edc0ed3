"""`python -m mailaudit`, and the console script."""


def main() -> None:
    """Runs the command line."""
    from mailaudit.cli import app

    app()


if __name__ == "__main__":
    main()

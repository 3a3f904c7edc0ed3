"""Logging: silent unless --verbose, and then without what may hold a secret."""

import logging

_FORMAT = "%(asctime)s %(name)s: %(message)s"


def be_quiet() -> None:
    """Keeps libraries' warnings off the terminal; what matters this program says itself."""
    logging.getLogger().addHandler(logging.NullHandler())


def be_verbose() -> None:
    """Shows on stderr what happens.

    Libraries show INFO and above: at DEBUG they write requests with their login headers.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT, datefmt="%H:%M:%S"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)

"""The configuration files mailaudit brings along."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def shipped(name: str) -> Traversable:
    """A file of `config/`: inside the installed package, else in the working copy it runs from.

    Raises:
        FileNotFoundError: mailaudit brings no such file.
    """
    installed = files("mailaudit") / "config" / name
    working_copy = Path(__file__).parents[3] / "config" / name
    for place in (installed, working_copy):
        if place.is_file():
            return place
    raise FileNotFoundError(name)

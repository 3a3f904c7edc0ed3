"""Objections: to whom readers of a report say that a figure is wrong, and for how long."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objections:
    """What reports and mails name of it.

    Attributes:
        contact: Whom to write to; empty where nobody is named.
        days: How many days after a report was received objections are taken; None where no last
            day is named.
    """

    contact: str = ""
    days: int | None = None


NO_OBJECTIONS = Objections()

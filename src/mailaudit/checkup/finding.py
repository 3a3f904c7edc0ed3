"""Finding: what a check found out, in one line, and what to do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mailaudit.errors import MailauditError, translated


class State(StrEnum):
    """How it is. Its value is what a monitoring program reads."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check.

    Attributes:
        message, remedy: Message ids, whose fields `values` fills as those of a MailauditError.
        part: Which of several things the check looked at, such as a unit's code.
    """

    state: State
    message: str
    remedy: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    part: str = ""


def ok(message: str, part: str = "", /, **values: object) -> Finding:
    """It is as it should be."""
    return Finding(State.OK, message, "", values, part)


def warning(message: str, remedy: str, part: str = "", /, **values: object) -> Finding:
    """It works, but should be looked at."""
    return Finding(State.WARNING, message, remedy, values, part)


def failure(message: str, remedy: str, part: str = "", /, **values: object) -> Finding:
    """A run would fail, or its figures would be wrong."""
    return Finding(State.FAILURE, message, remedy, values, part)


def unchecked(message: str, remedy: str = "", /, **values: object) -> Finding:
    """Nothing is known of it."""
    return Finding(State.UNCHECKED, message, remedy, values)


def failed(error: MailauditError, gettext: Callable[[str], str]) -> Finding:
    """What a run would end with.

    Some errors list what is wrong between their message and their remedy.
    """
    if type(error).text is MailauditError.text:
        return Finding(State.FAILURE, error.message, error.remedy, error.values)
    remedy = gettext(error.remedy).format_map(translated(error.values, gettext))
    text = error.text(gettext).removesuffix(remedy).rstrip()
    return Finding(State.FAILURE, "{text}", "{remedy}", {"text": text, "remedy": remedy})

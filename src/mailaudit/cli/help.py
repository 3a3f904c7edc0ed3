"""Help in the terminal's language: Typer's own words are English, and so are the docstrings.

Everything a help prints goes through the formatter of its context. Texts of the commands and of
their options are message ids, a paragraph each.
"""

import inspect
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import typer

from mailaudit.cli.console import current_language
from mailaudit.errors import N_

EXAMPLE = N_("Example:")
# What Typer prints by itself: as headings, in the usage, and for an option.
OWN = (
    N_("Usage:"),
    N_("Arguments"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("[OPTIONS]"),
    N_("COMMAND [ARGS]..."),
    N_("default"),
    N_("required"),
)
# What stands for a value.
PLACEHOLDERS = (
    N_("FILE"),
    N_("DIR"),
    N_("CODE"),
    N_("YEAR"),
    N_("YYYY-MM"),
    N_("PERIOD"),
    N_("PORT"),
    N_("MS"),
    N_("NUMBER"),
    N_("ADDRESS"),
    N_("NAME"),
    N_("DATE"),
    N_("HH:MM"),
)
_TYPE = re.compile(r" <[^<>|]*>$")  # of an argument, in words of Python; choices have a "|"
_WITH_EXTRA = re.compile(r"(?P<text>.*?)(?:(?:^|  )\[(?P<extra>[^\[\]]*)\])?", re.DOTALL)


class _Formatter(typer.Context.formatter_class):  # type: ignore[valid-type,misc]
    """Writes a help as Typer does, its texts translated."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for own in OWN:
            args = args.replace(own, _gettext(own))
        super().write_usage(prog, _with_placeholders(args), f"{_gettext('Usage:')} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_gettext(heading))

    def write_text(self, text: str) -> None:
        super().write_text("\n\n".join(map(_translated, paragraphs(text))))

    def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().write_dl([(_name(name), _about(about)) for name, about in rows], *args, **kwargs)


class _Context(typer.Context):
    formatter_class = _Formatter


@cache
def command_of(app: typer.Typer) -> Any:  # noqa: ANN401 - Typer does not export its type
    """The application's command, with every help in the terminal's language."""
    command = typer.main.get_command(app)
    for one in all_commands(command):
        one.context_class = _Context
    return command


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", inspect.cleandoc(text))]


def all_commands(command: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """The command and those below it."""
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from all_commands(below)


def _gettext(message: str) -> str:
    return current_language().gettext(message)


def _is_example(text: str) -> bool:
    return text.startswith(EXAMPLE)


def _translated(paragraph: str) -> str:
    if _is_example(paragraph):
        return paragraph.replace(EXAMPLE, _gettext(EXAMPLE), 1)
    return _gettext(paragraph)


def _name(text: str) -> str:
    """An option or argument, and what stands for its value."""
    return _with_placeholders(_TYPE.sub("", text))


def _with_placeholders(text: str) -> str:
    for placeholder in PLACEHOLDERS:
        text = re.sub(rf"(?<![\w-]){placeholder}(?![\w-])", _gettext(placeholder), text)
    return text


def _about(text: str) -> str:
    """What an option is for, and behind it in brackets its default, or that it is required."""
    match = _WITH_EXTRA.fullmatch(text)
    if match is None or match["extra"] is None:
        return _gettext(text)
    extra = "; ".join(
        ": ".join([_gettext(word), *value])
        for word, *value in (part.split(": ", 1) for part in match["extra"].split("; "))
    )
    return f"{_gettext(match['text'])}  [{extra}]"

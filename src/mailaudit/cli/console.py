"""Talking to the person at the terminal: results to stdout, everything else to stderr.

The only module that prints. Its language is Vietnamese unless MAILAUDIT_LANG, the configuration
or --lang says otherwise.
"""

import logging
import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath

import typer

from mailaudit.cli.options import DEFAULT_CONFIG
from mailaudit.cli.usage import usage_error
from mailaudit.errors import N_, MailauditError, translated
from mailaudit.locale import LANGUAGES, Language, language

DEFAULT_LANGUAGE = "vi"

# What is said to users; a file takes it where one is asked for (log.py), the terminal never.
events = logging.getLogger("mailaudit.event")
events.propagate = False
events.addHandler(logging.NullHandler())

_chosen: str | None = None
_options = ""


def choose_language(code: str) -> Language:
    """Makes `code` the terminal's language for the rest of the command."""
    global _chosen  # noqa: PLW0603 - one terminal, one language
    _chosen = code
    return language(code)


def current_language() -> Language:
    """The terminal's language: as chosen, else MAILAUDIT_LANG, else Vietnamese."""
    code = _chosen or os.environ.get("MAILAUDIT_LANG", DEFAULT_LANGUAGE)
    return language(code if code in LANGUAGES else DEFAULT_LANGUAGE)


def speak_as_asked(arguments: Sequence[str]) -> None:
    """Makes the language of --lang that of help and usage errors too, which come before options."""
    for option, value in pairwise([*arguments, ""]):
        name, _, own = option.partition("=")
        if name == "--lang" and (own or value) in LANGUAGES:
            choose_language(own or value)


def remember_config(config: PurePath) -> None:
    """Makes commands that messages name ask for the same configuration."""
    global _options  # noqa: PLW0603 - one command line
    _options = "" if config == DEFAULT_CONFIG else f" --config {in_command(config)}"


def in_command(path: PurePath, *, system: str = sys.platform) -> str:
    """A path as an argument of a command that a message names, for the shells of `system`."""
    text = str(path)
    if system != "win32":
        return shlex.quote(text)
    if re.fullmatch(r"[\w./:\\][\w./:\\-]*", text):
        return text
    if not re.search("[$`“”„]", text):
        return f'"{text}"'  # for PowerShell and cmd alike; a name on Windows has no " in it
    return "'" + re.sub("(['‘’‚‛])", r"\1\1", text) + "'"  # PowerShell reads these within ""


def say(message: str, /, **values: object) -> None:
    """Prints a result to stdout; `message` is a message id with `{name}` fields.

    An int is a count, and printed as one.
    """
    typer.echo(_filled(message, values))


def announce(message: str, /, **values: object) -> None:
    """Prints a result to stdout that belongs into the log as well; as `say`."""
    text = _filled(message, values)
    typer.echo(text)
    events.info("%s", text)


def worded(message: str, values: Mapping[str, object]) -> str:
    """A sentence in the terminal's language; `message` is a message id, and so is a Phrase."""
    return _filled(message, translated(values, current_language().gettext))


def note(message: str, /, **values: object) -> None:
    """Prints something about the work to stderr, and logs it; `message` is a message id."""
    text = _filled(message, values)
    typer.echo(text, err=True)
    events.info("%s", text)


def note_raw(text: str) -> None:
    """Prints a text of the program's inside to stderr, as it is."""
    typer.echo(text, err=True)


def complain(error: MailauditError) -> None:
    """Prints an error with its remedy to stderr, and logs it."""
    text = text_of(error)
    _print_error(text, err=True)
    events.error("%s", text)


def complain_of_usage(error: typer.TyperException) -> None:
    """Prints what Typer found wrong with the command line to stderr, as every other error.

    A command without arguments that needs some gets its help, which is not an error.
    """
    context: typer.Context | None = getattr(error, "ctx", None)
    message = error.format_message()
    if context is not None and message == context.get_help():
        note_raw(message)
        return
    complain(usage_error(message))
    if context is not None:
        note_raw(context.get_usage())
        note(N_("Help: {command}"), command=f"{context.command_path} --help")


def report_error(error: MailauditError) -> None:
    """Prints an error with its remedy to stdout, as a result of looking for errors."""
    _print_error(text_of(error), err=False)


def is_terminal() -> bool:
    """Whether somebody watches stderr."""
    return sys.stderr.isatty()


def _print_error(text: str, *, err: bool) -> None:
    prefix = current_language().gettext("Error:")
    color = False if os.environ.get("NO_COLOR") else None  # None: where a terminal shows it
    typer.secho(prefix, err=err, fg="red", bold=True, nl=False, color=color)
    typer.echo(" " + text, err=err)


def text_of(error: MailauditError) -> str:
    """An error with its remedy, as the terminal shows it."""
    error.values = _written(error.values)
    return error.text(current_language().gettext)


def _filled(message: str, values: Mapping[str, object]) -> str:
    return current_language().gettext(message).format_map(_written(values))


def _written(values: Mapping[str, object]) -> dict[str, object]:
    """The values of a message, counts as the terminal's language writes them."""
    number = current_language().number
    written = {name: number(v) if type(v) is int else v for name, v in values.items()}
    return {**written, "options": _options}

"""The options of commands that keep a log."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mailaudit.errors import N_, UsageError


class LogFormat(StrEnum):
    """How a log is written."""

    TEXT = "text"
    JSON = "json"


def _log_to(context: typer.Context, file: Path | None) -> Path | None:
    wanted = context.params.get("log_format")
    if file is not None:
        from mailaudit.cli.log_file import begin

        begin(file, as_json=wanted == LogFormat.JSON, command=context.info_name or "")
    elif wanted is not None:
        raise UsageError(
            N_("--log-format says how the file of --log is written, and there is none."),
            N_("Name one with --log, or leave --log-format out."),
        )
    return file


# Its value is needed when that of --log is looked at.
LogFormatName = Annotated[
    LogFormat | None,
    typer.Option(
        "--log-format",
        is_eager=True,
        help="How the file of --log is written: a line of text or JSON an event.",
    ),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log",
        callback=_log_to,
        help="A file to which each event is added, with its time. Beside it FILE.result.json says"
        " how the last command with it ended.",
        metavar="FILE",
    ),
]

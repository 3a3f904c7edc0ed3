"""deliver: a month's results by mail, to heads of units and the board."""

from pathlib import Path
from typing import Annotated

import typer

from mailaudit.cli.log_options import LogFile, LogFormatName
from mailaudit.cli.options import (
    DEFAULT_CONFIG,
    Config,
    DespiteDifference,
    Lang,
    PeriodText,
    Verbose,
)
from mailaudit.errors import N_, UsageError

Send = Annotated[bool, typer.Option("--send", help="Send the mails. Without it nothing is sent.")]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        help="With --send: all mails go to this address, to look at, and none is noted.",
        metavar="ADDRESS",
    ),
]
Again = Annotated[
    list[str] | None,
    typer.Option(
        "--again",
        help="With --send: send to this address although a mail was sent, or may have been."
        " Can be repeated.",
        metavar="ADDRESS",
    ),
]
OutOfMails = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="Without --send: folder for the mails, instead of one named after the month beside"
        " the configuration.",
        metavar="DIR",
    ),
]


def deliver(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    lang: Lang = None,
    send: Send = False,
    to: To = None,
    again: Again = None,
    out: OutOfMails = None,
    despite_difference: DespiteDifference = False,
    log: LogFile = None,
    log_format: LogFormatName = None,
    verbose: Verbose = False,
) -> None:
    """Mail a month's results to heads and the board.

    Each head gets the pages of their own units, the board the report of the whole.

    Without --send it shows who would get what, and writes the mails as .eml files to look at.

    Can be stopped and started again at any time: nobody gets an edition twice. Where it is not
    known whether a mail was sent, it says so, and sends it again with --again only. Ends with 4
    when somebody could not be reached.

    Example: mailaudit deliver --config mailaudit.toml --period 2026-10

    Example: mailaudit deliver --period 2026-10 --send
    """
    refuse_together(send=send, to=to, again=bool(again), out=out)
    from mailaudit.cli import delivering, steps
    from mailaudit.cli.parcels import parcels_of

    settings, month = steps.load_for_month(config, lang, period)
    parcels = parcels_of(settings, month, despite_difference=despite_difference)
    delivering.carry_out(parcels, send=send, to=to, again=again, out=out)


def refuse_together(*, send: bool, to: str | None, again: bool, out: Path | None) -> None:
    """Refuses options that contradict each other. Raises UsageError."""
    if not send and (to is not None or again):
        raise UsageError(
            N_("{option} goes with --send only."),
            N_("Add --send to send the mails, or leave {option} out to look at them."),
            option="--to" if to is not None else "--again",
        )
    if send and out is not None:
        raise UsageError(
            N_("--out and --send do not go together."),
            N_("Without --send the mails are written into --out; nothing is sent then."),
        )
    if to is not None and again:
        raise UsageError(
            N_("--to and --again do not go together."),
            N_("With --to every mail is sent, to the one address."),
        )

"""prune: takes everybody out of months that are older than is to be kept; sums of units stay."""

from typing import Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Verbose


def prune(
    config: Config = DEFAULT_CONFIG,
    apply: Annotated[
        bool, typer.Option("--apply", help="Remove the people; without it nothing is changed.")
    ] = False,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Remove the people of months older than retention.months.

    Shows first what would go, and changes nothing without --apply. With it go staff lists, what
    mailboxes did, corrections, names and addresses of heads, and whom mails went to, of all
    editions of these months. They are overwritten in the file, too. It can't be undone.

    What the people of each unit come to by the rules of today stays, so that trends, history and
    compare go on. Reports, corrections and deliveries of these months can't be made any more. The
    run record says that it was done, when and by whom.

    Example: mailaudit prune --config mailaudit.toml

    Example: mailaudit prune --apply
    """
    from mailaudit.cli import steps
    from mailaudit.cli.pruning import prune_months, show_months

    settings = steps.load(config, lang)
    if apply:
        prune_months(settings)
    else:
        show_months(settings)

"""forget: takes a person out of every stored month; the sums of units stay."""

from typing import Annotated

import typer

from mailaudit.cli.disclose import PersonText, require_person
from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Verbose


def forget(
    person: PersonText,
    config: Config = DEFAULT_CONFIG,
    apply: Annotated[
        bool, typer.Option("--apply", help="Remove the person; without it nothing is changed.")
    ] = False,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Remove a person from every stored month.

    Shows first where the store has the person, and changes nothing without --apply. With it go the
    person's rows on staff lists, what the mailbox did, corrections, name and address as a head of
    a unit and as a reader of mails. They are overwritten in the file, too. It can't be undone.

    Sums of units stay as they were. Each month says how many people were removed and when, shows
    the seal it had, and has one of what is left. The run record says that it was done, when and by
    whom, and not who was removed.

    Example: mailaudit forget an@vidu.gov.vn --config mailaudit.toml

    Example: mailaudit forget an@vidu.gov.vn --apply
    """
    from mailaudit.cli import steps
    from mailaudit.cli.removing import forget_person, show_person

    settings = steps.load(config, lang)
    require_person(person)
    if apply:
        forget_person(settings, person)
    else:
        show_person(settings, person)

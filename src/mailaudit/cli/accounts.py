"""accounts: whose mailboxes to create, lock and delete, as the form and letter units hand in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Out, PeriodText, Verbose
from mailaudit.errors import N_, ConfigurationError, UsageError
from mailaudit.model.audience import Audience

if TYPE_CHECKING:
    from mailaudit import audit
    from mailaudit.settings import Settings


def accounts(
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    audience: Annotated[
        Audience,
        typer.Option(
            "--audience",
            help="For whom: one set of files about all units for the IT department, or one for each"
            " head about the own unit. Never for the public.",
        ),
    ] = Audience.IT,
    out: Out = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """List the mailboxes to create, lock and delete.

    With the letter that asks for it, made offline from the stored months. A lock is proposed where
    there was no sign of use for accounts.dormant_after, and every day of it was collected; never
    of people on leave, nor of a mailbox that was not measured.

    The files name people, and only their owner can read them. Nothing is created, locked or
    deleted.

    Example: mailaudit accounts --config mailaudit.toml --period 2026-10

    Example: mailaudit accounts --period 2026-10 --audience leader
    """
    from mailaudit import audit
    from mailaudit.cli import steps
    from mailaudit.cli.console import current_language, note
    from mailaudit.cli.documents import documents
    from mailaudit.cli.progress import UnitLines
    from mailaudit.cli.reporting import drawing, lineage
    from mailaudit.cli.run_record import record_reports
    from mailaudit.report.account_documents import account_stem

    if audience is Audience.PUBLIC:
        raise UsageError(
            N_("Lists of accounts name people: there is none for the public."),
            N_("Choose --audience it or --audience leader."),
        )
    settings, month = steps.load_for_month(config, lang, period)
    _require_format(settings)
    wanted, folder = documents(settings), out or settings.report.folder
    days, events = steps.calendar(settings, month), lineage(settings)
    note(N_("{period}: reading the stored months, and writing the lists …"), period=month)
    with steps.opened_store(settings) as store:
        steps.require_calendar_units(settings, days, store)
        found = audit.list_accounts(
            store, month, days, settings.rules, events, settings.accounts.dormant_after
        )
    with drawing():
        paths = audit.write_accounts(
            found,
            audience,
            settings.organisation.name,
            wanted,
            folder,
            language=current_language(),
            names=settings.report.names,
            illustrative=settings.report.illustrative,
            on_progress=UnitLines(),
        )
    record_reports(settings, "accounts", found.snapshot, folder, account_stem(month, audience))
    _print(settings, found, audience, paths)


def _require_format(settings: "Settings") -> None:
    """Raises ConfigurationError where no file that can be written is wanted."""
    from mailaudit.report.account_documents import FORMATS

    if not set(FORMATS) & set(settings.report.formats):
        raise ConfigurationError(
            N_(
                "report.formats has none of the kinds of files that lists of accounts are: {kinds}."
            ),
            N_("Add one of them."),
            kinds=", ".join(FORMATS),
        )


def _print(
    settings: "Settings", found: "audit.Accounts", audience: Audience, paths: tuple[Path, ...]
) -> None:
    """How many requests there are, what to know before they are acted on, and where they are."""
    from mailaudit.cli.console import current_language, note, say
    from mailaudit.model.accounts import Request
    from mailaudit.report.sections.account_words import account_notices, span_facts

    lists, language = found.lists, current_language()
    say(
        N_("{period}, edition {edition}: to create {create}, to lock {lock}, to delete {delete}."),
        period=lists.period,
        edition=str(lists.edition),
        **{request.value: lists.count(request) for request in Request},
    )
    for notice in account_notices(lists, found.newer, language):
        say("{notice}", notice=notice)
    for fact in span_facts(lists, language):
        say("{label}: {text}", label=fact.label, text=fact.text)
    if not lists.proposals:
        say(N_("Nothing is proposed: no file was written."))
        return
    if audience is Audience.IT:
        for path in paths:
            say("{path}", path=path)
    else:
        units = len({path.with_suffix("") for path in paths})
        if paths:
            say(N_("{count} units: {path}"), count=units, path=paths[0].parent)
        if homeless := sum(one.line is None for one in lists.proposals):
            note(
                N_(
                    "{count} people were in units that the list of {period} lacks: they are in the"
                    " files of --audience it only."
                ),
                count=homeless,
                period=lists.period,
            )
    if not settings.report.names:
        note(N_("People stand by staff code and address; report.names = true names them."))

"""reconcile: a stored month beside the same month from a second source."""

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from mailaudit.cli.options import DEFAULT_CONFIG, Config, Lang, Out, PeriodText, Verbose
from mailaudit.errors import N_, MailauditError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from mailaudit.collaborators import MailSource
    from mailaudit.model.period import Period
    from mailaudit.model.reconciliation import Reconciliation
    from mailaudit.model.roster import Roster
    from mailaudit.model.rules import Rules
    from mailaudit.model.snapshot import Snapshot
    from mailaudit.settings import Settings, Witness


def reconcile(
    witness: Annotated[
        str,
        typer.Option(
            "--with",
            help="The second source, as [[witnesses]] of the configuration names it.",
            metavar="NAME",
        ),
    ],
    config: Config = DEFAULT_CONFIG,
    period: PeriodText = None,
    out: Out = None,
    lang: Lang = None,
    verbose: Verbose = False,
) -> None:
    """Hold a stored month against a second source.

    Asks the second source for the month's mailboxes, and says what both saw, what one only, and
    the likely reason: by mailbox, unit and whole; and how far rates and ranks would move. The
    stored month stays as it is. What the second source says of mailboxes is in the workbook and the
    page for the IT department alone, which only their owner can read. Until these are written it
    lies in a file beside the store, so that the same command goes on where it was stopped.

    Beside them lies a statement without people or units, for a reviewer. Where the two differ by
    more than rules.max_witness_difference_percent of the mails, reports of the month say so from
    then on.

    Example: mailaudit reconcile --config mailaudit.toml --period 2026-10 --with logs
    """
    from mailaudit import audit
    from mailaudit.cli import steps
    from mailaudit.cli.answers import file_of_answers, remove_answers
    from mailaudit.cli.console import current_language, note
    from mailaudit.cli.documents import documents
    from mailaudit.cli.mail_server import opened
    from mailaudit.cli.reporting import drawing
    from mailaudit.cli.run_record import record_reports
    from mailaudit.model.audience import Audience
    from mailaudit.report.reconciliation_document import reconciliation_stem

    settings, month = steps.load_for_month(config, lang, period)
    table = _witness(settings, witness)
    folder = out or settings.report.folder
    days, letterhead = steps.calendar(settings, month), documents(settings).letterhead
    with steps.opened_store(settings) as store:
        snapshot = store.load(month)
        steps.require_calendar_units(settings, days, store)
    roster = audit.roster_for_witness(snapshot, frozenset(table.domains))
    answers = file_of_answers(settings, table, snapshot)
    with closing(opened(settings, table)) as source:
        told = _asked(settings, source, table, month, roster, answers)
        origin = source.describe()
    found = audit.reconcile(snapshot, told, table.name, origin, days, settings.rules)
    with steps.opened_store(settings) as store:
        store.add_reconciled(found.sums)  # first: reports say it, whatever becomes of the files
    with drawing():
        paths = audit.write_reconciliation(
            settings.organisation.name,
            snapshot,
            found,
            settings.rules,
            letterhead,
            folder,
            language=current_language(),
            names=settings.report.names,
            illustrative=settings.report.illustrative,
        )
    stem = reconciliation_stem(month, Audience.IT, table.name)
    record_reports(settings, "reconcile", snapshot, folder, stem)
    remove_answers(settings, table.name, month)
    _print(found, settings.rules, paths)
    if found.sums.differs_beyond(settings.rules.max_witness_difference_share):
        note(
            N_(
                "Reports of {period} say so before any figure from now on. To make them anew:"
                " mailaudit report{options} --period {period}"
            ),
            period=month,
        )


def _witness(settings: "Settings", name: str) -> "Witness":
    """The witness of this name, in any case of letters. Raises UsageError where there is none."""
    found = [one for one in settings.witnesses if one.name.lower() == name.lower()]
    if found:
        return found[0]
    raise UsageError(
        N_("--with {name}: the configuration has no witness of this name."),
        N_("Its witnesses are: {names}.")
        if settings.witnesses
        else N_("It has none; docs/configuration.md shows how [[witnesses]] are written."),
        name=name,
        names=", ".join(one.name for one in settings.witnesses),
    )


def _asked(
    settings: "Settings",
    source: "MailSource",
    table: "Witness",
    period: "Period",
    roster: "Roster",
    file: "Path",
) -> "Snapshot":
    """What the witness says, stored in a file of its own as it comes, under its progress."""
    from mailaudit.cli import steps
    from mailaudit.cli.answers import remove_answers
    from mailaudit.cli.collecting import fill, signalled
    from mailaudit.cli.console import note
    from mailaudit.store import SnapshotStore

    with SnapshotStore.at(file) as store:
        collection = store.begin(period, roster, table.describe(), now=steps.now())
        left, total = len(collection.pending), collection.total
        if left < total:
            note(
                N_(
                    "{name} was asked for {done} of {total} mailboxes before, which are not asked"
                    " again; to ask for all of them anew, delete {file}."
                ),
                name=table.name,
                done=total - left,
                total=total,
                file=file,
            )
        if left:
            note(
                N_("{period}: asking {name} for {count} mailboxes …"),
                period=period,
                name=table.name,
                count=left,
            )
        label = f"{period} {table.name}"
        try:
            fill(collection, signalled(source), [table], however_little=True, label=label)
        except BaseException:
            with suppress(MailauditError):  # what is raised matters more
                has_said = len(collection.pending) < total
                store.close()
                if not has_said:
                    remove_answers(settings, table.name, period)
            raise
        return store.load(period)


def _print(found: "Reconciliation", rules: "Rules", paths: "tuple[Path, ...]") -> None:
    """What a reviewer is told, and where the files are."""
    from mailaudit.cli.console import announce, current_language, say
    from mailaudit.report.sections.reconciliation_sentences import reviewer_sentences

    for sentence in reviewer_sentences(found, rules, current_language()):
        announce("{sentence}", sentence=sentence)
    for path in paths:
        say("{path}", path=path)

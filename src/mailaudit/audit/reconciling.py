"""A stored month held against a second source, which is asked for it as a month is collected."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.collaborators import MailSource
from mailaudit.errors import N_, StoreError, UsageError
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.domains import is_asked
from mailaudit.model.outcome import Outcome
from mailaudit.model.reconciliation import Reconciliation
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Job, Snapshot

if TYPE_CHECKING:
    from mailaudit.report.annex.content import Letterhead


def job_for_witness(snapshot: Snapshot, domains: frozenset[str]) -> Job:
    """What a second source is asked: the month's mailboxes of these domains, none for all.

    Raises:
        StoreError: The month was not over when it was collected.
        UsageError: No mailbox of the month has such a domain.
    """
    period = snapshot.period
    if snapshot.cut_off_at < period.end:
        raise StoreError(
            N_("{period} was not over when it was collected: a whole month is reconciled."),
            N_("Collect it again after its end, or name an earlier month."),
            period=period,
        )
    asked = [one for one in snapshot.roster.staff if one.mailbox and is_asked(one.mailbox, domains)]
    if not asked:
        raise UsageError(
            N_("No mailbox of {period} has a domain of the witness: {domains}."),
            N_("Correct its domains, or leave them out, for every mailbox."),
            period=period,
            domains=", ".join(sorted(domains)),
        )
    return Job(
        mailboxes=[one.mailbox or "" for one in asked],
        period=period,
        aliases={one.mailbox or "": one.aliases for one in asked if one.aliases},
    )


def ask_witness(
    source: MailSource, job: Job, on_progress: Callable[[int, int], None]
) -> Mapping[str, Outcome]:
    """What the second source says of each mailbox. It is kept in memory alone.

    Args:
        on_progress: Called with (mailboxes done, mailboxes in all).

    Raises:
        ServerError: The source can't be used, or fails.
    """
    told: dict[str, Outcome] = {}
    on_progress(0, len(job.mailboxes))
    source.check()
    batches = source.outcomes(job)
    try:
        for batch in batches:
            told.update((outcome.mailbox, outcome) for outcome in batch)
            on_progress(len(told), len(job.mailboxes))
    finally:
        batches.close()
    return told


def reconcile(
    snapshot: Snapshot,
    told: Mapping[str, Outcome],
    name: str,
    source: MailSource,
    calendar: WorkCalendar,
    rules: Rules,
    *,
    asked_at: datetime,
) -> Reconciliation:
    """The month beside what the second source said; see `metrics.reconcile`."""
    from mailaudit.metrics import reconcile as metrics

    return metrics.reconcile(
        snapshot, told, name, source.describe(), calendar, rules, asked_at=asked_at
    )


def write_reconciliation(
    organisation: str,
    snapshot: Snapshot,
    found: Reconciliation,
    rules: Rules,
    letterhead: "Letterhead",
    folder: Path,
    *,
    language: Language,
    names: bool,
    illustrative: bool,
) -> tuple[Path, ...]:
    """Writes workbook and page for the IT department, and the statement for a reviewer.

    Args:
        names: Whether people are named beside their addresses.

    Returns:
        The files; those for IT readable by their owner only.

    Raises:
        ConfigurationError: The folder can't be written.
    """
    from mailaudit.report.manifest import write_report
    from mailaudit.report.reconciliation_document import (
        Reconciling,
        reconciliation_stem,
        render_reconciliation,
    )

    documents = Reconciling(organisation, snapshot, found, rules, language, names, illustrative)
    paths: list[Path] = []
    for audience, files in render_reconciliation(documents, letterhead).items():
        stem = reconciliation_stem(found.sums.period, audience, found.sums.name)
        contents = {folder / name: content for name, content in files.items()}
        write_report(folder, stem, contents, private=audience is not Audience.PUBLIC)
        paths.extend(contents)
    return tuple(paths)

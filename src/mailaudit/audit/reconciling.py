"""A stored month held against a second source, which is asked for it as a month is collected."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.errors import N_, StoreError, UsageError
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.domains import is_asked
from mailaudit.model.reconciliation import Reconciliation
from mailaudit.model.roster import Roster
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot, SourceInfo

if TYPE_CHECKING:
    from mailaudit.report.annex.content import Letterhead


def roster_for_witness(snapshot: Snapshot, domains: frozenset[str]) -> Roster:
    """Whom a second source is asked about: the month's mailboxes of these domains, none for all.

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
    asked = tuple(
        one for one in snapshot.roster.staff if one.mailbox and is_asked(one.mailbox, domains)
    )
    if not asked:
        raise UsageError(
            N_("No mailbox of {period} has a domain of the witness: {domains}."),
            N_("Correct its domains, or leave them out, for every mailbox."),
            period=period,
            domains=", ".join(sorted(domains)),
        )
    return replace(snapshot.roster, staff=asked)


def reconcile(
    snapshot: Snapshot,
    told: Snapshot,
    name: str,
    witness: SourceInfo,
    calendar: WorkCalendar,
    rules: Rules,
) -> Reconciliation:
    """The month beside what the second source said; see `metrics.reconcile`.

    Args:
        told: The same month as the witness has it, of the Roster of `roster_for_witness`.
    """
    from mailaudit.metrics import reconcile as metrics

    return metrics.reconcile(
        snapshot, told.outcomes, name, witness, calendar, rules, asked_at=told.cut_off_at
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

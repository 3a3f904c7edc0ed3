"""Which accounts to create, lock and delete, from the stored months alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.collaborators import Store
from mailaudit.locale import Language
from mailaudit.model.accounts import AccountLists, Dormancy
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.roster import Unit
from mailaudit.model.rules import Rules
from mailaudit.model.snapshot import Snapshot

if TYPE_CHECKING:
    from mailaudit.report.rendering import Documents

MONTHS_BACK = 12  # as far as the longest span reaches, and people no longer listed are looked for


@dataclass(frozen=True, slots=True)
class Accounts:
    """What is proposed by a stored month.

    Attributes:
        newer: The newest later month that is stored too, complete.
    """

    snapshot: Snapshot
    lists: AccountLists
    newer: Period | None


def list_accounts(
    store: Store,
    period: Period,
    calendar: WorkCalendar,
    rules: Rules,
    lineage: Lineage,
    dormancy: Dormancy,
) -> Accounts:
    """What is proposed by the Period's newest complete edition and the months before.

    Raises:
        StoreError: The Period is not in the store, or its collection is not complete.
    """
    from mailaudit.accounts.collected import collected_month, span_of
    from mailaudit.accounts.lists import account_lists
    from mailaudit.metrics.lines import lines_of
    from mailaudit.metrics.measure import measure

    snapshot = store.load(period)
    span = span_of(snapshot, dormancy)
    earlier, pruned = [], []
    for one in store.history(period, MONTHS_BACK):  # one at a time in memory
        if one.removal is not None and one.removal.is_whole:
            pruned.append(one.period)
        else:
            earlier.append(collected_month(one, span, lines_of(one.roster.units)))
    newest = collected_month(snapshot, span, lines_of(snapshot.roster.units))
    measurement = measure(snapshot, calendar, rules)
    lists = account_lists(newest, measurement, earlier, span, dormancy, rules, lineage)
    later = [
        edition.period
        for edition in store.editions(period.timezone)
        if edition.is_complete and edition.period.first_day > period.first_day
    ]
    lists = replace(lists, pruned=tuple(pruned))
    return Accounts(snapshot, lists, newer=later[-1] if later else None)


def write_accounts(
    accounts: Accounts,
    audience: Audience,
    organisation: str,
    documents: "Documents",
    folder: Path,
    *,
    language: Language,
    names: bool,
    illustrative: bool,
    on_progress: Callable[[int, int], None],
) -> tuple[Path, ...]:
    """Writes the lists for the IT department, or for each head the own unit's, into `folder`.

    Files of an earlier run that nothing is proposed for any more are removed.

    Args:
        on_progress: Called with how many sets of files are made, and how many there will be.

    Returns:
        The files, each readable by its owner only; none where nothing is proposed.

    Raises:
        ConfigurationError: The folder can't be written.
    """
    from mailaudit.report.account_documents import account_stem, compose_accounts, render_accounts
    from mailaudit.report.filenames import file_stems
    from mailaudit.report.manifest import write_report

    lists, stem = accounts.lists, account_stem(accounts.lists.period, audience)
    stems = file_stems([line.code for line in lists.lines])
    readers: list[tuple[Path, Unit | None]] = [
        (folder / stem / stems[line.code], line)
        for line in lists.lines
        if any(one.line == line.code for one in lists.proposals)
    ]
    if audience is Audience.IT:
        readers = [(folder / stem, None)] if lists.proposals else []
    contents: dict[Path, bytes] = {}
    for done, (place, line) in enumerate(readers):
        on_progress(done, len(readers))
        document = compose_accounts(
            organisation,
            lists,
            accounts.snapshot,
            documents.letterhead,
            line,
            language,
            names=names,
            illustrative=illustrative,
            newer=accounts.newer,
        )
        rendered = render_accounts(document, documents.formats, documents.typeface)
        contents |= {
            place.with_name(place.name + ending): content for ending, content in rendered.items()
        }
    write_report(folder, stem, contents, private=True)
    return tuple(contents)

"""Signs that figures of a stored month were made for the audit, for the IT department alone."""

from pathlib import Path

from mailaudit.audit.measuring import TREND_MONTHS
from mailaudit.collaborators import Store
from mailaudit.errors import N_, StoreError
from mailaudit.locale import Language
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.lineage import Lineage
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.signs import FoundSigns
from mailaudit.model.snapshot import Snapshot


def find_signs(
    store: Store, period: Period, calendar: WorkCalendar, rules: Rules, lineage: Lineage
) -> tuple[Snapshot, FoundSigns]:
    """The Period's newest complete edition, and what is found in it and up to eleven months before.

    Raises:
        StoreError: The Period is not in the store, its collection is not complete, or it was not
            over when it was collected.
    """
    from mailaudit.metrics.measure import measure
    from mailaudit.metrics.signs import SignSearch

    snapshot = store.load(period)
    if not _was_over(snapshot):
        raise StoreError(
            N_(
                "{period} was not over when it was collected: signs are looked for in whole months."
            ),
            N_("Collect it again after its end, or name an earlier month."),
            period=period,
        )
    search = SignSearch(calendar, rules, lineage)
    for earlier in store.history(period, TREND_MONTHS - 1):  # one at a time in memory
        is_removed = earlier.removal is not None and earlier.removal.is_whole
        if _was_over(earlier) and not is_removed:
            search.add(earlier, measure(earlier, calendar, rules))
    return snapshot, search.found(snapshot, measure(snapshot, calendar, rules))


def write_signs(
    snapshot: Snapshot,
    found: FoundSigns,
    organisation: str,
    rules: Rules,
    folder: Path,
    *,
    language: Language,
    names: bool,
    illustrative: bool,
) -> tuple[Path, ...]:
    """Writes the workbook into `folder`; where nothing was found removes that of an earlier run.

    Returns:
        The file, readable by its owner only; none where nothing was found.

    Raises:
        ConfigurationError: The folder can't be written.
    """
    from mailaudit.report.excel.workbook import render_sections
    from mailaudit.report.manifest import write_report
    from mailaudit.report.sign_document import compose_signs, sign_stem

    stem, contents = sign_stem(found.period), dict[Path, bytes]()
    if found.findings:
        report = compose_signs(
            organisation,
            snapshot,
            found,
            rules,
            language,
            names=names,
            illustrative=illustrative,
        )
        contents[folder / f"{stem}.xlsx"] = render_sections(report, numbered=False)
    write_report(folder, stem, contents, private=True)
    return tuple(contents)


def _was_over(snapshot: Snapshot) -> bool:
    return snapshot.cut_off_at >= snapshot.period.end

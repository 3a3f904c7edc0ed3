"""The reports that units hand in, one of each, made of the edition for heads."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.audit.measuring import Audited
from mailaudit.audit.reporting import Composed
from mailaudit.errors import N_, UsageError
from mailaudit.locale import language
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.rules import Rules
from mailaudit.publication.register import Register

if TYPE_CHECKING:
    from mailaudit.report.rendering import Documents
    from mailaudit.report.value import UnitReport


@dataclass(frozen=True, slots=True)
class UnitReports:
    """What was written.

    Attributes:
        stem: What the names of the files, or of their folder, begin with.
        notices: What to know of the data.
    """

    stem: str
    paths: tuple[Path, ...]
    notices: tuple[str, ...]


def write_unit_reports(
    composed: Composed,
    audited: Audited,
    calendar: WorkCalendar,
    rules: Rules,
    documents: "Documents",
    folder: Path,
    register: Register,
    *,
    unit: str | None,
    names: bool,
    on_progress: Callable[[int, int], None],
) -> UnitReports:
    """Writes the report of one unit, or of each unit into a folder of their own below `folder`.

    Files of an earlier run, of units that are no more, are removed.

    Args:
        composed: The edition for heads.
        documents: Their wording is that of a unit's report.
        register: What was published before; what the edition gives is added before any file.
        unit: The code of the one unit.
        names: Whether people may be listed.
        on_progress: Called with how many units' files are made, and how many there will be.

    Returns:
        The files, each readable by its owner only.

    Raises:
        ConfigurationError: The folder can't be written, or the wording can't be used.
        UsageError: There is no such unit, it counts in another one, or the edition differs by few
            people from what was published meanwhile.
    """
    from mailaudit.report.manifest import write_report
    from mailaudit.report.sections.notices import data_notices
    from mailaudit.report.unit_documents import (
        compose_unit_document,
        render_unit_document,
        unit_report_stem,
    )

    report = composed.report
    chosen = report.units if unit is None else (_chosen(composed, audited, unit),)
    stem = unit_report_stem(report.period, None if unit is None else chosen[0])
    notices = data_notices(
        audited.snapshot,
        rules,
        calendar,
        language(report.language),
        sees_everything=False,
        reconciled=audited.reconciled,
    )
    contents: dict[Path, bytes] = {}
    for done, one in enumerate(chosen):
        on_progress(done, len(chosen))
        place = folder / stem / one.stem if unit is None else folder / stem
        annex = compose_unit_document(report, one, rules, documents, notices, names=names)
        for ending, content in render_unit_document(annex, documents).items():
            contents[place.with_name(place.name + ending)] = content
    composed.register(register)  # first: what is stopped now may be out in part
    write_report(folder, stem, contents, private=True)
    return UnitReports(stem, tuple(contents), tuple(notices))


def _chosen(composed: Composed, audited: Audited, code: str) -> "UnitReport":
    """The unit of that code, which is a line of its own."""
    from mailaudit.metrics.lines import lines_of, unit_of

    code = unit_of(audited.snapshot, code).code
    line = lines_of(audited.snapshot.roster.units)[code]
    if line != code:
        raise UsageError(
            N_("Unit {code} counts in unit {line}, which reports for it."),
            N_("Make the report of that one: --unit {line}"),
            code=code,
            line=line,
        )
    return next(one for one in composed.report.units if one.code == code)

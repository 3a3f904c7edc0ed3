"""The reports of an audited month: held against what was published, registered, written."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailaudit.audit.measuring import Audited
from mailaudit.locale import Language
from mailaudit.model.audience import Audience
from mailaudit.model.calendar import WorkCalendar
from mailaudit.model.objections import NO_OBJECTIONS, Objections
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.publication.held import hold
from mailaudit.publication.record import Record
from mailaudit.publication.register import Published, Register
from mailaudit.publication.values import Withheld

if TYPE_CHECKING:
    from mailaudit.report.rendering import Documents
    from mailaudit.report.value import Report


@dataclass(frozen=True, slots=True)
class Written:
    """The reports of a Period: the files for all units, and what to know before any figure.

    Attributes:
        stem: What the names of its files begin with.
        left: Files in the same folder that this run did not write, and did not remove.
        concealed: Earlier months that are not shown, for they differ from what was published.
    """

    stem: str
    paths: tuple[Path, ...]
    notices: tuple[str, ...]
    left: tuple[Path, ...]
    concealed: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A Report for one audience, held against what was published before.

    Attributes:
        records: What it gives of each month it shows; nothing for the IT department.
        concealed: Earlier months that it does not show, for they differ by few people.
        check: Raises UsageError where it differs by few people from what a register has.
        withheld: Units without figures in it because of other Periods.
    """

    report: "Report"
    records: tuple[Record, ...]
    concealed: tuple[Period, ...]
    check: Callable[[Published], None]
    withheld: Withheld

    def register(self, register: Register) -> None:
        """Adds what it gives to the register; to be done before anybody can get it.

        Raises:
            StoreError: The register can't be written.
            UsageError: Another report was published meanwhile from which it differs by few people.
        """
        register.publish(self.records, self.check)


def compose_report(
    audited: Audited,
    organisation: str,
    calendar: WorkCalendar,
    rules: Rules,
    *,
    language: Language,
    audience: Audience,
    names: bool,
    illustrative: bool,
    register: Register,
    despite_difference: bool = False,
    objections: Objections = NO_OBJECTIONS,
) -> Composed:
    """The Report of an audited Period for one audience; nothing is written or registered.

    Args:
        register: What was published before.
        despite_difference: Whether it may differ from that in the figures of few people.
        objections: Whom units' pages name for them.

    Raises:
        UsageError: It is about a unit that has none below it, or that the report of a whole
            withholds from this audience; or it differs from what was published by few people.
    """
    from mailaudit.report.compose import compose
    from mailaudit.report.filenames import refuse_without_parts
    from mailaudit.report.own_line_name import with_own_line_named

    ranking, measurement = with_own_line_named(audited.ranking, audited.measurement, language)
    held = hold(
        ranking,
        measurement,
        audited.snapshot.edition,
        audience,
        rules,
        register,
        language,
        despite_difference=despite_difference,
    )
    refuse_without_parts(audited.snapshot, ranking.within, audience)
    held.check(register.published)
    composed = compose(
        organisation,
        audited.snapshot,
        measurement,
        ranking,
        held.publication,
        rules,
        calendar,
        language=language,
        names=names,
        illustrative=illustrative,
        superseded_by=audited.superseded_by,
        objections=objections,
        reconciled=audited.reconciled,
    )
    concealed = tuple(sorted(held.concealed, key=str))
    return Composed(composed, held.records, concealed, held.check, held.publication.withheld)


def report(composed: Composed, documents: "Documents", folder: Path, register: Register) -> Written:
    """Writes a composed Report into `folder`, atomically.

    The same snapshot and settings give the same bytes. Files for others than the public say so in
    their name and can be read by their owner alone; those of one unit carry its code. The pages of
    units lie in a folder beside the report. What the report before it wrote, and this one does not,
    is removed.

    Args:
        documents: Which formats are wanted, and what documents need beside the figures.
        register: What was published before; what the report shows is added before any file.

    Raises:
        ConfigurationError: The folder can't be written, or the wording can't be used.
        UsageError: It differs by few people from what was published meanwhile.
    """
    from mailaudit.report.filenames import report_stem
    from mailaudit.report.manifest import others, write_report
    from mailaudit.report.rendering import render

    made = composed.report
    contents, pages = render(made, documents, folder)
    composed.register(register)  # first: a report that is stopped now may be out in part
    files = contents | pages
    changed = write_report(folder, made.stem, files, private=made.audience is not Audience.PUBLIC)
    month = report_stem(made.period, Audience.PUBLIC)
    left = dict.fromkeys((*changed, *others(folder, made.stem, month, files)))
    return Written(made.stem, tuple(contents), made.remarks, tuple(left), composed.concealed)

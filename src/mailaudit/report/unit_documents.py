"""The report of one unit, which its head signs and hands in: as Nghệ An's Phụ lục 2 asks for it.

Source: QĐ 99/2025/QĐ-UBND of Nghệ An, Phụ lục 2; laid out by Nghị định 30/2020/NĐ-CP. It has the
figures of the unit's own page and nothing of any other unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mailaudit.locale import Language, language
from mailaudit.model.audience import Audience
from mailaudit.model.period import Period
from mailaudit.model.rules import Rules
from mailaudit.model.wording import readable
from mailaudit.report.annex.compose import compose_parts
from mailaudit.report.annex.content import Annex, Letterhead
from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.annex.unit_variables import (
    STAFF_TABLE,
    UNIT_TABLES,
    known_unit_variables,
    unit_variables,
)
from mailaudit.report.annex.word import render_word
from mailaudit.report.annex.wording import TABLE, Wording
from mailaudit.report.filenames import report_stem
from mailaudit.report.rendering import DOCX, PDF, Documents
from mailaudit.report.value import Report, Section, UnitReport

FORMATS = (DOCX, PDF)


def read_unit_wording(name: str, source: str) -> Wording:
    """The wording in a template's text, checked against what a unit's report can say.

    Raises:
        ConfigurationError: Something in it can't be understood; names the line.
    """
    return Wording(name, source, known_unit_variables(), UNIT_TABLES)


def unit_report_stem(period: Period, unit: UnitReport | None) -> str:
    """What the names of a unit's files begin with; of all units, their folder's name."""
    stem = f"{report_stem(period, Audience.LEADER)}-unit-report"
    return f"{stem}s" if unit is None else f"{stem}-{unit.stem}"


def compose_unit_document(
    report: Report,
    unit: UnitReport,
    rules: Rules,
    documents: Documents,
    notices: Sequence[str],
    *,
    names: bool,
) -> Annex:
    """The document of one unit; number, day, place and signature stay open.

    Args:
        report: Of the edition for heads of units, which `unit` is of.
        documents: The letterhead is that of the organisation: the unit issues its own document.
        notices: What to know of the data.
        names: Whether people may be listed.

    Raises:
        ConfigurationError: The wording asks for what a variable does not have.
    """
    spoken = language(report.language)
    operator = readable(documents.letterhead.issuer)
    if operator == unit.name:  # which asks nothing of itself
        operator = ""
    parts = documents.wording.parts(
        unit_variables(report, unit, rules, operator, notices, lists_people=names)
    )
    shown = UNIT_TABLES if names else UNIT_TABLES - {STAFF_TABLE}
    states = () if unit.states is None else (unit.states,)
    others = (table for table in unit.tables if table not in states)
    tables = tuple(table for table in (*states, *others) if table.key in shown)
    lists_people = names and any(
        part.directive == TABLE and part.line.text == STAFF_TABLE for part in parts
    )
    return compose_parts(
        replace(
            report,
            organisation=unit.name,
            sections=(Section("unit", unit.name, unit.name, tables),),
        ),
        _letterhead(operator, unit, spoken),
        parts,
        _footer(spoken, lists_people=lists_people),
    )


def render_unit_document(annex: Annex, documents: Documents) -> Mapping[str, bytes]:
    """The files wanted of FORMATS, by what their names end with."""
    found: dict[str, bytes] = {}
    if DOCX in documents.formats:
        found[".docx"] = render_word(annex)
    if PDF in documents.formats:
        found[".pdf"] = render_pdf(annex, documents.typeface)
    return found


def _letterhead(operator: str, unit: UnitReport, spoken: Language) -> Letterhead:
    # Superior, symbol, place and signer of the configuration are those of the organisation.
    _ = spoken.gettext
    office = operator or _("The operator of the official mail system")
    return Letterhead(
        issuer=unit.name,
        signer=(_("HEAD OF THE UNIT"),),
        recipients=(_("{office} (to report)").format(office=office), _("For file: VT")),
    )


def _footer(spoken: Language, *, lists_people: bool) -> str:
    _ = spoken.gettext
    if lists_people:
        return _("Lists people: for the head of the unit only; pass it on without the appendix.")
    return _("Report of one unit: figures of this unit only; internal.")

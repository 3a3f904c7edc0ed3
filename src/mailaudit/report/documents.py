"""The documents of a Report beside page and workbook: the annex and the brief."""

from collections.abc import Mapping
from dataclasses import dataclass

from mailaudit.report.annex.compose import compose_annex
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.annex.word import render_word
from mailaudit.report.annex.wording import Wording
from mailaudit.report.brief import render_brief_pdf, render_brief_png
from mailaudit.report.value import Report

DOCX, PDF, BRIEF = "docx", "pdf", "brief"  # formats, as the configuration names them


@dataclass(frozen=True, slots=True)
class Documents:
    """Which documents are wanted, and what they need beside the Report."""

    formats: frozenset[str]
    letterhead: Letterhead
    wording: Wording
    typeface: str | None = None  # the PDF's, where the machine has it; None: the one brought along


def render_documents(report: Report, documents: Documents) -> Mapping[str, bytes]:
    """The content of each document wanted, by what its file's name ends with.

    Raises:
        ConfigurationError: The wording asks for what a variable does not have.
    """
    found: dict[str, bytes] = {}
    if documents.formats & {DOCX, PDF}:
        annex = compose_annex(report, documents.letterhead, documents.wording)
        if DOCX in documents.formats:
            found["-annex.docx"] = render_word(annex)
        if PDF in documents.formats:
            found["-annex.pdf"] = render_pdf(annex, documents.typeface)
    if BRIEF in documents.formats:
        found["-brief.png"] = render_brief_png(report)
        found["-brief.pdf"] = render_brief_pdf(report)
    return found

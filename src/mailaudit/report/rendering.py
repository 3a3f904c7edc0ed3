"""render(): a Report becomes the content of the files that are wanted."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from mailaudit.report.annex.compose import compose_annex
from mailaudit.report.annex.content import Letterhead
from mailaudit.report.annex.pdf import render_pdf
from mailaudit.report.annex.word import render_word
from mailaudit.report.annex.wording import Wording
from mailaudit.report.brief import render_brief_pdf, render_brief_png
from mailaudit.report.excel import (
    render_excel,
    render_unit_excel,
    unit_workbooks_in_background,
)
from mailaudit.report.html import render_html, render_units
from mailaudit.report.value import Report

# Formats, as the configuration names them.
XLSX, HTML, DOCX, PDF, BRIEF = "xlsx", "html", "docx", "pdf", "brief"


@dataclass(frozen=True, slots=True)
class Documents:
    """Which documents are wanted, and what they need beside the Report."""

    formats: frozenset[str]
    letterhead: Letterhead
    wording: Wording
    typeface: str | None = None  # the PDF's, where the machine has it; None: the one brought along


def render(
    report: Report, documents: Documents, folder: Path
) -> tuple[dict[Path, bytes], dict[Path, bytes]]:
    """The files about all units, and the pages and workbooks of each, by their place in `folder`.

    Raises:
        ConfigurationError: The wording of the documents can't be used.
    """
    stem, contents, pages = report.stem, dict[Path, bytes](), dict[Path, bytes]()
    is_excel = XLSX in documents.formats
    with unit_workbooks_in_background(report) if is_excel else nullcontext(tuple) as unit_workbooks:
        if is_excel:
            contents[folder / f"{stem}.xlsx"] = render_excel(report)
        if HTML in documents.formats:
            contents[folder / f"{stem}.html"] = render_html(report).encode()
            for name, text in render_units(report):
                pages[folder / stem / name] = text.encode()
        for ending, content in render_documents(report, documents).items():
            contents[folder / f"{stem}{ending}"] = content
        for name, content in unit_workbooks():
            pages[folder / stem / name] = content
    return contents, pages


def render_alone(report: Report, documents: Documents) -> dict[str, bytes]:
    """The files about all units for who gets no pages of units, by what their names end with.

    Raises:
        ConfigurationError: The wording of the documents can't be used.
    """
    contents: dict[str, bytes] = {}
    if XLSX in documents.formats:
        contents[".xlsx"] = render_excel(report)
    if HTML in documents.formats:
        contents[".html"] = render_html(report, alone=True).encode()
    return contents | dict(render_documents(report, documents))


def render_pages(report: Report, codes: Iterable[str]) -> Iterator[tuple[str, bytes, bytes]]:
    """The code of each of these units that has a page, its page and its workbook."""
    wanted = frozenset(codes)
    units = tuple(unit for unit in report.units if unit.code in wanted)
    pages = render_units(replace(report, units=units))
    for unit, (_, page) in zip(units, pages, strict=True):
        yield unit.code, page.encode(), render_unit_excel(report, unit)


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

"""render(): a Report becomes the content of its files."""

from contextlib import nullcontext
from pathlib import Path

from mailaudit.report.documents import Documents, render_documents
from mailaudit.report.excel import render_excel, unit_workbooks_beside
from mailaudit.report.html import render_html, render_units
from mailaudit.report.value import Report


def render(
    report: Report, documents: Documents, folder: Path
) -> tuple[dict[Path, bytes], dict[Path, bytes]]:
    """The files about all units, and the pages and workbooks of each, by their place in `folder`.

    Raises:
        ConfigurationError: The wording of the documents can't be used.
    """
    stem, contents, pages = report.stem, dict[Path, bytes](), dict[Path, bytes]()
    is_excel = "xlsx" in documents.formats
    with unit_workbooks_beside(report) if is_excel else nullcontext(tuple) as unit_workbooks:
        if is_excel:
            contents[folder / f"{stem}.xlsx"] = render_excel(report)
        if "html" in documents.formats:
            contents[folder / f"{stem}.html"] = render_html(report).encode()
            for name, text in render_units(report):
                pages[folder / stem / name] = text.encode()
        for ending, content in render_documents(report, documents).items():
            contents[folder / f"{stem}{ending}"] = content
        for name, content in unit_workbooks():
            pages[folder / stem / name] = content
    return contents, pages

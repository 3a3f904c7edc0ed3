"""What stands above the title and below the text: two columns without lines."""

from dataclasses import replace

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.table import Table as WordTable
from docx.table import _Cell

from mailaudit.report.annex import form
from mailaudit.report.annex.content import Foot, Head
from mailaudit.report.annex.word.paragraphs import Look, add_gap, add_rule, add_text, fill, frame


def add_head(document: Document, head: Head, circulation: tuple[str, ...]) -> None:
    """Names and number on the left, country, motto and date on the right."""
    width = form.text_width(wide=False)
    left = width * form.NAME_COLUMN_SHARE
    right = width - left
    table = _columns(document, 3 if circulation else 2, (left, right))
    names, country = table.rows[0].cells
    issuer = Look(form.ISSUER_PT, bold=True, align="center")
    if head.superior:
        _into(names, head.superior, Look(form.ISSUER_PT, align="center"))
        add_text(names, head.issuer, issuer)
    else:
        _into(names, head.issuer, issuer)
    add_rule(names, head.issuer, issuer, left)
    motto = Look(form.MOTTO_PT, bold=True, align="center")
    _into(country, head.country, Look(form.COUNTRY_PT, bold=True, align="center"))
    add_text(country, head.motto, motto)
    add_rule(country, head.motto, motto, right, share=1.0)
    number, dated = table.rows[1].cells
    _into(number, head.number, Look(form.NUMBER_PT, align="center", before=6))
    if head.about:
        add_text(number, head.about, Look(form.ABOUT_PT, align="center", before=6))
    _into(dated, head.dated, Look(form.DATED_PT, italic=True, align="center", before=6))
    for place, text in enumerate(circulation):
        cell = table.rows[2].cells[0]
        paragraph = cell.add_paragraph() if place else cell.paragraphs[0]
        look = Look(form.CIRCULATION_PT, bold=True, align="center", before=8)
        frame(fill(paragraph, text, look), text, look, left)


def add_foot(document: Document, foot: Foot) -> None:
    """Recipients on the left; authority of the signer, and room to sign, on the right.

    All of it stays on one page with the paragraph before it, and with the one behind it that ends
    the section, so that no page holds a part of it.
    """
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    width = form.text_width(wide=False)
    table = _columns(document, 1, (width / 2, width / 2))
    row = table.rows[0]
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    recipients, signer = row.cells
    before = form.BEFORE_SIGNING_PT
    label = Look(form.RECIPIENTS_LABEL_PT, bold=True, italic=True, before=before, keep=True)
    _into(recipients, foot.recipients_label, label)
    for line in foot.recipients:
        add_text(recipients, line, Look(form.RECIPIENTS_PT, keep=True))
    first, *others = foot.signer or ("",)
    look = Look(form.SIGNER_PT, bold=True, align="center", keep=True)
    _into(signer, first, replace(look, before=before))
    for line in (*others, *("",) * form.SIGNATURE_LINES):
        add_text(signer, line, look)
    add_gap(document, form.AFTER_TABLE_PT)


def _columns(document: Document, rows: int, widths: tuple[float, float]) -> WordTable:
    table: WordTable = document.add_table(rows, 2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    margins = parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/>'
        '<w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    )
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def _into(cell: _Cell, text: str, look: Look) -> None:
    """The cell's first paragraph, which each cell has from the start."""
    fill(cell.paragraphs[0], text, look)

"""The report's tables as Word tables: header rows repeat, rows stay whole."""

from collections.abc import Sequence
from typing import cast

from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.table import CT_Tbl
from lxml.etree import _Element

from mailaudit.locale import Language, language
from mailaudit.report.annex import form
from mailaudit.report.annex.word.paragraphs import Look, add_gap, add_text
from mailaudit.report.printing import shown_cell
from mailaudit.report.tables import Row, Table

TWENTIETHS_PER_MM = 20 / form.MM_PER_PT
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGIN = round(form.CELL_MARGIN_MM * TWENTIETHS_PER_MM)
_EDGE = 10  # twentieths of a point, which Word adds to a line's height and Typst does not
_LINE = str(round(form.LINE_MARGIN_MM * TWENTIETHS_PER_MM - _EDGE / 2))
_MARGINS = f'<w:left w:w="{_MARGIN}" w:type="dxa"/><w:right w:w="{_MARGIN}" w:type="dxa"/>'


def add_table(document: Document, table: Table, code: str, width: float) -> None:
    """The table's caption, its lines and its notes, `width` millimetres wide."""
    caption = Look(form.TABLE_CAPTION_PT, bold=True, align="center", before=6, after=2, keep=True)
    add_text(document, table.caption, caption)
    if not table.has_rows:
        add_text(document, table.empty, Look(form.TABLE_CAPTION_PT, italic=True, align="center"))
        return
    element = _Lines(table, language(code), width).element
    document.element.body.insert_element_before(element, "w:sectPr")
    for number, note in enumerate(table.notes, start=1):
        look = Look(form.TABLE_NOTE_PT, italic=True, before=2, keep=number < len(table.notes))
        add_text(document, note, look)
    add_gap(document, form.AFTER_TABLE_PT)


class _Lines:
    """Builds the rows; python-docx's own way to a cell takes time with the square of the rows."""

    def __init__(self, table: Table, spoken: Language, width: float) -> None:
        self._table, self._spoken = table, spoken
        widths = form.column_widths(table, width, spoken)
        self._widths = [round(mm * TWENTIETHS_PER_MM) for mm in widths]
        self._size = form.letters(table)
        self._whole = form.stays_whole(table)
        self.element: CT_Tbl = self._frame()
        labels = [column.label for column in table.columns]
        self._add(labels, bold=True, aligned=["center"] * len(labels), header=True)
        for group in table.groups:
            if group.title:
                self._add_title(group.title)
            for row in group.rows:
                self._add_row(row, bold=False)
            if group.total:
                self._add_row(group.total, bold=True)
        if table.total:
            self._add_row(table.total, bold=True, keep=bool(table.notes))

    def _frame(self) -> CT_Tbl:
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in self._widths)
        return cast(
            CT_Tbl,
            parse_xml(
                f"<w:tbl {nsdecls('w')}><w:tblPr>"
                f'<w:tblW w:w="{sum(self._widths)}" w:type="dxa"/><w:jc w:val="center"/>'
                f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
                '<w:tblLayout w:type="fixed"/>'
                f"<w:tblCellMar>{_MARGINS}</w:tblCellMar>"
                f"</w:tblPr><w:tblGrid>{columns}</w:tblGrid></w:tbl>"
            ),
        )

    def _add_row(self, row: Row, *, bold: bool, keep: bool = False) -> None:
        texts = [
            shown_cell(cell, column, self._spoken)
            for cell, column in zip(row.cells, self._table.columns, strict=True)
        ]
        aligned = [form.alignment(column) for column in self._table.columns]
        self._add(texts, bold=bold, aligned=aligned, keep=keep)

    def _add(
        self,
        texts: Sequence[str],
        *,
        bold: bool,
        aligned: Sequence[str],
        header: bool = False,
        keep: bool = False,
    ) -> None:
        line = self._line(header=header)
        for text, width, place in zip(texts, self._widths, aligned, strict=True):
            line.append(self._cell(text, width, place, bold=bold, keep=keep))

    def _add_title(self, title: str) -> None:
        width, span = sum(self._widths), len(self._widths)
        cell = self._cell(title, width, "left", bold=True, span=span, keep=True)
        self._line(header=False).append(cell)

    def _line(self, *, header: bool) -> _Element:
        line, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
        properties.append(OxmlElement("w:cantSplit"))
        if header:
            properties.append(OxmlElement("w:tblHeader"))
        line.append(properties)
        self.element.append(line)
        return line

    def _cell(
        self,
        text: str,
        width: int,
        place: str,
        *,
        bold: bool,
        span: int = 1,
        keep: bool = False,
    ) -> _Element:
        cell, properties = OxmlElement("w:tc"), OxmlElement("w:tcPr")
        _child(properties, "w:tcW", w=str(width), type="dxa")
        if span > 1:
            _child(properties, "w:gridSpan", val=str(span))
        _child(properties, "w:vAlign", val="center")
        paragraph, shape = OxmlElement("w:p"), OxmlElement("w:pPr")
        if keep or self._whole:
            _child(shape, "w:keepNext")
        _child(shape, "w:spacing", before=_LINE, after=_LINE, line="240", lineRule="auto")
        _child(shape, "w:jc", val=place)
        shape.append(self._look(bold=bold))  # the paragraph's mark makes an empty cell as high
        run, look = OxmlElement("w:r"), self._look(bold=bold)
        written = OxmlElement("w:t")
        written.text = text
        written.set(qn("xml:space"), "preserve")
        for parent, children in (
            (run, (look, written)),
            (paragraph, (shape, run)),
            (cell, (properties, paragraph)),
        ):
            parent.extend(children)
        return cell

    def _look(self, *, bold: bool) -> _Element:
        look = OxmlElement("w:rPr")
        if bold:
            _child(look, "w:b")
        for size in ("w:sz", "w:szCs"):
            _child(look, size, val=str(round(2 * self._size)))
        return look


def _child(parent: _Element, name: str, **attributes: str) -> None:
    child = OxmlElement(name)
    for attribute, value in attributes.items():
        child.set(qn(f"w:{attribute}"), value)
    parent.append(child)

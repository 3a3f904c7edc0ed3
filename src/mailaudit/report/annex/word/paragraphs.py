"""Paragraphs of an administrative document: texts, ruled lines, page numbers."""

from dataclasses import dataclass
from typing import Literal, Protocol, cast

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from mailaudit.report.annex import form

_ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


class Holder(Protocol):
    """What paragraphs stand in: a document or the cell of a table."""

    def add_paragraph(self, text: str = "", style: str | None = None) -> Paragraph:
        """Adds an empty paragraph at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph looks; spaces are points, the first line's indent millimetres."""

    size: int
    bold: bool = False
    italic: bool = False
    align: Literal["left", "center", "right", "justify"] = "left"
    before: float = 0.0
    after: float = 0.0
    spacing: float = 1.0
    first_line: float = 0.0
    keep: bool = False
    style: str | None = None


def add_text(holder: Holder, text: str, look: Look) -> Paragraph:
    """A paragraph of one text."""
    return fill(holder.add_paragraph(style=look.style), text, look)


def fill(paragraph: Paragraph, text: str, look: Look) -> Paragraph:
    """Writes `text` into an empty paragraph."""
    shape = paragraph.paragraph_format
    shape.alignment = _ALIGNMENTS[look.align]
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.line_spacing = look.spacing
    shape.keep_with_next = look.keep
    if look.first_line:
        shape.first_line_indent = Mm(look.first_line)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(look.size), look.bold, look.italic
    return paragraph


def add_gap(holder: Holder, height: float) -> None:
    """An empty paragraph, exactly `height` points high, that keeps two tables apart."""
    shape = fill(holder.add_paragraph(), "", Look(1)).paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(height)


def add_rule(
    holder: Holder, under: str, look: Look, width: float, *, share: float = form.RULE_SHARE
) -> None:
    """A ruled line, `share` as long as the text above it would be on one line of `width` mm."""
    length = share * min(form.text_length(under, look.size, bold=look.bold), width)
    paragraph = fill(holder.add_paragraph(), "", Look(1, after=look.after, keep=look.keep))
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    shape.left_indent = shape.right_indent = Mm((width - length) / 2)
    _border(paragraph, "bottom")


def frame(paragraph: Paragraph, text: str, look: Look, width: float) -> None:
    """Draws a rectangle round `text`, a little wider than it, in the middle of `width` mm."""
    aside = max(width - form.text_length(text, look.size, bold=look.bold) - 8, 0.0) / 2
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(aside)
    _border(paragraph, "top", "left", "bottom", "right")


def add_page_number(section: Section) -> None:
    """Arabic numbers in the middle of the top margin, from 1 on, not shown on the first page."""
    properties = section._sectPr
    for inherited in properties.findall(qn("w:pgNumType")):  # a new section copies the last one's
        properties.remove(inherited)
    start = cast(BaseOxmlElement, OxmlElement("w:pgNumType"))
    start.set(qn("w:start"), "1")
    properties.insert_element_before(start, "w:cols", "w:titlePg", "w:docGrid")
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    paragraph = fill(section.header.paragraphs[0], "1", Look(form.PAGE_NUMBER_PT, align="center"))
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    field.append(paragraph.runs[0]._r)
    paragraph._p.append(field)


def _border(paragraph: Paragraph, *sides: str) -> None:
    borders = cast(BaseOxmlElement, OxmlElement("w:pBdr"))
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )

"""The parts of the document in order, each section with its page numbers."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt

from mailaudit.report.annex import form
from mailaudit.report.annex.content import Annex, Appendix, Block, Style
from mailaudit.report.annex.word.head import add_foot, add_head
from mailaudit.report.annex.word.paragraphs import Look, add_page_number, add_rule, add_text, fill
from mailaudit.report.annex.word.styles import set_styles
from mailaudit.report.annex.word.tables import add_table
from mailaudit.report.packages import CREATE_SYSTEM
from mailaudit.report.tables import Table

_LINES = {
    Style.HEADING: Look(
        form.TEXT_PT,
        bold=True,
        before=form.PARAGRAPH_SPACE_PT,
        first_line=form.FIRST_LINE_MM,
        keep=True,
        style="Heading 1",
    ),
    Style.SUBHEADING: Look(
        form.TEXT_PT,
        bold=True,
        italic=True,
        before=form.PARAGRAPH_SPACE_PT,
        first_line=form.FIRST_LINE_MM,
        keep=True,
        style="Heading 2",
    ),
    Style.PARAGRAPH: Look(
        form.TEXT_PT,
        align="justify",
        before=form.PARAGRAPH_SPACE_PT,
        spacing=form.LINE_SPACING,
        first_line=form.FIRST_LINE_MM,
    ),
}


def render_word(annex: Annex) -> bytes:
    """The document as DOCX; equal Annexes give the same bytes."""
    document = docx.Document()
    _mend_template(document)
    set_styles(document, annex.language)
    _set_properties(document, annex)
    _set_page(document.sections[0], annex, wide=False)
    add_head(document, annex.head, annex.circulation)
    _add_title(document, annex)
    _add_blocks(document, annex.blocks, annex.language, wide=False)
    for line in annex.closing:
        add_text(document, line.text, replace(_LINES[line.style], keep=True))
    add_foot(document, annex.foot)
    for appendix in annex.appendices:
        _flatten_end(document)
        _set_page(_new_section(document), annex, wide=appendix.wide)
        _add_appendix(document, appendix, annex.language)
    _flatten_end(document)
    content = BytesIO()
    document.save(content)
    return _dated(content.getvalue(), annex.at)


def _add_title(document: Document, annex: Annex) -> None:
    if annex.addressee:
        look = Look(form.ADDRESSEE_PT, align="center", before=16, after=8, keep=True)
        add_text(document, annex.addressee, look)
        return
    width = form.text_width(wide=False)
    look = Look(form.TITLE_PT, bold=True, align="center", keep=True)
    add_text(document, annex.title, replace(look, before=8))
    add_text(document, annex.subject, look)
    add_rule(document, annex.subject, replace(look, after=4), width)


def _add_blocks(
    document: Document, blocks: tuple[Block, ...], language: str, *, wide: bool
) -> None:
    for block in blocks:
        if isinstance(block, Table):
            add_table(document, block, language, form.text_width(wide=wide))
        else:
            add_text(document, block.text, _LINES[block.style])


def _add_appendix(document: Document, appendix: Appendix, language: str) -> None:
    width = form.text_width(wide=appendix.wide)
    look = Look(form.APPENDIX_PT, bold=True, align="center", keep=True)
    add_text(document, appendix.label, replace(look, style="Heading 1"))
    add_text(document, appendix.title, look)
    # As large as the text, says Nghị định 30.
    reference = replace(look, size=form.TEXT_PT, bold=False, italic=True)
    add_text(document, appendix.reference, reference)
    add_rule(document, appendix.reference, replace(reference, after=8), width)
    _add_blocks(document, appendix.blocks, language, wide=appendix.wide)


def _flatten_end(document: Document) -> None:
    """Lets the empty paragraph that stands behind a last table take no room.

    Where the table fills its page, a higher one would go onto a page of its own.
    """
    last = document.paragraphs[-1]
    if not last.text:
        shape = last.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def _new_section(document: Document) -> Section:
    """A section on the next page, which ends the one before in its last paragraph."""
    section: Section = document.add_section(WD_SECTION.NEW_PAGE)
    *_, last, added = document.paragraphs
    last._p.get_or_add_pPr().extend(added._p.xpath("w:pPr/w:sectPr"))
    document.element.body.remove(added._p)
    return section


def _set_page(section: Section, annex: Annex, *, wide: bool) -> None:
    long, short = form.PAGE_MM[1], form.PAGE_MM[0]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (
        Mm(long if wide else short),
        Mm(short if wide else long),
    )
    section.top_margin, section.bottom_margin = Mm(form.TOP_MM), Mm(form.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(form.LEFT_MM), Mm(form.RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(form.PAGE_NUMBER_FROM_EDGE_MM)
    section.different_first_page_header_footer = True
    add_page_number(section)
    for footer in (section.first_page_footer, section.footer):
        footer.is_linked_to_previous = False
        (paragraph,) = footer.paragraphs
        fill(paragraph, annex.footer, Look(form.FOOTER_PT, italic=True, align="center"))


def _mend_template(document: Document) -> None:
    """python-docx's own template lacks what the schema asks for, and pictures another document."""
    document.settings.element.find(qn("w:zoom")).set(qn("w:percent"), "100")
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RT.THUMBNAIL]:
        relations.pop(key)


def _set_properties(document: Document, annex: Annex) -> None:
    properties, at = document.core_properties, annex.at.astimezone(UTC).replace(tzinfo=None)
    properties.created = properties.modified = at
    properties.title = annex.subject[:255]
    properties.author = properties.last_modified_by = annex.author[:255]
    properties.comments = annex.provenance[:255]
    properties.language, properties.revision = annex.language, 1


def _dated(content: bytes, at: datetime) -> bytes:
    """The same package with `at` as the time of each part, where it says when it was written."""
    moment, packed = at.astimezone(UTC), BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = ZipInfo(name, moment.timetuple()[:6])
            part.compress_type, part.create_system = ZIP_DEFLATED, CREATE_SYSTEM
            target.writestr(part, source.read(name))
    return packed.getvalue()

"""The styles of the document: one letter, black, in the language of the report."""

from typing import cast

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from mailaudit.report.annex import form

FONT = "Times New Roman"
LOCALES = {"vi": "vi-VN", "en": "en-GB"}


def set_styles(document: Document, language: str) -> None:
    """Sets body text and headings; nothing keeps the blue of Word's own headings."""
    for name in ("Normal", "Heading 1", "Heading 2", "Header", "Footer"):
        style = cast(ParagraphStyle, document.styles[name])
        style.font.name, style.font.size = FONT, Pt(form.TEXT_PT)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in list(fonts.attrib):
            if str(attribute).endswith(("Theme", "theme")):
                del fonts.attrib[attribute]
        for part in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{part}"), FONT)
    spoken = OxmlElement("w:lang")
    for part in ("val", "eastAsia"):
        spoken.set(qn(f"w:{part}"), LOCALES[language])
    document.styles["Normal"].element.get_or_add_rPr().append(spoken)
    for name in ("Heading 1", "Heading 2"):
        shape = cast(ParagraphStyle, document.styles[name]).paragraph_format
        shape.space_before, shape.space_after = Pt(form.PARAGRAPH_SPACE_PT), Pt(0)
        shape.keep_with_next = True

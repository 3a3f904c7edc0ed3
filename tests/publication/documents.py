"""A document as DOCX, and the card as PDF."""

import warnings
from io import BytesIO
from zipfile import ZipFile

from lxml import etree
from pypdf import PdfReader
from reading import HEADERS, ReadFile, Table, group_of, line_of, printed

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_document(content: bytes) -> ReadFile:
    """A document in Word's format; the PDF of the same name has the same text."""
    with ZipFile(BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))[0]
        foot = [parts.read(name) for name in parts.namelist() if "footer" in name]
    tables: list[Table] = []
    texts = [_word_text(etree.fromstring(part)) for part in foot]
    for block in body:
        if block.tag != f"{_WORD}tbl":
            texts.append(_word_text(block))
            continue
        rows = [
            [_word_text(cell) for cell in row.iter(f"{_WORD}tc")]
            for row in block.iter(f"{_WORD}tr")
        ]
        if rows[0][0] not in HEADERS:
            texts.extend(text for row in rows for text in row)
            continue
        lines, group = [], ""
        for row in rows[1:]:
            if len(row) == 1:
                group = group_of(row[0])
            else:
                found = {label: printed(text) for label, text in zip(rows[0], row, strict=True)}
                lines.append(line_of(found, group))
        tables.append(Table(texts.pop(), tuple(lines)))
    return ReadFile(tuple(tables), tuple(text for text in texts if text))


def read_card(content: bytes) -> ReadFile:
    """The card as PDF; the picture shows the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = PdfReader(BytesIO(content)).pages[0].extract_text()
    return ReadFile((), (" ".join(text.split()),))


def _word_text(element: etree._Element) -> str:
    return " ".join("".join(node.text or "" for node in element.iter(f"{_WORD}t")).split())

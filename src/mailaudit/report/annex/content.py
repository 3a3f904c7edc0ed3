"""Annex: a document in the form of Nghị định 30/2020/NĐ-CP as a value, for any kind of file.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, which numbers and places the elements of a document.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from mailaudit.report.tables import Table


class Style(StrEnum):
    """What a line of the document is."""

    HEADING = "heading"
    SUBHEADING = "subheading"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of text."""

    text: str
    style: Style = Style.PARAGRAPH


Block = Line | Table


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the document; what is not known yet stays open for the clerk.

    Attributes:
        superior: Cơ quan chủ quản, "" where there is none.
        issuer: Cơ quan ban hành.
        symbol: Ký hiệu after the number: "BC-SKHCN".
        place: Địa danh.
        signer: Authority and position of who signs, one a line: ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC").
        recipients: Nơi nhận, one a line, without the dash before it.
    """

    superior: str = ""
    issuer: str = ""
    symbol: str = ""
    place: str = ""
    signer: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The elements above the title, as they are printed.

    Attributes:
        about: Trích yếu of a letter, which has no title: "V/v …" below the number.
    """

    superior: str
    issuer: str
    number: str
    country: str
    motto: str
    dated: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Foot:
    """The elements below the text, as they are printed."""

    recipients_label: str
    recipients: tuple[str, ...]
    signer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Appendix:
    """A phụ lục, with page numbers of its own.

    Attributes:
        label: "Phụ lục I".
        reference: "(Kèm theo Báo cáo số … của …)".
        wide: On the long side of the paper.
    """

    label: str
    title: str
    reference: str
    blocks: tuple[Block, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Annex:
    """The whole document in one language.

    Attributes:
        title: Tên loại: "BÁO CÁO"; "" of a letter (công văn).
        subject: Trích yếu.
        circulation: Each printed in a frame: "LƯU HÀNH NỘI BỘ".
        footer: Whom this copy is for, on every page.
        closing: The last sentence, kept on one page with the signature.
        at: The age of the document: the cut-off of its data.
        provenance: What the file's properties say of its data.
        addressee: "Kính gửi: …", of a letter.
    """

    language: str
    head: Head
    title: str
    subject: str
    circulation: tuple[str, ...]
    footer: str
    blocks: tuple[Block, ...]
    closing: tuple[Line, ...]
    foot: Foot
    appendices: tuple[Appendix, ...]
    at: datetime
    author: str
    provenance: str
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said in a letter (công văn).

    Attributes:
        about: What it is about, without "V/v".
        addressee: Whom it is sent to.
        closing: The last sentence.
        appendices: Title and tables of each.
    """

    about: str
    addressee: str
    lines: tuple[str, ...]
    closing: str
    appendices: tuple[tuple[str, tuple[Table, ...]], ...]

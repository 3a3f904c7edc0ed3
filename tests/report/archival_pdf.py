"""What ISO 19005-2 demands of a PDF/A-2b file, as far as pypdf can see it: a validator is in no
package that runs without a network."""

import re
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from lxml import etree
from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

FORBIDDEN_ACTIONS = {
    *("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/JavaScript", "/Hide"),
    *("/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView", "/GoToR", "/GoToE", "/SubmitForm"),
}
FORBIDDEN_ANNOTATIONS = {"/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment", "/RichMedia"}
BLEND_MODES = {
    *("/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"),
    *("/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion"),
    *("/Hue", "/Saturation", "/Color", "/Luminosity"),
}
CMYK_OPERATORS = {b"k", b"K"}
XMP = {
    "/Title": ("http://purl.org/dc/elements/1.1/", "title"),
    "/Author": ("http://purl.org/dc/elements/1.1/", "creator"),
    "/Subject": ("http://purl.org/dc/elements/1.1/", "description"),
    "/Keywords": ("http://ns.adobe.com/pdf/1.3/", "Keywords"),
    "/Producer": ("http://ns.adobe.com/pdf/1.3/", "Producer"),
    "/Creator": ("http://ns.adobe.com/xap/1.0/", "CreatorTool"),
    "/CreationDate": ("http://ns.adobe.com/xap/1.0/", "CreateDate"),
    "/ModDate": ("http://ns.adobe.com/xap/1.0/", "ModifyDate"),
}
PDFAID = "http://www.aiim.org/pdfa/ns/id/"


def breaches(content: bytes) -> list[str]:
    """What the file does that PDF/A-2b does not allow; the clauses are those of ISO 19005-2."""
    reader = PdfReader(BytesIO(content))
    found = [*_of_the_file(content, reader), *_of_the_metadata(reader)]
    for number, item in _objects(reader):
        found += [f"object {number}: {what}" for what in _of_an_object(item)]
    for number, page in enumerate(reader.pages, start=1):
        found += [f"page {number}: {what}" for what in _of_a_page(page, reader)]
    return found


def _objects(reader: PdfReader) -> Iterator[tuple[int, PdfObject]]:
    """Every object of the file, and those that stand directly in it."""
    for number in range(1, int(str(reader.trailer["/Size"]))):
        item = reader.get_object(IndirectObject(number, 0, reader))
        if item is not None:
            yield from ((number, one) for one in _within(item))


def _within(item: PdfObject) -> Iterator[PdfObject]:
    yield item
    if isinstance(item, DictionaryObject):
        for name in item:
            yield NameObject(name)
            yield from _within(item.raw_get(name))
    elif isinstance(item, ArrayObject):
        for index in range(len(item)):
            yield from _within(list.__getitem__(item, index))


def _of_the_file(content: bytes, reader: PdfReader) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}", content):
        yield "6.1.2 header without a version or a comment of four bytes"
    if not re.search(rb"%%EOF\r?\n?\Z", content):
        yield "6.1.3 data after the end"
    if "/Encrypt" in reader.trailer:
        yield "6.1.3 encrypted"
    if len(reader.trailer.get("/ID", ())) != 2:
        yield "6.1.3 no ID"
    catalog = reader.root_object
    for key in ("/AA", "/OpenAction", "/AcroForm", "/OCProperties", "/Requirements"):
        if key in catalog:
            yield f"6.5.2, 6.9 {key}"
    for key in ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations"):
        if key in catalog.get("/Names", {}):
            yield f"6.8, 6.10 {key}"
    intents = [one.get_object() for one in catalog.get("/OutputIntents", ())]
    intents = [one for one in intents if one.get("/S") == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield "6.2.3 no output intent"
    for intent in intents:
        profile = intent["/DestOutputProfile"]
        data = profile.get_data()
        is_rgb = data[16:20] == b"RGB " and profile["/N"] == 3
        if data[36:40] != b"acsp" or len(data) != int.from_bytes(data[:4], "big") or not is_rgb:
            yield "6.2.3 no ICC profile of RGB"


def _of_the_metadata(reader: PdfReader) -> Iterator[str]:
    stream = reader.root_object.get("/Metadata")
    if stream is None:
        yield "6.6.2 no metadata"
        return
    if stream.get("/Type") != "/Metadata" or stream.get("/Subtype") != "/XML":
        yield "6.6.2 metadata are not marked as XML"
    xmp = etree.fromstring(stream.get_data())
    if (_text(xmp, PDFAID, "part"), _text(xmp, PDFAID, "conformance")) != ("2", "B"):
        yield "6.6.4 does not say that it is PDF/A-2b"
    for key, value in (reader.metadata or {}).items():
        said = _text(xmp, *XMP[key]) if key in XMP else None
        if said is None or _comparable(said) != _comparable(str(value)):
            yield f"6.6.3 {key} is not as in the metadata: {value!r}, {said!r}"


def _text(xmp: etree._Element, namespace: str, name: str) -> str | None:
    for element in xmp.iter(f"{{{namespace}}}{name}"):
        return ", ".join(one.text or "" for one in element.iter() if not len(one))
    for element in xmp.iter():
        if (value := element.get(f"{{{namespace}}}{name}")) is not None:
            return str(value)
    return None


def _comparable(text: str) -> object:
    """A date as an instant, other text as it is."""
    if match := re.fullmatch(r"D:(\d{14})Z?(?:([+-]\d\d)'(\d\d)'?)?", text):
        zone = f"{match[2]}{match[3]}" if match[2] else "+0000"
        return datetime.strptime(match[1] + zone, "%Y%m%d%H%M%S%z")
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", text):
        return datetime.fromisoformat(text)
    return text


def _of_an_object(item: PdfObject) -> Iterator[str]:
    if isinstance(item, NameObject) and len(item.encode()) > 128:
        yield "6.1.13 a name is too long"
    if isinstance(item, TextStringObject | ByteStringObject) and len(item) > 32767:
        yield "6.1.13 a string is too long"
    if not isinstance(item, DictionaryObject):
        return
    if isinstance(item, StreamObject):
        yield from _of_a_stream(item)
    if str(item.get("/S")) in FORBIDDEN_ACTIONS:
        yield f"6.5.1 action {item['/S']}"
    if item.get("/Type") == "/Annot" or "/Rect" in item:
        flags = int(item.get("/F", 0))
        if str(item["/Subtype"]) in FORBIDDEN_ANNOTATIONS or not flags & 4 or flags & 0b100011:
            yield "6.3 an annotation is of a kind or hidden in a way not allowed"
        if "/AA" in item:
            yield "6.5.2 an annotation acts by itself"
    if item.get("/Type") == "/Font":
        yield from _of_a_font(item)
    if item.get("/Type") == "/ExtGState":
        if "/TR" in item or item.get("/TR2", "/Default") != "/Default" or "/HTP" in item:
            yield "6.2.5 a transfer function or halftone phase"
        if str(item.get("/BM", "/Normal")) not in BLEND_MODES:
            yield "6.2.10 a blend mode that is not in the standard"


def _of_a_stream(item: StreamObject) -> Iterator[str]:
    if {"/F", "/FFilter", "/FDecodeParms"} & item.keys():
        yield "6.1.7 content outside of the file"
    filters = item.get("/Filter", ())
    named = map(str, filters) if isinstance(filters, ArrayObject) else [str(filters)]
    if {"/LZWDecode", "/Crypt"} & set(named):
        yield "6.1.7 a filter that is not allowed"
    if {"/Alternates", "/OPI", "/Ref", "/PS"} & item.keys() or item.get("/Subtype") == "/PS":
        yield "6.2.8, 6.2.9 content that is not in the file, or PostScript"
    if item.get("/Interpolate") == True:  # noqa: E712 - a BooleanObject
        yield "6.2.8 an image that is interpolated"


def _of_a_font(font: DictionaryObject) -> Iterator[str]:
    if font.get("/Subtype") == "/Type0":
        return  # its descendant has the letters
    descriptor = font.get("/FontDescriptor", {})
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys():
        yield f"6.2.11.4 font {font.get('/BaseFont')} is not embedded"
    if font.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in font:
        yield f"6.2.11.3 font {font.get('/BaseFont')} without a map of its letters"


def _of_a_page(page: DictionaryObject, reader: PdfReader) -> Iterator[str]:
    if "/AA" in page:
        yield "6.5.2 it acts by itself"
    depth = deepest = 0
    for _, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        depth += {b"q": 1, b"Q": -1}.get(operator, 0)
        deepest = max(deepest, depth)
        if operator in CMYK_OPERATORS:
            yield "6.2.4.3 a color for which there is no output intent"
    if deepest > 28:
        yield "6.1.13 graphics states are nested too deep"

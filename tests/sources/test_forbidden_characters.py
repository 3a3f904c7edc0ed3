"""Answers with characters that XML forbids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mailaudit.sources.ews.forbidden_characters import without_forbidden


def is_xml(content: bytes) -> bool:
    try:
        etree.fromstring(content)
    except etree.XMLSyntaxError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (b"a&#x1F;b&#31;c&#0;d&#x0000;", b"abcd"),
        (b"&#xD83D;&#xDE00;&#55357;", b""),
        (b"&#xFFFE;&#65535;&#x110000;&#9999999;", b""),
        (b"\x00\x1f\x0b\xef\xbf\xbe\xed\xa0\xbd", b""),
        (b"&#x9;&#10;&#xD;&#x20;&#38;&#x1F600;&amp;&lt;\t\n\r", None),
        ("Nguyễn Văn Ân \U0001f600".encode(), None),
        (b"&#X1F;&#;&#x;&#xG;&x1F;", None),
    ],
)
def test_only_what_xml_forbids_is_dropped(text: bytes, left: bytes | None) -> None:
    """References in both notations, bare characters; also what is allowed and what is not one."""
    assert without_forbidden(text) == (text if left is None else left)


@given(st.integers(0, 0x11FFFF), st.sampled_from(["&#{};", "&#x{:x};", "&#x{:08X};", "&#{:09}"]))
def test_parser_takes_every_reference_that_is_left(code: int, form: str) -> None:
    """A reference is dropped exactly where the parser would refuse it."""
    written = b"<a>%s</a>" % form.format(code).encode()
    left = without_forbidden(written)
    assert (left == written) == (is_xml(written) or not written.endswith(b";</a>"))
    assert is_xml(left) or not written.endswith(b";</a>")


@pytest.mark.parametrize("code", [0x9, 0xA, 0xD, 0x20, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF])
def test_first_and_last_allowed_characters_stay(code: int) -> None:
    """Those of XML 1.0, production 2."""
    for reference in (f"&#{code};", f"&#x{code:X};"):
        assert without_forbidden(reference.encode()) == reference.encode()


@pytest.mark.parametrize("code", [0, 0x8, 0xB, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x110000])
def test_characters_beside_them_go(code: int) -> None:
    """References to them, whichever way they are written."""
    for reference in (f"&#{code};", f"&#x{code:X};"):
        assert without_forbidden(reference.encode()) == b""

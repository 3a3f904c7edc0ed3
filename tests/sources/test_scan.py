"""The quick reader of answers and the XML parser agree."""

from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailaudit.sources.ews.answers import read_folder_page, read_item_pages
from mailaudit.sources.ews.entries import Folder, Item, Page
from mailaudit.sources.ews.scan import scan_folder_page, scan_item_pages

NAMESPACES = (
    'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"'
    ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"'
)
TEXTS = st.text("abcĐẩ @./=-", max_size=12)
IDS = st.text("ABab+/=", min_size=1, max_size=8)
TRUTHS = st.sampled_from(["true", "false"])


@st.composite
def elements(draw: st.DrawFn, /, name: str, **attributes: str) -> str:
    """An empty element, its attributes in any order, with or without a blank at its end."""
    found = draw(st.permutations([f" {key}={quoteattr(text)}" for key, text in attributes.items()]))
    return f"<t:{name}{''.join(found)}{draw(st.sampled_from(['', ' ']))}/>"


@st.composite
def ids(draw: st.DrawFn, name: str, *, keyed: bool = False) -> str:
    change_key = {"ChangeKey": draw(TEXTS)} if keyed or draw(st.booleans()) else {}
    return draw(elements(name, Id=draw(IDS), **change_key))


@st.composite
def properties(draw: st.DrawFn, *tags_and_kinds: tuple[str, str]) -> str:
    """Some of these extended properties in any order."""
    chosen = draw(st.lists(st.sampled_from(tags_and_kinds), unique=True))
    written = []
    for tag, kind in chosen:
        spelt = draw(st.sampled_from([tag, f"0x{tag[2:].upper()}"]))
        uri = draw(elements("ExtendedFieldURI", PropertyTag=spelt, PropertyType=kind))
        written.append(
            f"<t:ExtendedProperty>{uri}<t:Value>{draw(TEXTS)}</t:Value></t:ExtendedProperty>"
        )
    return "".join(written)


@st.composite
def optional(draw: st.DrawFn, name: str, texts: st.SearchStrategy[str]) -> str:
    return f"<t:{name}>{draw(texts)}</t:{name}>" if draw(st.booleans()) else ""


@st.composite
def items(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["Message", "MeetingRequest"]))
    return (
        f"<t:{kind}>{draw(ids('ItemId'))}<t:ItemClass>{draw(TEXTS)}</t:ItemClass>"
        f"<t:DateTimeReceived>{draw(TEXTS)}</t:DateTimeReceived>{draw(optional('IsDraft', TRUTHS))}"
        + draw(properties(("0x5d01", "String"), ("0x1081", "Integer"), ("0x1082", "SystemTime")))
        + draw(optional("IsRead", TRUTHS))
        + f"</t:{kind}>"
    )


@st.composite
def folders(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["Folder", "SearchFolder"]))
    return (
        f"<t:{kind}>{draw(ids('FolderId', keyed=True))}{draw(ids('ParentFolderId'))}"
        + draw(optional("FolderClass", TEXTS))
        + draw(optional("TotalCount", st.integers(0, 99).map(str)))
        + draw(properties(("0x670a", "SystemTime")))
        + draw(optional("DistinguishedFolderId", TEXTS))
        + f"</t:{kind}>"
    )


@st.composite
def answers(draw: st.DrawFn, operation: str, entries: str, entry: st.SearchStrategy[str]) -> bytes:
    """An answer with one page of entries."""
    page = draw(st.lists(entry, min_size=1, max_size=4))
    attributes = [f'TotalItemsInView="{len(page)}"', f'IncludesLastItemInRange="{draw(TRUTHS)}"']
    root = " ".join(draw(st.permutations(attributes)))
    return (
        f"<s:Envelope {NAMESPACES}><s:Body><m:{operation}Response><m:ResponseMessages>"
        f'<m:{operation}ResponseMessage ResponseClass="Success">'
        f"<m:ResponseCode>NoError</m:ResponseCode><m:RootFolder {root}><t:{entries}>"
        f"{''.join(page)}</t:{entries}></m:RootFolder></m:{operation}ResponseMessage>"
        f"</m:ResponseMessages></m:{operation}Response></s:Body></s:Envelope>"
    ).encode()


def for_the_parser(content: bytes) -> bytes:
    """The same answer with a comment, which only the XML parser reads."""
    return content.replace(b"<s:Body>", b"<!-- --><s:Body>")


@given(answers("FindItem", "Items", items()))
def test_items_are_read_alike_in_any_order(content: bytes) -> None:
    """Attributes and extended properties in any order are read quickly, and as they are."""
    assert scan_item_pages(for_the_parser(content), 1) is None
    assert scan_item_pages(content, 1) == read_item_pages(for_the_parser(content), 1)


@given(answers("FindFolder", "Folders", folders()))
def test_folders_are_read_alike_in_any_order(content: bytes) -> None:
    """The same of folders."""
    assert scan_folder_page(for_the_parser(content)) is None
    assert scan_folder_page(content) == read_folder_page(for_the_parser(content))


@pytest.mark.parametrize("tag", ["ItemId", "ExtendedFieldURI"])
def test_other_order_is_read_as_the_usual_one(tag: str) -> None:
    """What a server makes of it: the same item, whichever attribute comes first."""
    usual = {
        "ItemId": '<t:ItemId Id="i" ChangeKey="k"/>',
        "ExtendedFieldURI": '<t:ExtendedFieldURI PropertyTag="0x5d01" PropertyType="String"/>',
    }
    other = {
        "ItemId": '<t:ItemId ChangeKey="k" Id="i"/>',
        "ExtendedFieldURI": '<t:ExtendedFieldURI PropertyType="String" PropertyTag="0x5D01"/>',
    }
    written = {**usual, tag: other[tag]}
    content = (
        '<m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError'
        '</m:ResponseCode><m:RootFolder TotalItemsInView="1" IncludesLastItemInRange="true">'
        f"<t:Items><t:Message>{written['ItemId']}<t:ItemClass>IPM.Note</t:ItemClass>"
        "<t:DateTimeReceived>2026-10-05T03:00:00Z</t:DateTimeReceived><t:ExtendedProperty>"
        f"{written['ExtendedFieldURI']}<t:Value>a@b.vn</t:Value></t:ExtendedProperty>"
        "</t:Message></t:Items></m:RootFolder></m:FindItemResponseMessage>"
    ).encode()
    item = Item("i", "IPM.Note", "2026-10-05T03:00:00Z", "", "a@b.vn", "", "", "")
    assert scan_item_pages(content, 1) == (Page((item,), 1, complete=True),)


ENDLESS = b"9" * 5000


def test_number_beyond_what_python_reads_is_left_to_the_xml_parser() -> None:
    """int() refuses it; by the parser the answer is malformed, and the run goes on."""
    root = b'<m:RootFolder TotalItemsInView="%b" IncludesLastItemInRange="true">'
    head = b'ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>'
    items = b"<m:FindItem" + head + root + b"<t:Items/></m:RootFolder></m:FindItemResponseMessage>"
    assert scan_item_pages(items % b"0", 1) is not None
    assert scan_item_pages(items % ENDLESS, 1) is None
    folders = (
        b"<m:FindFolder"
        + head
        + root
        + b'<t:Folders><t:Folder><t:FolderId Id="f"/><t:ParentFolderId Id="r"/><t:TotalCount>%b'
        b"</t:TotalCount></t:Folder></t:Folders></m:RootFolder></m:FindFolderResponseMessage>"
        b"</m:ResponseMessages>"
    )
    assert scan_folder_page(folders % (b"1", b"3")) is not None
    assert scan_folder_page(folders % (ENDLESS, b"3")) is None
    assert scan_folder_page(folders % (b"1", ENDLESS)) is None


def test_folder_of_the_usual_form_is_read_quickly() -> None:
    """One folder, its attributes turned round."""
    content = (
        b'<m:FindFolderResponseMessage ResponseClass="Success"><m:ResponseCode>NoError'
        b'</m:ResponseCode><m:RootFolder IncludesLastItemInRange="true" TotalItemsInView="1">'
        b'<t:Folders><t:Folder><t:FolderId ChangeKey="k" Id="f"/><t:ParentFolderId Id="r"/>'
        b"<t:FolderClass>IPF.Note</t:FolderClass><t:TotalCount>3</t:TotalCount></t:Folder>"
        b"</t:Folders></m:RootFolder></m:FindFolderResponseMessage></m:ResponseMessages>"
    )
    folder = Folder("f", "r", "Folder", "IPF.Note", "", 3, "")
    assert scan_folder_page(content) == Page((folder,), 1, complete=True)
